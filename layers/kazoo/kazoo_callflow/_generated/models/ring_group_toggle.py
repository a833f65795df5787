"""Models of the `ring_group_toggle` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from typing import ClassVar, Literal

from pydantic import Field

from kazoo_callflow._models import Data, ModuleNode


class RingGroupToggleData(Data):
    """The data of `ring_group_toggle`."""

    action: Literal["login", "logout"] = Field(description="Whether it rings from now on.")
    callflow_id: str = Field(description="The callflow whose ring groups are meant.")
    skip_module: bool | None = Field(
        default=None,
        description="Skip this node: go straight to the wildcard child.",
    )


class RingGroupToggle(ModuleNode):
    """Feature code: makes the calling phone ring, or not ring, with the ring groups of a callflow.

    Branches: `_`.
    """

    kazoo_versions: ClassVar[tuple[str, ...]] = ("4.3", "5")
    child_keys: ClassVar[tuple[str, ...]] = ("_",)
    other_child_keys: ClassVar[str] = ""
    traps: ClassVar[tuple[str, ...]] = ()

    module: Literal["ring_group_toggle"] = "ring_group_toggle"
    data: RingGroupToggleData
