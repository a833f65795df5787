"""Models of the `intercom` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from typing import ClassVar, Literal

from pydantic import Field

from kazoo_callflow._models import Data, ModuleNode


class IntercomData(Data):
    """The data of `intercom`."""

    barge_calls: bool | None = Field(default=None, description="Whether a phone in a call is called too.")
    skip_module: bool | None = Field(
        default=None,
        description="Skip this node: go straight to the wildcard child.",
    )


class Intercom(ModuleNode):
    """Feature code: calls the captured extension, which picks up by itself.

    Branches: `_`.
    """

    kazoo_versions: ClassVar[tuple[str, ...]] = ("4.3", "5")
    child_keys: ClassVar[tuple[str, ...]] = ("_",)
    other_child_keys: ClassVar[str] = ""
    traps: ClassVar[tuple[str, ...]] = ()

    module: Literal["intercom"] = "intercom"
    data: IntercomData = Field(default_factory=IntercomData)
