"""What the Pivot contract costs a caller, per warm request: read, admit, build, sign, write."""

from __future__ import annotations

import contextlib
import io
import json
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl

from botocore.awsrequest import AWSResponse

from benchmarks.figure import Figure, microseconds
from kazoo_callflow import collect_dtmf, hangup, tts
from kazoo_pivot import Call, KazooAccount, PivotRequest, callback, testing
from kazoo_pivot._request_context import RequestContext
from pivot_app import aws
from pivotctl.events import event_of_request
from pivotctl.local_stack.demo_data import KAZOO_ACCOUNT

REQUESTS = Path(__file__).resolve().parents[1] / "tests" / "vectors" / "requests"
TOKEN = "benchmark-token"
CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "benchmark",
    "AWS_SECRET_ACCESS_KEY": "benchmark",
    "AWS_REGION": "eu-west-1",
}
ADAPTERS = testing.adapters(tenants=testing.MemoryTenants({TOKEN: KazooAccount(id=KAZOO_ACCOUNT)}))


def event(name: str) -> dict[str, Any]:
    return event_of_request(json.loads((REQUESTS / f"{name}.json").read_text()), "/bench", token=TOKEN)


@callback(adapters=lambda: ADAPTERS, fallback=tts("Sorry.") >> hangup())
def handler(call: Call) -> Any:
    """Return a menu question, with the next step signed."""
    question = tts("For sales press one, for support press two.")
    return question >> collect_dtmf(collection_name="menu") >> call.next("/bench", signed={"tries": 1})


def get_item() -> Callable[[], object]:
    """One GetItem of botocore, answered at once: what the SDK itself works for the smallest request."""
    client = aws.client("dynamodb")
    body = b'{"Item":{"pk":{"S":"a"}}}'

    def respond(request: Any, **_: Any) -> AWSResponse:
        return AWSResponse(request.url, 200, {}, SimpleNamespace(stream=lambda *_, **__: iter([body])))

    client.meta.events.register("before-send.dynamodb.GetItem", respond)
    return lambda: client.get_item(TableName="table", Key={"pk": {"S": "a"}})


def figures() -> Iterator[Figure]:
    """Warm microseconds, then milliseconds of a start."""
    form, body = event("get_form_cavs_nested_kazoo5"), event("post_json_cavs_nested_kazoo5")
    query = form["rawQueryString"]
    yield Figure(
        "pivot: parse a GET",
        microseconds(lambda: PivotRequest.from_event(form)),
        "us",
        microseconds(lambda: dict(parse_qsl(query, keep_blank_values=True))),
        "urllib parse_qsl, untyped",
    )
    yield Figure(
        "pivot: parse a JSON POST",
        microseconds(lambda: PivotRequest.from_event(body)),
        "us",
        microseconds(lambda: json.loads(body["body"])),
        "json.loads, untyped",
    )

    def contract() -> None:
        handler._repeats.clear()  # noqa: SLF001
        handler._answer(body, RequestContext(received_ms=int(time.time() * 1000)))  # noqa: SLF001

    def invocation() -> None:
        handler._repeats.clear()  # noqa: SLF001
        handler(body)

    os.environ.update(CREDENTIALS)
    baseline, baseline_name = microseconds(get_item()), "botocore's work for one GetItem"
    with contextlib.redirect_stdout(io.StringIO()):
        assert handler(body)["statusCode"] == 200
        yield Figure(
            "pivot: contract (parse, authenticate, build, sign, validate, render)",
            microseconds(contract),
            "us",
            baseline,
            baseline_name,
        )
        yield Figure(
            "pivot: whole invocation (and deadline, log, metrics)",
            microseconds(invocation),
            "us",
            baseline,
            baseline_name,
        )
