"""Models of the `tones` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from typing import ClassVar, Literal

from pydantic import Field

from kazoo_callflow._models import Data, ModuleNode


class Tone(Data):
    """One tone cadence: frequencies sounded together, then silence."""

    duration_off: int = Field(description="How many milliseconds of silence follow.")
    duration_on: int = Field(description="How many milliseconds the tone sounds.")
    frequencies: list[int] = Field(
        min_length=1,
        description="The frequencies sounded together, in hertz. (at least 1 item)",
    )
    repeat: int | None = Field(default=None, description="How many times it is sounded.")
    volume: int | None = Field(
        default=None,
        le=0,
        description="How much quieter than full volume, in decibels: zero or below. (at most 0)",
    )


class TonesData(Data):
    """The data of `tones`."""

    tones: list[Tone] | None = Field(default=None, description="The tones, in order.")
    skip_module: bool | None = Field(
        default=None,
        description="Skip this node: go straight to the wildcard child.",
    )


class Tones(ModuleNode):
    """Answers, plays a series of tones and waits for their end.

    Branches: `_`.
    """

    kazoo_versions: ClassVar[tuple[str, ...]] = ("5",)
    child_keys: ClassVar[tuple[str, ...]] = ("_",)
    other_child_keys: ClassVar[str] = ""
    traps: ClassVar[tuple[str, ...]] = ()

    module: Literal["tones"] = "tones"
    data: TonesData = Field(default_factory=TonesData)
