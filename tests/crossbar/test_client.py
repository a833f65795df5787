"""The client of Crossbar against answers a server may give: tokens, retries, pages, errors."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from pivot_app.crossbar import (
    Crossbar,
    CrossbarAccess,
    CrossbarAccessError,
    CrossbarConflictError,
    CrossbarCredentialsError,
    CrossbarError,
    CrossbarForbiddenError,
    CrossbarNotFoundError,
    CrossbarNotLoadedError,
    CrossbarUnavailableError,
    CrossbarValidationError,
    to_gregorian,
)

ACCOUNT = "0a1b2c3d4e5f60718293a4b5c6d7e8f9"
KEY = "6f1e" * 16
Handler = Callable[[httpx.Request], httpx.Response]


class Clock:
    """A clock that only sleeping moves on."""

    def __init__(self) -> None:
        self.seconds = 1000.0
        self.slept: list[float] = []

    def now(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds


def envelope(data: Any, status: int = 200, **more: Any) -> httpx.Response:
    """Return an answer in Crossbar's envelope."""
    kind = "success" if status < 400 else "error"
    extra = {} if status < 400 else {"error": str(status)}
    return httpx.Response(status, json={"data": data, "status": kind, "auth_token": "t", **extra, **more})


def crossbar_of(answer: Handler, clock: Clock | None = None, **settings: Any) -> Crossbar:
    """Log in with success, then answer so."""
    clock = clock or Clock()

    def respond(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/v2/api_auth":
            assert "X-Auth-Token" not in request.headers
            return envelope({"account_id": ACCOUNT}, 201)
        return answer(request)

    client = httpx.Client(transport=httpx.MockTransport(respond))
    return Crossbar(
        "https://crossbar.example.com",
        KEY,
        ACCOUNT,
        client=client,
        now=clock.now,
        sleep=clock.sleep,
        **settings,
    )


def test_an_expired_token_is_renewed_once_and_never_sent_to_log_in() -> None:
    """An expired token is renewed once and never sent to log in."""
    tokens = iter(["old", "new"])
    used = []

    def respond(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/v2/api_auth":
            assert "X-Auth-Token" not in request.headers
            return httpx.Response(201, json={"data": {}, "auth_token": next(tokens)})
        used.append(request.headers["X-Auth-Token"])
        return envelope({}) if used[-1] == "new" else envelope({}, 401, message="invalid credentials")

    client = httpx.Client(transport=httpx.MockTransport(respond))
    crossbar = Crossbar("https://crossbar.example.com", KEY, ACCOUNT, client=client)
    crossbar.account()
    crossbar.account()
    assert used == ["old", "new", "new"]


def test_a_token_that_stays_refused_is_an_error_of_credentials() -> None:
    """A token that stays refused is an error of credentials."""
    with pytest.raises(CrossbarCredentialsError):
        crossbar_of(lambda _: envelope({}, 401)).account()


def test_a_wrong_key_is_in_no_message() -> None:
    """A wrong key is in no message."""
    client = httpx.Client(
        transport=httpx.MockTransport(lambda _: envelope([KEY], 404, message="bad identifier"))
    )
    with pytest.raises(CrossbarCredentialsError) as caught:
        Crossbar("https://crossbar.example.com", KEY, ACCOUNT, client=client).account()
    assert KEY not in str(caught.value)
    assert KEY not in repr(CrossbarAccess("https://crossbar.example.com", KEY))


def test_an_access_that_is_stored_is_no_change() -> None:
    """What is read back is the same; another key or address is not."""
    access = CrossbarAccess("https://crossbar.example.com", KEY)
    assert CrossbarAccess.from_json(access.to_json()) == access
    assert access != CrossbarAccess("https://crossbar.example.com", KEY[::-1])
    assert access != CrossbarAccess("https://other.example.com", KEY)
    assert access != None  # noqa: E711 - nothing is stored yet


@pytest.mark.parametrize(
    ("status", "message", "error"),
    [
        (403, "forbidden", CrossbarForbiddenError),
        (404, "bad_identifier", CrossbarNotFoundError),
        (404, "not_found", CrossbarNotLoadedError),
        (409, "datastore_conflict", CrossbarConflictError),
        (412, "", CrossbarConflictError),
        (423, "locked", CrossbarCredentialsError),
        (503, "datastore_fault", CrossbarUnavailableError),
        (500, "datastore_fault", CrossbarUnavailableError),
        (429, "too_many_requests", CrossbarUnavailableError),
        (418, "teapot", CrossbarError),
    ],
)
def test_each_refusal_has_its_error(status: int, message: str, error: type[CrossbarError]) -> None:
    """Each refusal has its error."""

    def respond(_: httpx.Request) -> httpx.Response:
        return envelope({}, status, message=message) if message else httpx.Response(status)

    with pytest.raises(error) as caught:
        crossbar_of(respond).callflows.get("x")
    assert caught.value.status == status
    assert "GET" in str(caught.value)


def test_a_rejected_document_says_which_field_and_why() -> None:
    """A rejected document says which field and why."""
    data = {
        "numbers": {"unique": {"message": "+1 exists in callflow 55 (Old)", "cause": "+1"}},
        "flow.data.voice_url": {"error": {"message": "invalid client URL"}},
    }
    crossbar = crossbar_of(lambda _: envelope(data, 400, message="validation error"))
    with pytest.raises(CrossbarValidationError) as caught:
        crossbar.callflows.create({"name": "x"})
    assert [(fault.field, fault.rule, fault.cause) for fault in caught.value.faults] == [
        ("numbers", "unique", "+1"),
        ("flow.data.voice_url", "error", ""),
    ]


def test_reads_are_tried_again_and_writes_are_not() -> None:
    """Reads are tried again and writes are not."""
    asked: list[str] = []

    def respond(request: httpx.Request) -> httpx.Response:
        asked.append(request.method)
        raise httpx.ReadTimeout("slow")

    crossbar = crossbar_of(respond)
    with pytest.raises(CrossbarUnavailableError):
        crossbar.account()
    with pytest.raises(CrossbarUnavailableError, match="may have taken effect"):
        crossbar.callflows.create({})
    assert asked == ["GET", "GET", "GET", "PUT"]


def test_a_write_that_never_arrived_is_sent_again() -> None:
    """A write that never arrived is sent again."""
    failures = iter([httpx.ConnectError("refused"), httpx.ConnectTimeout("slow")])

    def respond(_: httpx.Request) -> httpx.Response:
        if failure := next(failures, None):
            raise failure
        return envelope({"id": "1", "name": "x"}, 201)

    assert crossbar_of(respond).callflows.create({"name": "x"}).id == "1"


def test_too_many_requests_are_waited_for() -> None:
    """Too many requests are waited for."""
    clock, answers = Clock(), iter([429, 429])

    def respond(_: httpx.Request) -> httpx.Response:
        return envelope({}, next(answers, 200))

    crossbar_of(respond, clock).account()
    assert clock.slept == [2.0, 4.0]


def test_a_long_run_stays_below_the_rate_that_crossbar_allows() -> None:
    """A long run stays below the rate that crossbar allows."""
    clock = Clock()
    crossbar = crossbar_of(lambda _: envelope({}), clock)
    for _ in range(149):
        crossbar.account()
    assert sum(clock.slept) == pytest.approx(20, abs=0.5)


def test_an_update_is_locked_and_sends_back_nothing_read_only() -> None:
    """An update is locked and sends back nothing read only."""
    sent = {}

    def respond(request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            data = {"id": "1", "name": "x", "metadata": {"u": {"name": "Ann"}}, "_read_only": {}, "flags": []}
            return envelope(data, revision="1-0f")
        sent.update(json.loads(request.content)["data"], lock=request.headers["If-Match"])
        return envelope({"id": "1", **sent}, revision="2-0f")

    crossbar = crossbar_of(respond)
    document = crossbar.callflows.get("1")
    assert document.metadata == {"u": {"name": "Ann"}}
    assert crossbar.callflows.replace(document, {**document.data, "name": "y"}).etag == '"2-0f"'
    assert sent == {"name": "y", "flags": [], "lock": '"1-0f"'}


@pytest.mark.parametrize(
    ("version", "call_id", "segment"),
    [
        ("4.3", "a+b@h/1", "a%2Bb%40h%2F1"),
        ("4.3", "a%b", "a%2525b"),
        ("5", "a%b", "a%25b"),
    ],
)
def test_ids_are_encoded_as_the_version_decodes_them(version: str, call_id: str, segment: str) -> None:
    """Ids are encoded as the version decodes them."""
    paths = []

    def respond(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/v2/api_auth":
            return envelope({}, 201, **({"metadata": {}} if version == "5" else {}))
        paths.append(request.url.raw_path.decode())
        return envelope({"call_id": call_id})

    client = httpx.Client(transport=httpx.MockTransport(respond))
    crossbar = Crossbar("https://crossbar.example.com", KEY, ACCOUNT, client=client)
    assert crossbar.channel_state(call_id) == "up"
    assert paths == [f"/v2/accounts/{ACCOUNT}/channels/{segment}"]


@pytest.mark.parametrize(
    ("version", "status", "listed", "state"),
    [
        ("5", 404, [], "gone"),
        ("4.3", 404, [], "unknown"),
        ("4.3", 503, ["mine"], "up"),
        ("4.3", 503, ["other"], "gone"),
        ("4.3", 503, [], "unknown"),
    ],
)
def test_a_call_is_up_gone_or_unknown(version: str, status: int, listed: list[str], state: str) -> None:
    """A call is up gone or unknown."""
    extra: dict[str, Any] = {"metadata": {}} if version == "5" else {}

    def respond(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/v2/api_auth":
            return envelope({}, 201, **extra)
        if request.url.path.endswith("/channels"):
            return envelope([{"uuid": each} for each in listed])
        return envelope({}, status, message="bad identifier" if status == 404 else "datastore timeout")

    client = httpx.Client(transport=httpx.MockTransport(respond))
    crossbar = Crossbar("https://crossbar.example.com", KEY, ACCOUNT, client=client)
    assert crossbar.channel_state("mine") == state
    assert crossbar.hang_up("mine") is False if state == "gone" else True


def cdr_row(number: int, ended_at: datetime) -> dict[str, Any]:
    """Return a row of a list of CDRs."""
    return {
        "id": f"202611-{number}",
        "call_id": str(number),
        "timestamp": str(to_gregorian(ended_at) - 60),
        "duration_seconds": 60,
        "billing_seconds": "50",
        "direction": "inbound",
        "other_leg_call_id": "",
    }


def test_cdrs_of_a_span_come_page_by_page_and_are_chosen_by_their_end() -> None:
    """Cdrs of a span come page by page and are chosen by their end."""
    begin = datetime(2026, 11, 1, tzinfo=UTC)
    rows = [cdr_row(number, begin + timedelta(minutes=number - 10)) for number in range(30)]
    asked = []

    def respond(request: httpx.Request) -> httpx.Response:
        asked.append(dict(request.url.params))
        at = int(asked[-1].get("start_key", "0"))
        more = {"next_start_key": str(at + 20)} if at + 20 < len(rows) else {}
        page = rows[at : at + 20]
        return envelope(page, page_size=str(len(page)), **more)

    found = list(crossbar_of(respond).cdrs(begin, begin + timedelta(minutes=5)))
    assert [each.call_id for each in found] == ["10", "11", "12", "13", "14", "15"]
    assert found[0].ended_at == begin
    assert (found[0].billing_seconds, found[0].other_leg_call_id) == (50, "")
    assert int(asked[0]["created_from"]) == to_gregorian(begin - timedelta(days=1))


def test_a_cdr_that_makes_no_sense_keeps_no_other_from_being_read() -> None:
    """Every other one comes; what is odd is told at the end."""
    begin = datetime(2026, 11, 2, tzinfo=UTC)
    odd = [{"call_id": "x", "timestamp": "soon"}, {"call_id": "y", "timestamp": "12"}, {"id": "z"}]
    rows = [odd[0], cdr_row(1, begin), odd[1], cdr_row(2, begin), odd[2]]
    crossbar = crossbar_of(lambda _: envelope(rows, page_size=len(rows)))
    cdrs = crossbar.cdrs(begin, begin + timedelta(hours=1))
    assert [next(cdrs).call_id, next(cdrs).call_id] == ["1", "2"]
    with pytest.raises(CrossbarError, match="3 CDRs cannot be read") as caught:
        next(cdrs)
    assert "'soon'" in str(caught.value)


def test_a_list_that_broke_off_is_no_list() -> None:
    """A list that broke off is not a list."""
    begin = datetime(2026, 11, 2, tzinfo=UTC)
    crossbar = crossbar_of(lambda _: envelope([cdr_row(1, begin)], page_size="2"))
    with pytest.raises(CrossbarUnavailableError, match="broke off"):
        list(crossbar.cdrs(begin, begin + timedelta(hours=1)))


def test_a_cdr_is_looked_for_in_the_month_the_call_began_and_before_midnight() -> None:
    """A cdr is looked for in the month the call began and before midnight."""
    asked = []
    began_at = datetime(2026, 11, 1, 3, tzinfo=UTC)

    def respond(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.raw_path.decode().rpartition("/")[2])
        if "202611" in asked[-1]:
            return envelope({}, 404, message="bad_identifier")
        data = {
            "id": "202610-a@b",
            "call_id": "a@b",
            "timestamp": to_gregorian(began_at),
            "duration_seconds": 61,
        }
        return envelope(data | {"billing_seconds": 55, "custom_application_vars": {"hold": "h-1"}})

    cdr = crossbar_of(respond).cdr("a@b", began_at)
    assert cdr is not None
    assert asked == ["202611-a%40b", "202610-a%40b"]
    assert (cdr.ended_at, cdr.started_at) == (began_at, began_at - timedelta(seconds=61))
    assert cdr.custom_application_vars == {"hold": "h-1"}


def test_a_page_of_something_else_is_no_answer() -> None:
    """A page of something else is not an answer."""
    with pytest.raises(CrossbarUnavailableError, match="JSON"):
        crossbar_of(lambda _: httpx.Response(200, text="<html>")).account()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[]", "object"),
        ("{", "object"),
        ('{"url": "https://c.example.com"}', "api_key"),
        ('{"url": "ftp://x", "api_key": "k"}', "url"),
        ('{"url": "https://c.example.com", "api_key": " "}', "api_key"),
    ],
)
def test_access_names_the_field_that_is_wrong(text: str, says: str) -> None:
    """Access names the field that is wrong."""
    with pytest.raises(CrossbarAccessError, match=says):
        CrossbarAccess.from_json(text)
