"""The `webhook` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Any, Literal, Never, TYPE_CHECKING

from kazoo_callflow._flow import Flow, build

if TYPE_CHECKING:
    from collections.abc import Mapping


def webhook(
    uri: str | None = None,
    *,
    custom_data: Mapping[str, Any] | None = None,
    custom_request_headers: Mapping[str, Any] | None = None,
    http_verb: Literal["post", "get"] | None = None,
    retries: int | None = None,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """Queues an HTTP request with the call's data and goes on at once.

    Fields:
      uri: Where the request goes; its host is checked. (at least 6 characters)
      custom_data: Data sent with it.
      custom_request_headers: Headers sent with it. (KAZOO 5 only)
      http_verb: The HTTP method.
      retries: How many times it is tried.
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: `_`.
    """
    return build(
        "webhook",
        {
            "uri": uri,
            "custom_data": custom_data,
            "custom_request_headers": custom_request_headers,
            "http_verb": http_verb,
            "retries": retries,
            "skip_module": skip_module,
        },
        unknown,
    )
