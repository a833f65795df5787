"""CDRs settle what no webhook told, and never what one did: in every order, and whatever an operator said."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from itertools import permutations
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from kazoo_pivot import StoreUnavailableError
from pivot_app.call_events import CrossbarCalls, MissingEnds
from pivot_app.crossbar import CrossbarAccessError, CrossbarUnavailableError
from pivot_app.crossbar._cdr import cdr_of, summary_of
from pivot_app.ledger import InvalidWebhookError, Settlement, end_of_cdr
from tests.ledger.test_legs import SCENARIOS, Played, body_of

BY_NAME: dict[str, Mapping[str, Any]] = {scenario["name"]: scenario for scenario in SCENARIOS}
PLAIN = BY_NAME["4.3/plain_answered"]
DAY = 86_400


def cdrs_of(played: Played) -> list[dict[str, Any]]:
    """The CDRs of a scenario's legs, as KAZOO writes them of the same events."""
    found = []
    for event in played.scenario["events"]:
        if event["hook"] != "channel_destroy":
            continue
        text = event["body"]
        for name, hold_id in played.hold_ids.items():
            text = text.replace(name, hold_id)
        body = body_of(text)
        body = body.get("data", body)
        found.append({**body, "id": f"202603-{body['call_id']}", "channel_created_time": 1})
    return found


