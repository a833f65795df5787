"""The vocabulary of modules: a module is a generator that waits, wakes, and says how the flow continues."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from ._events import JsonObject


@dataclass(frozen=True, slots=True)
class Wait:
    """Wait until a time (None: no limit) or until a key or a leg event, if those are wanted.

    `listener` names who takes the keys. `audio` marks the wait for audio's end, which a listener may report.
    """

    until_ms: int | None
    listener: str = ""
    legs: bool = False
    audio: int | None = None


@dataclass(frozen=True, slots=True)
class Wake:
    """Why the wait ended: time is up, a key, or an event of the other leg."""

    why: Literal["time", "key", "leg"]
    value: str = ""


@dataclass(frozen=True, slots=True)
class Continue:
    """Go on to the child of that key, else the wildcard child, else the branching flow, else hang up."""

    key: str = "_"


@dataclass(frozen=True, slots=True)
class Branch:
    """Run another flow; the wildcard child of this node is remembered for when it ends."""

    flow: JsonObject


@dataclass(frozen=True, slots=True)
class Replace:
    """Throw the running flow away and run this one."""

    flow: JsonObject


@dataclass(frozen=True, slots=True)
class HangUp:
    """End the call, after the audio that is queued; `cause` is KAZOO's hang-up cause."""

    reason: str
    cause: str = "NORMAL_CLEARING"
    sip_code: int | None = None


@dataclass(frozen=True, slots=True)
class Stay:
    """The callflow is over but the call is up: nothing more happens until somebody hangs up."""

    reason: str
    dead_air: bool = False


Next: TypeAlias = Continue | Branch | Replace | HangUp | Stay
Steps: TypeAlias = Generator[Wait, Wake, Next]


class ModuleCrash(Exception):  # noqa: N818
    """KAZOO's module crashes on this input, and KAZOO continues with the wildcard child."""
