"""What the Pivot contract costs a caller: per request warm, and once when a function starts."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch
from urllib.parse import parse_qsl

from botocore.awsrequest import AWSResponse

from benchmarks.figure import Figure, microseconds
from kazoo_callflow import collect_dtmf, hangup, tts
from kazoo_pivot import Call, PivotRequest
from kazoo_pivot._request_context import RequestContext
from pivot_app import aws
from pivot_app.bootstrap import callback
from pivot_app.settings import settings
from pivotctl.events import event_of_request

ROOT = Path(__file__).resolve().parents[1]
REQUESTS = ROOT / "tests" / "vectors" / "requests"
TOKEN = "benchmark-token"
STARTS = 9
BENCHMARK_ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "benchmark",
    "AWS_SECRET_ACCESS_KEY": "benchmark",
    "AWS_REGION": "eu-west-1",
    "AWS_DEFAULT_REGION": "eu-west-1",
    "PIVOT_PUBLIC_URL": "https://pivot.example.test",
}

BOTO3 = "import boto3; boto3.client('dynamodb')"
FUNCTION = "import functions.account_balance.app"
EVERYTHING = f"""{FUNCTION}
from kazoo_pivot import observability
from pivot_app import aws
aws.client("ssm"), aws.client("dynamodb"), observability.logger()"""


class Ssm:
    """SSM that answers at once: the network is not what is measured."""

    def get_parameters(self, Names: list[str], **_: Any) -> dict[str, Any]:  # noqa: N803
        account = {"tokens": [{"sha256": hashlib.sha256(TOKEN.encode()).hexdigest()}]}
        values = (json.dumps(account), json.dumps(["benchmark-key-of-more-than-32-characters"]))
        return {"Parameters": [{"Name": n, "Value": v} for n, v in zip(Names, values, strict=True)]}


def event(name: str) -> dict[str, Any]:
    return event_of_request(json.loads((REQUESTS / f"{name}.json").read_text()), "/bench", token=TOKEN)


@callback(fallback=tts("Sorry.") >> hangup())
def handler(call: Call) -> Any:
    """Return a menu question, with the next step signed."""
    question = tts("For sales press one, for support press two.")
    return question >> collect_dtmf(collection_name="menu") >> call.next("/bench", signed={"tries": 1})


def start_ms(*codes: str) -> list[float]:
    """Return the least processor time of a new interpreter for each code, measured in turns."""
    environment = os.environ | BENCHMARK_ENVIRONMENT | {"PYTHONPATH": str(ROOT)}

    def once(code: str) -> float:
        program = f"import time; s = time.process_time()\n{code}\nprint((time.process_time() - s) * 1000)"
        return float(subprocess.check_output([sys.executable, "-c", program], env=environment, cwd=ROOT))

    rounds = [[once(code) for code in codes] for _ in range(STARTS)]
    return [min(times) for times in zip(*rounds, strict=True)]


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

    os.environ.update(BENCHMARK_ENVIRONMENT)
    settings.cache_clear()
    baseline, baseline_name = microseconds(get_item()), "botocore's work for one GetItem"
    with patch.object(aws, "client", lambda _: Ssm()), contextlib.redirect_stdout(io.StringIO()):
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
    boto3, function, everything = start_ms(BOTO3, FUNCTION, EVERYTHING)
    yield Figure("pivot: import of a function", function, "ms", boto3, "boto3.client('dynamodb')")
    yield Figure(
        "pivot: import, both clients and the logger", everything, "ms", boto3, "boto3.client('dynamodb')"
    )
