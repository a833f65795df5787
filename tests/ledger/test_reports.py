"""What an operator can find out of the books: statements, explanations, revenue."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pivot_app.ledger import Account, Authorized, CallRequest, Destination, DynamoDBLedger, Entry, Rate
from pivot_app.ledger._charges import Charge
from pivotctl.accounts._entries import Line
from pivotctl.accounts._revenue import KEYS, revenue, totals

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
AT = int(NOW.timestamp())
MOBILE = Destination("+447911123456", "GG")
PARIS = "+33142685300"
Run = Callable[..., Any]


@pytest.fixture
def retail(ledger: DynamoDBLedger, kazoo_account_id: str) -> DynamoDBLedger:
    """A plan with a mobile rate, one of Paris, and account 1001 on it with 20.00."""
    mobile = Rate("447", 120_000, 50_000, first_increment_seconds=30, next_increment_seconds=6)
    rates = [Rate("44", 60_000, 0, 1, 1), mobile, Rate("33", 30_000, 0, 1, 1)]
    ledger.plans.publish(kazoo_account_id, "retail", "USD", rates)
    ledger.create(Account(kazoo_account_id, "1001", "USD", plan="retail"), opening_micros=20_000_000, at=AT)
    return ledger


def talk(
    ledger: DynamoDBLedger,
    tenant: str,
    *charges: Charge,
    call_id: str = "a@phone",
    account_id: str = "1001",
    at: datetime = NOW,
    to: Destination = MOBILE,
) -> str:
    """A call that was authorized, and billed these legs two minutes later; the hold's id."""
    request = CallRequest(call_id, to, caller="+14155550123")
    authorized = ledger.authorize(tenant, account_id, request, at)
    assert isinstance(authorized, Authorized)
    ledger.book(tenant, account_id, authorized.hold.hold_id, charges, at + timedelta(minutes=2))
    return authorized.hold.hold_id


def leg(seconds: int, call_id: str = "b@carrier", why: Any = "call", number: str = MOBILE.number) -> Charge:
    """A leg, answered five seconds after the call was authorized."""
    return Charge(call_id, seconds, why, number, started_at=AT + 5, ended_at=AT + 5 + seconds)


def test_a_charge_is_explained_to_the_last_millionth(
    pivot: Run, retail: DynamoDBLedger, kazoo_account_id: str
) -> None:
    """By Call-ID, hold or entry: who called whom and when, the rate and its version, each leg and the sum."""
    hold_id = talk(retail, kazoo_account_id, leg(31))
    for what in ("a@phone", hold_id, "1001/2"):
        told = pivot("explain", what).output
        for fact in (
            "call a@phone of account 1001, USD",
            "from +14155550123 to +447911123456",
            "authorized 2026-03-01 12:00:00 (UTC)",
            "entry 1001/2, call, posted 2026-03-01 12:02:00: -0.122 USD, balance 19.878",
            "rate of prefix 447 in plan retail, version 1: 0.12 a minute and 0.05 for the connection",
            "in increments of 30/6 s",
            "leg b@carrier to +447911123456 (the number authorized), answered 2026-03-01 12:00:05",
            ", ended 2026-03-01 12:00:36",
            "31 s, billed as 36 s: 0.05 + 36 s x 0.12 / 60 s = 0.122",
        ):
            assert fact in told, fact
    (document,) = json.loads(pivot("explain", "a@phone", "--json").output)
    assert document["charged_micros"] == 122_000
    (entry,) = document["entries"]
    assert (entry["plan"], entry["plan_version"], entry["prefix"]) == ("retail", 1, "447")
    assert (entry["caller"], entry["authorized_at"], entry["started_at"]) == ("+14155550123", AT, AT + 5)
    assert entry["legs"][0]["ended_at"] == AT + 36


def test_a_transfer_and_a_correction_are_explained(
    pivot: Run, retail: DynamoDBLedger, kazoo_account_id: str
) -> None:
    """Each leg at its own number's rate; what came later stands under the same call."""
    hold_id = talk(retail, kazoo_account_id, leg(31), leg(60, "c@carrier", "transfer", PARIS))
    retail.book(
        kazoo_account_id,
        "1001",
        hold_id,
        [leg(61), leg(60, "c@carrier", "transfer", PARIS)],
        NOW + timedelta(hours=1),
    )
    told = pivot("explain", hold_id).output
    assert "leg c@carrier to +33142685300 (made after the call was transferred)" in told
    assert "rate of prefix 33 in plan retail, version 1: 0.03 a minute" in told
    assert "correction, posted 2026-03-01 13:00:00" in told
    assert "charged in all: 0.212 USD" in told


def test_a_call_that_lives_is_explained(pivot: Run, retail: DynamoDBLedger, kazoo_account_id: str) -> None:
    """What is held, at which rate, and when its end is due."""
    now = datetime.now(UTC)
    retail.authorize(kazoo_account_id, "1001", CallRequest("live@phone", MOBILE, caller="+1415"), now)
    told = pivot("explain", "live@phone").output
    assert "not settled: 7.25 is held for 3600 s" in told
    assert "rate of prefix 447" in told
    assert "live@phone" in pivot("holds", "1001").output


