"""A call as a script of the simulator: who called, what was pressed, what should be heard again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from pivot_app.live_debug._told import Step, steps
from pivot_app.live_debug.exchange import Exchange

_KEYS: Final = re.compile(r"[0-9*#]{1,64}")
# What stands where digits were that Live Debug never had; one key, so that the collection ends as it did.
_UNKNOWN_KEYS: Final = "0"


def as_session(exchanges: Sequence[Exchange]) -> dict[str, Any]:
    """Return the script of a call's exchanges, in order; JSON, which is YAML too.

    `kazoo_simulator.Script.load` reads it. Its title says what a person has to put in first: numbers the
    account masks, and digits of sensitive collections, which are never stored.
    """
    first = exchanges[0]
    script = list(steps(exchanges))
    missing = [
        *(["the caller's number, which is masked"] if first.masked else []),
        *(
            ["the digits that are not stored, written as 0"]
            if any(verb == "presses" and not _KEYS.fullmatch(value) for verb, value in script)
            else []
        ),
    ]
    title = f"Recorded call {first.call_id}"
    variables, headers = (
        first.parameters.get("Custom-Application-Vars"),
        first.parameters.get("Custom-SIP-Headers"),
    )
    return {
        "kazoo": first.kazoo_version,
        "title": title + (f"; put in {' and '.join(missing)}" if missing else ""),
        "account_id": first.kazoo_account_id,
        "call": {
            "from": first.caller,
            "to": first.dialled,
            "path": first.path,
            "name": first.caller_name,
            "language": first.language or None,
            "variables": dict(variables) if isinstance(variables, dict) else {},
            "sip_headers": dict(headers) if isinstance(headers, dict) else {},
        },
        "steps": [_step(step) for step in script],
    }


def _step(step: Step) -> dict[str, Any]:
    verb, value = step
    if verb == "presses" and not _KEYS.fullmatch(value):
        value = _UNKNOWN_KEYS
    return {verb: value}
