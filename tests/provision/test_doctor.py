"""The doctor finds each thing that loses calls or money, says what to do, and fixes what it may."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kazoo_simulator import Answer, Callee, Scripted, TransportError
from kazoo_simulator.crossbar import CrossbarKazoo, Request, Response, fire, httpx_client
from pivot_app.crossbar import Crossbar
from pivot_app.doctor import Doctor, Finding, Hold
from tests.provision.conftest import NUMBER, URL, Office

JSON = (("content-type", "application/json"),)
PAYLOAD = {"hook_event": "channel_destroy", "call_id": "c", "billing_seconds": 5}
SPEAKS = {"module": "tts", "data": {"text": "Welcome"}, "children": {}}


@dataclass
class Books:
    """A ledger with these holds and so many unmatched ends; a Live Debug that saw these calls."""

    waiting: list[Hold] = field(default_factory=list)
    strangers: int = 0
    seen: set[str] = field(default_factory=set)

    def holds(self, kazoo_account_id: str) -> Iterable[Hold]:
        return self.waiting

    def unmatched(self, kazoo_account_id: str) -> int:
        return self.strangers

    def call(self, kazoo_account_id: str, call_id: str) -> list[Any]:
        return [object()] if call_id in self.seen else []


def examine(office: Office, books: Books | None = None, *, fix: bool = False, **doctor: Any) -> list[Finding]:
    """Examine the office; only what is not well."""
    books = books or Books()
    tokens = office.provisioning()._tokens
    settings = tokens.settings()
    crossbar = Crossbar(
        "http://crossbar",
        office.account.api_key,
        office.account.id,
        client=httpx_client(office.cluster),
        tries=1,
    )
    given: dict[str, Any] = {
        "crossbar": crossbar,
        "deployment": office.deployment.stage,
        "url": URL,
        "kazoo_version": None if settings is None else settings["kazoo_version"],
        "is_live": lambda collection, token: tokens.live([token])[collection] == token,
        "exchanges": books,
        "money": books,
    }
    found = Doctor(**{**given, **doctor}).examine(datetime.now(UTC), fix=fix)
    return [each for each in found if each.level != "ok"]


def problems(office: Office, books: Books | None = None, **how: Any) -> dict[str, str]:
    """Return errors and warnings: check to message."""
    found = examine(office, books, **how)
    assert all(each.remedy for each in found if each.level in ("error", "warning") and each.check != "access")
    return {each.check: each.message for each in found if each.level in ("error", "warning")}


def stored(office: Office, kind: str, name: str) -> Any:
    """Return a stored document by its name."""
    return next(each for each in office.cluster.of_kind(office.account.id, kind) if each.data["name"] == name)


def test_a_provisioned_account_is_well(office: Office) -> None:
    """A provisioned account is well."""
    office.provision()
    assert problems(office) == {}


def test_an_account_nobody_provisioned_has_remedies(office: Office) -> None:
    """An account nobody provisioned has remedies."""
    found = problems(office)
    assert {"token", "callflow", "webhook"} <= found.keys() or "token" in found
    assert "does not know" in found["token"]


def test_a_wrong_key_ends_the_examination(office: Office) -> None:
    """A wrong key ends the examination."""
    office.provision()
    office.account.api_key = "changed"
    crossbar = Crossbar("http://crossbar", "k", office.account.id, client=httpx_client(office.cluster))
    (finding,) = examine(office, crossbar=crossbar)
    assert (finding.check, finding.level) == ("access", "error")


@pytest.mark.parametrize(
    ("edit", "says"),
    [
        ({"method": "GET"}, "method is GET"),
        ({"method": "post"}, "takes for GET"),
        ({"req_format": "twiml"}, "format is twiml"),
        ({"voice_url": "https://elsewhere.example.com/menu"}, "it asks https://elsewhere.example.com/menu"),
        ({"req_timeout_ms": 1000}, "flow.data.req_timeout_ms"),
    ],
)
def test_what_the_ui_s_pivot_dialog_breaks_is_told(office: Office, edit: dict[str, Any], says: str) -> None:
    """What the ui s pivot dialog breaks is told."""
    office.provision()
    stored(office, "callflows", "main").data["flow"]["data"] |= edit
    assert says in problems(office)["callflow"]


def test_a_lost_wildcard_child_is_told(office: Office) -> None:
    """A lost wildcard child is told."""
    office.provision()
    stored(office, "callflows", "main").data["flow"]["children"] = {}
    assert "no wildcard child" in problems(office)["callflow"]


def test_a_target_that_is_gone_is_told(office: Office) -> None:
    """A target that is gone is told."""
    office.provision()
    office.cluster.documents[office.ids["vmboxes"]].is_deleted = True
    assert "is gone" in problems(office)["callflow"]


def test_a_token_that_is_not_live_is_told(office: Office) -> None:
    """A token that is not live is told."""
    office.provision()
    found = [each for each in examine(office, is_live=lambda *_: False) if each.check == "token"]
    assert len(found) == 2
    data = stored(office, "callflows", "main").data["flow"]["data"]
    data["voice_url"] = data["voice_url"].partition("?")[0]
    data.pop("custom_request_headers", None)
    assert "carries no token" in problems(office)["token"]


def test_a_number_that_left_or_is_there_twice_is_told(office: Office) -> None:
    """A number that left or is there twice is told."""
    office.provision()
    main = stored(office, "callflows", "main")
    main.data["numbers"] = ["2000"]
    assert "in no callflow" in problems(office)["number"]
    main.data["numbers"] = ["2000", NUMBER]
    other = {"name": "Twin", "numbers": [NUMBER], "flow": {"module": "hangup", "data": {}}}
    office.cluster.add(office.account.id, "callflows", other)
    assert "in 2 callflows" in problems(office)["number"]


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        ({"state": "port_in"}, "not in_service"),
        ({"used_by": "trunkstore"}, "trunkstore"),
        (None, "does not belong"),
    ],
)
def test_a_number_that_gets_no_calls_is_told(office: Office, facts: dict[str, str] | None, says: str) -> None:
    """A number that gets no calls is told."""
    office.provision()
    if facts is None:
        del office.account.numbers[NUMBER]
    else:
        office.account.numbers[NUMBER] |= facts
    assert says in problems(office)["number"]


def failing(office: Office, times: int, status: int | None = 502) -> None:
    """Let deliveries of ends fail."""

    def send(*_: Any) -> Answer:
        if status is None:
            raise TransportError("refused", "refused")
        return Answer(status)

    for _ in range(times):
        fire(office.cluster, office.account.id, PAYLOAD, send)


def test_a_webhook_that_failures_switched_off_is_mended_on_request(office: Office) -> None:
    """A webhook that failures switched off is fixed on request."""
    office.cluster.add(
        office.account.id, "webhooks", {"name": "theirs", "hook": "all", "uri": "https://x", "enabled": False}
    )
    office.provision()
    failing(office, 6)
    message = problems(office)["webhook"]
    assert "too many failed attempts" in message
    assert "502" in message
    found = examine(office, fix=True)
    assert [each.check for each in found if each.level == "error"] == []
    hooks = {hook["name"]: hook["enabled"] for hook in office.webhooks()}
    assert hooks == {"theirs": False, "pivot-lambda: ends of calls": True}
    assert "disable_reason" not in stored(office, "webhooks", "pivot-lambda: ends of calls").data
    assert "webhook" in problems(office)  # the failures of the last hour are still worth a warning


def test_a_webhook_that_fails_now_and_then_is_a_warning(office: Office) -> None:
    """A webhook that fails now and then is a warning."""
    office.provision()
    failing(office, 1, None)
    levels = {each.level for each in examine(office) if each.check == "webhook"}
    assert levels == {"warning"}


def test_a_webhook_of_which_there_are_two_is_told(office: Office) -> None:
    """A webhook of which there are two is told."""
    office.provision()
    twin = {**stored(office, "webhooks", "pivot-lambda: ends of calls").data, "name": "twin"}
    twin.pop("pivot_lambda")
    office.cluster.add(office.account.id, "webhooks", twin)
    assert "2 times" in problems(office)["webhook"]


def called(office: Office, answer: Answer | TransportError) -> str:
    """Place a call whose pivot node has debug on; return its Call-ID."""
    office.provision(office.document(debug=True))
    target = Scripted([answer], public_url=URL)
    call = CrossbarKazoo(office.cluster, office.account, target, callees={"d": Callee("answers")}).call(
        dialled=NUMBER
    )
    call.ends()
    return str(call.interpreter.call_id)


def test_both_logs_of_a_call_agree(office: Office) -> None:
    """Both logs of a call agree."""
    call_id = called(office, Answer(200, json.dumps(SPEAKS).encode(), JSON))
    found = examine(office, Books(seen={call_id}))
    assert [each for each in found if each.check in ("reach", "latency")] == []
    (note,) = [each for each in examine(office) if each.check == "reach"]
    assert (note.level, "did not record" in note.message) == ("note", True)


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (TransportError("refused", "refused"), "got no answer"),
        (Answer(403, b"{}", JSON), "answered 403"),
        (Answer(200, b'{"module": "tts", "data": {}}', JSON), "rejected our answer"),
    ],
)
def test_what_kazoo_saw_of_a_bad_answer_is_told(office: Office, answer: Any, says: str) -> None:
    """What kazoo saw of a bad answer is told."""
    office.provision(office.document(debug=True))
    target = Scripted([answer], public_url=URL)
    played = CrossbarKazoo(office.cluster, office.account, target).call(dialled=NUMBER)
    while played.interpreter.next_due_ms is not None and played.interpreter.step():
        pass
    assert says in problems(office)["reach"]


def test_a_slow_answer_is_told(office: Office) -> None:
    """A slow answer is told."""
    office.cluster.now = iter_clock()
    office.provision(office.document(debug=True))
    answer = Answer(200, json.dumps(SPEAKS).encode(), JSON)
    target = Scripted([answer], public_url=URL)
    CrossbarKazoo(office.cluster, office.account, target).call(dialled=NUMBER).ends()
    documents = office.account.debug
    documents[1]["created"] = documents[0]["created"] + 4
    assert "4 s" in problems(office)["latency"]


def iter_clock() -> Callable[[], float]:
    """Return a clock that stands still now."""
    now = datetime.now(UTC).timestamp()
    return lambda: now


def test_a_kazoo_without_a_debug_log_is_a_note(office: Office) -> None:
    """A kazoo without a debug log is a note."""
    office.provision()
    office.cluster.switches.not_loaded = frozenset({"pivot"})
    (note,) = [each for each in examine(office) if each.check == "reach"]
    assert (note.level, "cb_pivot" in note.remedy) == ("note", True)


def hold(call_id: str, hours: float = 3) -> Hold:
    """Return a hold whose call should have ended so many hours ago."""
    now = datetime.now(UTC)
    return Hold("1001", "h-1", call_id, now - timedelta(hours=hours + 1), now - timedelta(hours=hours))


def test_a_hold_without_an_end_is_told_with_what_kazoo_knows(office: Office) -> None:
    """A hold without an end is told with what kazoo knows."""
    call_id = called(office, Answer(200, json.dumps(SPEAKS).encode(), JSON))
    recent = hold(call_id)
    found = problems(office, Books(waiting=[recent], seen={call_id}))
    assert "has its CDR" in found["holds"]
    office.cluster.switches.channel_wait_s = 0
    lost = problems(office, Books(waiting=[hold("gone")], seen={call_id}))
    assert "has no end" in lost["holds"]
    assert problems(office, Books(waiting=[hold("still", hours=-1)], seen={call_id})).get("holds") is None
    assert "could not be booked" in problems(office, Books(strangers=2, seen={call_id}))["ends"]


def test_a_kazoo_that_fails_in_the_middle_is_a_finding(office: Office) -> None:
    """A kazoo that fails in the middle is a finding."""
    office.provision()

    def fault(request: Request) -> Response | None:
        if "phone_numbers" in request.target:
            return Response(503, b'{"message":"datastore_fault","data":{},"error":"503","status":"error"}')
        return None

    office.cluster.faults.append(fault)
    found = problems(office)
    assert "503" in found["callflow"]
    assert "webhook" not in found


def test_the_wrong_version_is_told(office: Office) -> None:
    """The wrong version is told."""
    office.provision()
    other = "5" if office.cluster.version == "4.3" else "4.3"
    assert f"answers for {other}" in problems(office, kazoo_version=other)["access"]
