"""Models of the `acdc_queue` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from typing import ClassVar, Literal

from pydantic import Field

from kazoo_callflow._models import Data, ModuleNode


class AcdcQueueData(Data):
    """The data of `acdc_queue`."""

    id: str | None = Field(default=None, description="The queue's id.")
    action: Literal["login", "logout"] | None = Field(default=None, description="Log in or out.")
    skip_module: bool | None = Field(
        default=None,
        description="Skip this node: go straight to the wildcard child.",
    )


class AcdcQueue(ModuleNode):
    """Logs a queue agent in to or out of one queue, with a prompt.

    Branches: `_`.
    """

    kazoo_versions: ClassVar[tuple[str, ...]] = ("4.3", "5")
    child_keys: ClassVar[tuple[str, ...]] = ("_",)
    other_child_keys: ClassVar[str] = ""
    traps: ClassVar[tuple[str, ...]] = (
        "KAZOO 5 has its schema; whether it has the module depends on the build.",
    )

    module: Literal["acdc_queue"] = "acdc_queue"
    data: AcdcQueueData = Field(default_factory=AcdcQueueData)
