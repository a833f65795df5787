"""Models of the `audio_macro` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from typing import ClassVar, Literal

from pydantic import Field

from kazoo_callflow._models import Data, ModuleNode


class TtsSound(Data):
    """Answers, speaks a text and waits for its end or for a key."""

    macro: Literal["tts"] = Field(description="The kind of sound this is.")
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


class SaySound(Data):
    """A number, date or spelling inside an audio_macro."""

    macro: Literal["say"] = Field(description="The kind of sound this is.")
    gender: Literal["masculine", "feminine", "neuter"] | None = Field(
        default=None,
        description="The grammatical gender of what is counted.",
    )
    language: str | None = Field(default=None, description="The language to speak.")
    method: Literal["none", "pronounced", "iterated", "counted"] | None = Field(
        default=None,
        description="How numbers are spoken: one by one, as a whole, as a count...",
    )
    terminators: list[str] = Field(
        default_factory=lambda: ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"],
        description="Keys that stop the sound; an empty list makes it uninterruptible. (KAZOO fills in all twelve keys)",
    )
    text: str | None = Field(default=None, description="What is said: the digits of a number, a date...")
    type: Literal["number", "items", "persons", "messages", "currency", "time_measurement", "current_date", "current_time", "current_date_time", "telephone_number", "telephone_extension", "url", "ip_address", "e-mail_address", "postal_address", "account_number", "name_spelled", "name_phonetic", "short_date_time"] | None = Field(
        default=None,
        description="How the text is read: as a number, a date, an amount of money, spelled...",
    )


class PromptSound(Data):
    """A system or account prompt inside an audio_macro."""

    macro: Literal["prompt"] = Field(description="The kind of sound this is.")
    id: str | None = Field(default=None, description="The prompt's id, such as vm-goodbye.")
    language: str | None = Field(default=None, description="The language of the prompt.")
    terminators: list[str] = Field(
        default_factory=lambda: ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"],
        description="Keys that stop the sound; an empty list makes it uninterruptible. (KAZOO fills in all twelve keys)",
    )


class ToneSound(Data):
    """A tone inside an audio_macro."""

    macro: Literal["tone"] = Field(description="The kind of sound this is.")
    duration_off: int | None = Field(default=None, description="How many milliseconds of silence follow.")
    duration_on: int | None = Field(default=None, description="How many milliseconds the tone sounds.")
    frequencies: list[int] | None = Field(
        default=None,
        description="The frequencies sounded together, in hertz.",
    )
    repeat: int | None = Field(default=None, description="How many times it is sounded.")
    volume: int | None = Field(
        default=None,
        ge=0,
        le=100,
        description="How loud it is, in percent. (0 to 100)",
    )


class PlaySound(Data):
    """Answers unless told not to, plays one sound and waits for its end or for a key."""

    macro: Literal["play"] = Field(description="The kind of sound this is.")
    answer: bool | None = Field(default=None, description="Whether the call is answered first.")
    endless_playback: bool = Field(
        default=False,
        description="Whether the sound is repeated until a key is pressed. (KAZOO fills in False)",
    )
    id: str | None = Field(
        default=None,
        description="A media document's id, or a URL or path when it has a slash in it.",
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


class AudioMacroData(Data):
    """The data of `audio_macro`."""

    macros: list[PlaySound | ToneSound | PromptSound | SaySound | TtsSound] = Field(
        min_length=1,
        description="The sounds, in order; `macro` names the kind of each. (at least 1 item)",
    )
    language: str | None = Field(
        default=None,
        description="The language of prompts and numbers, such as en-us.",
    )
    terminators: list[str] = Field(
        default_factory=lambda: ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"],
        description="Keys that stop the sound; an empty list makes it uninterruptible. (KAZOO fills in all twelve keys)",
    )
    skip_module: bool | None = Field(
        default=None,
        description="Skip this node: go straight to the wildcard child.",
    )


class AudioMacro(ModuleNode):
    """Plays a list of sounds without a gap: media, prompts, numbers, tones and speech.

    Branches: `_`.
    """

    kazoo_versions: ClassVar[tuple[str, ...]] = ("4.3", "5")
    child_keys: ClassVar[tuple[str, ...]] = ("_",)
    other_child_keys: ClassVar[str] = ""
    traps: ClassVar[tuple[str, ...]] = (
        "It does not answer the call by itself, unlike play and tts.",
        "On KAZOO 4.3 entries of kind tone reach the switch in the wrong form: do not count on them.",
        "A list in which nothing can be played goes on to the wildcard child at once.",
    )

    module: Literal["audio_macro"] = "audio_macro"
    data: AudioMacroData
