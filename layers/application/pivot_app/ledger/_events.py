"""Reads KAZOO's reports about the legs of calls from account webhooks and CDRs. Pure functions.

A leg is one channel of KAZOO's switch. Four webhooks report it: `channel_create`, `channel_answer`,
`channel_bridge` and `channel_destroy`. KAZOO sends each at least once and in any order, or never.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any, Final, Literal

from pivot_app.lazy_dataclass import dataclass
from pivot_app.ledger._errors import InvalidWebhookError

GREGORIAN_TO_UNIX_S: Final = 62_167_219_200
"""KAZOO counts seconds from the year 0."""

MAX_CALL_ID_CHARACTERS: Final = 255
MAX_LEG_SECONDS: Final = 366 * 86400
HOLD_ID_CAV: Final = "hold_id"
HOLD_ID = re.compile(r"[0-9]{1,20}\.[a-z2-7]{24}")

_KINDS: Final = {
    "channel_create": "create",
    "channel_answer": "answer",
    "channel_bridge": "bridge",
    "channel_destroy": "destroy",
}
_KAZOO_ACCOUNT = re.compile(r"[0-9A-Za-z_-]{1,64}")
_NUMBER = re.compile(r"\+?[0-9*#]{1,32}")

EventKind = Literal["create", "answer", "bridge", "destroy"]


@dataclass(frozen=True, slots=True)
class LegEvent:
    """One event of one leg.

    Args:
        kind: What happened to the leg.
        call_id: The leg's Call-ID. The caller's device chooses the one of its own leg.
        direction: `outbound` where KAZOO called, else `inbound`.
        other_leg: The Call-ID of the leg it is connected with; "" if it names no other leg, or itself.
        names_itself: It names itself as its other leg: the switch originated it, and it was never connected.
        is_internal: Half of a loopback pair inside the switch.
        hold_id: The hold that the leg's application variables name.
        numbers: What the leg was sent to: the users of `request` and `to`, and the callee's number.
        at: When it happened, in epoch seconds of the switch's clock; 0 if it does not say.
        received_at: When it arrived first, in epoch seconds of our clock.
        seconds: Of a destroy: from the leg's first answer to its end. None if it does not say.
        duration: Of a destroy: from the leg's creation to its end. None if it does not say.
        cause: Of a destroy: the hang-up cause.
        replaced: Of a destroy: another leg took this one's place.
        caller: The caller's number.

    """

    kind: EventKind
    call_id: str
    direction: str = "inbound"
    other_leg: str = ""
    names_itself: bool = False
    is_internal: bool = False
    hold_id: str = ""
    numbers: tuple[str, ...] = ()
    at: int = 0
    received_at: int = 0
    seconds: int | None = None
    duration: int | None = None
    cause: str = ""
    replaced: bool = False
    caller: str = ""

    @property
    def digest(self) -> str:
        """The key that identifies this event among those of its leg; a duplicate has the same key."""
        parts = (self.kind, self.at, self.seconds, self.duration, self.other_leg, self.hold_id, self.cause)
        return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]

    @property
    def clock(self) -> int:
        """When it happened by the switch's clock, or by ours if it does not say."""
        return self.at or self.received_at


