"""Models of the `park` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from typing import Any, ClassVar, Literal

from pydantic import Field

from kazoo_callflow._models import Data, ModuleNode


class ParkData(Data):
    """The data of `park`."""

    action: Literal["direct_park", "park", "retrieve", "auto"] = Field(
        default="park",
        description="Park, fetch, or whichever fits. (KAZOO fills in 'park')",
    )
    custom_presence_id: bool = Field(
        default=False,
        description="Whether the slot has a presence light of its own name. (KAZOO fills in False)",
    )
    default_callback_timeout: int | None = Field(
        default=None,
        description="How many milliseconds until the parker is rung back.",
    )
    default_presence_type: Literal["early", "terminated", "confirmed"] | None = Field(
        default=None,
        description="How the presence light shows a parked call.",
    )
    default_ringback_timeout: int | None = Field(
        default=None,
        description="How many milliseconds the parker is rung.",
    )
    force_presence_user: bool | None = Field(
        default=None,
        description="Whether the light belongs to the user. (KAZOO 5 only)",
    )
    max_slot_number: int | None = Field(default=None, description="The highest slot. (KAZOO 5 only)")
    presence_id: str | None = Field(default=None, description="The presence light's name.")
    slot: str | None = Field(default=None, description="The slot to use.")
    slots: dict[str, Any] = Field(
        default_factory=dict,
        description="Settings of single slots, by number. (KAZOO fills in {})",
    )
    skip_module: bool | None = Field(
        default=None,
        description="Skip this node: go straight to the wildcard child.",
    )


class Park(ModuleNode):
    """Parks the call in a slot with music, or fetches one.

    Branches: `MAX_SLOT_EXCEEDED`, `_`, the slot number.
    """

    kazoo_versions: ClassVar[tuple[str, ...]] = ("4.3", "5")
    child_keys: ClassVar[tuple[str, ...]] = ("MAX_SLOT_EXCEEDED", "_")
    other_child_keys: ClassVar[str] = "the slot number"
    traps: ClassVar[tuple[str, ...]] = ()

    module: Literal["park"] = "park"
    data: ParkData = Field(default_factory=ParkData)
