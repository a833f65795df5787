"""Who is let in, who is not, and what it costs."""

from __future__ import annotations

import secrets
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kazoo_pivot import MisconfiguredError, NotAuthenticatedError, StoreUnavailableError
from pivot_app.tenants import Tenant, kept_form
from pivot_app.tenants._directory import (
    ASK_AGAIN_AFTER_S,
    KNOWN_FOR_S,
    LOOK_AGAIN_AFTER_S,
    REFUSED_FOR_S,
    STALE_FOR_S,
)
from pivot_app.tenants._tokens import issue

from .conftest import ACCOUNT, KEY, OTHER, Door


def refused(door: Door, token: str | None, account_id: str = ACCOUNT, **how: Any) -> str:
    """The reason of a refusal."""
    with pytest.raises(NotAuthenticatedError) as error:
        door.directory.authenticate(account_id, token, **how)
    return error.value.reason


def test_a_live_token_lets_its_tenant_in(door: Door) -> None:
    """With its settings; look-ups are remembered."""
    (token,) = door.let_in(kazoo_version="5", language="de-de")
    tenant = door.directory.authenticate(ACCOUNT, token)
    assert tenant == Tenant(id=ACCOUNT, kazoo_version="5", language="de-de")
    asked = door.requests
    door.directory.authenticate(ACCOUNT, token)
    assert door.requests == asked


def test_a_token_is_fit_for_a_url_as_it_is(door: Door) -> None:
    """It names version, scope, tenant and key, and has room to spare below the bound of a request."""
    (token,) = door.let_in()
    assert token.startswith(f"v1.pivot.{ACCOUNT}.k1.")
    assert len(token) < 90
    assert set(token) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-")


# Found by whom it is offered: everything here costs arithmetic, and no request of AWS.


@given(position=st.integers(0, 200), character=st.characters(), cut=st.integers(0, 82))
def test_a_changed_or_cut_token_costs_no_request(position: int, character: str, cut: int) -> None:
    """Whatever is changed, the token is refused before anything is looked up."""
    door = Door()
    (token,) = door.let_in()
    door.directory.authenticate(ACCOUNT, token)
    asked = door.requests
    position %= len(token)
    changed = token[:position] + character + token[position + 1 :]
    for wrong in {changed, token[:cut], token + character} - {token}:
        if wrong.startswith("v1."):
            refused(door, wrong)
    assert door.requests == asked


def test_tokens_that_are_not_for_this_door_cost_no_request(door: Door) -> None:
    """Another tenant's, another door's, another key's, another stage's."""
    pivot, webhook = door.let_in(ACCOUNT, "pivot", "webhook")
    (others,) = door.let_in(OTHER)
    door.directory.authenticate(ACCOUNT, pivot)
    asked = door.requests
    assert refused(door, others) == "foreign_token"
    assert refused(door, webhook) == "wrong_scope"
    assert refused(door, pivot, scope="webhook") == "wrong_scope"
    assert refused(door, issue("pivot", ACCOUNT, "k9", KEY)[0]) == "unknown_key"
    assert refused(door, issue("pivot", ACCOUNT, "k1", b"another stage's key" * 2)[0]) == "wrong_token"
    assert refused(door, None) == refused(door, "") == "no_token"
    assert door.requests == asked


def test_a_flood_of_made_up_accounts_costs_nothing_and_evicts_nobody(door: Door) -> None:
    """Strangers neither ask AWS in our name nor push out who is known."""
    (token,) = door.let_in()
    door.directory.authenticate(ACCOUNT, token)
    refused(door, "an-old-token-of-nobody")
    asked = door.requests
    for _ in range(3_000):
        made_up = secrets.token_hex(16)
        refused(door, issue("pivot", made_up, "k1", b"guessed" * 5)[0], made_up)
        refused(door, secrets.token_urlsafe(32), made_up)
        refused(door, "x" * 20, made_up)
    assert door.requests == asked
    door.table.fails = True
    door.directory.authenticate(ACCOUNT, token)
    assert door.requests == asked


def test_a_revoked_token_is_refused_in_a_minute(door: Door) -> None:
    """It was issued, so it costs a look-up, but not one for each request."""
    pivot, webhook = door.let_in(ACCOUNT, "pivot", "webhook")
    door.directory.authenticate(ACCOUNT, pivot)
    door.let_in(ACCOUNT, "pivot")
    door.clock.now += KNOWN_FOR_S
    assert refused(door, pivot) == "revoked_token"
    asked = door.requests
    for _ in range(50):
        assert refused(door, pivot) == "revoked_token"
    assert door.requests == asked
    assert refused(door, webhook, scope="webhook") == "revoked_token"


