"""Models of the `response` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from typing import ClassVar, Literal

from pydantic import Field

from kazoo_callflow._models import Data, ModuleNode


class ResponseData(Data):
    """The data of `response`."""

    code: int = Field(default=486, description="The SIP code, such as 486 for busy. (KAZOO fills in 486)")
    message: str | None = Field(default=None, description="The reason sent with it.")
    media: str | None = Field(
        default=None,
        max_length=2048,
        description="A sound played first. (at most 2048 characters)",
    )
    skip_module: bool | None = Field(
        default=None,
        description="Skip this node: go straight to the wildcard child.",
    )


class Response(ModuleNode):
    """Refuses the call with a SIP code, optionally after a sound.

    Branches: none; nothing runs after it.
    """

    kazoo_versions: ClassVar[tuple[str, ...]] = ("4.3", "5")
    child_keys: ClassVar[tuple[str, ...]] = ()
    other_child_keys: ClassVar[str] = ""
    traps: ClassVar[tuple[str, ...]] = (
        "`code` is an integer; a string rejects the whole answer.",
    )

    module: Literal["response"] = "response"
    data: ResponseData = Field(default_factory=ResponseData)
