"""Pictures of a flow: text for a terminal, Mermaid for a page."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ._flow import Flow

MOST_LINES = 40
"""One screen."""


def describe(flow: Flow, width: int) -> str:
    """Return one line per node, branches indented; the wildcard chain stays at its own indent."""
    lines: list[str] = []
    waiting: list[tuple[Flow, int, str]] = [(flow, 0, "")]
    while waiting:
        node, depth, key = waiting.pop()
        if len(lines) == MOST_LINES:
            shown = sum(1 for _ in flow.walk())
            lines.append(f"… and {shown - MOST_LINES} more nodes")
            break
        branch = "" if key in {"", "_"} else f"{_shown(key)} → "
        # Below forty levels a line would be all indent.
        line = f"{'  ' * min(depth, 40)}{branch}{_visible(node.module)}{_details(node)}"
        lines.append(line if len(line) <= width else f"{line[: width - 1]}…")
        following = node.children.get("_")
        branches = [(child, depth + 1, name) for name, child in node.children.items() if name != "_"]
        if following is not None:
            branches.append((following, depth, "_"))
        waiting.extend(reversed(branches))
    return "\n".join(lines)


def mermaid(flow: Flow) -> str:
    """Return a Mermaid flowchart: one box per node, the child key on each arrow."""
    lines = ["flowchart TD"]
    count = 0
    waiting: list[tuple[Flow, str]] = [(flow, "n0")]
    while waiting:
        node, name = waiting.pop(0)
        details = _details(node)
        label = _quoted(node.module) + (f"<br/>{_quoted(details.strip())}" if details else "")
        lines.append(f'  {name}["{label}"]')
        for key, child in node.children.items():
            count += 1
            below = f"n{count}"
            lines.append(f'  {name} -- "{_quoted(key)}" --> {below}')
            waiting.append((child, below))
    return "\n".join(lines) + "\n"


def _details(node: Flow) -> str:
    shown = [f"{_visible(key)}={_shown(value)}" for key, value in node.data.items()]
    return f" {' '.join(shown)}" if shown else ""


def _shown(value: object) -> str:
    if isinstance(value, Mapping | tuple):
        count = len(value)
        return f"{{{count}}}" if isinstance(value, Mapping) else f"[{count}]"
    text = json.dumps(value, ensure_ascii=False)
    text = text if len(text) <= 50 else f'{text[:48]}…"'
    return _visible(text)


def _visible(text: str) -> str:
    # What strangers wrote must neither move a terminal's cursor nor turn the reading direction.
    return "".join(one if one.isprintable() else f"\\u{ord(one):04x}" for one in text)


def _quoted(text: str) -> str:
    text = _visible(text).replace("#", "#35;")
    for character, entity in (("&", "#38;"), ('"', "#quot;"), ("<", "#lt;"), (">", "#gt;")):
        text = text.replace(character, entity)
    return text
