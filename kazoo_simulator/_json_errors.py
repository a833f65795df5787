"""KAZOO's classes of text that is not JSON."""

from __future__ import annotations

import re
from typing import Literal, TypeAlias

SyntaxFault: TypeAlias = Literal["invalid_json", "not_recognised"]

_SPACE = " \t\r\n"
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")
_STRING = re.compile(
    r'"(?:[^"\\\x00-\x1f]|\\["\\/bfnrt]'
    r"|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    r"|\\u(?![dD][89a-fA-F])[0-9a-fA-F]{4})*\""
)
_WORDS = {"n": "null", "t": "true", "f": "false"}


def syntax_fault(text: str) -> SyntaxFault:
    """Return KAZOO's class of a text that is not JSON.

    A wrong character, a byte order mark, or text after the document is `invalid_json`. A text that ends too
    early or is blank, a bad string, a half word and a bad number are `not_recognised`.
    """
    stack: list[str] = []
    wanted = "value"
    place = 0
    while True:
        while place < len(text) and text[place] in _SPACE:
            place += 1
        if place == len(text):
            return "invalid_json" if wanted == "done" else "not_recognised"
        mark = text[place]
        if wanted == "done":
            return "invalid_json"
        if wanted in ("key", "first_key"):
            if mark == "}" and wanted == "first_key":
                stack.pop()
                wanted = "comma" if stack else "done"
                place += 1
                continue
            if mark != '"':
                return "invalid_json"
            found = _STRING.match(text, place)
            if found is None:
                return "not_recognised"
            place, wanted = found.end(), "colon"
        elif wanted == "colon":
            if mark != ":":
                return "invalid_json"
            place, wanted = place + 1, "value"
        elif wanted == "comma":
            if mark == ",":
                wanted = "key" if stack[-1] == "{" else "value"
            elif mark == ("}" if stack[-1] == "{" else "]"):
                stack.pop()
                wanted = "comma" if stack else "done"
            else:
                return "invalid_json"
            place += 1
        elif mark in "{[":
            stack.append(mark)
            wanted = "first_key" if mark == "{" else "first_value"
            place += 1
        elif mark == "]" and wanted == "first_value":
            stack.pop()
            wanted = "comma" if stack else "done"
            place += 1
        else:
            end = _scalar_end(text, place)
            if isinstance(end, str):
                return end
            place, wanted = end, "comma" if stack else "done"


def _scalar_end(text: str, place: int) -> int | SyntaxFault:
    mark = text[place]
    if mark == '"':
        found = _STRING.match(text, place)
    elif mark in _WORDS:
        return place + len(_WORDS[mark]) if text.startswith(_WORDS[mark], place) else "not_recognised"
    elif mark in "-0123456789":
        found = _NUMBER.match(text, place)
        if found is not None:
            after = text[found.end() : found.end() + 1]
            whole = found.group()
            unfinished = after in (".", "e", "E") and after != ""
            if unfinished or (
                not whole.lstrip("-").isdigit() and float(whole) in (float("inf"), -float("inf"))
            ):
                return "not_recognised"
    else:
        return "invalid_json"
    return "not_recognised" if found is None else found.end()
