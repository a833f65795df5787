"""KAZOO's reports: account webhooks about every leg, and the CDR of a pivot still waiting."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from ._bodies import UnsendableError, body_of
from ._events import AnyEvent, CallEnded, HookPosted, JsonObject, LegHook, LegTold
from ._kazoo import Webhook
from ._legs import GREGORIAN_OFFSET_S, Leg, Switch
from ._request import HttpRequest, encode_form
from ._targets import Target
from ._transport import TransportError
from ._urls import split_url

if TYPE_CHECKING:
    from ._channel import Channel

HOOK_TIMEOUT_MS = 10_000
RETRY_MS = 2_000
FAILURES_THAT_DISABLE = 6
FAILURES_WITHIN_S = 60


@dataclass(frozen=True, slots=True)
class Fate:
    """A fault of some webhooks: `lost`, or sent `later_s` later. None matches every hook or leg.

    `legs` are names as the ladder has them: a, b, b2, x...; a name without a number matches all of its kind.
    """

    hook: LegHook | None = None
    leg: str | None = None
    lost: bool = False
    later_s: float = 0

    def concerns(self, event: LegTold) -> bool:
        """Say whether an event meets this fate."""
        same_leg = self.leg is None or self.leg == event.leg or self.leg == event.leg.rstrip("0123456789")
        return same_leg and self.hook in (None, event.hook)


@dataclass(slots=True)
class HookState:
    """State that outlives a call: the disabled hooks, their failures, and the network's behaviour."""

    fates: list[Fate] = field(default_factory=list)
    disabled: set[str] = field(default_factory=set)
    failures: dict[str, list[float]] = field(default_factory=dict)

    def failed(self, hook_id: str, at_s: float) -> None:
        """Count a failed attempt; six within a minute disable the hook."""
        recent = [one for one in self.failures.get(hook_id, []) if one > at_s - FAILURES_WITHIN_S]
        self.failures[hook_id] = [*recent, at_s]
        if len(recent) + 1 >= FAILURES_THAT_DISABLE:
            self.disabled.add(hook_id)


class Delivery:
    """Sends the webhooks of one call: each event by itself, in no promised order, once."""

    def __init__(
        self, switch: Switch, target: Target, emit: Callable[[AnyEvent], None], state: HookState
    ) -> None:
        self._switch = switch
        self._target = target
        self._emit = emit
        self.state = state

    def tell(self, event: LegTold, leg: Leg) -> None:
        """Send an event of a leg to every hook that is for it."""
        for hook in self._switch.config.webhooks:
            if hook.hook not in ("all", event.hook) or (leg.internal and not hook.include_internal_legs):
                continue
            try:
                payload, body = body_of(hook, event, leg, self._switch)
            except UnsendableError as error:
                self._report(_Posting(hook, event, {"error": str(error)}, None), None, "lost")
                continue
            posting = _Posting(hook, event, payload, _request(hook, body, self._switch.config.account_id))
            if hook.hook_id in self.state.disabled:
                self._report(posting, None, "hook_disabled")
                continue
            fates = [fate for fate in self.state.fates if fate.concerns(event)]
            if any(fate.lost for fate in fates):
                self._report(posting, None, "lost")
                continue
            later_ms = round(1000 * max((fate.later_s for fate in fates), default=0))
            self._later(later_ms, posting)
            for copy in range(1, hook.deliveries):
                self._later(later_ms + round(copy * hook.twice_after_s * 1000), posting)

    def _later(self, ms: int, posting: _Posting) -> None:
        if ms:
            self._switch.after(ms, lambda: self._post(posting, posting.hook.retries))
        else:
            self._post(posting, posting.hook.retries)

    def _post(self, posting: _Posting, attempts: int) -> None:
        status: int | None = None
        if posting.request is None:
            return
        try:
            status = self._target.send(posting.request, HOOK_TIMEOUT_MS).status
        except TransportError:
            if attempts > 1 and not self._switch.dead:
                self._failed(posting.hook)
                self._switch.after(RETRY_MS, lambda: self._post(posting, attempts - 1))
                return
        good = (200, 201) if posting.hook.http_verb == "put" else (200,)
        if status not in good:
            self._failed(posting.hook)
        self._report(posting, status, "sent")

    def _failed(self, hook: Webhook) -> None:
        at_s = self._switch.began_at.timestamp() + self._switch.now_ms / 1000
        self.state.failed(hook.hook_id, at_s)

    def _report(
        self, posting: _Posting, status: int | None, fate: Literal["sent", "lost", "hook_disabled"]
    ) -> None:
        self._emit(
            HookPosted(
                at_ms=self._switch.now_ms,
                hook=posting.event.hook,
                url=posting.hook.url,
                payload=posting.payload,
                status=status,
                leg=posting.event.leg,
                fate=fate,
            )
        )


