"""Finds calls that are handed to the balance gate with a query it would refuse."""

from __future__ import annotations

from collections.abc import Iterator

from kazoo_pivot import MisconfiguredError
from pivot_app.actions import Action
from pivot_app.balance_gate import GateParameters
from pivotctl.data._walk import walk_values
from pivotctl.data.documents import MenuDocument, RoutingDocument
from pivotctl.data.lint._diagnostics import Diagnostic

GATE = "balance_gate"
STAND_INS = {"id": "0" * 32, "failed": "0" * 32, "connect": "resources", "announce": "none", "bill": "b"}
"""The stand-in for a value that is filled in during the call: only its name can be checked."""


def gate(document: MenuDocument | RoutingDocument) -> Iterator[Diagnostic]:
    """Yield what the gate would refuse: a parameter it does not know, or a value it can do nothing with."""
    for place, action in walk_values(document):
        if not isinstance(action, Action) or action.do != "callback" or getattr(action, "path", "") != GATE:
            continue
        query = {
            name: STAND_INS.get(name, "") if "{" in value else value
            for name, value in getattr(action, "query", {}).items()
        }
        try:
            GateParameters.read(query)
        except MisconfiguredError as error:
            yield Diagnostic((*place, "query"), "error", str(error).removeprefix("voice_url "))
