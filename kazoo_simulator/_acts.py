"""The acts: what people, and the network, do to a call besides pressing keys, as plain data."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Literal, TypeAlias


@dataclass(frozen=True, slots=True)
class Transfer:
    """The caller sends the callee to somebody; with `attended` he asks there first, in a second call."""

    to: str
    answered: bool = True
    rings_s: float = 3
    talk_s: float = 30
    attended: bool = False
    consult_s: float = 5


@dataclass(frozen=True, slots=True)
class CalleeTransfer:
    """The callee sends the caller to somebody; with `attended` he asks there first, in a call of his own."""

    to: str
    answered: bool = True
    rings_s: float = 3
    talk_s: float = 30
    attended: bool = False
    consult_s: float = 5


@dataclass(frozen=True, slots=True)
class Pickup:
    """Somebody else picks up the ringing call."""

    by: str = "1099"
    talk_s: float = 30


@dataclass(frozen=True, slots=True)
class Intercept:
    """Another phone takes the conversation over: a colleague's, the caller's own, one that sends Replaces."""

    by: str = "1099"
    how: Literal["intercept", "move", "replaces"] = "intercept"
    talk_s: float = 30


@dataclass(frozen=True, slots=True)
class Park:
    """One side parks the other, and somebody retrieves it later."""

    slot: str = "101"
    by: str = "1099"
    after_s: float = 30
    talk_s: float = 30
    by_callee: bool = False


@dataclass(frozen=True, slots=True)
class ConferenceDials:
    """The conference the caller is in dials somebody."""

    to: str
    rings_s: float = 5
    talk_s: float = 30


@dataclass(frozen=True, slots=True)
class SwitchDies:
    """The media server is lost: every leg is gone, and KAZOO tells nobody."""


Act: TypeAlias = Transfer | CalleeTransfer | Pickup | Intercept | Park | ConferenceDials | SwitchDies
_ACTS: tuple[type[Act], ...] = (
    Transfer, CalleeTransfer, Pickup, Intercept, Park, ConferenceDials, SwitchDies,
)  # fmt: skip


def act_from_dict(values: dict[str, Any]) -> Act:
    """Rebuild an act out of a recording."""
    kind = next(act for act in _ACTS if act.__name__ == values["act"])
    return kind(**{field.name: values[field.name] for field in fields(kind) if field.name in values})
