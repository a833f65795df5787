"""Models of the `set_alert_info` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from typing import ClassVar, Literal

from pydantic import Field

from kazoo_callflow._models import Data, ModuleNode


class SetAlertInfoData(Data):
    """The data of `set_alert_info`."""

    alert_info: str = Field(description="The hint.")
    skip_module: bool | None = Field(
        default=None,
        description="Skip this node: go straight to the wildcard child.",
    )


class SetAlertInfo(ModuleNode):
    """Sets the ring tone hint for phones rung later.

    Branches: `_`.
    """

    kazoo_versions: ClassVar[tuple[str, ...]] = ("4.3", "5")
    child_keys: ClassVar[tuple[str, ...]] = ("_",)
    other_child_keys: ClassVar[str] = ""
    traps: ClassVar[tuple[str, ...]] = ()

    module: Literal["set_alert_info"] = "set_alert_info"
    data: SetAlertInfoData
