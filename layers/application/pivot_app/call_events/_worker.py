"""The queue's consumer: settles calls from KAZOO's events of their legs."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, Final, Protocol

from kazoo_pivot import NotAuthenticatedError
from kazoo_pivot.observability import emit_metrics, logger
from pivot_app import aws
from pivot_app.call_events._receiver import unbelieved
from pivot_app.lazy_dataclass import dataclass
from pivot_app.ledger import InvalidWebhookError, Settled, Settlement, WebhookAuthenticator, event_of

EnqueueLater = Callable[[str], None]

CLOCKS_DIFFER_S: Final = 5
"""How far the switch's clock and ours may be apart."""


class ForgetCall(Protocol):
    """Ends what callbacks keep of a call."""

    def __call__(self, kazoo_account_id: str, call_id: str, *, until_ms: int) -> None:
        """Forget the calls with this Call-ID that began until then."""


@dataclass(frozen=True, slots=True)
class SettlementWorker:
    """Settles calls.

    Args:
        settlement: The settlement of this deployment.
        authenticator: Authenticates webhooks that were queued while the stores were unavailable.
        enqueue_later: Puts a message on the queue again, after two minutes.
        forget_call: Ends what callbacks keep of a call, once it has ended.

    """

    settlement: Callable[[], Settlement]
    authenticator: Callable[[], WebhookAuthenticator]
    enqueue_later: EnqueueLater
    forget_call: ForgetCall

    def consume(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """Return the messages to deliver again; the others of the batch are processed."""
        return aws.consume(event, self.process_record, _report)

    def process_record(self, body: str) -> list[Settled]:
        """Settle the calls that one message concerns."""
        message = json.loads(body)
        now = datetime.now(UTC)
        received_at = int(message.get("received_at") or now.timestamp())
        try:
            problem = message.get("problem") or self._unbelieved(message)
        except NotAuthenticatedError as error:
            emit_metrics("settle_call", {"Refused": 1}, {}, error.reason)
            return []
        account_id, webhook = message["kazoo_account_id"], message["webhook"]
        if problem:
            results = [self.settlement().not_believed(account_id, webhook, problem, received_at)]
        else:
            results = self.settlement().process(account_id, webhook, received_at, now)
        if not message.get("waited") and any(one.outcome == "waiting" for one in results):
            self.enqueue_later(json.dumps(message | {"waited": True}))
        if not problem:
            self._forget_ended(account_id, webhook, received_at)
        for one in results:
            emit_metrics("settle_call", {"CallEndsDealtWith": 1}, {}, one.outcome)
        return results

    def _forget_ended(self, kazoo_account_id: str, webhook: Mapping[str, Any], received_at: int) -> None:
        """End the state of the call whose leg ended: what its caller proved is nobody else's."""
        with suppress(InvalidWebhookError):
            event = event_of(webhook, received_at)
            if event is not None and event.kind == "destroy" and event.direction == "inbound":
                until = min(event.clock + CLOCKS_DIFFER_S, received_at)
                self.forget_call(kazoo_account_id, event.call_id, until_ms=until * 1000 + 999)

    def _unbelieved(self, message: Mapping[str, Any]) -> str:
        """Check a message that was queued while tokens could not be checked; retry while they cannot."""
        if not (kept := message.get("unchecked_token")):
            return ""
        account_id = message["kazoo_account_id"]
        claimed = message.get("claimed") or [account_id]
        sent = message.get("body", "").encode("utf-8", "surrogateescape")
        tenant = self.authenticator().authenticate_kept(claimed, kept)
        signature = self.authenticator().signature(tenant, sent, message.get("content_type", ""))
        return unbelieved(tenant, account_id, signature)


def _report(error: Exception, message_id: str) -> None:  # noqa: ARG001 - the log line takes it from where it is handled
    logger().exception("a call's end could not be settled", extra={"message_id": message_id})
    emit_metrics("settle_call", {"SettleFailed": 1}, {})
