"""Call ended: KAZOO's webhook `channel_destroy`, put on a queue at once.

KAZOO 4.3 and 5: a webhook is retried only if the connection fails, and switched off after six failures in a
minute. So whoever has the KAZOO account's token is answered 200, whatever they sent; it is judged later.
"""

from __future__ import annotations

import base64
import json
import os
import time
from collections.abc import Mapping
from functools import cache
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from kazoo_pivot import (
    Envelope,
    MalformedRequestError,
    MisconfiguredError,
    PivotError,
    StoreUnavailableError,
    source_ip,
)
from kazoo_pivot.observability import emit_metrics, logger
from pivot_app import aws
from pivot_app.bootstrap import parameters, tenants
from pivot_app.ledger import WebhookDoor, kazoo_account_of
from pivot_app.privacy import without_names
from pivot_app.tenants import kept_form

# An SQS message is 256 KiB at most; an event has some 3 KiB.
MAX_MESSAGE_BYTES = 200_000
TEXT = {"Content-Type": "text/plain"}


def handler(event: Mapping[str, Any], context: Any = None) -> dict[str, Any]:  # noqa: ARG001 - Lambda's signature
    """200 for whoever is let in, 403 for others."""
    try:
        envelope = Envelope.of(event)
        parameters = envelope.parameters
        # KAZOO 4.3 and 5: every webhook names its account in a header, some events also in the body.
        kazoo_account_id = kazoo_account_of(parameters, envelope.headers.get("x-account-id", ""))
        if not kazoo_account_id:
            raise MalformedRequestError("account_id", "absent, or not the id of a KAZOO account")
        body, content_type = body_of(event), envelope.headers.get("content-type", "")
        # What fails lies in the dead letters for two weeks: names of callers are not needed to bill a leg.
        message = {"kazoo_account_id": kazoo_account_id, "webhook": without_names(parameters)}
        try:
            door().check(kazoo_account_id, envelope.token, body, content_type, envelope.source_ip)
        except (StoreUnavailableError, MisconfiguredError):
            # Nobody can say now whether the token is right: `settle_call` asks before it believes a word.
            message["unchecked_token"] = kept_form(envelope.token or "")
            if b"hmac" in body:
                # Only the whole body proves a signature; it goes on as it came until it was checked.
                message["body"] = body.decode("utf-8", "surrogateescape")
                message["content_type"] = content_type
    except PivotError as error:
        emit_metrics("call_ended", {"Refused": 1}, {}, error.reason)
        logger().info("refused", extra={"reason": error.reason, "source_ip": source_ip(event)})
        return {"statusCode": 403, "headers": TEXT, "body": "refused"}
    try:
        enqueue(message)
    except (BotoCoreError, ClientError):
        # An error would not bring it back, only switch the webhook off. The hold of the call expires, and the
        # other leg's end may still settle it.
        logger().exception(
            "a call's end is lost",
            extra={"kazoo_account_id": kazoo_account_id, "call_id": str(parameters.get("call_id"))[:255]},
        )
        emit_metrics("call_ended", {"CallEndsLost": 1}, {})
    return {"statusCode": 200, "headers": TEXT, "body": "ok"}


def enqueue(message: Mapping[str, Any]) -> None:
    """Put the webhook on the queue as it came."""
    body = json.dumps({**message, "received_at": int(time.time())}, separators=(",", ":"))
    if len(body) > MAX_MESSAGE_BYTES:
        emit_metrics("call_ended", {"CallEndsLost": 1}, {}, "too_large")
        return
    aws.client("sqs").send_message(QueueUrl=os.environ["CALL_ENDED_QUEUE"], MessageBody=body)
    emit_metrics("call_ended", {"CallEnds": 1}, {})


def body_of(event: Mapping[str, Any]) -> bytes:
    """The bytes KAZOO sent."""
    body = event.get("body") or ""
    return base64.b64decode(body) if event.get("isBase64Encoded") else body.encode("utf-8", "surrogatepass")


@cache
def door() -> WebhookDoor:
    """Who may tell: the KAZOO accounts and the tokens that let Pivot requests in, too."""
    return WebhookDoor(tenants(), parameters())
