"""Paths in a document, and their notation."""

from __future__ import annotations

import re
from typing import Any, TypeAlias

Path: TypeAlias = "tuple[Any, str | int] | None"
"""A linked list from the leaf up; `None` is the document itself. Made into text only when something is wrong.
"""

_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
_MOST_KEYS = 6


def path_text(path: Path) -> str:
    """Write a path as text: `$.children["*9"].data.text`."""
    parts: list[str] = []
    while path is not None:
        path, key = path
        if isinstance(key, int):
            parts.append(f"[{key}]")
        elif _PLAIN_KEY.fullmatch(key):
            parts.append(f".{key}")
        else:
            escaped = (
                key.replace("\\", "\\\\").replace('"', '\\"').encode("utf-8", "backslashreplace").decode()
            )
            parts.append(f'["{escaped}"]')
    return "$" + "".join(reversed(parts))


def field_text(path: Path) -> str:
    """Name the field at the end of a path, below the node it belongs to: `endpoints[0].id`."""
    if path is None:
        return "the document"
    keys: list[str | int] = []
    at: Path = path
    while at is not None:
        up, key = at
        if key == "data" and _is_node(up) and keys:
            break
        if _is_children(up):
            # The field is the node's own, not its data's.
            keys = keys[-1:] if keys else [f"the child {key!r}"]
            break
        keys.append(key)
        at = up
    short: Path = None
    for key in reversed(keys[:_MOST_KEYS]):
        short = (short, key)
    return str(keys[0]) if len(keys) == 1 else path_text(short)[1:].removeprefix(".")


def _is_children(path: Path) -> bool:
    return path is not None and path[1] == "children" and _is_node(path[0])


def _is_node(path: Path) -> bool:
    # The document is a node, and so is whatever is below `children`.
    return path is None or (path[0] is not None and path[0][1] == "children")
