"""Models of the `wait_for_hangup` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from typing import ClassVar, Literal

from pydantic import Field

from kazoo_callflow._models import Data, ModuleNode


class WaitForHangupData(Data):
    """The data of `wait_for_hangup`."""

    skip_module: bool | None = Field(
        default=None,
        description="Skip this node: go straight to the wildcard child.",
    )


class WaitForHangup(ModuleNode):
    """Keeps the call up in silence until someone hangs up.

    Branches: none; nothing runs after it.
    """

    kazoo_versions: ClassVar[tuple[str, ...]] = ("5",)
    child_keys: ClassVar[tuple[str, ...]] = ()
    other_child_keys: ClassVar[str] = ""
    traps: ClassVar[tuple[str, ...]] = ()

    module: Literal["wait_for_hangup"] = "wait_for_hangup"
    data: WaitForHangupData = Field(default_factory=WaitForHangupData)
