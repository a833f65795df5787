"""The surroundings of a call: the caller, the endpoints, and the settings of this KAZOO."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, TypeAlias, TypedDict

from kazoo_callflow import BlockedHosts

from ._answer import InvalidAnswer
from ._events import JsonObject, LegHook
from ._request import Brackets, KazooBuild, KazooVersion, as_sent_over_the_bus, version_of

ACCOUNT_ID = "4c6f1e0a9b3d45c28e7f10a2b3c4d5e6"
LegOutcome: TypeAlias = Literal[
    "answers", "busy", "rejects", "no_answer", "no_response", "unregistered", "unreachable", "missing"
]

# Hang-up causes and the SIP status that goes with each.
CAUSES: Mapping[LegOutcome, tuple[str, int]] = {
    "busy": ("USER_BUSY", 486),
    "rejects": ("CALL_REJECTED", 603),
    "no_answer": ("NO_ANSWER", 480),
    "no_response": ("NO_USER_RESPONSE", 408),
    "unregistered": ("USER_NOT_REGISTERED", 480),
    "unreachable": ("NORMAL_TEMPORARY_FAILURE", 503),
    "missing": ("UNALLOCATED_NUMBER", 404),
}


@dataclass(frozen=True, slots=True)
class CarrierFailure:
    """A carrier that is tried first and fails, with its hang-up cause, after so many seconds."""

    cause: str = "NORMAL_TEMPORARY_FAILURE"
    after_s: float = 2


@dataclass(frozen=True, slots=True)
class Callee:
    """How an endpoint behaves when it rings: what it does, after how long, and how long it then talks.

    `failing_carriers` are tried before the one that rings the number; `racing_carriers` ring beside it and
    lose (with `losers_answer` they are answered in the same instant, and are cut a second later); `cause` is
    that of the last carrier's failure, where it is another than the outcome's.
    `forwards_to` is a number the callee's phone forwards to (with `confirms`: after a key is pressed);
    `mobile` a number that rings `mobile_after_s` later and answers in place of the desk phone.
    `other_account` makes it a number of another account of the same cluster: its loopback leg stays in the
    call, or leaves it after two seconds with `bows_out`.
    """

    outcome: LegOutcome = "no_answer"
    after_s: float = 2
    talk_s: float = 30
    failing_carriers: tuple[CarrierFailure, ...] = ()
    racing_carriers: int = 0
    losers_answer: bool = False
    cause: str | None = None
    forwards_to: str | None = None
    confirms: bool = False
    mobile: str | None = None
    mobile_after_s: float = 2
    other_account: bool = False
    bows_out: bool = False


@dataclass(frozen=True, slots=True)
class Caller:
    """The caller. `user_ids` are the owners of the calling device (none: the call comes from a carrier).

    `variables` are application variables on the channel when the callflow begins (quickcall, originate);
    `channel_variables` are what branch_variable reads. `device_id` is the calling device (None: made from the
    user's id).
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
    device_id: str | None = None


class CallerFields(TypedDict, total=False):
    """The fields of `Caller` as keywords of a call."""

    name: str
    user_ids: tuple[str, ...]
    sip_user: str | None
    sip_realm: str | None
    language: str | None
    variables: JsonObject
    sip_headers: JsonObject
    channel_variables: JsonObject
    device_id: str | None


@dataclass(frozen=True, slots=True)
class Webhook:
    """An account webhook.

    `hook` is the event it is for, or `all`. KAZOO sends one request per leg and event, in no order; only
    status 200 counts, and it repeats only what found no connection: `retries` is the number of attempts in
    all, 2 s apart. `account_id` is the hook's own account when that is an ancestor with include_subaccounts.
    `version` 2 (KAZOO 5) puts the event under `data`, signed with `hmac_key` if there is one. `deliveries`
    2 sends everything twice, `twice_after_s` later.
    """

    url: str
    hook: LegHook | Literal["all"] = "channel_destroy"
    format: Literal["form-data", "json"] = "form-data"
    http_verb: Literal["post", "put", "get"] = "post"
    deliveries: int = 1
    twice_after_s: float = 0
    retries: int = 2
    version: Literal[1, 2] = 1
    hmac_key: str | None = None
    hook_id: str = "5f1c9a3b7d2e48f60a1b2c3d4e5f6071"
    account_id: str | None = None
    include_internal_legs: bool = True
    headers: Mapping[str, str] = field(default_factory=dict)
    custom_data: JsonObject = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class KazooConfig:
    """One KAZOO account on one KAZOO, as far as a call notices it.

    `kazoo` is the build that is played. `callees` maps endpoint ids and numbers to their behaviour;
    `callflows` maps ids and numbers to stored flows; `documents` holds menus, voicemail boxes and the like by
    id. `bus_delay_ms` delays what the pivot application tells the callflow, which is how an answer comes too
    late. `blocked_hosts` are the black lists for voice_urls (None: KAZOO's own).
    `broken_modules` crash; `failing` names what fails in its own way: `tts`, media, boxes and queues by id.
    `switch_clock_s` is how far the media server's clock is ahead.
    """

    kazoo: KazooBuild = "4.3"
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
    webhook: Webhook | tuple[Webhook, ...] | None = None
    began_at: datetime | None = None
    carrier_realm: str = "198.51.100.7"
    reseller_id: str = "7d1f0a2b3c4d5e6f708192a3b4c5d6e7"
    cluster_id: str = "9a8b7c6d5e4f30211203f4e5d6c7b8a9"
    switch_clock_s: int = 0

    @property
    def version(self) -> KazooVersion:
        """The KAZOO version whose rules the build follows."""
        return version_of(self.kazoo)

    @property
    def webhooks(self) -> tuple[Webhook, ...]:
        """Every webhook that hears of this account's legs."""
        if self.webhook is None:
            return ()
        return self.webhook if isinstance(self.webhook, tuple) else (self.webhook,)


class ConfigFields(TypedDict, total=False):
    """The fields of `KazooConfig` as keywords of a simulator."""

    realm: str
    language: str
    callflows: Mapping[str, JsonObject]
    documents: Mapping[str, JsonObject]
    invalid_answer: InvalidAnswer | None
    brackets: Brackets | None
    bus_delay_ms: int
    rate_limit: bool
    broken_modules: frozenset[str]
    failing: frozenset[str]
    blocked_hosts: BlockedHosts | None
    webhook: Webhook | tuple[Webhook, ...] | None
    began_at: datetime | None
    carrier_realm: str
    reseller_id: str
    cluster_id: str
    switch_clock_s: int


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
    config: KazooConfig,
    caller: Caller,
    *,
    call_id: str,
    dialled: str,
    language: str | None,
    digits: Mapping[str, str] | str | None,
    variables: Mapping[str, Any],
) -> JsonObject:
    """Return the parameters of a first request, unordered; None where KAZOO sends nothing."""
    number = caller.number or "anonymous"
    name = caller.name or "unknown"
    user = caller.sip_user or caller.number or "anonymous"
    if req_format == "twiml":
        parameters: JsonObject = {
            "CallSid": call_id,
            "AccountSid": config.account_id,
            "From": user,
            "FromRealm": caller.sip_realm or config.realm,
            "To": dialled,
            "ToRealm": config.realm,
            "ApiVersion": "2010-04-01",
            "Direction": "inbound",
            "CallerName": name,
            "CallerNumber": number,
            "Digits": dict(digits) if isinstance(digits, Mapping) else digits,
        }
    else:
        owners = list(caller.user_ids)
        parameters = {
            "Account-ID": config.account_id,
            "Api-Version": "4.x",
            "Call-ID": call_id,
            "Caller-ID-Name": name,
            "Caller-ID-Number": number,
            "Custom-Application-Vars": dict(variables),
            "Custom-SIP-Headers": _sip_headers(caller.sip_headers),
            "Digits": dict(digits) if isinstance(digits, Mapping) else digits,
            "Direction": "inbound",
            "From": user,
            "From-Realm": caller.sip_realm or config.realm,
            "Language": language,
            "Request": normalize_number(dialled),
            "Request-Realm": config.realm,
            "To": dialled,
            "To-Realm": config.realm,
            "User-ID": owners[0] if len(owners) == 1 else owners or None,
        }
    return {key: value for key, value in parameters.items() if value is not None}


def _sip_headers(headers: Mapping[str, Any]) -> JsonObject:
    """Return the headers KAZOO passes on: those that begin with P- or X-, and diversions."""
    passed = ("p-", "x-", "sip_h_", "diversions")
    kept = {name: value for name, value in headers.items() if name.lower().startswith(passed)}
    return dict(as_sent_over_the_bus(kept))