def test_a_new_token_counts_at_once(door: Door) -> None:
    """A tenant we know gets another token: its first request reads the tenant again."""
    (first,) = door.let_in()
    door.directory.authenticate(ACCOUNT, first)
    (second,) = door.let_in()
    door.clock.now += 2 * LOOK_AGAIN_AFTER_S
    door.directory.authenticate(ACCOUNT, second)


def test_a_refusal_is_forgotten_soon(door: Door) -> None:
    """A token whose tenant comes a moment later is let in."""
    (token,) = door.let_in()
    item = door.table.items.pop(ACCOUNT)
    assert refused(door, token) == "unknown_account"
    door.table.items[ACCOUNT] = item
    door.clock.now += REFUSED_FOR_S
    door.directory.authenticate(ACCOUNT, token)


def test_a_table_that_fails_is_bridged_for_a_while(door: Door) -> None:
    """Who was known asks on for 15 minutes; who was not hears that nobody can say."""
    (token,) = door.let_in()
    (others,) = door.let_in(OTHER)
    door.directory.authenticate(ACCOUNT, token)
    door.table.fails = True
    door.clock.now += STALE_FOR_S - 1
    door.directory.authenticate(ACCOUNT, token)
    with pytest.raises(StoreUnavailableError):
        door.directory.authenticate(OTHER, others)
    door.clock.now += 1
    with pytest.raises(StoreUnavailableError):
        door.directory.authenticate(ACCOUNT, token)


def test_a_table_that_hangs_is_not_asked_for_every_request(door: Door) -> None:
    """Each request to it would take seconds; after a while it is asked again."""
    (token,) = door.let_in()
    door.directory.authenticate(ACCOUNT, token)
    door.table.fails = True
    door.clock.now += KNOWN_FOR_S + 1
    door.directory.authenticate(ACCOUNT, token)
    asked = door.table.requests
    for _ in range(5):
        door.directory.authenticate(ACCOUNT, token)
    assert door.table.requests == asked
    door.clock.now += ASK_AGAIN_AFTER_S
    door.directory.authenticate(ACCOUNT, token)
    assert door.table.requests == asked + 1


def test_an_ssm_that_fails_from_the_start_is_not_the_tokens_fault(door: Door) -> None:
    """Nobody is let in, and nobody is refused."""
    (token,) = door.let_in()
    door.ssm.error = TimeoutError()
    with pytest.raises(StoreUnavailableError):
        door.directory.authenticate(ACCOUNT, token)


@pytest.mark.parametrize(
    ("source_ip", "is_let_in"),
    [
        ("203.0.113.9", True),
        ("2001:db8::1", True),
        ("203.0.114.9", False),
        ("", False),
        ("not an address", False),
    ],
)
def test_a_tenant_may_name_where_it_asks_from(door: Door, source_ip: str, is_let_in: bool) -> None:
    """IPv4 and IPv6; an address that cannot be read is not in any network."""
    (token,) = door.let_in(ACCOUNT, "pivot", sources=["203.0.113.0/24", "2001:db8::/32"])
    if is_let_in:
        door.directory.authenticate(ACCOUNT, token, source_ip)
    else:
        assert refused(door, token, source_ip=source_ip) == "wrong_source"


@pytest.mark.parametrize(
    ("settings", "name"),
    [
        ({"kazoo_version": "6"}, "kazoo_version"),
        ({"language": "english"}, "language"),
        ({"debug": "on"}, "debug"),
        ({"debug": {"sample": 2}}, "debug.sample"),
        ({"debug": {"keep_days": 0}}, "debug.keep_days"),
        ({"debug": {"shards": "many"}}, "debug.shards"),
        ({"sources": ["203.0.113.0/33"]}, "sources"),
        ({"sources": "203.0.113.0/24"}, "sources"),
        ({"sub_accounts": [1]}, "sub_accounts"),
    ],
)
def test_wrong_settings_are_named(door: Door, settings: dict[str, Any], name: str) -> None:
    """Who has the token is told that it is the settings, by name and with the command that fixes them."""
    (token,) = door.let_in(ACCOUNT, "pivot", **settings)
    with pytest.raises(MisconfiguredError, match=f"{name}.*pivot token set"):
        door.directory.authenticate(ACCOUNT, token)
    refused(door, token[:-1] + "x")


