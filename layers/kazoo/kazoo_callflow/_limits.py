"""KAZOO's limits on a flow as a whole: how many quick nodes in a row, how deep.

KAZOO 4.3: starting a module costs 5 of 100 tokens, of which 10 come back every second; without a token the
call ends. So a chain of about twenty modules that are done at once, or that are skipped, kills the call.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ._branches import branch_rules

QUICK_NODES = 20
"""That many quick nodes in a row empty the bucket."""
NESTED_BRANCHES = 50
"""About that many callflows and menus inside each other KAZOO follows."""
TTS_CHARACTERS = 1000
"""The longest text of one tts node."""


@dataclass(frozen=True, slots=True)
class Size:
    """How big a flow is."""

    nodes: int
    depth: int
    """Nodes on the longest way down."""
    longest_burst: int
    """The most quick nodes in a row on any way down; see QUICK_NODES."""
    burst_at: tuple[str, ...]
    """The child keys that lead to the end of that burst, the last 20 of them."""


def measure(document: Any) -> Size:
    """Measure a flow (a Flow, or plain JSON shaped like one)."""
    if hasattr(document, "to_dict"):
        document = document.to_dict()
    known = branch_rules()
    nodes = depth = longest = 0
    where: tuple[str, ...] = ()
    waiting: list[tuple[Any, int, int, tuple[str, ...]]] = [(document, 1, 0, ())]
    while waiting:
        node, level, burst, keys = waiting.pop()
        if not isinstance(node, dict):
            continue
        nodes += 1
        depth = max(depth, level)
        burst = burst + 1 if is_quick(node, known) else 0
        if burst > longest:
            longest, where = burst, keys
        children = node.get("children")
        if isinstance(children, dict):
            waiting.extend((child, level + 1, burst, (*keys[-19:], key)) for key, child in children.items())
    return Size(nodes, depth, longest, where)


def is_quick(node: dict[str, Any], known: dict[str, dict[str, Any]]) -> bool:
    """Say whether a node is done at once: a silent module, or any that is skipped."""
    data = node.get("data")
    if isinstance(data, dict) and data.get("skip_module") is True:
        return True
    module = node.get("module")
    return isinstance(module, str) and bool(known.get(module, {}).get("non_blocking"))
