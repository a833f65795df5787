"""Models of the `call_forward` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from typing import ClassVar, Literal

from pydantic import Field

from kazoo_callflow._models import Data, ModuleNode


class CallForwardData(Data):
    """The data of `call_forward`."""

    action: Literal["activate", "deactivate", "update", "toggle", "menu"] | None = Field(
        default=None,
        description="What is done.",
    )
    menu_retries: int | None = Field(
        default=None,
        description="How many times the menu is repeated. (KAZOO fills in 3; KAZOO 5 only)",
    )
    skip_module: bool | None = Field(
        default=None,
        description="Skip this node: go straight to the wildcard child.",
    )


class CallForward(ModuleNode):
    """Feature code: changes the calling phone's call forwarding, with prompts.

    Branches: `_`.
    """

    kazoo_versions: ClassVar[tuple[str, ...]] = ("4.3", "5")
    child_keys: ClassVar[tuple[str, ...]] = ("_",)
    other_child_keys: ClassVar[str] = ""
    traps: ClassVar[tuple[str, ...]] = ()

    module: Literal["call_forward"] = "call_forward"
    data: CallForwardData = Field(default_factory=CallForwardData)
