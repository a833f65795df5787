"""Models of the `faxbox` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from typing import ClassVar, Literal

from pydantic import Field

from kazoo_callflow._models import Data, ModuleNode


class FaxboxMedia(Data):
    """How the fax is carried."""

    fax_option: Literal["auto", True, False, "true", "false"] | bool | None = Field(
        default=None,
        description="Whether T.38 is used.",
    )


class FaxboxData(Data):
    """The data of `faxbox`."""

    id: str | None = Field(default=None, description="The fax box's id.")
    faxbox_id: str | None = Field(default=None, description="Another name for the fax box's id.")
    media: FaxboxMedia | None = Field(default=None, description="How the fax is carried.")
    skip_module: bool | None = Field(
        default=None,
        description="Skip this node: go straight to the wildcard child.",
    )


class Faxbox(ModuleNode):
    """Hands the call to a fax box.

    Branches: none; nothing runs after it.
    """

    kazoo_versions: ClassVar[tuple[str, ...]] = ("4.3", "5")
    child_keys: ClassVar[tuple[str, ...]] = ()
    other_child_keys: ClassVar[str] = ""
    traps: ClassVar[tuple[str, ...]] = ()

    module: Literal["faxbox"] = "faxbox"
    data: FaxboxData = Field(default_factory=FaxboxData)
