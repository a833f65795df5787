"""Models of the `hotdesk` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from typing import ClassVar, Literal

from pydantic import Field

from kazoo_callflow._models import Data, ModuleNode


class HotdeskData(Data):
    """The data of `hotdesk`."""

    action: Literal["logout", "login", "toggle", "bridge"] | None = Field(
        default=None,
        description="What is done.",
    )
    id: str | None = Field(default=None, description="The user's id.")
    interdigit_timeout: int | None = Field(
        default=None,
        description="How many milliseconds to wait for the next digit.",
    )
    skip_module: bool | None = Field(
        default=None,
        description="Skip this node: go straight to the wildcard child.",
    )


class Hotdesk(ModuleNode):
    """Feature code: logs a user in to or out of a device, or rings the user's devices.

    Branches: `_`.
    """

    kazoo_versions: ClassVar[tuple[str, ...]] = ("4.3", "5")
    child_keys: ClassVar[tuple[str, ...]] = ("_",)
    other_child_keys: ClassVar[str] = ""
    traps: ClassVar[tuple[str, ...]] = ()

    module: Literal["hotdesk"] = "hotdesk"
    data: HotdeskData = Field(default_factory=HotdeskData)
