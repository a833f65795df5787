"""Models of the `check_cid` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from typing import ClassVar, Literal

from pydantic import Field

from kazoo_callflow._models import Data, ModuleNode


class CheckCidCallerIdExternal(Data):
    """The identity shown outside."""

    name: str | None = Field(default=None, description="The name.")
    number: str | None = Field(default=None, description="The number.")


class CheckCidCallerId(Data):
    """The identity the call gets on a match."""

    external: CheckCidCallerIdExternal | None = Field(default=None, description="The identity shown outside.")


class CheckCidData(Data):
    """The data of `check_cid`."""

    regex: str = Field(
        default=".*",
        description="A regular expression looked for anywhere in the number. (KAZOO fills in '.*')",
    )
    caller_id: CheckCidCallerId | None = Field(
        default=None,
        description="The identity the call gets on a match.",
    )
    use_absolute_mode: bool = Field(
        default=False,
        description="Whether the number itself is the child key. (KAZOO fills in False)",
    )
    user_id: str | None = Field(default=None, description="The owner the call gets on a match.")
    skip_module: bool | None = Field(
        default=None,
        description="Skip this node: go straight to the wildcard child.",
    )


class CheckCid(ModuleNode):
    """Branches on whether the caller's number matches.

    Branches: `match`, `nomatch`, `_`, the caller's number, with use_absolute_mode.
    """

    kazoo_versions: ClassVar[tuple[str, ...]] = ("4.3", "5")
    child_keys: ClassVar[tuple[str, ...]] = ("match", "nomatch", "_")
    other_child_keys: ClassVar[str] = "the caller's number, with use_absolute_mode"
    traps: ClassVar[tuple[str, ...]] = ()

    module: Literal["check_cid"] = "check_cid"
    data: CheckCidData = Field(default_factory=CheckCidData)
