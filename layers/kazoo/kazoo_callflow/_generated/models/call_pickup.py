"""Models of the `call_pickup` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from typing import ClassVar, Literal

from pydantic import Field

from kazoo_callflow._models import Data, ModuleNode


class CallPickupData(Data):
    """The data of `call_pickup`."""

    target_call_id: str | None = Field(
        default=None,
        min_length=1,
        description="The Call-ID to join. (at least 1 characters)",
    )
    skip_module: bool | None = Field(
        default=None,
        description="Skip this node: go straight to the wildcard child.",
    )


class CallPickup(ModuleNode):
    """Joins this call to another one named by its Call-ID.

    Branches: none; nothing runs after it.
    """

    kazoo_versions: ClassVar[tuple[str, ...]] = ("5",)
    child_keys: ClassVar[tuple[str, ...]] = ()
    other_child_keys: ClassVar[str] = ""
    traps: ClassVar[tuple[str, ...]] = (
        "Without `target_call_id` the module crashes and the wildcard child runs.",
    )

    module: Literal["call_pickup"] = "call_pickup"
    data: CallPickupData = Field(default_factory=CallPickupData)
