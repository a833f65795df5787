"""Models of the `play` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from typing import ClassVar, Literal

from pydantic import Field

from kazoo_callflow._models import Data, ModuleNode


class PlayData(Data):
    """The data of `play`."""

    id: str | None = Field(
        default=None,
        description="A media document's id, or a URL or path when it has a slash in it.",
    )
    answer: bool | None = Field(default=None, description="Whether the call is answered first.")
    endless_playback: bool = Field(
        default=False,
        description="Whether the sound is repeated until a key is pressed. (KAZOO fills in False)",
    )
    loop_count: int | None = Field(
        default=None,
        ge=1,
        description="How many times the sound is played. (at least 1)",
    )
    terminators: list[str] = Field(
        default_factory=lambda: ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"],
        description="Keys that stop the sound; an empty list makes it uninterruptible. (KAZOO fills in all twelve keys)",
    )
    skip_module: bool | None = Field(
        default=None,
        description="Skip this node: go straight to the wildcard child.",
    )


class Play(ModuleNode):
    """Answers unless told not to, plays one sound and waits for its end or for a key.

    Branches: `_`.
    """

    kazoo_versions: ClassVar[tuple[str, ...]] = ("4.3", "5")
    child_keys: ClassVar[tuple[str, ...]] = ("_",)
    other_child_keys: ClassVar[str] = ""
    traps: ClassVar[tuple[str, ...]] = (
        "A sound that cannot be found is not an error: the call goes on to the wildcard child at once.",
        "With no `terminators` every key stops the sound: KAZOO fills in all twelve.",
    )

    module: Literal["play"] = "play"
    data: PlayData = Field(default_factory=PlayData)
