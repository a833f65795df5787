"""Webhooks about legs, read in every spelling of both versions."""

from __future__ import annotations

from typing import Any

import pytest

from pivot_app.ledger import InvalidWebhookError, event_of

ENDED = {"hook_event": "channel_destroy", "call_id": "leg", "billing_seconds": 60, "duration_seconds": 70}


@pytest.mark.parametrize(
    "more",
    [
        {"is_internal_leg": True},
        {"is_internal_leg": "true"},
        {"is_internal_leg": "True"},
        {"channel_is_loopback": True},
        {"channel_is_loopback": "true"},
        {"channel_name": "loopback/+442071838750/context-a"},
        {"channel_name": "loopback/1001-b"},
        {"channel_loopback_other_leg_id": "half"},
    ],
)
@pytest.mark.parametrize("is_version_2", [False, True])
def test_a_leg_inside_the_switch(more: dict[str, Any], is_version_2: bool) -> None:
    """It is not a leg to bill, whichever field says so."""
    fields = ENDED | more
    event = event_of({"name": "CHANNEL_DESTROY", "data": fields} if is_version_2 else fields, 0)
    assert event is not None
    assert event.is_internal


@pytest.mark.parametrize("more", [{}, {"is_internal_leg": False}, {"is_internal_leg": "false"}])
def test_a_leg_to_the_world(more: dict[str, Any]) -> None:
    """A field that says no is not a mark."""
    event = event_of(ENDED | more, 0)
    assert event is not None
    assert not event.is_internal


@pytest.mark.parametrize("seconds", [None, "", -1, 5.5, True, "1e3", [], {}, "60 s", 10**9])
def test_seconds_that_are_none(seconds: Any) -> None:
    """An end that does not say its seconds is not an end of zero seconds."""
    with pytest.raises(InvalidWebhookError, match="billing_seconds"):
        event_of(ENDED | {"billing_seconds": seconds}, 0)
