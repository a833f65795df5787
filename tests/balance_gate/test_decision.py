"""The gate without AWS: whatever is dialled or typed, what is dialled on is what money is held for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import kazoo_callflow as callflow
from kazoo_callflow import Flow
from kazoo_pivot import testing
from pivot_app import balance_gate
from pivot_app.aws import StoreUnavailableError
from pivot_app.balance_gate import Gate, UnbilledCalls
from pivot_app.ledger import (
    Account,
    AccountNotFoundError,
    Authorized,
    CallRequest,
    Controls,
    Hold,
    Rate,
    Refusal,
    after,
    authorize,
    free_call,
    hold_made,
)

ACCOUNT = Account(
    testing.ACCOUNT.id,
    "1001",
    "USD",
    credited_micros=10_000_000,
    rates=(Rate("1", 10_000), Rate("44", 30_000), Rate("short:411", 1_000_000)),
    controls=Controls(max_call_seconds=600),
)


@dataclass
class MemoryLedger:
    """One account in memory, decided by the domain; remembers what it held and gave back."""

    account: Account = ACCOUNT
    held: list[Hold] = field(default_factory=list)
    voided: list[str] = field(default_factory=list)

    def authorize(
        self, kazoo_account_id: str, account_id: str, request: CallRequest, now: datetime
    ) -> Authorized | Refusal:
        """Hold money for a call, or say why not."""
        if account_id != self.account.account_id:
            raise AccountNotFoundError(kazoo_account_id, account_id)
        decision = authorize(self.account, request, None, now)
        if isinstance(decision, Refusal):
            return decision
        changed = after(self.account, hold_made(self.account, decision))
        assert changed is not None
        self.account = changed
        self.held.append(decision)
        return Authorized(changed, decision)

    def void(self, kazoo_account_id: str, account_id: str, hold_id: str, now: datetime) -> None:
        """Give back the money of a call that is not made."""
        self.voided.append(hold_id)


class FailingLedger(MemoryLedger):
    """A ledger whose table is unavailable."""

    def authorize(self, *_: Any, **__: Any) -> Authorized | Refusal:
        """Never get there."""
        raise StoreUnavailableError("away")


class NoCallers:
    """Nobody is known by number."""

    def find(self, kazoo_account_id: str, *keys: str) -> None:
        """Find nobody."""


def nodes(node: Any) -> Iterator[dict[str, Any]]:
    """Every node of a flow."""
    yield node
    for child in node.get("children", {}).values():
        yield from nodes(child)


def dialled_on(flow: Flow) -> list[str | None]:
    """The numbers a flow lets carriers dial; None where it leaves the number to KAZOO."""
    return [node["data"].get("to_did") for node in nodes(flow.to_dict()) if node["module"] == "resources"]


def hold_ids(flow: Flow) -> list[str]:
    """The holds a flow tells KAZOO of."""
    found = (node["data"].get("custom_application_vars", {}) for node in nodes(flow.to_dict()))
    return [cavs["hold_id"] for cavs in found if "hold_id" in cavs]


NUMBERS = st.sampled_from(
    [
        "+442071838750",
        "12125550188",
        "+12125550188",
        "442071838750",
        "411",
        "911",
        "988",
        "2030",
        "+19005550123",
    ]
)
SPELLINGS = st.builds(
    str.__add__, NUMBERS, st.sampled_from(["", "", "", "/x33899123456", ",,33", "#", " ", "x9", "；"])
) | st.text(max_size=20)


@settings(deadline=None)
@given(SPELLINGS, st.none() | SPELLINGS, st.sampled_from(["4.3", "5"]))
def test_what_is_dialled_on_is_what_was_judged(dialled: str, typed: str | None, version: Any) -> None:
    """Carriers get the number money is held for, or one that is free for everybody; never what KAZOO has."""
    ledger = MemoryLedger()
    query = {"account": "1001", "announce": "none"} | (
        {"to_collection": "number"} if typed is not None else {}
    )
    call = testing.call(
        account=replace(testing.ACCOUNT, kazoo_version=version),
        request_user=dialled,
        digits={"number": typed or ""},
        query=query,
    )
    flow = balance_gate.decide(call, Gate(ledger, NoCallers()))
    assert not callflow.validate(flow.to_dict(), kazoo=version)
    numbers = dialled_on(flow)
    assert len(numbers) <= 1
    for number in numbers:
        if ledger.held:
            assert [number] == [hold.destination for hold in ledger.held]
            assert hold_ids(flow) == [hold.hold_id for hold in ledger.held]
        else:
            assert number is not None
            assert free_call(number, "US")
            assert number in {dialled, typed}
    if not numbers:
        assert not ledger.held


@pytest.mark.parametrize("dialled", ["+442071838750/x9", "+442071838750"])
def test_while_the_store_is_away_only_numbers_are_let_through(dialled: str) -> None:
    """So many calls an hour as the operator says; what is not a number is refused all the same."""
    gate = Gate(FailingLedger(), NoCallers(), UnbilledCalls(1))
    call = testing.call(request_user=dialled, query={"account": "1001"})
    flows = [balance_gate.decide(call, gate) for _ in range(2)]
    expected = [["+442071838750"], []] if dialled == "+442071838750" else [[], []]
    assert [dialled_on(flow) for flow in flows] == expected


def test_an_hour_s_unbilled_calls_come_back() -> None:
    """The count is of the last hour, not of the instance's life."""
    calls = UnbilledCalls(2)
    assert [calls.allow(at) for at in (0, 1, 2, 3599, 3600, 3601, 3602)] == [
        True,
        True,
        False,
        False,
        True,
        True,
        False,
    ]
    assert not UnbilledCalls().allow(0)


def test_a_flow_that_fails_gives_the_money_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """A call that is not made must not keep the money."""
    ledger = MemoryLedger()
    monkeypatch.setattr("pivot_app.balance_gate._flows.connect", lambda *_: 1 / 0)
    call = testing.call(request_user="+442071838750", query={"account": "1001"})
    with pytest.raises(ZeroDivisionError):
        balance_gate.decide(call, Gate(ledger, NoCallers()))
    assert ledger.voided == [hold.hold_id for hold in ledger.held]


def test_nobody_has_no_account() -> None:
    """Without a word in the URL, an earlier step or a known number."""
    call = testing.call(request_user="+442071838750", caller_id_number="+14155550123")
    flow = balance_gate.decide(call, Gate(MemoryLedger(), NoCallers()))
    assert dialled_on(flow) == []
    assert "do not know an account" in str(flow.to_dict())
