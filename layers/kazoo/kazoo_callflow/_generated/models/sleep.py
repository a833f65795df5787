"""Models of the `sleep` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from typing import ClassVar, Literal

from pydantic import Field

from kazoo_callflow._models import Data, ModuleNode


class SleepData(Data):
    """The data of `sleep`."""

    duration: int = Field(
        default=0,
        ge=0,
        le=86400000,
        description="How long to wait, in `unit`. (0 to 86400000; KAZOO fills in 0)",
    )
    unit: Literal["ms", "s", "m", "h"] = Field(
        default="s",
        description="Milliseconds, seconds, minutes or hours. (KAZOO fills in 's')",
    )
    skip_module: bool | None = Field(
        default=None,
        description="Skip this node: go straight to the wildcard child.",
    )


class Sleep(ModuleNode):
    """Waits in silence; it neither answers nor plays anything.

    Branches: `_`.
    """

    kazoo_versions: ClassVar[tuple[str, ...]] = ("4.3", "5")
    child_keys: ClassVar[tuple[str, ...]] = ("_",)
    other_child_keys: ClassVar[str] = ""
    traps: ClassVar[tuple[str, ...]] = (
        "Without `unit` the duration counts seconds; 24 hours is the most it waits.",
    )

    module: Literal["sleep"] = "sleep"
    data: SleepData = Field(default_factory=SleepData)