@dataclass(frozen=True, slots=True)
class _Posting:
    hook: Webhook
    event: LegTold
    payload: JsonObject
    request: HttpRequest | None


def _request(hook: Webhook, body: bytes, account_id: str) -> HttpRequest:
    is_get = hook.http_verb == "get"
    url = f"{hook.url}{'&' if '?' in hook.url else '?'}{body.decode()}" if is_get else hook.url
    as_json = hook.format == "json" and not is_get
    about_body = (
        ("content-type", "application/json" if as_json else "application/x-www-form-urlencoded"),
        ("content-length", str(len(body))),
    )
    own = {"x-hook-id": hook.hook_id, "x-account-id": hook.account_id or account_id, **hook.headers}
    return HttpRequest(
        hook.http_verb.upper(),
        url,
        (
            *((("content-length", "0"),) if is_get else about_body),
            ("te", ""),
            ("host", split_url(url).authority),
            ("connection", "keep-alive"),
            *((name.lower(), value) for name, value in own.items()),
        ),
        b"" if is_get else body,
    )


def post_cdr(call: Channel, url: str, end: CallEnded) -> None:
    """Post the CDR of a call that ended while its pivot request was out."""
    payload = cdr(call, end)
    body = encode_form(payload, "5").encode()
    request = HttpRequest(
        "POST",
        url,
        (
            ("content-type", "application/x-www-form-urlencoded"),
            ("content-length", str(len(body))),
            ("te", ""),
            ("host", split_url(url).authority),
            ("connection", "keep-alive"),
        ),
        body,
    )
    status: int | None
    try:
        status = call.target.send(request, HOOK_TIMEOUT_MS).status
    except TransportError:
        status = None
    call.emit(HookPosted(at_ms=call.now_ms, hook="cdr", url=url, payload=payload, status=status))


def cdr(call: Channel, end: CallEnded) -> JsonObject:
    """Return what KAZOO posts to cdr_url: the destroy event without its channel variables."""
    caller, realm = call.caller, call.config.realm
    user = caller.sip_user or caller.number or "anonymous"
    began_at = call.switch.began_at
    ended_at = began_at + timedelta(milliseconds=end.at_ms)
    variables = {**call.variables, **call.stored_variables}
    fields: JsonObject = {
        "Call-ID": call.call_id,
        "Billing-Seconds": str(end.billing_s),
        "Call-Direction": "inbound",
        "Callee-ID-Name": call.dialled,
        "Callee-ID-Number": call.dialled,
        "Caller-ID-Name": caller.name or "unknown",
        "Caller-ID-Number": caller.number or "anonymous",
        "Channel-Call-State": "HANGUP",
        "Channel-Created-Time": int(began_at.timestamp() * 1_000_000),
        "Channel-Is-Loopback": False,
        "Channel-Name": f"sofia/sipinterface_1/{user}@{realm}",
        "Channel-State": "REPORTING",
        "Custom-Application-Vars": variables,
        "Custom-SIP-Headers": dict(caller.sip_headers),
        "Disposition": "ANSWER" if end.billing_s else "CANCEL",
        "Duration-Seconds": str(end.duration_s),
        "From": f"{user}@{realm}",
        "From-Uri": f"{user}@{realm}",
        "Hangup-Cause": end.cause,
        "Hangup-Code": f"sip:{end.sip_code or 200}",
        "Media-Server": "fs1.example.com",
        "Request": f"{call.dialled}@{realm}",
        "Ringing-Seconds": "0",
        "Switch-Hostname": "fs1.example.com",
        "Timestamp": int(ended_at.timestamp()) + GREGORIAN_OFFSET_S,
        "To": f"{call.dialled}@{realm}",
        "To-Uri": f"{call.dialled}@{realm}",
    }
    return dict(reversed(fields.items()))
