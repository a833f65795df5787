"""The receiver of webhooks: who has a KAZOO account's token for webhooks is answered 200, whatever they sent.

KAZOO 4.3 and 5 repeat a webhook only if the connection fails, and switch it off after six failures in a
minute: a 4xx or 5xx here is an event that is lost, and soon all events are. So what is sent is put
on a queue at once, and judged later.
"""

from __future__ import annotations

import base64
import binascii
import json
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import field
from typing import Any, Final

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
from pivot_app.lazy_dataclass import dataclass
from pivot_app.ledger import WebhookAuthenticator, kazoo_account_of
from pivot_app.privacy import without_names
from pivot_app.tenants import Tenant, kept_form

MAX_MESSAGE_BYTES: Final = 200_000
"""An SQS message is 256 KiB at most; an event has some 3 KiB."""

MAX_UNCHECKED_BYTES: Final = 16_000
MAX_UNCHECKED_A_MINUTE: Final = 120
MAX_UNCHECKED_OF_A_SOURCE: Final = 40
"""Webhooks that an instance queues per minute, in all and from one address, while tokens cannot be checked.

Webhooks with a token that was provably issued here are not counted.
"""

NO_MEANING: Final = "the body cannot be read: KAZOO sends a form, or a JSON object"

Enqueue = Callable[[str], None]


@dataclass(slots=True)
class WebhookReceiver:
    """Takes webhooks, and queues them.

    Args:
        authenticator: Authenticates the webhooks.
        enqueue: Puts a message on the queue.
        now_s: The time, in epoch seconds.

    """

    authenticator: WebhookAuthenticator
    enqueue: Enqueue
    now_s: Callable[[], float] = time.time
    _unchecked: deque[tuple[float, str]] = field(default_factory=deque)

    def receive(self, event: Mapping[str, Any]) -> int:
        """Return the HTTP status for a request of API Gateway: 200, or 403 for one without a live token."""
        try:
            webhook = _Webhook.of(event)
            message = self._message(webhook)
            is_strangers = "unchecked_token" in message and not self.authenticator.is_proven(webhook.token)
        except PivotError as error:
            emit_metrics("call_ended", {"Refused": 1}, {}, error.reason)
            logger().info("refused", extra={"reason": error.reason, "source_ip": source_ip(event)})
            return 403
        self._queue(message, webhook.source_ip if is_strangers else None)
        return 200

    def _message(self, webhook: _Webhook) -> dict[str, Any]:
        message: dict[str, Any] = {"webhook": without_names(webhook.parameters)}
        try:
            tenant = self.authenticator.authenticate(webhook.claimed, webhook.token, webhook.source_ip)
            return message | self._judged(tenant, webhook)
        except (StoreUnavailableError, MisconfiguredError):
            # Nobody can say now whether the token is right: `settle_call` asks before it believes a word.
            if not webhook.claimed:
                raise
        message |= {
            "kazoo_account_id": webhook.claimed[0],
            "claimed": webhook.claimed,
            "unchecked_token": kept_form(webhook.token or ""),
        }
        if b"hmac" in webhook.body:
            # Only the whole body proves a signature; it goes on as it came until it was checked.
            message["body"] = webhook.body.decode("utf-8", "surrogateescape")
            message["content_type"] = webhook.content_type
        return message

    def _judged(self, tenant: Tenant, webhook: _Webhook) -> dict[str, Any]:
        """Return the KAZOO account the webhook is of, and why it is not believed, if it is not."""
        account_id = webhook.claimed[0] if webhook.claimed else tenant.id
        problem = webhook.problem or unbelieved(
            tenant, account_id, self.authenticator.signature(tenant, webhook.body, webhook.content_type)
        )
        if problem:
            return {"kazoo_account_id": tenant.id, "problem": problem}
        return {"kazoo_account_id": account_id}

    def _queue(self, message: dict[str, Any], strangers_ip: str | None) -> None:
        """Put a message on the queue; what cannot be kept is counted: an error would not bring it back.

        `strangers_ip` is where it came from, if it may be anybody's.
        """
        body = json.dumps({**message, "received_at": int(self.now_s())}, separators=(",", ":"))
        most = MAX_UNCHECKED_BYTES if "unchecked_token" in message else MAX_MESSAGE_BYTES
        reason = "too_large" if len(body) > most else ""
        if strangers_ip is not None and not reason and not self._may_queue_unchecked(strangers_ip):
            reason = "too_many_unchecked"
        try:
            if not reason:
                self.enqueue(body)
                emit_metrics("call_ended", {"CallEnds": 1}, {})
                return
        except (BotoCoreError, ClientError):
            reason = "queue_away"
        call_id = str(message["webhook"].get("call_id"))[:255]
        extra = {"kazoo_account_id": message["kazoo_account_id"], "call_id": call_id, "reason": reason}
        logger().error("a report about a call is lost", extra=extra)
        emit_metrics("call_ended", {"CallEndsLost": 1}, {}, reason)

    def _may_queue_unchecked(self, source_ip: str) -> bool:
        now = self.now_s()
        while self._unchecked and self._unchecked[0][0] <= now - 60:
            self._unchecked.popleft()
        of_source = sum(source == source_ip for _, source in self._unchecked)
        if len(self._unchecked) >= MAX_UNCHECKED_A_MINUTE or of_source >= MAX_UNCHECKED_OF_A_SOURCE:
            return False
        self._unchecked.append((now, source_ip))
        return True


