"""The bodies of account webhooks about a leg, byte for byte as each KAZOO version writes them."""

from __future__ import annotations

import base64
import hmac
import json
import re
from typing import Any

from ._events import JsonObject, LegTold
from ._kazoo import KazooConfig, Webhook
from ._legs import Leg, Switch
from ._request import encode_form

_ESCAPES = re.compile(r"(\\\\)|\\u00([0-9a-f]{2})")
_EVENT_NAMES = {
    "channel_create": ("ringing", "DOWN", "INIT"),
    "channel_answer": ("answered", "ACTIVE", "EXECUTE"),
    "channel_bridge": ("answered", "ACTIVE", "EXECUTE"),
    "channel_destroy": ("hangup", "HANGUP", "REPORTING"),
}


def body_of(hook: Webhook, event: LegTold, leg: Leg, switch: Switch) -> tuple[JsonObject, bytes]:
    """Return what a webhook tells about a leg, as values and as the bytes it sends."""
    config = switch.config
    if hook.version == 1 or config.version == "4.3":
        fields = {**version_1(event, leg, switch), **hook.custom_data}
        return fields, _encoded(hook, fields, config)
    data = version_2(event, leg, switch)
    timestamp = switch.seconds(switch.now_ms)
    body: JsonObject = {"action": "event", "name": event.hook.upper(), "data": data, "timestamp": timestamp}
    if hook.hmac_key is not None:
        signed = f"{timestamp}{canonical(data)}".encode()
        digest = hmac.digest(hook.hmac_key.encode(), signed, "sha256")
        body["hmac"] = base64.b64encode(digest).decode()
    # KAZOO 5 leaves only these two to itself.
    body |= {name: value for name, value in hook.custom_data.items() if name not in ("type", "action")}
    return body, _encoded(hook, body, config)


def _encoded(hook: Webhook, body: JsonObject, config: KazooConfig) -> bytes:
    if hook.format == "form-data" or hook.http_verb == "get":
        return encode_form(body, config.version).encode()
    if config.version == "5":
        return canonical(body).encode()
    return _pretty(body).encode()


def canonical(value: Any) -> str:
    """Return KAZOO 5's JSON: keys sorted, no spaces, capital letters in escapes."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return _ESCAPES.sub(lambda found: found[1] or f"\\u00{found[2].upper()}", text)


def _pretty(value: Any, indent: str = "") -> str:
    """Return KAZOO 4.3's JSON: one pair a line, a space before the colon."""
    inner = indent + "  "
    if isinstance(value, dict):
        pairs = [f"{inner}{_string(key)} : {_pretty(one, inner)}" for key, one in value.items()]
        return "{\n" + (",\n".join(pairs) if pairs else inner) + f"\n{indent}}}"
    if isinstance(value, list):
        items = [f"{inner}{_pretty(one, inner)}" for one in value]
        return "[\n" + (",\n".join(items) if items else inner) + f"\n{indent}]"
    return _string(value) if isinstance(value, str) else json.dumps(value)


def _string(text: str) -> str:
    quoted = json.dumps(text, ensure_ascii=False)
    return _ESCAPES.sub(lambda found: found[1] or f"\\u00{found[2].upper()}", quoted)


def version_1(event: LegTold, leg: Leg, switch: Switch) -> JsonObject:
    """Return a version 1 body, in the order of KAZOO 4.3; absent fields are left out."""
    config, five = switch.config, switch.config.version == "5"
    caller, address = leg.caller, f"{leg.request}@{leg.realm}"
    device = _device(leg)
    bridging = event.hook == "channel_bridge" and not five
    fields: JsonObject = {
        "account_id": config.account_id,
        **device,
        "call_direction": leg.direction,
        "call_forwarded": True if leg.forwarded else None,
        "call_id": leg.call_id,
        "callee_id_number": leg.request if five or leg.direction == "outbound" else None,
        "caller_id_name": caller.name or "unknown",
        "caller_id_number": caller.number or "anonymous",
        "custom_application_vars": dict(leg.variables),
        "custom_sip_headers": {} if five else None,
        "emergency_resource_used": False,
        "from": None if bridging else _from(leg, config),
        "local_resource_used": not leg.carrier,
        "is_internal_leg": leg.internal,
        "other_leg_call_id": event.other_leg_call_id,
        "owner_id": _owner(leg),
        "request": None if bridging else address,
        "reseller_id": config.reseller_id,
        "timestamp": switch.seconds(event.at_ms),
        "to": None if bridging else address,
        "hook_event": event.hook,
    }
    if bridging:
        fields["other_leg_destination_number"] = leg.request
    if event.hook == "channel_destroy":
        fields |= _ends(leg, switch)
    fields["cluster_id"] = config.cluster_id
    return {name: value for name, value in fields.items() if value is not None}


def _ends(leg: Leg, switch: Switch) -> JsonObject:
    return {
        "hangup_cause": leg.cause,
        "hangup_code": None if leg.sip_code is None else f"sip:{leg.sip_code}",
        "duration_seconds": switch.duration_s(leg),
        "ringing_seconds": switch.ringing_s(leg),
        "billing_seconds": switch.billing_s(leg),
    }


