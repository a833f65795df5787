"""The `pivot` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Literal, Never, TYPE_CHECKING

from kazoo_callflow._flow import Flow, build

if TYPE_CHECKING:
    from collections.abc import Mapping
    from kazoo_callflow._generated.types import PivotServerless


def pivot(
    voice_url: str | None = None,
    *,
    cdr_url: str | None = None,
    custom_request_headers: Mapping[str, str] | None = None,
    debug: bool | None = None,
    method: Literal["get", "post", "GET", "POST"] | None = None,
    req_body_format: Literal["form", "json"] | None = None,
    req_format: Literal["kazoo", "twiml"] | None = None,
    req_timeout_ms: int | None = None,
    serverless: PivotServerless | None = None,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """Asks a web server for the rest of the call.

    Fields:
      voice_url: The URL to ask; http or https in lower case, and no black-listed host. (at least 7
        characters; matching `^https?://`)
      cdr_url: Where a call detail record would go; it does nothing when answers are callflow JSON. (at
        least 7 characters; matching `^https?://`)
      custom_request_headers: Headers sent with the request; use X- names only. (KAZOO 5 only)
      debug: Whether requests and answers are kept for debugging, digits included. (KAZOO fills in False)
      method: The HTTP method. (KAZOO fills in 'get')
      req_body_format: How a post carries its parameters. (KAZOO fills in 'form')
      req_format: The names of the request's parameters. (KAZOO fills in 'kazoo')
      req_timeout_ms: How many milliseconds to wait for the answer. (at most 5000)
      serverless: A document to run as if a server had sent it, in place of `voice_url`. (KAZOO 5 only)
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: `_`.

    Trap: The wildcard child is the only safety net: without it every failure of the server hangs the caller
    up.

    Trap: An answer replaces this whole tree, children included: put the next fallback into the answer.

    Trap: Failure is silent for as long as `req_timeout_ms`, 5 seconds at most.

    Trap: Prefer post: a get with brackets in its query fails on some KAZOO builds.
    """
    return build(
        "pivot",
        {
            "voice_url": voice_url,
            "cdr_url": cdr_url,
            "custom_request_headers": custom_request_headers,
            "debug": debug,
            "method": method,
            "req_body_format": req_body_format,
            "req_format": req_format,
            "req_timeout_ms": req_timeout_ms,
            "serverless": serverless,
            "skip_module": skip_module,
        },
        unknown,
    )
