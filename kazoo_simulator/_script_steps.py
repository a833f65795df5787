"""The steps of a call script: one model for each, and how a played call carries it out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, model_validator

from ._events import LegHook
from ._scripted_call import ScriptedCall

Keys = Annotated[str, Field(pattern=r"^[0-9*#]{1,64}$")]
Seconds = Annotated[float, Field(ge=0, le=86_400)]


class Document(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)


class _Short(Document):
    """A step whose only value can be written alone: `presses: "1"`."""

    @model_validator(mode="before")
    @classmethod
    def _expand(cls, value: Any) -> Any:
        if value is None:
            return {}
        return value if isinstance(value, Mapping) else {next(iter(cls.model_fields)): value}


class Hears(_Short):
    """Expect to hear a part of a text, or a pattern, in a language."""

    text: str | None = None
    pattern: str | None = None
    language: str | None = None

    @model_validator(mode="after")
    def _one(self) -> Hears:
        if (self.text is None) == (self.pattern is None):
            msg = "give either text or pattern"
            raise ValueError(msg)
        return self


class Presses(_Short):
    """Press keys, after the prompt or during it."""

    keys: Keys
    during: bool = False


class Waits(_Short):
    """Do nothing for a while."""

    seconds: Seconds


class HangsUp(_Short):
    """Let the caller hang up."""

    after_s: Seconds = 0


class Rings(_Short):
    """Expect a phone to ring."""

    target: str


class Answered(_Short):
    """Let the ringing phone be picked up."""

    talk_s: Seconds = 30


class TalksTo(_Short):
    """Expect to be connected."""

    target: str


class Asks(_Short):
    """Expect a request to an address containing that."""

    path: str


class Transfers(_Short):
    """Let one side send the other to somebody."""

    to: str
    answered: bool = True
    rings_s: Seconds = 3
    talk_s: Seconds = 30
    attended: bool = False
    consult_s: Seconds = 5


class TakesOver(_Short):
    """Let another phone pick up the ringing call, or take the conversation over."""

    by: str = "1099"
    talk_s: Seconds = 30


class Moves(_Short):
    """Let the caller go on at another of his phones."""

    talk_s: Seconds = 30


class Parks(_Short):
    """Let one side park the other, whom somebody retrieves later."""

    slot: str = "101"
    by: str = "1099"
    after_s: Seconds = 30
    talk_s: Seconds = 30


class ConferenceDials(_Short):
    """Let the conference dial somebody."""

    to: str
    rings_s: Seconds = 5
    talk_s: Seconds = 30


class HeardFallback(_Short):
    """Expect the fallback, because of a reason that contains this."""

    reason: str = ""


class Webhooks(Document):
    """The network loses or delays webhooks: those of one event or leg, or all."""

    loses: bool = False
    later_s: Seconds = 0
    hook: LegHook | None = None
    leg: str | None = None


class Ends(_Short):
    """Expect the call to end."""

    cause: str | None = None
    by: Literal["kazoo", "caller", "callee", "simulator"] | None = None


Bare: TypeAlias = Literal[
    "answered",
    "busy",
    "unanswered",
    "rejected",
    "callee_hangs_up",
    "hangs_up",
    "dead_air",
    "ends",
    "picked_up",
    "intercepted",
    "moves",
    "replaced",
    "parks",
    "callee_parks",
    "media_server_dies",
    "heard_fallback",
]


class Step(Document):
    """One line of a script: exactly one of these."""

    hears: Hears | None = None
    presses: Presses | None = None
    waits: Waits | None = None
    hangs_up: HangsUp | None = None
    rings: Rings | None = None
    answered: Answered | None = None
    talks_to: TalksTo | None = None
    asks: Asks | None = None
    transfers: Transfers | None = None
    callee_transfers: Transfers | None = None
    picked_up: TakesOver | None = None
    intercepted: TakesOver | None = None
    replaced: TakesOver | None = None
    moves: Moves | None = None
    parks: Parks | None = None
    callee_parks: Parks | None = None
    conference_dials: ConferenceDials | None = None
    heard_fallback: HeardFallback | None = None
    ends: Ends | None = None
    bare: Bare | None = Field(default=None, exclude=True)

    @model_validator(mode="before")
    @classmethod
    def _word(cls, value: Any) -> Any:
        if isinstance(value, str):
            return {"bare": value}
        if isinstance(value, Mapping) and len(value) == 1:
            name, inner = next(iter(value.items()))
            return {name: {}} if inner is None and name in cls.model_fields else value
        msg = 'a step is one word, or one word with its value, e.g. `- presses: "1"`'
        raise ValueError(msg)


def play(call: ScriptedCall, step: Step) -> None:
    if step.bare is not None:
        getattr(call, step.bare)()
    elif step.hears is not None:
        text = step.hears.text if step.hears.pattern is None else re.compile(step.hears.pattern)
        call.hears(text or "", language=step.hears.language)
    elif step.presses is not None:
        call.presses(step.presses.keys, during=step.presses.during)
    elif step.waits is not None:
        call.waits(step.waits.seconds)
    elif step.hangs_up is not None:
        call.hangs_up(after_s=step.hangs_up.after_s)
    elif step.rings is not None:
        call.rings(step.rings.target)
    elif step.answered is not None:
        call.answered(talk_s=step.answered.talk_s)
    elif step.talks_to is not None:
        call.talks_to(step.talks_to.target)
    elif step.asks is not None:
        call.asks(step.asks.path)
    elif (handed := _handover_of(step)) is not None:
        name, values = handed
        getattr(call, name)(**values)
    elif step.ends is not None:
        call.ends(step.ends.cause, by=step.ends.by)


_HANDOVERS = (
    "transfers", "callee_transfers", "picked_up", "intercepted", "replaced", "moves", "parks", "callee_parks",
    "conference_dials", "heard_fallback",
)  # fmt: skip


def _handover_of(step: Step) -> tuple[str, dict[str, Any]] | None:
    """Return the method of a call that plays such a step, and its keywords."""
    for name in _HANDOVERS:
        given = getattr(step, name)
        if given is not None:
            return name, dict(given)
    return None
