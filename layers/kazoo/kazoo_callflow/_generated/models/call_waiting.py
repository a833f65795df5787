"""Models of the `call_waiting` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from typing import ClassVar, Literal

from pydantic import Field

from kazoo_callflow._models import Data, ModuleNode


class CallWaitingData(Data):
    """The data of `call_waiting`."""

    action: Literal["activate", "deactivate", "toggle"] = Field(
        default="toggle",
        description="What is done. (KAZOO fills in 'toggle')",
    )
    scope: Literal["device", "user"] = Field(
        default="device",
        description="Whether it holds for the device or for its owner. (KAZOO fills in 'device')",
    )
    skip_module: bool | None = Field(
        default=None,
        description="Skip this node: go straight to the wildcard child.",
    )


class CallWaiting(ModuleNode):
    """Feature code: turns call waiting on or off.

    Branches: `_`.
    """

    kazoo_versions: ClassVar[tuple[str, ...]] = ("4.3", "5")
    child_keys: ClassVar[tuple[str, ...]] = ("_",)
    other_child_keys: ClassVar[str] = ""
    traps: ClassVar[tuple[str, ...]] = ()

    module: Literal["call_waiting"] = "call_waiting"
    data: CallWaitingData = Field(default_factory=CallWaitingData)
