"""Plays KAZOO: places calls against a Pivot application and follows them to their end. Development only."""

from __future__ import annotations

from ._events import AnyEvent, event_from_dict
from ._ladder import Rung, draw, rungs
from ._live import LiveCall
from ._local import local_stack
from ._played import CallMismatch, PlayedCall
from ._script import Script, ScriptError
from ._session import REDACTED, Session
from ._simulator import Simulator
from ._targets import Answer, Http, InProcess, Scripted, Target, TransportError
from ._world import ACCOUNT_ID, Callee, Caller, Webhook, World

__all__ = [
    "ACCOUNT_ID",
    "REDACTED",
    "Answer",
    "AnyEvent",
    "CallMismatch",
    "Callee",
    "Caller",
    "Http",
    "InProcess",
    "LiveCall",
    "PlayedCall",
    "Rung",
    "Script",
    "ScriptError",
    "Scripted",
    "Session",
    "Simulator",
    "Target",
    "TransportError",
    "Webhook",
    "World",
    "draw",
    "event_from_dict",
    "local_stack",
    "rungs",
]
