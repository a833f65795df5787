"""Plays KAZOO: places calls against a Pivot application and follows them to their end. Development only.

Each name is imported when it is first used: the pytest plugin of this package is loaded in every test run.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ._events import AnyEvent as AnyEvent
    from ._events import HookPosted as HookPosted
    from ._events import event_from_dict as event_from_dict
    from ._kazoo import ACCOUNT_ID as ACCOUNT_ID
    from ._kazoo import Callee as Callee
    from ._kazoo import Caller as Caller
    from ._kazoo import CarrierFailure as CarrierFailure
    from ._kazoo import KazooConfig as KazooConfig
    from ._kazoo import Webhook as Webhook
    from ._live import LiveCall as LiveCall
    from ._request import BUILDS as BUILDS
    from ._request import KazooBuild as KazooBuild
    from ._script import Script as Script
    from ._script import ScriptError as ScriptError
    from ._scripted_call import CallMismatchError as CallMismatchError
    from ._scripted_call import ScriptedCall as ScriptedCall
    from ._sequence_diagram import Row as Row
    from ._sequence_diagram import draw as draw
    from ._sequence_diagram import rows as rows
    from ._session import REDACTED as REDACTED
    from ._session import Session as Session
    from ._simulator import Simulator as Simulator
    from ._targets import Http as Http
    from ._targets import InProcess as InProcess
    from ._targets import Scripted as Scripted
    from ._targets import Target as Target
    from ._transport import Answer as Answer
    from ._transport import TransportError as TransportError

_HOMES = {
    "ACCOUNT_ID": "_kazoo",
    "Answer": "_transport",
    "AnyEvent": "_events",
    "HookPosted": "_events",
    "CallMismatchError": "_scripted_call",
    "Callee": "_kazoo",
    "Caller": "_kazoo",
    "CarrierFailure": "_kazoo",
    "BUILDS": "_request",
    "KazooBuild": "_request",
    "Http": "_targets",
    "InProcess": "_targets",
    "LiveCall": "_live",
    "ScriptedCall": "_scripted_call",
    "REDACTED": "_session",
    "Row": "_sequence_diagram",
    "Script": "_script",
    "ScriptError": "_script",
    "Scripted": "_targets",
    "Session": "_session",
    "Simulator": "_simulator",
    "Target": "_targets",
    "TransportError": "_transport",
    "Webhook": "_kazoo",
    "KazooConfig": "_kazoo",
    "draw": "_sequence_diagram",
    "event_from_dict": "_events",
    "rows": "_sequence_diagram",
}


if not TYPE_CHECKING:  # type checkers know every name from above, and no other
    __all__ = sorted(_HOMES)  # noqa: PLE0605

    def __getattr__(name: str) -> Any:
        """Import a public name when it is first used."""
        home = _HOMES.get(name)
        if home is None:
            from difflib import get_close_matches

            near = get_close_matches(name, _HOMES, n=1)
            hint = f"; did you mean {near[0]}?" if near else f"; there are {', '.join(sorted(_HOMES))}"
            raise AttributeError(f"kazoo_simulator has no {name!r}{hint}")
        value = getattr(import_module(f"{__name__}.{home}"), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted(_HOMES)
