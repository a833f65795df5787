"""Wrong guesses answered with what to pass instead."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import kazoo_callflow as callflow

from ._events import JsonObject

if TYPE_CHECKING:
    from kazoo_callflow import Flow


def require_target(target: object) -> None:
    """Raise TypeError unless calls can go to this target."""
    if isinstance(target, str):
        msg = f'Simulator takes a target, not an address: Simulator(Http("{target}"))'
    elif isinstance(target, Mapping):
        msg = "Simulator takes a target, not a mapping: Simulator(InProcess({...}))"
    elif callable(target) and not hasattr(target, "send"):
        name = getattr(target, "__name__", "handler")
        msg = f'Simulator takes a target, not a function: Simulator(InProcess({{"/{name}": {name}}}))'
    elif not all(hasattr(target, name) for name in ("send", "public_url", "token")):
        msg = f"Simulator takes a target (InProcess, Http or Scripted), not {type(target).__name__}"
    else:
        return
    raise TypeError(msg)


def as_flow(name: str, value: JsonObject | Flow | None) -> JsonObject | None:
    """Return a flow as plain JSON; TypeError says what `name` takes when the value is none."""
    if value is None:
        return None
    if isinstance(value, callflow.Flow):
        return value.to_dict()
    whole = callflow.as_document(value)
    if whole is not None:
        return whole.flow
    if not isinstance(value, dict) or "module" not in value:
        shown = "an empty object" if value == {} else f"a {type(value).__name__} without a module"
        msg = f"{name} takes a callflow such as hangup(), or None; this is {shown}"
        raise TypeError(msg)
    return value


_MEANT = {
    "user_id": "user_ids=(ID,)",
    "caller_name": "name=",
    "from_": "the first argument",
    "number": "the first argument",
    "to": "the second argument, dialled",
    "url": "path=, below the target's address",
    "headers": "sip_headers=",
    "cavs": "variables=",
    "version": "kazoo=",
}


def no_other_keywords(function: str, given: Mapping[str, Any], known: type) -> None:
    """Raise TypeError for an unknown keyword, with the nearest known one."""
    names = known.__annotations__
    for name in given:
        if name in names:
            continue
        near = get_close_matches(name, names, n=1)
        meant = _MEANT.get(name) or (f"{near[0]}=" if near else None)
        hint = f"did you mean {meant}?" if meant else f"there are {', '.join(sorted(names))}"
        msg = f"{function}() has no keyword {name!r}; {hint}"
        raise TypeError(msg)
