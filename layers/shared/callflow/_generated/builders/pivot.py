"""The `pivot` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Literal, Never, TYPE_CHECKING

from callflow._flow import Flow, build

if TYPE_CHECKING:
    from collections.abc import Mapping
    from callflow._generated.types import PivotServerless


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
    """Runs the module `pivot`.

    Fields:
      voice_url:  (at least 7 characters; matching `^https?://`)
      cdr_url:  (at least 7 characters; matching `^https?://`)
      custom_request_headers:  (KAZOO 5 only)
      debug:  (KAZOO fills in False)
      method:  (KAZOO fills in 'get')
      req_body_format:  (KAZOO fills in 'form')
      req_format:  (KAZOO fills in 'kazoo')
      req_timeout_ms:  (at most 5000)
      serverless:  (KAZOO 5 only)
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: none; nothing runs after it.
    """
    return build("pivot", {"voice_url": voice_url, "cdr_url": cdr_url, "custom_request_headers": custom_request_headers, "debug": debug, "method": method, "req_body_format": req_body_format, "req_format": req_format, "req_timeout_ms": req_timeout_ms, "serverless": serverless, "skip_module": skip_module}, unknown)
