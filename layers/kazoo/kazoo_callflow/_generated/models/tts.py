"""Models of the `tts` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from typing import ClassVar, Literal

from pydantic import Field

from kazoo_callflow._models import Data, ModuleNode


class TtsData(Data):
    """The data of `tts`."""

    text: str = Field(min_length=1, max_length=1000, description="What is said. (1 to 1000 characters)")
    endless_playback: bool | None = Field(
        default=None,
        description="Whether the text is repeated until a key is pressed.",
    )
    engine: Literal["flite", "google", "ispeech", "voicefabric"] | None = Field(
        default=None,
        description="The speech engine to use instead of the system's own.",
    )
    language: str | None = Field(default=None, description="The language of the text, such as en-us.")
    terminators: list[str] = Field(
        default_factory=lambda: ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"],
        description="Keys that stop the sound; an empty list makes it uninterruptible. (KAZOO fills in all twelve keys)",
    )
    voice: str = Field(
        default="female",
        description="The voice to speak with, such as male or female. (KAZOO fills in 'female')",
    )
    skip_module: bool | None = Field(
        default=None,
        description="Skip this node: go straight to the wildcard child.",
    )


class Tts(ModuleNode):
    """Answers, speaks a text and waits for its end or for a key.

    Branches: `_`.
    """

    kazoo_versions: ClassVar[tuple[str, ...]] = ("4.3", "5")
    child_keys: ClassVar[tuple[str, ...]] = ("_",)
    other_child_keys: ClassVar[str] = ""
    traps: ClassVar[tuple[str, ...]] = (
        "A speech engine that fails hangs the caller up; the wildcard child does not run.",
        "A text of more than 1,000 characters rejects the whole answer; `callflow.say_long` splits one.",
        "A key that stops the speech is kept and is the first digit of the next collect_dtmf.",
    )

    module: Literal["tts"] = "tts"
    data: TtsData
