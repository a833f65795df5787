"""Tokens: forged, cut, of another account, for another door, revoked; and floods of made-up accounts."""

from __future__ import annotations

import secrets
import string
from urllib.parse import quote, urlencode

import pytest

from pivot_app.tenants._tokens import issue
from pivotctl.tokens import TenantAdmin
from tests.attacks.attacker import Victim, deployment_of

pytestmark = pytest.mark.stack


def variants(token: str, neighbour: str) -> dict[str, str]:
    """Texts that are nearly a token."""
    version, scope, account, key, name, mac = token.split(".")
    other = neighbour.split(".")
    flipped = mac[:-2] + ("A" if mac[-2] != "A" else "B") + mac[-1]
    return {
        "cut": token[:-1],
        "longer": f"{token}A",
        "another MAC": ".".join([version, scope, account, key, name, flipped]),
        "no MAC": ".".join([version, scope, account, key, name, ""]),
        "another's MAC": ".".join([version, scope, account, key, name, other[5]]),
        "another's account": ".".join([version, scope, other[2], key, name, mac]),
        "another door": ".".join([version, "webhook", account, key, name, mac]),
        "another id": ".".join([version, scope, account, key, other[4], mac]),
        "another key": ".".join([version, scope, account, "k9", name, mac]),
        "an older version": ".".join(["v0", scope, account, key, name, mac]),
        "capitals": token.upper(),
        "a path": f"v1.pivot.../../keys/tokens.{key}.{name}.{mac}",
        "no bytes": "",
        "a blank before": f" {token}",
        "a line's end": f"{token}\r\nX-Pivot-Token: {token}",
        "a zero byte": f"{token}\0",
        "two of them": f"{token},{token}",
        "full width": token.translate({ord(c): ord(c) + 0xFEE0 for c in string.digits}),
        "an old one's form": "A" * 43,
        "only tildes": "~" * 128,
        "a star": "*",
        "none": "null",
        "4 KB": "v1." + "A" * 4_096,
        "60 KB": "A" * 60_000,
    }


NAMES = sorted(variants("v1.pivot.a.k1.b.cc", "v1.pivot.d.k1.e.ff"))


@pytest.mark.parametrize("name", NAMES)
def test_what_is_nearly_a_token_is_none(victim: Victim, neighbour: Victim, name: str) -> None:
    """In the query, in the header, beside each other: refused, and nothing is said of why."""
    token = variants(victim.token, neighbour.token)[name]
    asked = victim.ask("/account_balance", query=urlencode({"token": token}))
    assert asked.is_forbidden or asked.status in (400, 414)
    # HTTP itself takes blanks around a header's value away.
    if token.isascii() and token.isprintable() and token == token.strip() and len(token) < 5_000:
        asked = victim.ask("/account_balance", query="", headers={"x-pivot-token": token})
        assert asked.is_forbidden or asked.status == 431


def test_a_token_opens_its_own_account_and_door_only(victim: Victim, neighbour: Victim) -> None:
    """A neighbour's live token, a webhook's at a callback and a callback's at the webhooks' door."""
    assert victim.ask("/menu", query=urlencode({"token": neighbour.token})).is_forbidden
    assert victim.ask("/menu", query=urlencode({"token": victim.webhook_token})).is_forbidden
    for token in (victim.token, neighbour.token, "", "x" * 43):
        assert victim.tell(victim.end("c"), token=token).status == 403
    assert victim.ask("/account_balance").status == 200


@pytest.mark.parametrize(
    "query",
    ["token=wrong&token={t}", "Token={t}", "token[]={t}", "token%00={t}", "state=&token=", "{t}",
     "token={t}%20"],
)  # fmt: skip
def test_the_first_token_of_a_query_counts_and_no_other(victim: Victim, query: str) -> None:
    """KAZOO puts the voice_url's own query first; what comes behind it is the caller's."""
    assert victim.ask("/account_balance", query=query.format(t=quote(victim.token))).is_forbidden


def test_a_wrong_header_is_not_mended_by_the_query(victim: Victim) -> None:
    """Where both are there, both have to be the same word: the header is what counts."""
    headers = {"x-pivot-token": "wrong"}
    assert victim.ask("/account_balance", query=victim.with_token(), headers=headers).is_forbidden


def test_a_revoked_token_and_one_of_a_removed_account_are_refused(victim: Victim) -> None:
    """The MAC is right, and the table says no."""
    other = Victim.on(victim.stack)
    admin = TenantAdmin.of(deployment_of(victim.stack))
    revoked = admin.rotate(other.account, "pivot")
    admin.revoke(other.account, revoked.split(".")[4])
    assert other.ask("/account_balance", query=urlencode({"token": revoked})).is_forbidden
    gone = Victim.on(victim.stack)
    admin.remove(gone.account)
    assert gone.ask("/account_balance").is_forbidden
    assert gone.tell(gone.end("c")).status == 403


def test_the_stages_own_key_alone_opens_nothing(victim: Victim) -> None:
    """A token that was made with the right key and never issued, as after a leak of the key."""
    admin = TenantAdmin.of(deployment_of(victim.stack))
    for account in (victim.account, secrets.token_hex(16)):
        made, _ = issue("pivot", account, *admin.keys.token_key())
        assert victim.ask(
            "/account_balance", query=urlencode({"token": made}), **{"Account-ID": account}
        ).is_forbidden


def test_strangers_with_made_up_accounts_push_nobody_out(victim: Victim) -> None:
    """Three hundred of them with tokens of every form; then a known account is answered at once."""
    for number in range(300):
        account = secrets.token_hex(16)
        token = (
            victim.token,
            secrets.token_urlsafe(32),
            f"v1.pivot.{account}.k1.AAAAAAAAAAA.{'A' * 22}",
            victim.token.replace(victim.account, account),
        )[number % 4]
        query = urlencode({"token": token})
        assert victim.ask("/account_balance", query=query, **{"Account-ID": account}).is_forbidden
    assert victim.ask("/account_balance").status == 200
