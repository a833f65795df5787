"""Call detail records: one for each leg that ended."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from pivot_app.lazy_dataclass import dataclass

from ._errors import CrossbarError
from ._times import from_gregorian


@dataclass(frozen=True, slots=True)
class CdrSummary:
    """One row of a list of CDRs: a leg, without its variables.

    `id` is `YYYYMM-CALLID`, the month in which the interaction began. `direction` is `inbound` for a leg into
    the switch, usually the caller's. Seconds are whole.
    """

    id: str
    call_id: str
    other_leg_call_id: str
    direction: str
    started_at: datetime
    duration_seconds: int
    billing_seconds: int
    hangup_cause: str
    interaction_id: str
    fields: Mapping[str, Any]
    """Everything KAZOO keeps, as it names it."""

    @property
    def ended_at(self) -> datetime:
        """When the leg ended."""
        return self.started_at + timedelta(seconds=self.duration_seconds)


@dataclass(frozen=True, slots=True)
class Cdr(CdrSummary):
    """One whole CDR."""

    ringing_seconds: int
    custom_application_vars: Mapping[str, Any]
    custom_channel_vars: Mapping[str, Any]


def summary_of(row: Mapping[str, Any]) -> CdrSummary:
    """Return a row of a list, whose timestamp is the leg's start; CrossbarError if it is not a CDR."""
    return CdrSummary(**_common(row, started_at=_moment(row)))


def cdr_of(document: Mapping[str, Any]) -> Cdr:
    """Return a CDR read by its id, whose timestamp is the leg's end; CrossbarError if it is not a CDR."""
    ended_at = _moment(document)
    started_at = ended_at - timedelta(seconds=_whole(document, "duration_seconds", 0))
    return Cdr(
        **_common(document, started_at=started_at),
        ringing_seconds=_whole(document, "ringing_seconds", 0),
        custom_application_vars=_object(document.get("custom_application_vars")),
        custom_channel_vars=_object(document.get("custom_channel_vars")),
    )


def _common(fields: Mapping[str, Any], *, started_at: datetime) -> dict[str, Any]:
    if not fields.get("call_id"):
        raise CrossbarError(f"a CDR without call_id: {fields.get('id')!r}")
    return {
        "id": str(fields.get("id") or ""),
        "call_id": str(fields["call_id"]),
        "other_leg_call_id": str(fields.get("other_leg_call_id") or ""),
        "direction": str(fields.get("call_direction") or fields.get("direction") or ""),
        "started_at": started_at,
        "duration_seconds": _whole(fields, "duration_seconds", 0),
        "billing_seconds": _whole(fields, "billing_seconds", 0),
        "hangup_cause": str(fields.get("hangup_cause") or ""),
        "interaction_id": str(fields.get("interaction_id") or ""),
        "fields": fields,
    }


def _moment(fields: Mapping[str, Any]) -> datetime:
    try:
        return from_gregorian(_whole(fields, "timestamp"))
    except (ValueError, OverflowError):
        message = (
            f"CDR of {fields.get('call_id')}: timestamp {fields.get('timestamp')!r} is not a Gregorian second"
        )
        raise CrossbarError(message) from None


def _whole(fields: Mapping[str, Any], name: str, default: int | None = None) -> int:
    """Return a whole number that KAZOO may have stored as text; an empty text is an absent value."""
    value = fields.get(name)
    if (value is None or value == "") and default is not None:
        return default
    try:
        return int(str(value))
    except ValueError:
        call_id = fields.get("call_id")
        raise CrossbarError(f"CDR of {call_id}: {name} is {value!r}, not a whole number") from None


def _object(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