def test_a_top_up_is_explained_and_nothing_is_nothing(pivot: Run, retail: DynamoDBLedger) -> None:
    """By its reference; what is not in the books is one line and status 1."""
    pivot("top-up", "1001", "5", "--reference", "invoice 7", "--note", "by card")
    assert "reference invoice 7: by card: 5.00 USD" in pivot("explain", "invoice 7").output
    missing = pivot("explain", "nobody@phone", status=1).output
    assert "nothing of 'nobody@phone' is in the books of any account" in missing
    assert missing.count("\n") == 1
    pivot("explain", "a@phone", "--of", "404", status=1)


def test_statements_have_spans_accounts_and_formats(
    pivot: Run, retail: DynamoDBLedger, kazoo_account_id: str
) -> None:
    """One account or all of them, in one currency, of a span; as CSV, JSON and JSON lines alike."""
    retail.create(Account(kazoo_account_id, "2001", "EUR"), opening_micros=7_000_000, at=AT)
    talk(retail, kazoo_account_id, leg(31))
    talk(retail, kazoo_account_id, leg(31), call_id="b@phone", at=NOW + timedelta(days=1))
    everything = [json.loads(line) for line in pivot("statement", "--all", "--jsonl").output.splitlines()]
    assert [(row["account_id"], row["kind"]) for row in everything] == [
        ("1001", "top_up"),
        ("1001", "call"),
        ("1001", "call"),
        ("2001", "top_up"),
    ]
    assert json.loads(pivot("statement", "--all", "--json").output) == everything
    rows = list(csv.DictReader(io.StringIO(pivot("statement", "--all", "--csv").output)))
    assert [row["amount_micros"] for row in rows] == [str(row["amount_micros"]) for row in everything]
    assert rows[1]["destination"] == "+447911123456"
    assert json.loads(rows[1]["legs"])[0]["call_id"] == "b@carrier"
    span = ("--since", "2026-03-02", "--until", "2026-03-03")
    assert [row["call_id"] for row in json.loads(pivot("statement", "1001", *span, "--json").output)] == [
        "b@phone"
    ]
    assert len(json.loads(pivot("statement", "--all", "--currency", "EUR", "--json").output)) == 1
    shown = pivot("statement", "1001").output
    assert "+14155550123" in shown
    assert "call +447911123456" in shown
    pivot("statement", status=2)
    pivot("statement", "1001", "--all", status=2)
    pivot("statement", "1001", "--since", "yesterday", status=2)
    pivot("statement", "1001", "--since", "2026-03-02", "--until", "2026-03-01", status=2)


def test_revenue_by_day_destination_and_account(
    pivot: Run, retail: DynamoDBLedger, kazoo_account_id: str
) -> None:
    """What calls were charged, corrections included and top-ups not, never across currencies."""
    retail.create(
        Account(kazoo_account_id, "2001", "EUR", rates=(Rate("447", 60_000, 0, 1, 1),)),
        opening_micros=10**7,
        at=AT,
    )
    talk(retail, kazoo_account_id, leg(31))
    talk(retail, kazoo_account_id, leg(60), account_id="2001")
    by_day = json.loads(pivot("revenue", "--json").output)
    assert [(each["day"], each["currency"], each["revenue_micros"]) for each in by_day["groups"]] == [
        ("2026-03-01", "EUR", 60_000),
        ("2026-03-01", "USD", 122_000),
    ]
    assert {each["currency"]: each["calls"] for each in by_day["totals"]} == {"EUR": 1, "USD": 1}
    by = "destination,account"
    rows = list(csv.DictReader(io.StringIO(pivot("revenue", "--by", by, "--csv").output)))
    assert [(row["destination"], row["account"]) for row in rows] == [("GG 447", "1001"), ("GG 447", "2001")]
    assert "0.122" in pivot("revenue", "--by", "destination").output
    assert "use day, destination, account" in pivot("revenue", "--by", "month", status=2).output


ENTRIES = st.builds(
    Entry,
    kind=st.sampled_from(["top_up", "adjust", "call", "release", "transfer", "correction"]),
    amount_micros=st.integers(-(10**9), 10**9),
    at=st.integers(1_700_000_000, 1_800_000_000),
    reference=st.just("r"),
    destination=st.sampled_from(["+447911123456", "+33142685300", "411"]),
    ended_at=st.sampled_from([0, 1_750_000_000]),
)
ACCOUNTS = st.sampled_from([Account("t", "1", "USD"), Account("t", "2", "USD"), Account("t", "3", "EUR")])


@given(st.lists(st.builds(Line, ACCOUNTS, ENTRIES)), st.lists(st.sampled_from(KEYS), unique=True, min_size=1))
def test_revenue_is_what_calls_were_charged(found: list[Line], by: list[Any]) -> None:
    """However it is grouped, nothing is lost and nothing is counted twice."""
    groups = revenue(found, by)
    for currency in ("USD", "EUR"):
        charged = -sum(
            line.entry.amount_micros
            for line in found
            if line.account.currency == currency and line.entry.kind not in {"top_up", "adjust"}
        )
        assert sum(group.revenue_micros for group in groups if group.currency == currency) == charged
        assert sum(total.revenue_micros for total in totals(groups) if total.currency == currency) == charged
