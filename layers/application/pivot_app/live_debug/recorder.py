"""Live Debug's recording: one exchange, without secrets, within a bounded delay.

The write has `MAY_TAKE_S`; one that takes longer is left to itself and the caller gets the answer.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from threading import Thread
from typing import TYPE_CHECKING, Any, cast

from kazoo_pivot import InvalidFlowError, KazooAccount, Outcome, RequestContext
from kazoo_pivot.observability import mask_cards, mask_number, mask_numbers
from pivot_app.tenants import Tenant

if TYPE_CHECKING:
    from pivot_app.live_debug.exchange import Exchange, OutcomeName

MAY_TAKE_S = 0.2
REMOVED = "[removed]"
# Shorter digits of a sensitive collection are removed where they stand, not wherever they occur.
SHORTEST_SECRET = 3

_SECRET_IN_URL = re.compile(r"((?:^|[?&])(?:token|state)=)[^&#\s\"]*")
# Whatever stands under these names, such as a second token that is not the one the request came in with.
_SECRET_NAMES = frozenset({"token", "x-pivot-token"})
# An author's callback cannot tell the others what is sensitive to it, except by the name.
_SENSITIVE_PREFIXES = ("sensitive", "secret", "pin_", "card_")
_IDS = frozenset({"Account-ID", "AccountSid", "Call-ID", "CallSid"})

Scrub = Callable[[Any], Any]


class DynamoDBRecorder:
    """Live Debug's recorder: writes to the exchanges table.

    client: makes or returns the DynamoDB client, only when something is written
    """

    def __init__(self, client: Callable[[], Any], table: str) -> None:
        self._client = client
        self._table = table

    def record(
        self, callback: str, request: RequestContext, outcome: Outcome, sensitive_collections: frozenset[str]
    ) -> None:
        """Record an exchange if the account asks for it; never raises, never waits longer than MAY_TAKE_S."""
        account = request.account
        if not isinstance(account, Tenant) or request.request is None:
            return
        if not account.debug.wants(callback, request.request.call_id):
            return
        writer = Thread(
            target=self._write,
            args=(callback, request, outcome, sensitive_collections, account),
            daemon=True,
            name="pivot-recorder",
        )
        with suppress(RuntimeError):  # no thread, no record
            writer.start()
            writer.join(MAY_TAKE_S)

    def _write(
        self,
        callback: str,
        request: RequestContext,
        outcome: Outcome,
        sensitive: frozenset[str],
        account: Tenant,
    ) -> None:
        try:
            exchange = exchange_of(callback, request, outcome, sensitive)
            keep_s = account.debug.keep_days * 86_400
            item = exchange.to_item(
                expires_at=exchange.received_ms // 1000 + keep_s, shards=account.debug.shards
            )
            self._client().put_item(TableName=self._table, Item=item)
        except Exception as error:  # noqa: BLE001 - a lost record is no reason to lose a caller
            sys.stderr.write(f"pivot: an exchange was not recorded: {type(error).__name__}\n")


def exchange_of(
    callback: str, work: RequestContext, decision: Outcome, sensitive: frozenset[str]
) -> Exchange:
    """Return the exchange of a request that was let in, with nothing in it that may not be stored."""
    from pivot_app.live_debug.exchange import Exchange

    envelope, account, request, call = work.envelope, work.account, work.request, work.call
    if envelope is None or account is None or request is None:
        raise ValueError("only a request that was let in is recorded")
    masked = account.debug.mask_numbers if isinstance(account, Tenant) else True
    scrub = _scrubber(work, sensitive, masked=masked)
    shown: Callable[[str], str] = mask_number if masked else str
    session = work.session
    cavs = dict(session.cavs or {}) if session else {}
    error = decision.error
    flow = json.loads(decision.answer["body"]) if decision.answer["statusCode"] == 200 else None
    return Exchange(
        kazoo_account_id=account.id,
        call_id=request.call_id,
        received_ms=work.received_ms,
        call_started_ms=call.key.started_ms if call else work.received_ms,
        step=call.step if call else 0,
        request_id=work.request_id,
        callback=callback,
        method=request.method,
        path=request.path,
        body_format=request.body_format,
        parameters=_parameters(request.raw, sensitive, scrub),
        query=scrub(dict(request.query)),
        headers=scrub(dict(envelope.headers)),
        caller=shown(request.caller_id_number),
        caller_name=scrub(request.caller_id_name),
        dialled=shown(request.request_user or request.to_user),
        kazoo_version=account.kazoo_version,
        language=request.language or account.language,
        status=decision.answer["statusCode"],
        outcome=cast("OutcomeName", decision.outcome),
        reason=decision.reason,
        error=scrub(f"{type(error).__name__}: {error}" if error else ""),
        flow=scrub(flow),
        answer_bytes=len(decision.answer["body"].encode()),
        explanations=scrub(list(session.explanations)) if session else (),
        problems=scrub(list(error.problems)) if isinstance(error, InvalidFlowError) else (),
        lint=scrub(_lint(flow, account)),
        timings_us=dict(work.timings_us),
        state_before=scrub(_without(cavs, sensitive)),
        state_after=scrub(_without({**cavs, **(session.changed_cavs if session else {})}, sensitive)),
        cold_start=work.cold_start,
        masked=masked,
    )


def _lint(flow: Mapping[str, Any] | None, account: KazooAccount) -> list[dict[str, str]]:
    import kazoo_callflow as callflow

    return [found._asdict() for found in callflow.lint(flow, account.kazoo_version)] if flow else []


def is_sensitive(name: str, sensitive: frozenset[str]) -> bool:
    """Return whether a collection or CAV is never stored: one named so, or whose name says it."""
    return name in sensitive or name.lower().startswith(_SENSITIVE_PREFIXES)


def _without(values: Mapping[str, Any], sensitive: frozenset[str]) -> dict[str, Any]:
    return {name: REMOVED if is_sensitive(str(name), sensitive) else value for name, value in values.items()}


def _parameters(raw: Mapping[str, Any], sensitive: frozenset[str], scrub: Scrub) -> dict[str, Any]:
    parameters = {}
    for name, value in raw.items():
        if name in ("Digits", "Custom-Application-Vars") and isinstance(value, Mapping):
            parameters[name] = scrub(_without(value, sensitive))
        else:
            hidden = REMOVED if name.lower() in _SECRET_NAMES else None
            # KAZOO sends texts; a number in a stranger's JSON is masked like one.
            is_number = isinstance(value, int) and not isinstance(value, bool)
            parameters[name] = value if name in _IDS else hidden or scrub(str(value) if is_number else value)
    return parameters


def _scrubber(work: RequestContext, sensitive: frozenset[str], *, masked: bool) -> Scrub:
    """Return what removes this request's secrets from any value, however deep they are."""
    secrets = {work.envelope.token, work.envelope.state_token} if work.envelope else set()
    if work.request is not None:
        secrets |= {digits for name, digits in work.request.digits.items() if is_sensitive(name, sensitive)}
    found = sorted(filter(None, secrets), key=len, reverse=True)
    pattern = "|".join(re.escape(secret) for secret in found if len(secret) >= SHORTEST_SECRET)
    secret = re.compile(pattern) if pattern else None

    def text(value: str) -> str:
        if secret is not None:
            value = secret.sub(REMOVED, value)
        value = _SECRET_IN_URL.sub(rf"\1{REMOVED}", value)
        # A card number is hidden even where the account shows telephone numbers.
        return mask_numbers(value) if masked else mask_cards(value)

    def scrub(value: Any) -> Any:
        if isinstance(value, str):
            return text(value)
        if isinstance(value, Mapping):
            return {
                text(name) if isinstance(name, str) else str(name): REMOVED
                if str(name).lower() in _SECRET_NAMES
                else scrub(each)
                for name, each in value.items()
            }
        if isinstance(value, list | tuple):
            return [scrub(each) for each in value]
        return value

    return scrub
