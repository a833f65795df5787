"""Models of the `send_dtmf` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from typing import ClassVar, Literal

from pydantic import Field

from kazoo_callflow._models import Data, ModuleNode


class SendDtmfData(Data):
    """The data of `send_dtmf`."""

    digits: str = Field(description="The keys to send.")
    duration_ms: int | str | None = Field(default=None, description="How many milliseconds each tone lasts.")
    skip_module: bool | None = Field(
        default=None,
        description="Skip this node: go straight to the wildcard child.",
    )


class SendDtmf(ModuleNode):
    """Sends key tones to the caller and goes on at once.

    Branches: `_`.
    """

    kazoo_versions: ClassVar[tuple[str, ...]] = ("4.3", "5")
    child_keys: ClassVar[tuple[str, ...]] = ("_",)
    other_child_keys: ClassVar[str] = ""
    traps: ClassVar[tuple[str, ...]] = ()

    module: Literal["send_dtmf"] = "send_dtmf"
    data: SendDtmfData