def version_2(event: LegTold, leg: Leg, switch: Switch) -> JsonObject:
    """Return the `data` of a version 2 body, in the order of KAZOO 5; absent fields are left out."""
    config, caller = switch.config, leg.caller
    address = f"{leg.request}@{leg.realm}"
    answer_state, call_state, state = _EVENT_NAMES[event.hook]
    interaction = f"{switch.seconds(0)}-{switch.interaction}"
    data: JsonObject = {
        "event_timestamp": str(_micros(switch, event.at_ms)),
        "timestamp": switch.seconds(event.at_ms),
        "call_id": leg.call_id,
        "channel_created_time": str(_micros(switch, leg.created_ms)),
        "call_direction": leg.direction,
        "channel_state": state,
        "channel_call_state": call_state,
        "channel_name": _channel_name(leg, config),
        "channel_answer_state": answer_state,
        "caller_id_number": caller.number or "anonymous",
        "caller_id_name": caller.name or "unknown",
        "callee_id_number": leg.request,
        "request": address,
        "to": address,
        "from": _from(leg, config),
        "custom_channel_vars": {
            "account_id": config.account_id,
            "ecallmgr_node": "ecallmgr@apps1.example.com",
            **_device(leg),
            **({"owner_id": owner} if (owner := _owner(leg)) else {}),
            **(
                {"resource_id": "2585e272da24ab752b588a47748c4e00", "global_resource": "true"}
                if leg.carrier
                else {}
            ),
            "bridge_id": leg.bridge_id,
            "call_interaction_id": interaction,
        },
        "custom_application_vars": normalized(leg.variables),
        "custom_sip_headers": {},
        "switch_uri": "sip:192.0.2.10:11000",
        "switch_url": "sip:mod_sofia@192.0.2.10:11000",
        "media_server": "fs1.example.com",
        "other_leg_call_id": event.other_leg_call_id,
        "other_leg": {"call_id": event.other_leg_call_id} if event.other_leg_call_id else None,
        "user_agent": "Example Phone 1.0" if leg.direction == "inbound" and not leg.internal else None,
    }
    if event.hook == "channel_bridge":
        data |= {"bridge_a_unique_id": leg.call_id, "bridge_b_unique_id": event.other_leg_call_id}
    if event.hook == "channel_destroy":
        answered_ms = leg.answered_ms
        ended_ms = event.at_ms if leg.ended_ms is None else leg.ended_ms
        ends = _ends(leg, switch)
        data |= {
            "duration_seconds": ends["duration_seconds"],
            "ringing_seconds": ends["ringing_seconds"],
            "billing_seconds": ends["billing_seconds"],
            "billing_milli_seconds": 0 if answered_ms is None else ended_ms - answered_ms,
            "hangup_cause": leg.cause,
            "disposition": "ANSWER" if answered_ms is not None else "CANCEL",
            "call_interaction": {
                "id": interaction,
                "key": switch.interaction,
                "timestamp": switch.seconds(0),
                "is_root": leg.name == "a",
            },
            "hangup_code": ends["hangup_code"],
        }
    return {name: value for name, value in data.items() if value is not None}


class UnsendableError(ValueError):
    """KAZOO's process crashes on this body, so nothing is sent."""


def normalized(variables: JsonObject) -> JsonObject:
    """Return variables with their names as version 2 writes them: small letters, underscores.

    The rewriting works on bytes and moves parts of letters such as é too: then the hook dies unsent.
    """
    return {
        _normalized_name(name): normalized(value) if isinstance(value, dict) else value
        for name, value in variables.items()
    }


def _normalized_name(name: str) -> str:
    moved = bytes(
        byte + 32 if 0x41 <= byte <= 0x5A or 0xC0 <= byte <= 0xD6 or 0xD8 <= byte <= 0xDE else byte
        for byte in name.encode()
    )
    try:
        return moved.decode().replace("-", "_")
    except UnicodeDecodeError:
        msg = f"the name {name!r} of a variable is not UTF-8 after KAZOO has rewritten it"
        raise UnsendableError(msg) from None


def _micros(switch: Switch, ms: int) -> int:
    seconds = switch.began_at.timestamp() + switch.config.switch_clock_s
    return round(seconds * 1_000_000) + ms * 1000


def _channel_name(leg: Leg, config: KazooConfig) -> str:
    if leg.half:
        return f"loopback/{leg.request}-{leg.half}"
    if leg.direction == "inbound":
        return f"sofia/sipinterface_1/{_from(leg, config)}"
    return f"sofia/sipinterface_1/{leg.request}@{leg.realm}"


def _from(leg: Leg, config: KazooConfig) -> str:
    caller = leg.caller
    return f"{caller.sip_user or caller.number or 'anonymous'}@{caller.sip_realm or config.realm}"


def _owner(leg: Leg) -> str | None:
    placed_here = leg.made_for is None and not leg.itself
    return leg.caller.user_ids[0] if placed_here and leg.caller.user_ids else None


def _device(leg: Leg) -> JsonObject:
    """Return the device a leg was placed from, for legs that a phone of the account placed."""
    owner = _owner(leg)
    if owner is None and leg.caller.device_id is None:
        return {}
    if leg.made_for is not None or leg.itself:
        return {}
    device = leg.caller.device_id or f"d{owner}"[:32]
    return {"authorizing_id": device, "authorizing_type": "device"}
