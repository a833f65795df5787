"""How the legs of a call ended, as KAZOO's webhook tells it, and which of them is billed. Pure.

KAZOO 4.3 and 5: `channel_destroy` comes for each leg on its own, at least once, in any order. The a-leg is
the caller's; our prompt answered it, so its billing seconds count listening and ringing too. A b-leg is what
it was bridged to; its billing seconds are the conversation. A carrier that did not answer is a b-leg of 0.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pivot_app.ledger._account import Hold
from pivot_app.ledger._errors import InvalidWebhookError
from pivot_app.ledger._rates import MAX_SECONDS

# KAZOO counts seconds from the year 0.
GREGORIAN_TO_UNIX_S = 62_167_219_200
MAX_CALL_ID_CHARACTERS = 255
HOLD_ID_CAV = "hold_id"
_HOLD_ID = re.compile(r"[0-9]{1,20}\.[a-z2-7]{24}")


@dataclass(frozen=True, slots=True)
class Leg:
    """One leg that ended. `hold_id` is what the gate's CAV says, if the leg has it."""

    call_id: str
    direction: str
    billing_seconds: int
    other_leg_call_id: str = ""
    hold_id: str = ""
    hangup_cause: str = ""
    ended_at: int = 0

    @property
    def a_leg_call_id(self) -> str:
        """The Call-ID of the call's a-leg, as far as this leg knows: KAZOO's `inbound` is the caller's."""
        return self.call_id if self.direction == "inbound" else self.other_leg_call_id or self.call_id

    @property
    def account_id(self) -> str:
        """The account whose hold the CAV names, or nothing."""
        return self.hold_id.partition(".")[0]


@dataclass(frozen=True, slots=True)
class Bill:
    """What to charge a call for: seconds of one leg, "a" or "b"."""

    seconds: int
    leg: str


def bill(hold: Hold, legs: Iterable[Leg], *, waited: bool, expired: bool = False) -> Bill | None:
    """What the call of a hold is charged for, or None while a leg that should come is worth waiting for.

    A call lasts as long as its a-leg: a b-leg that ended may be a phone that lost the race, a carrier that
    failed before the next one answered, or somebody who transferred the caller on. So nothing is charged
    before the a-leg's end is known, unless waiting is over and the hold `expired`: then an answered b-leg.

    With billed_leg "b" the conversation is billed: the b-leg the a-leg was bridged to, once both are known.
    A call that was never bridged is billed nothing. After waiting, what is known decides: the longest b-leg,
    else the a-leg, whose seconds can only be more. With billed_leg "a" the a-leg is billed when it ended.
    """
    by_id = {leg.call_id: leg for leg in legs}
    a_leg = by_id.pop(hold.call_id, None)
    longest = max((leg.billing_seconds for leg in by_id.values()), default=0)
    if a_leg is None:
        return Bill(longest, "b") if waited and expired and longest else None
    if hold.billed_leg == "a":
        return Bill(a_leg.billing_seconds, "a")
    if not a_leg.other_leg_call_id or a_leg.other_leg_call_id in by_id:
        return Bill(longest, "b")
    if not waited:
        return None
    return Bill(longest, "b") if longest else Bill(a_leg.billing_seconds, "a")


def leg_of(parameters: Mapping[str, Any]) -> Leg | None:
    """The leg a webhook tells of, or None if it tells of something else than a leg's end.

    Reads version 1 (KAZOO 4.3 and 5) and version 2 (KAZOO 5: the event under `data`), form and JSON alike.

    Raises:
        InvalidWebhookError: It is a channel_destroy, and a field of it is missing or not what it must be.

    """
    event = _event(parameters)
    # A version 1 event may hold anything else under `name`: the operator's custom_data is merged into it.
    name = str(event.get("hook_event") or parameters.get("name") or "").lower()
    if name != "channel_destroy" or _is_true(event.get("is_internal_leg")):
        return None
    call_id = event.get("call_id")
    if not isinstance(call_id, str) or not 1 <= len(call_id) <= MAX_CALL_ID_CHARACTERS:
        raise InvalidWebhookError("call_id", f"text of 1 to {MAX_CALL_ID_CHARACTERS} characters", call_id)
    cavs = event.get("custom_application_vars")
    hold_id = cavs.get(HOLD_ID_CAV) if isinstance(cavs, Mapping) else None
    seconds = _integer("billing_seconds", event.get("billing_seconds", 0))
    try:
        timestamp = _integer("timestamp", event.get("timestamp", 0))
    except InvalidWebhookError:
        timestamp = 0  # only tells how long to wait for the other leg: no reason not to bill
    return Leg(
        call_id=call_id,
        direction="outbound" if event.get("call_direction") == "outbound" else "inbound",
        billing_seconds=min(max(seconds, 0), MAX_SECONDS),
        other_leg_call_id=str(event.get("other_leg_call_id") or "")[:MAX_CALL_ID_CHARACTERS],
        hold_id=hold_id if isinstance(hold_id, str) and _HOLD_ID.fullmatch(hold_id) else "",
        hangup_cause=str(event.get("hangup_cause") or "")[:64],
        ended_at=max(timestamp - GREGORIAN_TO_UNIX_S, 0),
    )


def kazoo_account_of(parameters: Mapping[str, Any], header: str = "") -> str:
    """The KAZOO account a webhook says it is of, in its body, else in its header; empty if it says none."""
    event = _event(parameters)
    channel = event.get("custom_channel_vars")
    found = event.get("account_id") or (channel.get("account_id") if isinstance(channel, Mapping) else None)
    found = found or header
    return found if isinstance(found, str) and re.fullmatch(r"[0-9A-Za-z_-]{1,64}", found) else ""


def signed_by(parameters: Mapping[str, Any], keys: Sequence[str]) -> bool:
    """Whether a version 2 webhook carries the HMAC of one of the keys.

    KAZOO 5: base64 of HMAC-SHA-256 over the timestamp's digits and the canonical JSON of `data`. The clock is
    read twice, so the `timestamp` beside it may be a second away from the one that was signed.
    """
    data, signature, timestamp = parameters.get("data"), parameters.get("hmac"), parameters.get("timestamp")
    if not isinstance(data, Mapping) or not isinstance(signature, str):
        return False
    try:
        second = _integer("timestamp", timestamp)
        canonical = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    except (InvalidWebhookError, ValueError):
        return False
    matches = False
    for key in keys:
        for signed in (second - 1, second, second + 1):
            digest = hmac.digest(
                key.encode(), f"{signed}{canonical}".encode("utf-8", "replace"), hashlib.sha256
            )
            matches |= hmac.compare_digest(base64.b64encode(digest), signature.encode("utf-8", "replace"))
    return matches


def _event(parameters: Mapping[str, Any]) -> Mapping[str, Any]:
    data = parameters.get("data")
    return data if isinstance(data, Mapping) else parameters


def _integer(field: str, value: Any) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,15}", value):
        return int(value)
    raise InvalidWebhookError(field, "whole seconds", value)


def _is_true(value: Any) -> bool:
    return value is True or value == "true"
