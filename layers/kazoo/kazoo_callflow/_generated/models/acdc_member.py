"""Models of the `acdc_member` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from typing import ClassVar, Literal

from pydantic import Field

from kazoo_callflow._models import Data, ModuleNode


class AcdcMemberData(Data):
    """The data of `acdc_member`."""

    id: str | None = Field(default=None, description="The queue's id.")
    priority: int | None = Field(default=None, description="The caller's priority; higher is sooner.")
    skip_module: bool | None = Field(
        default=None,
        description="Skip this node: go straight to the wildcard child.",
    )


class AcdcMember(ModuleNode):
    """Puts the caller in a queue with music; the wildcard child runs when the caller leaves it unanswered.

    Branches: `_`.
    """

    kazoo_versions: ClassVar[tuple[str, ...]] = ("4.3", "5")
    child_keys: ClassVar[tuple[str, ...]] = ("_",)
    other_child_keys: ClassVar[str] = ""
    traps: ClassVar[tuple[str, ...]] = (
        "KAZOO 5 has its schema; whether it has the module depends on the build.",
    )

    module: Literal["acdc_member"] = "acdc_member"
    data: AcdcMemberData = Field(default_factory=AcdcMemberData)
