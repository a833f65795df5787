"""Plans and deny lists: validity dates, versions, roll-back, and lists too long for an account's item."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st

from pivot_app.ledger import (
    Account,
    Authorized,
    CallRequest,
    Controls,
    CurrencyChangedError,
    Destination,
    DynamoDBLedger,
    InvalidAmountError,
    ItemTooLargeError,
    PlanNotFoundError,
    Rate,
    RateTable,
    Refusal,
)
from pivot_app.ledger._deny_lists import PrefixSet
from pivot_app.ledger._versions import KEPT_VERSIONS

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LONDON = Destination("+442071838750", "GB")
DIGITS = st.from_regex(r"[1-9][0-9]{0,5}", fullmatch=True)
AT = st.integers(1, 40)


@st.composite
def dated_rates(draw: st.DrawFn) -> list[Rate]:
    """Rates with and without dates, none of one prefix at the same time as another with dates."""
    rates = [Rate(prefix, 1) for prefix in draw(st.lists(DIGITS, unique=True, max_size=4))]
    for prefix in draw(st.lists(DIGITS, unique=True, max_size=4)):
        bounds = sorted(draw(st.lists(AT, unique=True, min_size=2, max_size=6)))
        spans = zip(bounds[::2], bounds[1::2], strict=False)
        rates += [Rate(prefix, number, valid_from=a, valid_until=b) for number, (a, b) in enumerate(spans, 2)]
    return rates


@given(dated_rates(), st.from_regex(r"\+[1-9][0-9]{1,8}", fullmatch=True), AT)
def test_the_rate_of_an_instant(rates: list[Rate], number: str, at: int) -> None:
    """The longest prefix that is valid then, of two the one with dates: as a search of each finds it."""
    table = RateTable.from_rows([rate.to_row() for rate in rates], currency="USD")
    fit = [rate for rate in rates if number[1:].startswith(rate.prefix) and rate.is_valid_at(at)]
    best = max(fit, key=lambda rate: (len(rate.prefix), rate.is_dated), default=None)
    assert table.find(number, at) == best
    assert sorted(map(str, table)) == sorted(map(str, rates))
    assert len(table) == len(rates)


def test_a_rate_says_where_it_was_found(ledger: DynamoDBLedger, kazoo_account_id: str) -> None:
    """A hold's rate names plan and version, or the account's own, so that a bill can be explained."""
    ledger.plans.publish(kazoo_account_id, "retail", "USD", [Rate("44", 60_000)])
    ledger.plans.publish(kazoo_account_id, "retail", "USD", [Rate("44", 90_000)])
    ledger.create(Account(kazoo_account_id, "1", "USD", plan="retail"), opening_micros=10**9)
    authorized = ledger.authorize(kazoo_account_id, "1", CallRequest("a", LONDON), NOW)
    assert isinstance(authorized, Authorized)
    rate = authorized.hold.rate
    assert (rate.plan, rate.version, rate.per_minute_micros) == ("retail", 2, 90_000)
    ledger.configure(kazoo_account_id, "1", lambda account: replace(account, rates=(Rate("4420", 1),)))
    authorized = ledger.authorize(kazoo_account_id, "1", CallRequest("b", LONDON), NOW)
    assert isinstance(authorized, Authorized)
    assert (authorized.hold.rate.plan, authorized.hold.rate.version) == ("", 2)


def test_a_price_that_is_not_valid_yet_prices_no_call(ledger: DynamoDBLedger, kazoo_account_id: str) -> None:
    """A call costs what was valid when it was authorized."""
    at = int(NOW.timestamp())
    rates = [Rate("44", 60_000, valid_until=at), Rate("44", 120_000, valid_from=at + 10)]
    ledger.plans.publish(kazoo_account_id, "retail", "USD", rates)
    ledger.create(Account(kazoo_account_id, "1", "USD", plan="retail"), opening_micros=10**9)
    costs = []
    for second in (-1, 5, 10):
        moment = datetime.fromtimestamp(at + second, UTC)
        decision = ledger.authorize(kazoo_account_id, "1", CallRequest(f"call {second}", LONDON), moment)
        costs.append(
            decision.reason if isinstance(decision, Refusal) else decision.hold.rate.per_minute_micros
        )
    assert costs == [60_000, "no_rate", 120_000]


def test_versions_can_be_read_and_brought_back(ledger: DynamoDBLedger, kazoo_account_id: str) -> None:
    """A roll-back is a new version with the rates of an old one; what is too old is gone, rows and all."""
    plans = ledger.plans
    for number in range(1, KEPT_VERSIONS + 3):
        assert plans.publish(kazoo_account_id, "retail", "USD", [Rate("44", number)], at=number) == number
    history = plans.history(kazoo_account_id, "retail")
    assert [each.version for each in history] == list(range(KEPT_VERSIONS + 2, 2, -1))
    assert plans.version(kazoo_account_id, "retail", 3).find("+44", 0).per_minute_micros == 3  # type: ignore[union-attr]
    with pytest.raises(PlanNotFoundError, match="version 2 of plan retail"):
        plans.version(kazoo_account_id, "retail", 2)
    assert plans.roll_back(kazoo_account_id, "retail", 5) == KEPT_VERSIONS + 3
    reader = DynamoDBLedger(ledger.table.client, ledger.table.name)
    table = reader.plans.rates(kazoo_account_id, "retail")
    assert table is not None
    assert (table.version, [rate.per_minute_micros for rate in table]) == (KEPT_VERSIONS + 3, [5])
    assert plans.history(kazoo_account_id, "retail")[0].note == "version 5 again"
    assert [each.name for each in plans.names(kazoo_account_id)] == ["retail"]
    stored = list(ledger.table.query(f"{kazoo_account_id}#plan:retail", "rates#"))
    assert len(stored) == KEPT_VERSIONS


def test_a_plan_keeps_its_currency(ledger: DynamoDBLedger, kazoo_account_id: str) -> None:
    """Unless it is said in so many words: every account of the plan would be refused."""
    plans = ledger.plans
    plans.publish(kazoo_account_id, "retail", "EUR", [Rate("44", 1)])
    with pytest.raises(CurrencyChangedError, match="plan retail is in EUR"):
        plans.publish(kazoo_account_id, "retail", "USD", [Rate("44", 1)])
    assert plans.publish(kazoo_account_id, "retail", "USD", [Rate("44", 1)], change_currency=True) == 2
    with pytest.raises(CurrencyChangedError, match="plan retail is in USD"):
        plans.roll_back(kazoo_account_id, "retail", 1)
    assert plans.roll_back(kazoo_account_id, "retail", 1, change_currency=True) == 3


def test_a_deny_list_of_fraud_s_usual_size(ledger: DynamoDBLedger, kazoo_account_id: str) -> None:
    """34,087 prefixes are beside the account: its item stays small, and the list counts for its calls."""
    prefixes = [str(88_210_000_000 + number) for number in range(34_087)]
    ledger.deny_lists.publish(kazoo_account_id, "fraud", [*prefixes, "4420"])
    controls = Controls(deny_lists=("fraud",))
    account = Account(kazoo_account_id, "1", "USD", rates=(Rate("", 1),), controls=controls)
    ledger.create(account, opening_micros=10**9)
    for number, admitted in ((LONDON.number, False), ("+88220000001", True), ("+88210034086", False)):
        decision = ledger.authorize(kazoo_account_id, "1", CallRequest(number, Destination(number, "")), NOW)
        assert isinstance(decision, Authorized) is admitted, number
        if isinstance(decision, Refusal):
            assert decision.reason == "prefix_denied"
    with pytest.raises(InvalidAmountError, match="denied_prefixes is 101"):
        ledger.configure(
            kazoo_account_id,
            "1",
            lambda a: replace(a, controls=replace(a.controls, denied_prefixes=tuple(prefixes[:101]))),
        )


def test_an_account_that_is_full_is_no_outage(kazoo_account_id: str) -> None:
    """A store that is unavailable may let calls through unbilled; an item that is too large may not."""

    class Full:
        """DynamoDB, where the item has reached its limit."""

        def get_item(self, **_: Any) -> Any:
            message = "Item size to update has exceeded the maximum allowed size"
            raise ClientError({"Error": {"Code": "ValidationException", "Message": message}}, "UpdateItem")

    with pytest.raises(ItemTooLargeError):
        DynamoDBLedger(Full(), "accounts").account(kazoo_account_id, "1")


@given(st.lists(DIGITS, max_size=8), st.from_regex(r"\+?[0-9]{1,8}", fullmatch=True))
def test_a_prefix_set_is_a_search_of_each(prefixes: list[str], number: str) -> None:
    """Whatever the lengths of its prefixes; a short code begins with none of them."""
    expected = any(number.startswith(f"+{prefix}") for prefix in prefixes)
    assert PrefixSet(prefixes).matches(number) is expected


def test_a_store_that_is_away_leaves_the_rates_an_instance_has(
    ledger: DynamoDBLedger, kazoo_account_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rates that were read once price calls until the store is back."""
    from pivot_app.ledger import StoreUnavailableError

    ledger.plans.publish(kazoo_account_id, "retail", "USD", [Rate("44", 1)])
    now = [0.0]
    reader = DynamoDBLedger(ledger.table.client, ledger.table.name, monotonic=lambda: now[0])
    assert reader.plans.rates(kazoo_account_id, "retail") is not None

    def away(*_: Any, **__: Any) -> Any:
        raise StoreUnavailableError("away")

    monkeypatch.setattr(reader.table, "get", away)
    now[0] = 61.0
    assert reader.plans.rates(kazoo_account_id, "retail") is not None
    with pytest.raises(StoreUnavailableError):
        reader.plans.rates(kazoo_account_id, "wholesale")