def event_of(parameters: Mapping[str, Any], received_at: int) -> LegEvent | None:
    """Return the event of a leg in a webhook, or None if the webhook is about something else.

    Reads version 1 (KAZOO 4.3 and 5) and version 2 (KAZOO 5: the event under `data`), form and JSON alike.

    Raises:
        InvalidWebhookError: It is about a leg, and a field that the bill needs is missing or impossible.

    """
    fields = _fields(parameters)
    # A version 1 event may hold anything else under `name`: the operator's custom_data is merged into it.
    kind = _KINDS.get(_text(fields.get("hook_event") or parameters.get("name")).lower())
    if kind is None:
        return None
    call_id = fields.get("call_id")
    if not isinstance(call_id, str) or not 1 <= len(call_id) <= MAX_CALL_ID_CHARACTERS:
        raise InvalidWebhookError("call_id", f"text of 1 to {MAX_CALL_ID_CHARACTERS} characters", call_id)
    other = _text(fields.get("other_leg_call_id"))[:MAX_CALL_ID_CHARACTERS]
    cavs = fields.get("custom_application_vars")
    hold_id = _text(cavs.get(HOLD_ID_CAV)) if isinstance(cavs, Mapping) else ""
    seconds = duration = None
    if kind == "destroy":
        seconds, duration = _seconds(fields)
    other_half = _text(fields.get("channel_loopback_other_leg_id"))[:MAX_CALL_ID_CHARACTERS]
    is_internal = _is_internal(fields)
    return LegEvent(
        kind=kind,  # type: ignore[arg-type]
        call_id=call_id,
        direction="outbound" if fields.get("call_direction") == "outbound" else "inbound",
        other_leg=(other if other != call_id else "") or (other_half if is_internal else ""),
        names_itself=other == call_id,
        is_internal=is_internal,
        hold_id=hold_id if HOLD_ID.fullmatch(hold_id) else "",
        numbers=_numbers(fields),
        at=_unix(fields.get("timestamp"), parameters.get("timestamp")),
        received_at=received_at,
        seconds=seconds,
        duration=duration,
        cause=_text(fields.get("hangup_cause"))[:64],
        replaced=bool(_text(fields.get("replaced_by"))),
        caller=_text(fields.get("caller_id_number"))[:32],
    )


def is_about_a_leg(parameters: Mapping[str, Any]) -> bool:
    """Return whether a webhook is one of the four about legs."""
    fields = _fields(parameters)
    return _text(fields.get("hook_event") or parameters.get("name")).lower() in _KINDS


def kazoo_account_of(parameters: Mapping[str, Any], header: str = "") -> str:
    """Return the KAZOO account a webhook names, in its body, else in its header; "" if neither names one."""
    fields = _fields(parameters)
    channel = fields.get("custom_channel_vars")
    found = fields.get("account_id") or (channel.get("account_id") if isinstance(channel, Mapping) else None)
    found = found or header
    return found if isinstance(found, str) and _KAZOO_ACCOUNT.fullmatch(found) else ""


def _fields(parameters: Mapping[str, Any]) -> Mapping[str, Any]:
    data = parameters.get("data")
    return data if isinstance(data, Mapping) else parameters


def _seconds(fields: Mapping[str, Any]) -> tuple[int, int | None]:
    """Return the billing seconds and the duration of a destroy."""
    seconds = _integer("billing_seconds", fields.get("billing_seconds"))
    if not 0 <= seconds <= MAX_LEG_SECONDS:
        raise InvalidWebhookError("billing_seconds", "0 or more whole seconds", fields["billing_seconds"])
    try:
        duration = _integer("duration_seconds", fields.get("duration_seconds"))
    except InvalidWebhookError:
        return seconds, None  # It only helps to tell when the leg began.
    if duration < 0:
        return seconds, None
    # KAZOO 4.3 rounds billing seconds up and the duration down.
    if seconds > duration + 2:
        raise InvalidWebhookError("billing_seconds", f"no more than the leg's {duration} s", seconds)
    return seconds, duration


def _unix(*values: Any) -> int:
    """Return the first of the timestamps that can be read; 0 if none can: a bill does not rest on it."""
    for value in values:
        try:
            return max(_integer("timestamp", value) - GREGORIAN_TO_UNIX_S, 0)
        except InvalidWebhookError:
            continue
    return 0


def _is_internal(fields: Mapping[str, Any]) -> bool:
    named = _text(fields.get("channel_name")).lower().startswith("loopback/")
    has_other_half = bool(_text(fields.get("channel_loopback_other_leg_id")))
    marks = ("is_internal_leg", "channel_is_loopback")
    return named or has_other_half or any(_is_true(fields.get(name)) for name in marks)


def _numbers(fields: Mapping[str, Any]) -> tuple[str, ...]:
    users = [_text(fields.get(name)).partition("@")[0] for name in ("request", "to")]
    found = [*users, _text(fields.get("callee_id_number"))]
    return tuple(dict.fromkeys(number for number in found if _NUMBER.fullmatch(number)))


def _integer(field: str, value: Any) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,15}", value):
        return int(value)
    raise InvalidWebhookError(field, "whole seconds", value)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _is_true(value: Any) -> bool:
    return value is True or (isinstance(value, str) and value.lower() == "true")
