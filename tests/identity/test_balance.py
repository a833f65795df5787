"""A balance that lives in someone else's system, and what happens when that system misbehaves."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pivot_app.http_source import FAILURES_TO_OPEN, OPEN_SECONDS
from pivot_app.identity import (
    Balance,
    BalanceSources,
    BalanceUnavailableError,
    Profile,
    http_source_from_parameter,
)
from pivot_app.identity._http_balance import HttpBalance, HttpBalanceSettings
from pivot_app.ledger import Account
from tests.identity.billing_system import BillingSystem

NOW = datetime(2026, 1, 5, 17, tzinfo=UTC)
KAZOO = "a" * 32


@pytest.fixture
def billing(monkeypatch: pytest.MonkeyPatch) -> Iterator[BillingSystem]:
    """A billing system that answers, on a host that the operator allows."""
    monkeypatch.setenv("PIVOT_ALLOWED_HOSTS", "127.0.0.1 does-not-exist.invalid")
    system = BillingSystem()
    system.says(12.5)
    yield system
    system.close()


def source(billing: BillingSystem, **changes: Any) -> HttpBalance:
    """A source that asks it."""
    return HttpBalance(HttpBalanceSettings(**{**billing.settings, **changes}))


@pytest.mark.parametrize(
    ("said", "unit", "micros"),
    [
        (12.5, "units", 12_500_000),
        ("12.50", "units", 12_500_000),
        (0.1, "units", 100_000),
        (1250, "cents", 12_500_000),
        (7, "micros", 7),
        (-3, "units", -3_000_000),
        ("0.0000019", "units", 1),
        (-0.0000019, "units", -2),
    ],
)
def test_a_balance_in_any_unit_is_micro_units(
    billing: BillingSystem, said: Any, unit: Any, micros: int
) -> None:
    """Exactly, and never rounded up."""
    billing.says(said)
    assert source(billing, unit=unit).balance(KAZOO, "1001", NOW) == Balance(micros, "USD")
    assert billing.asked == [("/balances/1001", "Bearer secret")]


def drips() -> Iterator[bytes]:
    """An answer that never comes to an end, without a pause the client's own timeout would see."""
    for _ in range(100):
        yield b" "
        time.sleep(0.05)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not json",
        b"[]",
        b'{"data": {}}',
        b'{"data": {"balance": true, "currency": "USD"}}',
        b'{"data": {"balance": "lots", "currency": "USD"}}',
        b'{"data": {"balance": "NaN", "currency": "USD"}}',
        b'{"data": {"balance": "Infinity", "currency": "USD"}}',
        b'{"data": {"balance": 1e400, "currency": "USD"}}',
        b'{"data": {"balance": "1e999999", "currency": "USD"}}',
        b'{"data": {"balance": 999999999999999, "currency": "USD"}}',
        b'{"data": {"balance": 1, "currency": "dollars"}}',
        b'{"data": {"balance": 1, "currency": 7}}',
        b"[" * 60_000,
        b"x" * 70_000,
        drips,
    ],
    ids=lambda body: getattr(body, "__name__", str(body)[:30]),
)
def test_anything_but_a_balance_is_unavailable(billing: BillingSystem, body: Any) -> None:
    """Garbage, too much of it, or none in time; the credentials are in no message."""
    billing.body = body
    with pytest.raises(BalanceUnavailableError) as caught:
        source(billing).balance(KAZOO, "1001", NOW)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("status", [201, 204, 302, 401, 404, 500, 503])
def test_any_status_but_200_is_unavailable(billing: BillingSystem, status: int) -> None:
    """A redirection is not followed: it would carry the credentials elsewhere."""
    billing.status = status
    with pytest.raises(BalanceUnavailableError, match=str(status)):
        source(billing).balance(KAZOO, "1001", NOW)
    assert len(billing.asked) == 1


def test_the_last_value_is_told_with_its_age_until_it_is_too_old(billing: BillingSystem) -> None:
    """Of this account of this KAZOO account only."""
    asked = source(billing, max_age_seconds=600)
    asked.balance(KAZOO, "1001", NOW)
    billing.status = 500
    assert asked.balance(KAZOO, "1001", NOW + timedelta(seconds=300)) == Balance(12_500_000, "USD", 300)
    for other in ((KAZOO, "1002"), ("b" * 32, "1001")):
        with pytest.raises(BalanceUnavailableError):
            asked.balance(*other, NOW + timedelta(seconds=300))
    with pytest.raises(BalanceUnavailableError, match="500"):
        asked.balance(KAZOO, "1001", NOW + timedelta(seconds=601))