def unbelieved(tenant: Tenant, account_id: str, signature: str | None) -> str:
    """Return why a webhook with a live token is not believed; "" if it is."""
    if not tenant.answers_for(account_id):
        return (
            f"it is of KAZOO account {account_id}, for which the webhooks of {tenant.id} do not answer: "
            "name it among the tenant's sub-accounts, or give it a token of its own"
        )
    if signature in {None, "right"}:
        return ""
    if signature == "form":
        return "a form body cannot be verified: set the webhook's format to json"
    return "it is not signed, or not by the webhook's sha256_key"


@dataclass(frozen=True, slots=True)
class _Webhook:
    """One request, opened."""

    token: str | None
    source_ip: str
    claimed: list[str]
    parameters: Mapping[str, Any]
    body: bytes
    content_type: str
    problem: str = ""

    @classmethod
    def of(cls, event: Mapping[str, Any]) -> _Webhook:
        """Open an event: a webhook of any verb; an unreadable body is not the sender's fault."""
        body, problem = _body_of(event), ""
        opened = _as_post(event)
        try:
            envelope = Envelope.of(opened)
        except MalformedRequestError:
            # The token may be right all the same: the body is left out.
            envelope, problem = Envelope.of(_without_body(opened)), NO_MEANING
        header = envelope.headers.get("x-account-id", "")
        names = (kazoo_account_of(envelope.parameters), kazoo_account_of({}, header))
        return cls(
            token=envelope.token,
            source_ip=envelope.source_ip,
            claimed=list(dict.fromkeys(name for name in names if name)),
            parameters=envelope.parameters,
            body=body,
            content_type=envelope.headers.get("content-type", ""),
            problem=problem,
        )


def _without_body(event: Mapping[str, Any]) -> dict[str, Any]:
    """Return an event without its body, and without the content type that an empty one is not of."""
    rest = {name: kept for name, kept in event.items() if name not in {"body", "multiValueHeaders"}}
    headers = event.get("headers")
    kept_headers = headers.items() if isinstance(headers, Mapping) else ()
    rest["headers"] = {name: kept for name, kept in kept_headers if str(name).lower() != "content-type"}
    return rest


def _as_post(event: Mapping[str, Any]) -> dict[str, Any]:
    """Return an event with the verb PUT, as if it were POST: a webhook may be set to either."""
    context = event.get("requestContext")
    http = context.get("http") if isinstance(context, Mapping) else None
    if isinstance(context, Mapping) and isinstance(http, Mapping) and http.get("method") == "PUT":
        return {**event, "requestContext": {**context, "http": {**http, "method": "POST"}}}
    if event.get("httpMethod") == "PUT":
        return {**event, "httpMethod": "POST"}
    return dict(event)


def _body_of(event: Mapping[str, Any]) -> bytes:
    """Return the bytes KAZOO sent."""
    body = event.get("body")
    if not isinstance(body, str):
        return b""
    if not event.get("isBase64Encoded"):
        return body.encode("utf-8", "surrogatepass")
    try:
        return base64.b64decode(body, validate=True)
    except (binascii.Error, ValueError):
        return b""
