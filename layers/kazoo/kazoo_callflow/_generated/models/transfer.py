"""Models of the `transfer` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from typing import Any, ClassVar, Literal

from pydantic import Field

from kazoo_callflow._models import Data, ModuleNode


class TransferData(Data):
    """The data of `transfer`."""

    target: str | None = Field(default=None, description="The number or address to transfer to.")
    captures: list[Any] | list[str] = Field(
        default_factory=lambda: ["no_match"],
        description="What the target's number pattern is taken to have captured. (KAZOO fills in ['no_match'])",
    )
    leg: Literal["self", "bleg"] | None = Field(
        default=None,
        description="Which side of the call is transferred.",
    )
    transfer_type: Literal["attended", "blind"] = Field(
        default="blind",
        description="Whether someone announces the call first. (KAZOO fills in 'blind')",
    )
    skip_module: bool | None = Field(
        default=None,
        description="Skip this node: go straight to the wildcard child.",
    )


class Transfer(ModuleNode):
    """Transfers the call to another target; this callflow ends.

    Branches: none; nothing runs after it.
    """

    kazoo_versions: ClassVar[tuple[str, ...]] = ("4.3", "5")
    child_keys: ClassVar[tuple[str, ...]] = ()
    other_child_keys: ClassVar[str] = ""
    traps: ClassVar[tuple[str, ...]] = ()

    module: Literal["transfer"] = "transfer"
    data: TransferData = Field(default_factory=TransferData)
