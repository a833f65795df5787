"""Models of the `menu` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from typing import ClassVar, Literal

from pydantic import Field

from kazoo_callflow._models import Data, ModuleNode


class MenuData(Data):
    """The data of `menu`."""

    id: str | None = Field(default=None, description="The stored menu's id.")
    interdigit_timeout: int | None = Field(
        default=None,
        description="How many milliseconds to wait for the next digit.",
    )
    skip_module: bool | None = Field(
        default=None,
        description="Skip this node: go straight to the wildcard child.",
    )


class Menu(ModuleNode):
    """Plays a stored menu's greeting and branches on the digits pressed.

    Branches: `timeout`, `max_retries`, `_`, the digits pressed.
    """

    kazoo_versions: ClassVar[tuple[str, ...]] = ("4.3", "5")
    child_keys: ClassVar[tuple[str, ...]] = ("timeout", "max_retries", "_")
    other_child_keys: ClassVar[str] = "the digits pressed"
    traps: ClassVar[tuple[str, ...]] = (
        "Unknown digits are announced as invalid and asked again; they do not take the wildcard child at once.",
        "With `hunt` set in the stored menu, digits may also reach any other callflow of the account.",
    )

    module: Literal["menu"] = "menu"
    data: MenuData = Field(default_factory=MenuData)
