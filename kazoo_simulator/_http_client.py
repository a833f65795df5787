"""The manners of KAZOO's HTTP client: redirects, one timeout over everything, and the 503 it retries."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urljoin

from ._request import HttpRequest
from ._targets import Target
from ._transport import Answer, TransportError
from ._urls import split_url

MAX_REDIRECTS = 4
_LONGEST_RETRY_AFTER_S = 99
_SHORTEST_RETRY_MS = 100  # so that "Retry-After: 0" is not a busy loop here
_FOLLOWS = (301, 302, 303, 307, 308)
_POST_BECOMES_GET = (301, 302, 303)


def ask(target: Target, request: HttpRequest, timeout_ms: int) -> Answer:
    """Send the request and follow redirects, all inside `timeout_ms`; `took_ms` of the answer is the sum.

    At most 4 hops; a redirected POST becomes a GET without its body, except after 307 and 308; a 503 with
    Retry-After is asked again if there is time, and ends as a timeout otherwise.
    """
    spent_ms = 0
    hops = 0
    while True:
        try:
            answer = target.send(request, timeout_ms - spent_ms)
        except TransportError as error:
            error.took_ms = min(timeout_ms, spent_ms + error.took_ms)
            raise
        spent_ms += answer.took_ms
        if spent_ms > timeout_ms:
            raise _timeout(timeout_ms)
        retry_after = answer.header("retry-after")
        if (
            answer.status == 503
            and retry_after
            and retry_after.isdigit()
            and int(retry_after) <= _LONGEST_RETRY_AFTER_S
        ):
            spent_ms += max(_SHORTEST_RETRY_MS, int(retry_after) * 1000)
            if spent_ms >= timeout_ms:
                raise _timeout(timeout_ms)
            continue
        location = answer.header("location")
        if not location or answer.status not in _FOLLOWS or hops == MAX_REDIRECTS:
            return replace(answer, took_ms=spent_ms)
        hops += 1
        request = _redirected(request, answer.status, urljoin(request.url, location))


def _timeout(timeout_ms: int) -> TransportError:
    return TransportError("timeout", f"no answer within {timeout_ms} ms", timeout_ms)


def _redirected(request: HttpRequest, status: int, url: str) -> HttpRequest:
    host = split_url(url).authority
    headers = tuple((name, host if name == "host" else value) for name, value in request.headers)
    if request.method == "POST" and status in _POST_BECOMES_GET:
        bare = [(name, value) for name, value in headers if not name.startswith("content-")]
        return HttpRequest("GET", url, (("content-length", "0"), *bare))
    return replace(request, url=url, headers=headers)