def test_a_system_that_keeps_failing_is_left_alone_and_tried_again(billing: BillingSystem) -> None:
    """After some failures nobody waits for it; one call in a while looks whether it is back."""
    asked = source(billing)
    billing.status = 500
    for _ in range(FAILURES_TO_OPEN + 3):
        with pytest.raises(BalanceUnavailableError):
            asked.balance(KAZOO, "1001", NOW)
    assert len(billing.asked) == FAILURES_TO_OPEN
    later = NOW + timedelta(seconds=OPEN_SECONDS)
    for _ in range(3):
        with pytest.raises(BalanceUnavailableError):
            asked.balance(KAZOO, "1001", later)
    assert len(billing.asked) == FAILURES_TO_OPEN + 1
    billing.status = 200
    later += timedelta(seconds=OPEN_SECONDS)
    for _ in range(3):
        assert asked.balance(KAZOO, "1001", later).available_micros == 12_500_000


def test_what_is_remembered_is_bounded(billing: BillingSystem) -> None:
    """The accounts asked for last stay."""
    asked = HttpBalance(HttpBalanceSettings(**billing.settings), max_remembered=3)
    for account_id in ("1", "2", "3", "4"):
        asked.balance(KAZOO, account_id, NOW)
    billing.status = 500
    assert asked.balance(KAZOO, "4", NOW).available_micros == 12_500_000
    with pytest.raises(BalanceUnavailableError):
        asked.balance(KAZOO, "1", NOW)


def test_nobody_there_is_unavailable(billing: BillingSystem) -> None:
    """Refused connections and names that do not exist."""
    for url in ("http://127.0.0.1:1/{account_id}", "http://does-not-exist.invalid/{account_id}"):
        with pytest.raises(BalanceUnavailableError):
            source(billing, url=url).balance(KAZOO, "1001", NOW)


def test_an_account_number_that_is_not_digits_is_never_sent(billing: BillingSystem) -> None:
    """It would become part of a path."""
    with pytest.raises(BalanceUnavailableError):
        source(billing).balance(KAZOO, "../admin", NOW)
    assert billing.asked == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"url": "ftp://x/{account_id}"}, "url"),
        ({"url": "https://x/balance"}, "url"),
        ({"url": "http://billing.example/{account_id}"}, "url"),
        ({"url": "https://secret@billing.example/{account_id}"}, "url"),
        ({"url": 7}, "url"),
        ({"available": 7}, "available"),
        ({"headers": {"a": "secret\n"}}, "headers"),
        ({"unit": "euros"}, "unit"),
        ({"timeout_ms": 10_000}, "timeout_ms"),
        ({"max_age_seconds": -1}, "max_age_seconds"),
        ({"nonsense": 1}, "nonsense"),
    ],
)
def test_settings_that_cannot_work_are_told(
    billing: BillingSystem, change: dict[str, Any], message: str
) -> None:
    """Without repeating a header."""
    with pytest.raises(BalanceUnavailableError, match=message) as caught:
        HttpBalanceSettings.from_json(json.dumps({**billing.settings, **change}))
    assert "secret" not in str(caught.value)


def test_each_account_says_where_its_balance_is(billing: BillingSystem) -> None:
    """In the ledger unless its profile names another system; a system without settings is unknown, not an
    error."""
    parameters = {f"balance/{KAZOO}/billing": json.dumps(billing.settings)}
    sources = BalanceSources(http_source_from_parameter(parameters.get, "/p"))
    account = Account(kazoo_account_id=KAZOO, account_id="1001", currency="EUR", credited_micros=3_000_000)
    assert sources.balance(account, Profile(), NOW) == Balance(3_000_000, "EUR")
    external = Profile.from_item({"balance_source": "billing"})
    assert sources.balance(account, external, NOW) == Balance(12_500_000, "USD")
    other = Account(kazoo_account_id="b" * 32, account_id="1001", currency="EUR")
    assert sources.balance(other, external, NOW) is None


def test_a_renewed_credential_counts_with_the_next_call(billing: BillingSystem) -> None:
    """And until then the same source is asked, with what it remembers."""
    name = f"balance/{KAZOO}/billing"
    parameters = {name: json.dumps(billing.settings)}
    give = http_source_from_parameter(parameters.get, "/p")
    first = give(KAZOO, "billing")
    assert give(KAZOO, "billing") is first
    parameters[name] = json.dumps({**billing.settings, "headers": {"authorization": "Bearer renewed"}})
    give(KAZOO, "billing").balance(KAZOO, "1001", NOW)
    assert billing.asked == [("/balances/1001", "Bearer renewed")]
