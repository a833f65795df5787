"""Whatever fails, the caller is answered: every callback, every port it uses, every way a port can fail."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from botocore.exceptions import EndpointConnectionError, ReadTimeoutError

import kazoo_callflow as callflow
from kazoo_pivot import Callback, StateKeys
from kazoo_pivot._state_token import StateToken
from pivot_app import aws, speech
from pivotctl import event_files
from pivotctl.events import event_of_request
from pivotctl.local_stack.demo_data import KAZOO_ACCOUNT, STATE_KEY, TOKEN
from tests.kazoo_pivot.test_requests import MALFORMED

PIN = "739164"
HANG_S = 6
CAPTURED = json.loads((event_files.CAPTURED / "post_form_digits_three_collections.json").read_text())
_calls = count()


def request(path: str, *, chained: bool, query: str = "") -> tuple[dict[str, Any], str]:
    """A request of a new call, as the first or as the second of its chain; and its state token."""
    call_id = f"fault-{next(_calls)}@example.com"
    parameters = CAPTURED["parsed_parameters"] | {"Call-ID": call_id}
    parameters["Digits"] = parameters["Digits"] | {"account_number": "1001", "pin": PIN}
    captured = CAPTURED | {
        "body": json.dumps(parameters),
        "headers": [{"name": "content-type", "value": "application/json"}],
        "query_string": query,
    }
    state = ""
    if chained:
        token = StateToken(path=path, started_ms=int(time.time() * 1000), step=1, expires_s=2**32)
        state = token.sign(StateKeys.of(STATE_KEY.encode()), KAZOO_ACCOUNT, call_id)
    return event_of_request(captured, path, token=TOKEN, state=state), state


Fault = Any


def responds(status: int, body: bytes) -> Fault:
    """A fault that is an HTTP answer."""

    def respond(request: Any, **_: Any) -> AWSResponse:
        raw = SimpleNamespace(stream=lambda *_, **__: iter([body]), read=lambda *_: body)
        return AWSResponse(request.url, status, {"content-type": "application/x-amz-json-1.0"}, raw)

    return respond


def raises(error: type[Exception]) -> Fault:
    """A fault of the connection."""

    def fail(request: Any, **_: Any) -> None:
        raise error(endpoint_url=request.url, error="fault")

    return fail


def hangs(request: Any, **_: Any) -> None:
    """A fault that takes longer than any caller waits."""
    time.sleep(HANG_S)


FAULTS: dict[str, Fault] = {
    "error": responds(500, b'{"__type":"InternalServerError","message":"fault"}'),
    "throttling": responds(400, b'{"__type":"ThrottlingException","message":"fault"}'),
    "refused": responds(400, b'{"__type":"AccessDeniedException","message":"fault"}'),
    "timeout": raises(ReadTimeoutError),
    "unreachable": raises(EndpointConnectionError),
    "garbage": responds(200, b"<html>\xff garbage"),
    "wrong shape": responds(200, b'{"Parameters":[{"Name":1}],"Item":{"pk":{"N":"x"}},"Attributes":[1]}'),
}


@contextmanager
def every_request(handle: Any, operation: str = "*.*") -> Iterator[None]:
    """Put a handler before every HTTP request to AWS of an operation such as `dynamodb.GetItem`."""
    clients = [aws.client("ssm"), aws.client("dynamodb")]
    for client in clients:
        client.meta.events.register_first(f"before-send.{operation}", handle)
    try:
        yield
    finally:
        for client in clients:
            client.meta.events.unregister(f"before-send.{operation}", handle)


def ports(handler: Callback, path: str) -> set[str]:
    """The operations a callback uses when all is well."""
    seen: set[str] = set()

    def note(event_name: str, **_: Any) -> None:
        seen.add(event_name.removeprefix("before-send."))

    with every_request(note):
        for chained in (False, True):
            handler.forget()
            handler(request(path, chained=chained)[0], None)
    return seen


def is_valid(answer: Mapping[str, Any]) -> bool:
    """Whether KAZOO runs the answer; it must be one of the only two there are."""
    if answer["statusCode"] == 403:
        assert json.loads(answer["body"]) == {"message": "Forbidden"}
        return False
    assert answer["statusCode"] == 200
    assert answer["headers"]["Content-Type"] == "application/json"
    assert set(answer["headers"]) <= {"Content-Type", "X-Pivot-Fallback"}
    document = json.loads(answer["body"])
    for version in ("4.3", "5"):
        assert callflow.validate(document, "5" if version == "5" else "4.3") == []
    return True


def is_fallback(answer: Mapping[str, Any]) -> bool:
    """Whether the answer is the callbacks' common fallback."""
    return json.loads(answer["body"]) == speech.try_again_later("en-us").to_dict()


