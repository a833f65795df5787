"""Models of the `page_group` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from typing import ClassVar, Literal

from pydantic import Field

from kazoo_callflow._models import Data, ModuleNode


class PageGroupEndpoint(Data):
    """Who is paged."""

    endpoint_type: Literal["device", "user", "group"] = Field(description="What the id names.")
    id: str = Field(
        min_length=1,
        max_length=128,
        description="The id of the device, user or group. (1 to 128 characters)",
    )
    delay: int = Field(
        default=0,
        description="How many seconds to wait before it is paged. (KAZOO fills in 0)",
    )
    timeout: int = Field(default=20, description="How many seconds to try. (KAZOO fills in 20)")
    weight: int | None = Field(
        default=None,
        ge=1,
        le=100,
        description="How likely it is to be first. (1 to 100)",
    )


class PageGroupData(Data):
    """The data of `page_group`."""

    endpoints: list[PageGroupEndpoint] = Field(min_length=1, description="Who is paged. (at least 1 item)")
    audio: Literal["one-way", "two-way"] = Field(
        default="one-way",
        description="Whether the phones can talk back. (KAZOO fills in 'one-way')",
    )
    barge_calls: bool | None = Field(default=None, description="Whether phones in a call are paged too.")
    timeout: int = Field(
        default=5,
        description="How many seconds to wait for phones to pick up. (KAZOO fills in 5)",
    )
    skip_module: bool | None = Field(
        default=None,
        description="Skip this node: go straight to the wildcard child.",
    )


class PageGroup(ModuleNode):
    """Pages many phones: they pick up by themselves and hear the caller.

    Branches: `_`.
    """

    kazoo_versions: ClassVar[tuple[str, ...]] = ("4.3", "5")
    child_keys: ClassVar[tuple[str, ...]] = ("_",)
    other_child_keys: ClassVar[str] = ""
    traps: ClassVar[tuple[str, ...]] = ()

    module: Literal["page_group"] = "page_group"
    data: PageGroupData
