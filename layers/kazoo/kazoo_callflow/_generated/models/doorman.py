"""Models of the `doorman` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

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


class DoormanData(Data):
    """The data of `doorman`."""

    id: str = Field(description="The user or device to ring.")
    call_timeout: int = Field(default=30, description="How many seconds to ring. (KAZOO fills in 30)")
    caller_greeting: str = Field(
        default="Hi. Please state your name after the tone.",
        description="What the caller is asked. (KAZOO fills in 'Hi. Please state your name after the tone.')",
    )
    caller_id_name: str = Field(
        default="Doorman",
        description="The name the callee's phone shows. (KAZOO fills in 'Doorman')",
    )
    failover_strategy: Literal["hangup", "voicemail"] = Field(
        default="hangup",
        description="What happens when the callee does not take the call. (KAZOO fills in 'hangup')",
    )
    max_menu_attempts: int = Field(
        default=3,
        description="How many times the callee may press a wrong key. (KAZOO fills in 3)",
    )
    origin: str = Field(
        default="callflow : cf_doorman",
        description="A word that says where the call came from. (KAZOO fills in 'callflow : cf_doorman')",
    )
    recording_limit: int = Field(
        default=3,
        description="How many seconds of the name are recorded; 2 to 16 are used. (KAZOO fills in 3)",
    )
    tones: list[Tone] | None = Field(default=None, description="Tones played before the recording.")
    vmbox_id: str | None = Field(
        default=None,
        description="The voicemail box for callers who are turned away.",
    )
    skip_module: bool | None = Field(
        default=None,
        description="Skip this node: go straight to the wildcard child.",
    )


class Doorman(ModuleNode):
    """Screens the caller: records the name, rings the callee, who accepts, rejects or sends to voicemail.

    Branches: `_`.
    """

    kazoo_versions: ClassVar[tuple[str, ...]] = ("5",)
    child_keys: ClassVar[tuple[str, ...]] = ("_",)
    other_child_keys: ClassVar[str] = ""
    traps: ClassVar[tuple[str, ...]] = ()

    module: Literal["doorman"] = "doorman"
    data: DoormanData