@pytest.fixture(autouse=True)
def no_waiting_between_tries(monkeypatch: pytest.MonkeyPatch) -> None:
    """The SDK's pauses add minutes to the matrix and nothing to what it shows."""
    monkeypatch.setattr("botocore.endpoint.time", SimpleNamespace(sleep=lambda _: None, time=time.time))


@pytest.mark.parametrize("fault", FAULTS)
def test_every_port_may_fail(
    application: dict[str, Any], fault: str, capfd: pytest.CaptureFixture[str]
) -> None:
    """The answer is a valid callflow, no secret is in any output, and the next try finds nothing lost."""
    tried, seen = 0, set[str]()
    for path, handler in application.items():
        used = ports(handler, path)
        assert "ssm.GetParameters" in used
        seen |= used
        for operation in sorted(used):
            for chained in (False, True):
                event, state = request(path, chained=chained)
                handler.forget()
                with every_request(FAULTS[fault], operation):
                    assert is_valid(answer := handler(event, None)), (path, operation)
                    assert is_fallback(answer) or operation != "ssm.GetParameters", path
                handler.forget()
                assert is_valid(handler(event, None)), (path, operation)
                captured = capfd.readouterr()
                for secret in (TOKEN, PIN, *([state] if state else [])):
                    assert secret not in captured.out + captured.err, (path, operation)
                tried += 1
    assert {"dynamodb.GetItem", "dynamodb.PutItem", "dynamodb.UpdateItem"} <= seen
    assert tried >= 4 * len(application)


@pytest.mark.parametrize("service", ["ssm", "dynamodb"])
def test_every_port_may_hang(application: dict[str, Any], service: str) -> None:
    """The caller hears something before the Lambda's time is up, which is before KAZOO's is."""
    context = SimpleNamespace(get_remaining_time_in_millis=lambda: 900, aws_request_id="hang")
    for path, handler in application.items():
        handler.forget()
        event, _ = request(path, chained=True)
        before = time.monotonic()
        with every_request(hangs, f"{service}.*"):
            assert is_valid(handler(event, context))
        assert time.monotonic() - before < HANG_S, path


@pytest.mark.parametrize(("event", "parameter"), MALFORMED.values(), ids=MALFORMED.keys())
def test_every_malformed_request(application: dict[str, Any], event: Any, parameter: str) -> None:
    """A stranger's is refused; one with a token gets the fallback."""
    for path, handler in application.items():
        assert handler(event, None)["statusCode"] == 403
        if not isinstance(event, dict) or not event or "rawQueryString" not in event:
            continue
        body = event.get("body")
        body = (
            body.replace("Account-ID=a&", f"Account-ID={KAZOO_ACCOUNT}&") if isinstance(body, str) else body
        )
        own = event | {
            "routeKey": f"POST {path}",
            "rawQueryString": f"token={TOKEN}&{event['rawQueryString']}",
        }
        if is_valid(answer := handler(own | {"body": body}, None)):
            assert is_fallback(answer), parameter


def test_nobody_is_let_in_while_ssm_is_away(application: dict[str, Any]) -> None:
    """Without its word on tokens no data is spoken: the fallback to requests with a token, else 403."""
    for path, handler in application.items():
        event, _ = request(path, chained=False)
        stranger = event | {"rawQueryString": ""}
        with every_request(FAULTS["error"], "ssm.*"):
            handler.forget()
            assert is_fallback(handler(event, None))
            assert handler(stranger, None)["statusCode"] == 403
        handler.forget()
        wrong = event | {"rawQueryString": f"token={TOKEN}x"}
        assert handler(wrong, None)["statusCode"] == 403
