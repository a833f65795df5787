"""What KAZOO tells others when a call ends: the account's webhook, and the CDR of a pivot still waiting."""

from __future__ import annotations

import base64
import hmac
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from ._events import CallEnded, HookPosted, JsonObject
from ._kazoo import Webhook, normalize_number
from ._request import HttpRequest, encode_form, encode_json
from ._transport import TransportError

if TYPE_CHECKING:
    from ._call import Call

HOOK_TIMEOUT_MS = 10_000
GREGORIAN_OFFSET_S = 62_167_219_200


@dataclass(slots=True)
class OtherLeg:
    """A leg KAZOO made towards somebody, times in ms after the call arrived."""

    target: str
    began_ms: int
    call_id: str
    answered_ms: int | None = None
    ended_ms: int | None = None
    cause: str = "NORMAL_CLEARING"


def new_leg(call: Call, target: str) -> OtherLeg:
    """Begin a leg towards a target."""
    call_id = f"{uuid.UUID(int=call.random.getrandbits(128), version=4)}@198.51.100.20"
    leg = OtherLeg(target=target, began_ms=call.now_ms, call_id=call_id)
    call.legs.append(leg)
    return leg


def post_all(call: Call, end: CallEnded) -> None:
    """Send everything KAZOO sends at the end of this call."""
    if call.pending_cdr_url:
        _post(call, "cdr", call.pending_cdr_url, cdr(call, end), "form-data", {}, retries=0)
    hook = call.world.webhook
    if hook is None:
        return
    payloads = [caller_leg(call, end)]
    if hook.legs == "both":
        payloads = [*(other_leg(call, leg) for leg in call.legs), *payloads]
    headers = {"x-hook-id": hook.hook_id, "x-account-id": call.world.account_id, **hook.headers}
    for _ in range(hook.deliveries):
        for payload in payloads:
            body = _enveloped(hook, payload | hook.custom_data, call)
            _post(call, "channel_destroy", hook.url, body, hook.format, headers, retries=hook.retries)


def _enveloped(hook: Webhook, event: JsonObject, call: Call) -> JsonObject:
    """Put an event into version 2's envelope: signed over the second and the canonical JSON of the event."""
    if hook.version == 1:
        return event
    second = int((call.began_at + timedelta(milliseconds=call.now_ms)).timestamp()) + GREGORIAN_OFFSET_S
    envelope: JsonObject = {"name": event["hook_event"], "timestamp": second, "data": event}
    if hook.hmac_key is not None:
        signature = hmac.digest(hook.hmac_key.encode(), f"{second}{_canonical(event)}".encode(), "sha256")
        envelope["hmac"] = base64.b64encode(signature).decode()
    return envelope


def _canonical(tree: JsonObject) -> str:
    return json.dumps(tree, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def caller_leg(call: Call, end: CallEnded) -> JsonObject:
    """Return the webhook's payload for the caller's leg."""
    code = end.sip_code or (200 if end.billing_s else 487)
    payload = _common(call, end.duration_s, end.billing_s, end.cause, code, end.at_ms) | {
        "call_direction": "inbound",
        "call_id": call.call_id,
        "to": f"{call.dialled}@{call.world.realm}",
        "request": f"{normalize_number(call.dialled)}@{call.world.realm}",
        "callee_id_name": call.dialled,
        "callee_id_number": call.dialled,
    }
    answered = next((leg for leg in call.legs if leg.answered_ms is not None), None)
    if answered is not None:
        payload["other_leg_call_id"] = answered.call_id
    if call.caller.user_ids:
        payload["owner_id"] = call.caller.user_ids[0]
    return payload


def other_leg(call: Call, leg: OtherLeg) -> JsonObject:
    """Return the webhook's payload for a leg KAZOO made."""
    ended_ms = call.now_ms if leg.ended_ms is None else leg.ended_ms
    billing_s = 0 if leg.answered_ms is None else _seconds(ended_ms - leg.answered_ms)
    number = leg.target.partition(":")[2]
    return _common(
        call, _seconds(ended_ms - leg.began_ms), billing_s, leg.cause, 200 if billing_s else 487, ended_ms
    ) | {
        "call_direction": "outbound",
        "call_id": leg.call_id,
        "to": f"{number}@{call.world.realm}",
        "request": f"{number}@{call.world.realm}",
        "callee_id_name": number,
        "callee_id_number": number,
        "other_leg_call_id": call.call_id,
    }


def _common(call: Call, duration_s: int, billing_s: int, cause: str, code: int, at_ms: int) -> JsonObject:
    caller = call.caller
    ended_at = call.began_at + timedelta(milliseconds=at_ms)
    return {
        "hook_event": "channel_destroy",
        "account_id": call.world.account_id,
        "caller_id_name": caller.name or "unknown",
        "caller_id_number": caller.number or "anonymous",
        "from": f"{caller.sip_user or caller.number or 'anonymous'}@{caller.sip_realm or call.world.realm}",
        "custom_application_vars": dict(call.application_variables()),
        "custom_channel_vars": {"account_id": call.world.account_id},
        "hangup_cause": cause,
        "hangup_code": f"sip:{code}",
        "duration_seconds": duration_s,
        "billing_seconds": billing_s,
        "ringing_seconds": duration_s - billing_s,
        "timestamp": str(int(ended_at.timestamp()) + GREGORIAN_OFFSET_S),
    }


def cdr(call: Call, end: CallEnded) -> JsonObject:
    """Return what KAZOO posts to cdr_url: the destroy event without its channel variables."""
    caller, realm = call.caller, call.world.realm
    user = caller.sip_user or caller.number or "anonymous"
    began_at = call.began_at
    ended_at = began_at + timedelta(milliseconds=end.at_ms)
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
        "Custom-Application-Vars": dict(call.application_variables()),
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


def _post(
    call: Call,
    kind: Literal["channel_destroy", "cdr"],
    url: str,
    payload: JsonObject,
    body_format: str,
    headers: Mapping[str, str],
    *,
    retries: int,
) -> None:
    as_json = body_format == "json"
    if as_json and "data" in payload:
        # Version 2: the signature is over the text of `data`, so the body holds it as it was signed.
        body = _canonical(payload).encode()
    else:
        body = encode_json(payload) if as_json else encode_form(payload, "5").encode()
    content_type = "application/json" if as_json else "application/x-www-form-urlencoded"
    request = HttpRequest(
        "POST",
        url,
        (
            ("content-type", content_type),
            ("content-length", str(len(body))),
            ("te", ""),
            ("host", urlsplit(url).netloc),
            ("connection", "keep-alive"),
            *((name.lower(), value) for name, value in headers.items()),
        ),
        body,
    )
    status: int | None = None
    for _ in range(retries + 1):
        try:
            status = call.target.send(request, HOOK_TIMEOUT_MS).status
            break
        except TransportError:
            continue
    call.emit(HookPosted(at_ms=call.now_ms, hook=kind, url=url, payload=payload, status=status))


def _seconds(ms: int) -> int:
    return -(-ms // 1000)
