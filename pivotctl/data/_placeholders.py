"""The checks of texts in which values may stand: `{caller.name}`, `{call.digits}`."""

from __future__ import annotations

import re
from collections.abc import Callable
from difflib import get_close_matches
from typing import Any

from pivot_app.actions import CALL_VALUES
from pivot_app.documents import PLACE, Fillable, Pattern

_ANY_BRACE = re.compile(r"[{}]")

VALUE_OWNERS = ("caller", "account", "call", "state", "query", "lookup")
KNOWN_VALUES = ("caller.name", "caller.number", "account.name", "account.balance", "account.id")
CALL_PLACES = CALL_VALUES | {"digits"}


def check_pattern(pattern: Pattern) -> Callable[[str], str]:
    """Return the check of a text's form."""
    compiled = re.compile(pattern.regex)

    def check(text: str) -> str:
        if not compiled.fullmatch(text):
            if PLACE.search(text):
                raise ValueError(f"{text[:60]!r}: values are not possible here; write {pattern.says}")
            raise ValueError(f"{text[:60]!r} has the wrong form; write {pattern.says}")
        return text

    return check


def check_fillable(fillable: Fillable) -> Callable[[Any], Any]:
    """Return the check of a text that may contain values; a text without values must have the form."""

    def check(text: Any) -> Any:
        if not isinstance(text, str):
            return text
        if "{" in text or "}" in text:
            return check_places(text)
        if fillable.regex and not re.fullmatch(fillable.regex, text):
            raise ValueError(
                f"{text[:60]!r} has the wrong form; write {fillable.says}, or a value like {{call.digits}}"
            )
        return text

    return check


def check_places(text: str) -> str:
    """Return `text` if all its placeholders name data there can be."""
    if _ANY_BRACE.search(PLACE.sub("", text)):
        raise ValueError("a brace is outside a placeholder; write placeholders like {caller.name}")
    for place in PLACE.finditer(text):
        owner, _, name = place[1].partition(".")
        if owner == "call" and name not in CALL_PLACES:
            close = get_close_matches(name, sorted(CALL_PLACES), n=1)
            hint = f"; did you mean {{call.{close[0]}}}?" if close else ""
            raise ValueError(f"no data is called {place[1]!r}{hint or _there_are()}")
        if owner not in VALUE_OWNERS or not name:
            raise ValueError(f"no data is called {place[1]!r}{_there_are()}")
        if owner == "lookup" and "." not in name:
            raise ValueError(f"{{{place[1]}}} names no part of the answer; write {{lookup.SOURCE.PATH}}")
    return text


def _there_are() -> str:
    calls = ", ".join(f"call.{name}" for name in sorted(CALL_PLACES))
    return (
        f"; there are {', '.join(KNOWN_VALUES)}, {calls}, state.NAME, query.NAME, lookup.SOURCE.PATH, and "
        "attributes such as caller.vip"
    )
