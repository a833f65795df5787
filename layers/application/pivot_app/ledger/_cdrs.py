"""Ends of legs from KAZOO's CDRs, which are written from the same event as the webhook. Pure.

A CDR that is imported goes the way of a webhook that came late: one that KAZOO told before is the same end,
and one that was never told settles its call. So importing the same CDRs again posts nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from pivot_app.ledger._errors import InvalidWebhookError
from pivot_app.ledger._events import GREGORIAN_TO_UNIX_S, LegEvent, event_of
from pivot_app.ledger._family import MAX_SKEW_SECONDS

_WHOLE_CDR: Final = ("channel_created_time", "custom_channel_vars", "custom_application_vars")


def end_of_cdr(cdr: Mapping[str, Any]) -> LegEvent:
    """Return the end that a CDR tells, a whole one or a row of Crossbar's list, JSON or CSV.

    A row has the time of the leg's start, a whole CDR that of its end. When it arrived is not known: as late
    as a webhook of a clock that is five minutes slow.

    Raises:
        InvalidWebhookError: It lacks what a bill rests on; names the field.

    """
    fields = {name: kept for name, kept in cdr.items() if kept not in (None, "")}
    started_or_ended = fields.get("timestamp") or fields.get("unix_timestamp")
    try:
        at = int(str(started_or_ended))
        duration = int(str(fields.get("duration_seconds", 0)))
    except ValueError:
        raise InvalidWebhookError("timestamp", "Gregorian seconds", started_or_ended) from None
    if not any(name in fields for name in _WHOLE_CDR):
        at += duration
    if at < GREGORIAN_TO_UNIX_S:
        at += GREGORIAN_TO_UNIX_S
    direction = fields.get("call_direction") or fields.get("direction")
    told = {**fields, "hook_event": "channel_destroy", "call_direction": direction, "timestamp": at}
    told.setdefault("callee_id_number", fields.get("dialed_number"))
    event = event_of(told, at - GREGORIAN_TO_UNIX_S + MAX_SKEW_SECONDS)
    assert event is not None  # noqa: S101 - it is a channel_destroy
    return event


def ended_within(event: LegEvent, begin: datetime, end: datetime) -> bool:
    """Return whether an end is of a span of time."""
    return begin.timestamp() <= event.at <= end.timestamp()
