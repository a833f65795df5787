"""Models of the `dynamic_cid` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from typing import ClassVar, Literal

from pydantic import Field

from kazoo_callflow._models import Data, ModuleNode


class DynamicCidCallerId(Data):
    """The fixed identity."""

    name: str | None = Field(default=None, description="The caller's name.")
    number: str | None = Field(default=None, description="The caller's number.")


class DynamicCidData(Data):
    """The data of `dynamic_cid`."""

    action: Literal["list", "lists", "manual", "static"] | None = Field(
        default=None,
        description="Where the identity comes from.",
    )
    caller_id: DynamicCidCallerId | None = Field(default=None, description="The fixed identity.")
    enforce_call_restriction: bool = Field(
        default=True,
        description="Whether the account's call restrictions still apply. (KAZOO fills in True)",
    )
    id: str | None = Field(default=None, description="The list's id.")
    idx_name: str | None = Field(default=None, description="The index in the list.")
    interdigit_timeout: int | None = Field(
        default=None,
        description="How many milliseconds to wait for the next digit.",
    )
    max_digits: int | None = Field(default=None, description="The most digits of the number.")
    media_id: str | None = Field(default=None, description="The prompt that asks for the number.")
    min_digits: int | None = Field(default=None, description="The fewest digits of the number.")
    permit_custom_callflow: bool = Field(
        default=False,
        description="Whether the number dialled afterwards may be another callflow. (KAZOO fills in False)",
    )
    whitelist_regex: str | None = Field(default=None, description="A regular expression numbers must match.")
    skip_module: bool | None = Field(
        default=None,
        description="Skip this node: go straight to the wildcard child.",
    )


class DynamicCid(ModuleNode):
    """Changes the caller identity for the rest of the call: asked for, fixed, or from a list.

    Branches: `_`.
    """

    kazoo_versions: ClassVar[tuple[str, ...]] = ("4.3", "5")
    child_keys: ClassVar[tuple[str, ...]] = ("_",)
    other_child_keys: ClassVar[str] = ""
    traps: ClassVar[tuple[str, ...]] = ()

    module: Literal["dynamic_cid"] = "dynamic_cid"
    data: DynamicCidData = Field(default_factory=DynamicCidData)
