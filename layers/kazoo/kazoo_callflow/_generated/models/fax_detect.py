"""Models of the `fax_detect` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from typing import ClassVar, Literal

from pydantic import Field

from kazoo_callflow._models import Data, ModuleNode


class FaxDetectData(Data):
    """The data of `fax_detect`."""

    duration: int | None = Field(default=None, description="How many seconds to listen; KAZOO listens 5.")
    skip_module: bool | None = Field(
        default=None,
        description="Skip this node: go straight to the wildcard child.",
    )


class FaxDetect(ModuleNode):
    """Listens for a fax tone.

    Branches: `ON_FAX`, `ON_VOICE`, `_`.
    """

    kazoo_versions: ClassVar[tuple[str, ...]] = ("4.3", "5")
    child_keys: ClassVar[tuple[str, ...]] = ("ON_FAX", "ON_VOICE", "_")
    other_child_keys: ClassVar[str] = ""
    traps: ClassVar[tuple[str, ...]] = ()

    module: Literal["fax_detect"] = "fax_detect"
    data: FaxDetectData = Field(default_factory=FaxDetectData)