def rows_of(cdrs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same as rows of Crossbar's list: without variables, and with the time of the start, as text."""
    rows = []
    for cdr in cdrs:
        row = {name: kept for name, kept in cdr.items() if not isinstance(kept, dict)}
        del row["channel_created_time"]
        row["direction"] = row.pop("call_direction")
        row["timestamp"] = str(int(cdr["timestamp"]) - int(cdr["duration_seconds"]))
        rows.append(row)
    return rows


def as_csv(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same, written as CSV and read back."""
    names = sorted({name for row in rows for name in row})
    out = io.StringIO()
    writer = csv.DictWriter(out, names)
    writer.writeheader()
    writer.writerows(rows)
    return list(csv.DictReader(io.StringIO(out.getvalue())))


FORMS: dict[str, Callable[[list[dict[str, Any]]], list[dict[str, Any]]]] = {
    "whole": lambda cdrs: cdrs,
    "rows": rows_of,
    "csv": lambda cdrs: as_csv(rows_of(cdrs)),
}


def authorized(name: str) -> Played:
    """A scenario whose calls are authorized, and nothing told."""
    played = Played(BY_NAME[name])
    for wanted in played.authorizations:
        played.authorize(wanted)
    return played


def told(played: Played, cdrs: list[dict[str, Any]], later: float = DAY) -> None:
    """Import CDRs so long after the last authorization."""
    now = datetime.fromtimestamp(played.authorizations[-1]["at"] + later, UTC)
    for cdr in cdrs:
        played.settlement.told(played.tenant, end_of_cdr(cdr), now)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", ["4.3/plain_answered", "5/failover", "4.3/busy", "4.3/caller_attended"])
def test_cdrs_alone_settle_to_the_same_bill(name: str, form: str) -> None:
    """The webhook was off for the whole call: its CDRs come to what the webhooks would have."""
    played = authorized(name)
    cdrs = FORMS[form](cdrs_of(played))
    for _ in range(2):
        told(played, cdrs)
        played.sweep(played.authorizations[-1]["at"] + 2 * DAY)
    assert sum(played.seconds()) == played.scenario["bill"]["seconds"]
    assert not played.account.holds
    assert played.ledger.reconcile(played.tenant, "1001") == []


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("order", list(permutations(["webhooks", "cdrs", "operator"])))
def test_whoever_comes_first_nobody_charges_twice(order: tuple[str, ...], form: str) -> None:
    """A replayed webhook, an import and an operator's word, in every order: one call, its own seconds."""
    played = authorized("4.3/plain_answered")
    (hold_id,) = played.hold_ids.values()
    at = played.authorizations[0]["at"]
    for number, what in enumerate(order):
        if what == "webhooks":
            for event in played.scenario["events"]:
                played.tell(event, at + (number + 1) * DAY)
        elif what == "cdrs":
            told(played, FORMS[form](cdrs_of(played)), (number + 1) * DAY)
        else:
            now = datetime.fromtimestamp(at + (number + 1) * DAY, UTC)
            played.settlement.resolve(played.tenant, hold_id, now, seconds=60, note="by hand")
    played.sweep(at + 5 * DAY)
    told(played, FORMS[form](cdrs_of(played)), 6 * DAY)
    wanted = 60 if order[-1] == "operator" else played.scenario["bill"]["seconds"]
    assert played.account.spent_micros == sum(played.seconds()) * 1_000_000
    if order[-1] != "operator":
        assert sum(played.seconds()) == wanted
    assert played.ledger.reconcile(played.tenant, "1001") == []


@pytest.mark.parametrize(
    "wrong",
    [{"billing_seconds": "soon"}, {"call_id": ""}, {"timestamp": "yesterday"}, {"billing_seconds": -1}],
)
def test_a_cdr_without_what_a_bill_rests_on_is_refused(wrong: Mapping[str, Any]) -> None:
    """The error names the field."""
    cdr = {"call_id": "a", "timestamp": "63940000000", "duration_seconds": 9, "billing_seconds": 5}
    with pytest.raises(InvalidWebhookError, match=next(iter(wrong))):
        end_of_cdr({**cdr, **wrong})


class StandInCrossbar:
    """A KAZOO account's API, of lists in memory."""

    def __init__(self, cdrs: list[dict[str, Any]]) -> None:
        self.cdrs_kept = cdrs
        self.up: set[str] = set()
        self.fetched: list[str] = []

    def channel_state(self, call_id: str) -> str:
        return "up" if call_id in self.up else "gone"

    def cdr(self, call_id: str, began_at: datetime) -> Any:
        return next((cdr_of(cdr) for cdr in self.cdrs_kept if cdr["call_id"] == call_id), None)

    def cdr_by_id(self, cdr_id: str) -> Any:
        self.fetched.append(cdr_id)
        return next((cdr_of(cdr) for cdr in self.cdrs_kept if cdr["id"] == cdr_id), None)

    def cdrs(self, begin: datetime, end: datetime) -> Iterator[Any]:
        return iter([summary_of(row) for row in rows_of(self.cdrs_kept)])


def calls_of(crossbar: StandInCrossbar) -> CrossbarCalls:
    """The port, on a stand-in."""
    crossbars: Any = SimpleNamespace(of=lambda _: crossbar)
    return CrossbarCalls(crossbars)


def test_kazoo_is_asked_of_calls_that_should_have_ended() -> None:
    """While a channel is up nothing is decided; then the CDRs of the call and of its other leg settle it."""
    played = authorized("4.3/plain_answered")
    crossbar = StandInCrossbar(cdrs_of(played))
    settlement = Settlement(played.ledger, calls_of(crossbar))
    crossbar.up.add(played.authorizations[0]["call_id"])
    at = played.authorizations[0]["at"]
    settlement.sweep(played.account, datetime.fromtimestamp(at + 20_000, UTC))
    assert played.account.holds
    crossbar.up.clear()
    settlement.sweep(played.account, datetime.fromtimestamp(at + 20_060, UTC))
    assert sum(played.seconds()) == PLAIN["bill"]["seconds"]


def test_a_span_fetches_only_what_was_never_told() -> None:
    """An end that a webhook told is not fetched again."""
    played = authorized("4.3/plain_answered")
    cdrs = cdrs_of(played)
    first = next(event for event in played.scenario["events"] if event["hook"] == "channel_destroy")
    played.tell(first, first["at"])
    crossbar = StandInCrossbar(cdrs)

    def is_known(call_id: str, at: int) -> bool:
        return played.settlement.legs.has_end(played.tenant, call_id, at)

    now = datetime.fromtimestamp(first["at"] + 100, UTC)
    ends = list(calls_of(crossbar).ends_between(played.tenant, now, now, is_known))
    assert [end.call_id for end in ends] == [cdrs[1]["call_id"]]
    assert len(crossbar.fetched) == 1


def test_without_a_key_kazoo_is_not_asked() -> None:
    """Most KAZOO accounts have no key: nothing is known, and the parameter is not read again each time."""
    asked = []

    def of(account: str) -> Any:
        asked.append(account)
        raise CrossbarAccessError("missing")

    crossbars: Any = SimpleNamespace(of=of)
    calls = CrossbarCalls(crossbars)
    now = datetime.now(UTC)
    assert calls.is_up("t", "a") is None
    assert list(calls.ends_of("t", ["a"], now)) == []
    assert len(asked) == 1


@pytest.mark.parametrize(
    "error", [CrossbarUnavailableError("timed out"), StoreUnavailableError("SSM is away")]
)
def test_a_crossbar_that_does_not_answer_is_asked_once(error: Exception) -> None:
    """A hang costs seconds: the sweeper has other accounts to look at."""
    asked = []

    class Hanging:
        def channel_state(self, call_id: str) -> str:
            asked.append(call_id)
            raise error

        def cdr(self, call_id: str, began_at: datetime) -> None:
            asked.append(call_id)
            raise error

    def of(kazoo_account_id: str) -> Any:
        if isinstance(error, CrossbarUnavailableError):
            return Hanging()
        asked.append(kazoo_account_id)
        raise error

    calls = CrossbarCalls(cast("Any", SimpleNamespace(of=of)))
    for call_id in ("a", "b", "c"):
        assert calls.is_up("t", call_id) is None
        assert list(calls.ends_of("t", [call_id], datetime.now(UTC))) == []
    assert len(asked) == 1
    calls.is_up("another", "a")
    assert len(asked) == 2


def test_the_import_reads_every_form_a_file_has(tmp_path: Path) -> None:
    """Crossbar's envelope, a list, JSON lines and CSV."""
    from pivotctl.accounts.unresolved import _rows

    cdrs = cdrs_of(authorized("4.3/plain_answered"))
    rows = rows_of(cdrs)
    names = sorted({name for row in rows for name in row})
    out = io.StringIO()
    writer = csv.DictWriter(out, names)
    writer.writeheader()
    writer.writerows(rows)
    forms = {
        "envelope": json.dumps({"data": cdrs, "status": "success"}),
        "list": json.dumps(cdrs),
        "lines": "\n".join(json.dumps(cdr) for cdr in cdrs),
        "csv": out.getvalue(),
    }
    for name, text in forms.items():
        file = tmp_path / name
        file.write_text(text)
        ends = [end_of_cdr(row) for row in _rows(file)]
        assert [(end.call_id, end.seconds) for end in ends] == [
            (cdr["call_id"], int(cdr["billing_seconds"])) for cdr in cdrs
        ]
        assert {end.at for end in ends} == {int(cdr["timestamp"]) - 62_167_219_200 for cdr in cdrs}


def compared(
    played: Played, crossbar: StandInCrossbar, at: float, *, has_time: bool = True
) -> Mapping[str, int]:
    """Compare the CDRs with the books at an instant, as the schedule does."""
    work = MissingEnds(played.settlement, calls_of(crossbar))
    return work.compare([played.tenant], datetime.fromtimestamp(at, UTC), lambda: has_time)


@pytest.mark.parametrize("name", ["4.3/plain_answered", "5/failover", "4.3/busy"])
def test_the_schedule_settles_what_no_webhook_told(name: str) -> None:
    """The webhooks were lost: the CDRs settle the call, once, and comparing again finds nothing."""
    played = authorized(name)
    crossbar = StandInCrossbar(cdrs_of(played))
    at = played.authorizations[-1]["at"] + 3600
    first = compared(played, crossbar, at)
    assert first["never_told"] == len(crossbar.cdrs_kept)
    assert first["repaired"] >= 1
    again = compared(played, crossbar, at + 3600)
    assert (again["never_told"], again["repaired"]) == (0, 0)
    assert sum(played.seconds()) == played.scenario["bill"]["seconds"]
    assert not played.account.holds
    assert played.ledger.reconcile(played.tenant, "1001") == []


def test_the_schedule_changes_nothing_that_webhooks_told() -> None:
    """Nothing is fetched, nothing is posted."""
    played = authorized("4.3/plain_answered")
    for event in played.scenario["events"]:
        played.tell(event, event["at"])
    entries = played.entries
    crossbar = StandInCrossbar(cdrs_of(played))
    assert compared(played, crossbar, played.authorizations[0]["at"] + 3600)["repaired"] == 0
    assert crossbar.fetched == []
    assert played.entries == entries


def test_the_schedule_leaves_what_it_has_no_time_for() -> None:
    """It is the next run's."""
    played = authorized("4.3/plain_answered")
    crossbar = StandInCrossbar(cdrs_of(played))
    at = played.authorizations[0]["at"] + 3600
    assert compared(played, crossbar, at, has_time=False) == {
        "left_over": 1,
        **dict.fromkeys(("accounts", "never_told", "repaired", "failed"), 0),
    }
    assert played.account.holds
    compared(played, crossbar, at)
    assert not played.account.holds


def test_one_kazoo_account_that_cannot_be_read_does_not_hold_up_the_others() -> None:
    """Its trouble is counted, the others are compared."""
    played = authorized("4.3/plain_answered")
    crossbar = StandInCrossbar(cdrs_of(played))

    def of(account: str) -> Any:
        if account != played.tenant:
            raise RuntimeError("no answer")
        return crossbar

    crossbars: Any = SimpleNamespace(of=of)
    work = MissingEnds(played.settlement, CrossbarCalls(crossbars))
    now = datetime.fromtimestamp(played.authorizations[0]["at"] + 3600, UTC)
    found = work.compare(["0", played.tenant, "z"], now, lambda: True)
    assert (found["failed"], found["accounts"]) == (2, 3)
    assert not played.account.holds
