"""The `park` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Any, Literal, Never, TYPE_CHECKING

from kazoo_callflow._flow import Flow, build

if TYPE_CHECKING:
    from collections.abc import Mapping


def park(
    *,
    action: Literal["direct_park", "park", "retrieve", "auto"] | None = None,
    custom_presence_id: bool | None = None,
    default_callback_timeout: int | None = None,
    default_presence_type: Literal["early", "terminated", "confirmed"] | None = None,
    default_ringback_timeout: int | None = None,
    force_presence_user: bool | None = None,
    max_slot_number: int | None = None,
    presence_id: str | None = None,
    slot: str | None = None,
    slots: Mapping[str, Any] | None = None,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """Parks the call in a slot with music, or fetches one.

    Fields:
      action: Park, fetch, or whichever fits. (KAZOO fills in 'park')
      custom_presence_id: Whether the slot has a presence light of its own name. (KAZOO fills in False)
      default_callback_timeout: How many milliseconds until the parker is rung back.
      default_presence_type: How the presence light shows a parked call.
      default_ringback_timeout: How many milliseconds the parker is rung.
      force_presence_user: Whether the light belongs to the user. (KAZOO 5 only)
      max_slot_number: The highest slot. (KAZOO 5 only)
      presence_id: The presence light's name.
      slot: The slot to use.
      slots: Settings of single slots, by number. (KAZOO fills in {})
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: `MAX_SLOT_EXCEEDED`, `_`, the slot number.
    """
    return build(
        "park",
        {
            "action": action,
            "custom_presence_id": custom_presence_id,
            "default_callback_timeout": default_callback_timeout,
            "default_presence_type": default_presence_type,
            "default_ringback_timeout": default_ringback_timeout,
            "force_presence_user": force_presence_user,
            "max_slot_number": max_slot_number,
            "presence_id": presence_id,
            "slot": slot,
            "slots": slots,
            "skip_module": skip_module,
        },
        unknown,
    )
