"""Models of the `receive_fax` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from typing import ClassVar, Literal

from pydantic import Field

from kazoo_callflow._models import Data, ModuleNode


class ReceiveFaxMedia(Data):
    """How the fax is carried."""

    fax_option: Literal["auto", True, False, "false", "true"] | bool | None = Field(
        default=None,
        description="Whether T.38 is used.",
    )


class ReceiveFaxData(Data):
    """The data of `receive_fax`."""

    owner_id: str | None = Field(default=None, description="Whose fax it is.")
    media: ReceiveFaxMedia | None = Field(default=None, description="How the fax is carried.")
    skip_module: bool | None = Field(
        default=None,
        description="Skip this node: go straight to the wildcard child.",
    )


class ReceiveFax(ModuleNode):
    """Receives a fax for an owner.

    Branches: none; nothing runs after it.
    """

    kazoo_versions: ClassVar[tuple[str, ...]] = ("4.3", "5")
    child_keys: ClassVar[tuple[str, ...]] = ()
    other_child_keys: ClassVar[str] = ""
    traps: ClassVar[tuple[str, ...]] = ()

    module: Literal["receive_fax"] = "receive_fax"
    data: ReceiveFaxData = Field(default_factory=ReceiveFaxData)
