"""Models of the `acdc_wait_time` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from typing import ClassVar, Literal

from pydantic import Field

from kazoo_callflow._models import Data, ModuleNode


class AcdcWaitTimeData(Data):
    """The data of `acdc_wait_time`."""

    id: str | None = Field(default=None, description="The queue's id.")
    window: int | None = Field(default=None, description="How many seconds back the average looks.")
    skip_module: bool | None = Field(
        default=None,
        description="Skip this node: go straight to the wildcard child.",
    )


class AcdcWaitTime(ModuleNode):
    """Branches on a queue's average waiting time.

    Branches: `_`, a number of seconds.
    """

    kazoo_versions: ClassVar[tuple[str, ...]] = ("4.3", "5")
    child_keys: ClassVar[tuple[str, ...]] = ("_",)
    other_child_keys: ClassVar[str] = "a number of seconds"
    traps: ClassVar[tuple[str, ...]] = (
        "A child key that is not an integer crashes the module: the wildcard child runs.",
        "KAZOO 5 has its schema; whether it has the module depends on the build.",
    )

    module: Literal["acdc_wait_time"] = "acdc_wait_time"
    data: AcdcWaitTimeData = Field(default_factory=AcdcWaitTimeData)
