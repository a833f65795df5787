"""Call ended: KAZOO's webhook `channel_destroy`, put on a queue at once.

KAZOO 4.3 and 5: a webhook is retried only if the connection fails, and switched off after six failures in a
minute. So whoever has the KAZOO account's token is answered 200, whatever they sent; it is judged later.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping
from functools import cache
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from ledger import Cache, kazoo_account_of, signed_by
from pivot import (
    AccountDirectory,
    Envelope,
    MalformedRequest,
    NotAuthenticated,
    PivotError,
    StoreUnavailable,
    aws,
)
from pivot.observability import emit_metrics, logger
from pivot.settings import settings

# An SQS message is 256 KiB at most; an event has some 3 KiB.
MAX_MESSAGE_BYTES = 200_000
TEXT = {"Content-Type": "text/plain"}


def handler(event: Mapping[str, Any], context: Any = None) -> dict[str, Any]:  # noqa: ARG001 - Lambda's signature
    """200 for whoever is let in, 403 for others."""
    try:
        envelope = Envelope.of(event)
        parameters = envelope.parameters
        kazoo_account_id = kazoo_account_of(parameters)
        if not kazoo_account_id:
            raise MalformedRequest("account_id", "absent, or not the id of a KAZOO account")
        directory().authenticate(kazoo_account_id, envelope.token)
        keys = signing_keys(kazoo_account_id)
        if keys and not signed_by(parameters, keys):
            raise NotAuthenticated("wrong_signature")
    except PivotError as error:
        emit_metrics("call_ended", {"Refused": 1}, {}, error.reason)
        status = 503 if isinstance(error, StoreUnavailable) else 403
        return {"statusCode": status, "headers": TEXT, "body": "refused"}
    try:
        enqueue(kazoo_account_id, parameters)
    except (BotoCoreError, ClientError):
        # An error would not bring it back, only switch the webhook off. The hold of the call expires, and the
        # other leg's end may still settle it.
        logger().exception("a call's end is lost", extra={"kazoo_account_id": kazoo_account_id})
        emit_metrics("call_ended", {"CallEndsLost": 1}, {})
    return {"statusCode": 200, "headers": TEXT, "body": "ok"}


def enqueue(kazoo_account_id: str, parameters: Mapping[str, Any]) -> None:
    """Put the webhook on the queue as it came."""
    message = {"kazoo_account_id": kazoo_account_id, "webhook": parameters, "received_at": int(time.time())}
    body = json.dumps(message, separators=(",", ":"))
    if len(body) > MAX_MESSAGE_BYTES:
        emit_metrics("call_ended", {"CallEndsLost": 1}, {}, "too_large")
        return
    aws.client("sqs").send_message(QueueUrl=os.environ["CALL_ENDED_QUEUE"], MessageBody=body)
    emit_metrics("call_ended", {"CallEnds": 1}, {})


def signing_keys(kazoo_account_id: str) -> list[str]:
    """The keys of the account's signed webhooks (KAZOO 5), newest first; none where it signs none."""
    if (keys := _signing_keys.get(kazoo_account_id)) is not None:
        return keys
    name = f"{settings().parameter_prefix}/webhooks/{kazoo_account_id}"
    try:
        found = aws.client("ssm").get_parameters(Names=[name], WithDecryption=True)["Parameters"]
    except (BotoCoreError, ClientError) as error:
        if (keys := _signing_keys.get(kazoo_account_id, stale=True)) is None:
            raise StoreUnavailable("SSM did not return the keys of signed webhooks") from error
        return keys
    keys = list(json.loads(found[0]["Value"])["sha256_keys"])[:2] if found else []
    _signing_keys.put(kazoo_account_id, keys)
    return keys


@cache
def directory() -> AccountDirectory:
    """The KAZOO accounts and their tokens: the same that let Pivot requests in."""
    return AccountDirectory(settings().parameter_prefix, lambda: aws.client("ssm"))


_signing_keys: Cache[list[str]] = Cache(1000, 60.0)
