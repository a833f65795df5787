"""What surrounds a call: who calls, who would pick up, and how this KAZOO is set up."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, TypeAlias

from kazoo_callflow import BlockedHosts

from ._answer import InvalidAnswer
from ._events import JsonObject
from ._request import Brackets, KazooVersion

ACCOUNT_ID = "4c6f1e0a9b3d45c28e7f10a2b3c4d5e6"
LegOutcome: TypeAlias = Literal["answers", "busy", "rejects", "no_answer", "unreachable", "missing"]

# Hang-up causes and the SIP status that goes with each.
CAUSES: Mapping[LegOutcome, tuple[str, int]] = {
    "busy": ("USER_BUSY", 486),
    "rejects": ("CALL_REJECTED", 603),
    "no_answer": ("NO_ANSWER", 480),
    "unreachable": ("NORMAL_TEMPORARY_FAILURE", 503),
    "missing": ("UNALLOCATED_NUMBER", 404),
}


@dataclass(frozen=True, slots=True)
class Callee:
    """How an endpoint behaves when it rings: what it does, after how long, and how long it then talks."""

    outcome: LegOutcome = "no_answer"
    after_s: float = 2
    talk_s: float = 30


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls. `user_ids` are the owners of the calling device (none: the call comes from a carrier).

    `variables` are application variables on the channel when the callflow begins (quickcall, originate);
    `channel_variables` are what branch_variable reads.
    """

    number: str = "+14155550100"
    name: str = ""
    user_ids: tuple[str, ...] = ()
    sip_user: str | None = None
    sip_realm: str | None = None
    language: str | None = "en-us"
    variables: JsonObject = field(default_factory=dict)
    sip_headers: JsonObject = field(default_factory=dict)
    channel_variables: JsonObject = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Webhook:
    """An account webhook on channel_destroy.

    KAZOO delivers at least once, one request per leg, in no order; it tries again only when the connection
    fails. `legs` both sends the other side's legs too, `deliveries` 2 sends everything twice. `version` 2
    (KAZOO 5) puts the event under `data`, signed with `hmac_key` if there is one.
    """

    url: str
    format: Literal["form-data", "json"] = "form-data"
    legs: Literal["caller", "both"] = "caller"
    deliveries: int = 1
    retries: int = 2
    version: Literal[1, 2] = 1
    hmac_key: str | None = None
    hook_id: str = "5f1c9a3b7d2e48f60a1b2c3d4e5f6071"
    headers: Mapping[str, str] = field(default_factory=dict)
    custom_data: JsonObject = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class KazooConfig:
    """One KAZOO account on one KAZOO, as far as a call notices it.

    `callees` maps endpoint ids and numbers to their behaviour; `callflows` maps ids and numbers to stored
    flows; `documents` holds menus, voicemail boxes and the like by id. `bus_delay_ms` delays what the pivot
    application tells the callflow, which is how an answer comes too late. `blocked_hosts` are
    the black lists for voice_urls (None: KAZOO's own).
    `broken_modules` crash; `failing` names what fails in its own way: `tts`, media, boxes and queues by id.
    """

    kazoo: KazooVersion = "4.3"
    account_id: str = ACCOUNT_ID
    realm: str = "4c6f1e.sip.example.com"
    language: str = "en-us"
    callees: Mapping[str, Callee] = field(default_factory=dict)
    callflows: Mapping[str, JsonObject] = field(default_factory=dict)
    documents: Mapping[str, JsonObject] = field(default_factory=dict)
    invalid_answer: InvalidAnswer | None = None
    brackets: Brackets | None = None
    bus_delay_ms: int = 0
    rate_limit: bool = True
    broken_modules: frozenset[str] = frozenset()
    failing: frozenset[str] = frozenset()
    blocked_hosts: BlockedHosts | None = None
    webhook: Webhook | None = None
    began_at: datetime | None = None


def normalize_number(number: str) -> str:
    """Return a dialled number as `Request` shows it: E.164 by KAZOO's default rules, extensions unchanged."""
    if number.startswith("*"):
        return number
    if match := re.fullmatch(r"\+?1?([2-9]\d{2}[2-9]\d{6})", number):
        return f"+1{match[1]}"
    if match := re.fullmatch(r"(?:011|00)(\d+)", number):
        return f"+{match[1]}"
    return f"+{number}" if re.fullmatch(r"[2-9]\d{7,}", number) else number


def request_parameters(
    req_format: str,
    world: KazooConfig,
    caller: Caller,
    *,
    call_id: str,
    dialled: str,
    language: str | None,
    digits: Mapping[str, str] | None,
    variables: Mapping[str, Any],
) -> JsonObject:
    """Return the parameters of a first request, unordered; None where KAZOO sends nothing."""
    number = caller.number or "anonymous"
    name = caller.name or "unknown"
    user = caller.sip_user or caller.number or "anonymous"
    if req_format == "twiml":
        parameters: JsonObject = {
            "CallSid": call_id,
            "AccountSid": world.account_id,
            "From": user,
            "FromRealm": caller.sip_realm or world.realm,
            "To": dialled,
            "ToRealm": world.realm,
            "ApiVersion": "2010-04-01",
            "Direction": "inbound",
            "CallerName": name,
            "CallerNumber": number,
            "Digits": dict(digits) if digits is not None else None,
        }
    else:
        owners = list(caller.user_ids)
        parameters = {
            "Account-ID": world.account_id,
            "Api-Version": "4.x",
            "Call-ID": call_id,
            "Caller-ID-Name": name,
            "Caller-ID-Number": number,
            "Custom-Application-Vars": dict(variables),
            "Custom-SIP-Headers": _sip_headers(caller.sip_headers),
            "Digits": dict(digits) if digits is not None else None,
            "Direction": "inbound",
            "From": user,
            "From-Realm": caller.sip_realm or world.realm,
            "Language": language,
            "Request": normalize_number(dialled),
            "Request-Realm": world.realm,
            "To": dialled,
            "To-Realm": world.realm,
            "User-ID": owners[0] if len(owners) == 1 else owners or None,
        }
    return {key: value for key, value in parameters.items() if value is not None}


def _sip_headers(headers: Mapping[str, Any]) -> JsonObject:
    """Return the headers KAZOO passes on: those that begin with P- or X-, and diversions."""
    passed = ("p-", "x-", "sip_h_", "diversions")
    return {name: value for name, value in headers.items() if name.lower().startswith(passed)}
