"""Plays KAZOO: places calls against a Pivot application and follows them to their end. Development only.

Each name is imported when it is first used: the pytest plugin of this package is loaded in every test run.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ._events import AnyEvent as AnyEvent
    from ._events import event_from_dict as event_from_dict
    from ._ladder import Rung as Rung
    from ._ladder import draw as draw
    from ._ladder import rungs as rungs
    from ._live import LiveCall as LiveCall
    from ._local import local_stack as local_stack
    from ._played import CallMismatch as CallMismatch
    from ._played import PlayedCall as PlayedCall
    from ._script import Script as Script
    from ._script import ScriptError as ScriptError
    from ._session import REDACTED as REDACTED
    from ._session import Session as Session
    from ._simulator import Simulator as Simulator
    from ._targets import Http as Http
    from ._targets import InProcess as InProcess
    from ._targets import Scripted as Scripted
    from ._targets import Target as Target
    from ._transport import Answer as Answer
    from ._transport import TransportError as TransportError
    from ._world import ACCOUNT_ID as ACCOUNT_ID
    from ._world import Callee as Callee
    from ._world import Caller as Caller
    from ._world import Webhook as Webhook
    from ._world import World as World

_HOMES = {
    "ACCOUNT_ID": "_world",
    "Answer": "_transport",
    "AnyEvent": "_events",
    "CallMismatch": "_played",
    "Callee": "_world",
    "Caller": "_world",
    "Http": "_targets",
    "InProcess": "_targets",
    "LiveCall": "_live",
    "PlayedCall": "_played",
    "REDACTED": "_session",
    "Rung": "_ladder",
    "Script": "_script",
    "ScriptError": "_script",
    "Scripted": "_targets",
    "Session": "_session",
    "Simulator": "_simulator",
    "Target": "_targets",
    "TransportError": "_transport",
    "Webhook": "_world",
    "World": "_world",
    "draw": "_ladder",
    "event_from_dict": "_events",
    "local_stack": "_local",
    "rungs": "_ladder",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used."""
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"kazoo_simulator has no {name!r}")
    value = getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})
