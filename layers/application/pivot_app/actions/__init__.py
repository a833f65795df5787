"""Actions: what keys and rules can do, which one a call gets to, and the callflow that does it."""

from pivot_app.actions._call_context import CALL_VALUES, CallContext
from pivot_app.actions._context import ActionContext, ActionScope, Chosen, DocumentSettings, Surroundings
from pivot_app.actions._decide import choose
from pivot_app.actions._perform import perform
from pivot_app.actions._resume import path_text, resume
from pivot_app.actions._schema import (
    ACTIONS,
    Action,
    AnyAction,
    HangUp,
    Hours,
    HuntEntry,
    Path,
    branches,
    walk,
)
from pivot_app.actions._speak import Piece, apology, goodbye, join, ours, pieces, play
from pivot_app.actions._step import Step

__all__ = [
    "ACTIONS",
    "CALL_VALUES",
    "Action",
    "ActionContext",
    "ActionScope",
    "AnyAction",
    "CallContext",
    "Chosen",
    "DocumentSettings",
    "HangUp",
    "Hours",
    "HuntEntry",
    "Path",
    "Piece",
    "Step",
    "Surroundings",
    "apology",
    "branches",
    "choose",
    "goodbye",
    "join",
    "ours",
    "path_text",
    "perform",
    "pieces",
    "play",
    "resume",
    "walk",
]
