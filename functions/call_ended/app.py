"""Call events: KAZOO's account webhooks about the legs of calls, put on a queue at once.

`/call_events` receives all four webhooks; `/call_ended` is its old name and works too.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pivot_app import call_wiring

TEXT = {"Content-Type": "text/plain"}


def handler(event: Mapping[str, Any], context: Any = None) -> dict[str, Any]:  # noqa: ARG001 - Lambda's signature
    """Return 200 for who has a KAZOO account's token for webhooks, whatever they sent; 403 for others."""
    status = call_wiring.webhook_receiver().receive(event)
    return {"statusCode": status, "headers": TEXT, "body": "ok" if status == 200 else "refused"}
