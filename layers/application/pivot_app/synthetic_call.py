"""A synthetic call: it asks a callback as KAZOO does, and validates the answer as KAZOO does."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import kazoo_callflow as callflow
from pivot_app import speech
from pivot_app.bootstrap import parameters
from pivot_app.lazy_dataclass import dataclass

PATH = "/account_balance"
CALLER = "+12025550100"
# What KAZOO waits.
TIMEOUT_S = 5.0


@dataclass(frozen=True, slots=True)
class Played:
    """One call: what is wrong with its answer, empty where nothing is, and how long the answer took."""

    problem: str
    took_ms: float


def play(url: str) -> Played:
    """Call the deployment at an address once."""
    since = time.perf_counter()
    try:
        problem = judge(*ask(url))
    except (URLError, OSError, LookupError, ValueError) as error:
        problem = f"{type(error).__name__}: {error}"
    return Played(problem, (time.perf_counter() - since) * 1000)


def ask(url: str) -> tuple[int, str, bytes]:
    """Return status, content type and body of one request as KAZOO makes it."""
    access = credentials()
    parameters = {
        "Account-ID": access["kazoo_account_id"],
        "Call-ID": f"synthetic-{int(time.time() * 1000)}",
        "Caller-ID-Number": CALLER,
        "Caller-ID-Name": "synthetic call",
        "Request": "2000",
        "Language": "en-us",
    }
    request = Request(  # noqa: S310 - the deployment's own address
        url + PATH,
        data=json.dumps(parameters).encode(),
        headers={"content-type": "application/json", "x-pivot-token": access["token"]},
    )
    try:
        with urlopen(request, timeout=TIMEOUT_S) as answer:  # noqa: S310
            return answer.status, answer.headers.get("content-type", ""), answer.read()
    except HTTPError as refused:
        return refused.code, refused.headers.get("content-type", ""), refused.read()


def judge(status: int, content_type: str, body: bytes) -> str:
    """Return what is wrong with an answer, empty where KAZOO would play it and it is not a fallback."""
    if status != 200 or content_type != "application/json":
        return f"HTTP {status} {content_type}: {body[:200]!r}"
    flow = json.loads(body)
    if flow == speech.try_again_later("en-us").to_dict():
        return "the callback answered with its fallback"
    return "; ".join(problem.message for problem in callflow.validate(flow, kazoo="4.3"))


def credentials() -> Mapping[str, str]:
    """Return the KAZOO account of synthetic calls and its token."""
    stored = parameters()
    text = stored.first("synthetic-call")
    if text is None:
        raise LookupError(f"parameter {stored.prefix}/synthetic-call is missing: `pivot deploy` writes it")
    access: Mapping[str, str] = json.loads(text)
    return access
