"""The settings for KAZOO: the pivot node of a callback, the address of the webhooks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from pivotctl.deployment import Deployment
from pivotctl.errors import UsageError

PLACE_FOR_TOKEN = "TOKEN"  # noqa: S105 - stands where one belongs
# Of the routes with one name these answer no Pivot request.
_NO_CALLBACKS = frozenset({"call_ended"})

Document = dict[str, Any]


def pivot_node(
    base_url: str, callback: str, token: str, kazoo_version: str, query: Mapping[str, str] | None = None
) -> Document:
    """Return the callflow node to put into KAZOO; POST, as some builds fail on a GET with brackets.

    In capitals: KAZOO's own Pivot dialog shows, and saves, any other spelling as GET.
    """
    data: Document = {
        "voice_url": f"{base_url}/{callback}",
        "method": "POST",
        "req_format": "kazoo",
        "req_body_format": "json",
        "req_timeout_ms": 5000,
    }
    own = dict(query or {})
    if kazoo_version == "5":
        data["custom_request_headers"] = {"X-Pivot-Token": token}
    else:
        own = {"token": token, **own}
    if own:
        data["voice_url"] += f"?{urlencode(own)}"
    return {"module": "pivot", "data": data, "children": {"_": {"module": "hangup", "data": {}}}}


def callbacks_of(deployment: Deployment) -> list[str]:
    """Return the callbacks this deployment has, by its routes."""
    client = deployment.client("apigatewayv2")
    found: list[str] = []
    arguments = {"ApiId": deployment.output("ApiId")}
    while True:
        page = client.get_routes(**arguments)
        found += [route["RouteKey"] for route in page["Items"]]
        if not page.get("NextToken"):
            break
        arguments["NextToken"] = page["NextToken"]
    names = {key.partition(" /")[2] for key in found if key.startswith("POST /")}
    return sorted(name for name in names - _NO_CALLBACKS if name and "/" not in name)


def check_callback(deployment: Deployment, callback: str) -> str:
    """Return a callback's name; UsageError names those there are."""
    name = callback.strip("/")
    known = callbacks_of(deployment)
    if name not in known:
        raise UsageError(f"this deployment has no callback {name!r}; it has {', '.join(known) or 'none'}")
    return name
