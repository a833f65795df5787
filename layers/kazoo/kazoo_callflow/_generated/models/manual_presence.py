"""Models of the `manual_presence` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from typing import ClassVar, Literal

from pydantic import Field

from kazoo_callflow._models import Data, ModuleNode


class ManualPresenceData(Data):
    """The data of `manual_presence`."""

    presence_id: str = Field(description="The light's name.")
    status: Literal["idle", "ringing", "busy"] = Field(
        default="idle",
        description="How the light shows. (KAZOO fills in 'idle')",
    )
    skip_module: bool | None = Field(
        default=None,
        description="Skip this node: go straight to the wildcard child.",
    )


class ManualPresence(ModuleNode):
    """Answers and sets a presence light.

    Branches: `_`.
    """

    kazoo_versions: ClassVar[tuple[str, ...]] = ("4.3", "5")
    child_keys: ClassVar[tuple[str, ...]] = ("_",)
    other_child_keys: ClassVar[str] = ""
    traps: ClassVar[tuple[str, ...]] = ()

    module: Literal["manual_presence"] = "manual_presence"
    data: ManualPresenceData