def test_a_webhook_names_its_tenant_whatever_it_tells_of(door: Door) -> None:
    """Events of sub-accounts come with the token of the account that has the webhook."""
    (token,) = door.let_in(ACCOUNT, "webhook", sub_accounts=[OTHER])
    tenant = door.directory.authenticate_token(token, scope="webhook")
    assert tenant.id == ACCOUNT
    assert tenant.answers_for(ACCOUNT)
    assert tenant.answers_for(OTHER)
    assert not tenant.answers_for("e" * 32)
    for account_id in (ACCOUNT, OTHER):
        assert door.directory.authenticate_webhook(account_id, token).id == ACCOUNT
        assert door.directory.authenticate_kept_webhook(account_id, kept_form(token)).id == ACCOUNT
    with pytest.raises(NotAuthenticatedError, match="foreign_token"):
        door.directory.authenticate_webhook("e" * 32, token)


def test_an_old_token_tells_of_its_own_account_only(door: Door) -> None:
    """Moved or still in SSM; what was kept of it is a digest, which opens no door by itself."""
    door.let_in_old("old-token-1")
    kept = kept_form("old-token-1")
    assert door.directory.authenticate_webhook(ACCOUNT, "old-token-1").id == ACCOUNT
    assert door.directory.authenticate_kept_webhook(ACCOUNT, kept).id == ACCOUNT
    with pytest.raises(NotAuthenticatedError):
        door.directory.authenticate_webhook(OTHER, "old-token-1")
    with pytest.raises(NotAuthenticatedError):
        door.directory.authenticate_webhook(ACCOUNT, kept)


# Old tokens


def test_old_tokens_stay_live(door: Door) -> None:
    """Until they are revoked, for both doors; they name their tenant too."""
    door.let_in_old("old-token-1", "old-token-2")
    for token in ("old-token-1", "old-token-2"):
        assert door.directory.authenticate(ACCOUNT, token).id == ACCOUNT
        assert door.directory.authenticate(ACCOUNT, token, scope="webhook").id == ACCOUNT
        assert door.directory.authenticate_token(token, scope="webhook").id == ACCOUNT
    assert refused(door, "old-token-1", OTHER) == "foreign_token"
    assert refused(door, "old-token-3") == "wrong_token"


def test_old_tokens_in_ssm_stay_live_until_they_are_moved(door: Door) -> None:
    """A deployment is brought up to date before `pivot token migrate` is run."""
    door.let_in_ssm("old-token-1", kazoo_version="5")
    assert door.directory.authenticate(ACCOUNT, "old-token-1").kazoo_version == "5"
    assert door.directory.account(ACCOUNT).kazoo_version == "5"
    assert refused(door, "old-token-2") == "wrong_token"
    asked = door.requests
    door.directory.authenticate(ACCOUNT, "old-token-1")
    assert refused(door, "old-token-2") == "wrong_token"
    assert door.requests == asked


def test_strangers_cannot_use_up_ssm_before_the_tokens_are_moved(door: Door) -> None:
    """What they make us ask is bounded; who is known stays known, while SSM throttles too."""
    door.let_in_ssm("old-token-1")
    door.directory.authenticate(ACCOUNT, "old-token-1")
    asked = door.requests
    for second in range(60):
        door.clock.now += 0.5
        for _ in range(50):
            refused(door, "x" * 20, secrets.token_hex(16))
        door.directory.authenticate(ACCOUNT, "old-token-1")
        assert door.requests - asked <= 10 + second + 3
    door.ssm.error = TimeoutError()
    door.clock.now += KNOWN_FOR_S
    door.directory.authenticate(ACCOUNT, "old-token-1")
    door.directory.account(ACCOUNT)


def test_an_unknown_name_is_asked_for_once(door: Door) -> None:
    """The same made-up account again costs nothing."""
    door.let_in_ssm("old-token-1")
    assert refused(door, "x" * 20, OTHER) == "unknown_account"
    asked = door.requests
    assert refused(door, "y" * 20, OTHER) == "unknown_account"
    assert door.requests == asked


@pytest.mark.parametrize("document", ["x", [], {}, {"tokens": "x"}, {"tokens": [{}, 1]}, None])
def test_a_broken_document_lets_nobody_in(door: Door, document: Any) -> None:
    """Closed by default: no readable token, no entry."""
    door.let_in_ssm("old-token-1")
    door.ssm.values[f"/p/accounts/{ACCOUNT}"] = document
    refused(door, "old-token-1")


def test_no_id_of_a_token_looks_like_an_option() -> None:
    """`pivot token revoke ACCOUNT ID` takes every id as it is listed."""
    ids = {issue("pivot", ACCOUNT, "k1", b"key")[1].id for _ in range(500)}
    assert len(ids) == 500
    assert all(each.isalnum() and each.isascii() for each in ids)
