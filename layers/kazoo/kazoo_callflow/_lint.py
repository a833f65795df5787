"""Warns about callflows that KAZOO accepts but that fail for the caller."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from ._branches import branch_rules, why_never_taken
from ._document import as_document
from ._errors import Problem
from ._flow import NOT_MODULES
from ._json import RepeatedKeys
from ._limits import NESTED_BRANCHES, QUICK_NODES, is_quick
from ._lint_rules import RULES, Finding, NodeInPlace, urls
from ._paths import Path, path_text
from ._schemas import VERSIONS, KazooVersion, VersionSchemas, schemas_of
from ._validate import MOST_PROBLEMS
from ._validator import ValidationRun

DEEPEST_CHAIN = 500
"""Nodes below one another; a conversation has a few dozen, and many JSON readers stop at about a thousand."""
MOST_BYTES = 1_000_000
"""Lambda answers 6 MB at most; a flow that is read while a caller waits is far smaller."""
_BRANCHING = frozenset({"callflow", "menu", "directory", "function"})
_ANSWERING = frozenset(
    {
        "answer",
        "collect_dtmf",
        "conference",
        "dead_air",
        "disa",
        "manual_presence",
        "menu",
        "tts",
        "voicemail",
    }
)
_NODE_KEYS = ("module", "data", "children")


class _Above(NamedTuple):
    """The modules that ran before a node."""

    depth: int = 1
    burst: int = 0
    branches: int = 0
    recording: bool = False
    variables: frozenset[str] = frozenset()
    answered_by: str = ""


def lint(document: Any, kazoo: KazooVersion = "5") -> list[Problem]:
    """Return what KAZOO would accept but a caller would regret, for plain JSON or a Flow.

    A pivot without a wildcard child, carriers without failure branches, a device that rings for 40 seconds, a
    conference that mutes its callers, children that never run, keys KAZOO ignores, user names in URLs, values
    that crash KAZOO's code though its schema takes them, too many quick nodes in a row. Parts that are not
    shaped like a callflow are passed over: `validate` is about those. About 100 findings are listed at most.
    """
    known = schemas_of(kazoo)
    if hasattr(document, "to_dict"):
        document = document.to_dict()
    found: list[Problem] = []
    whole = as_document(document)
    if whole is not None:
        found.append(Problem("$", "whole-document", whole.sentence))
        document = whole.flow
    found += _size(document)
    waiting: list[tuple[Any, Path, _Above]] = [(document, None, _Above())]
    while waiting and len(found) < MOST_PROBLEMS:
        node, path, above = waiting.pop()
        module = node.get("module") if isinstance(node, dict) else None
        if not isinstance(module, str):
            continue
        data, children = _object(node, "data"), _object(node, "children")
        at = NodeInPlace(
            module, data, children, known.version, above.recording, above.variables, above.answered_by
        )
        above = _after(at, node, above)
        finds = (*_node_keys(node), *_node(at, known), *_limits(above))
        found += [Problem(path_text(_down(path, keys)), rule, message) for keys, rule, message in finds]
        below = (path, "children")
        onward = above._replace(depth=above.depth + 1)
        if module == "callflow" and kazoo == "5":
            waiting.append((data.get("flow"), ((path, "data"), "flow"), onward))
        waiting.extend((child, (below, key), onward) for key, child in reversed(children.items()))
    return found


def _size(document: Any) -> Iterator[Problem]:
    """Say that a flow is too big to be sent while a caller waits."""
    from ._errors import NotJsonError
    from ._json import dumps

    try:
        size = len(dumps(document))
    except NotJsonError:
        return
    if size > MOST_BYTES:
        message = f"has {size:,} bytes; a flow above {MOST_BYTES:,} is not read in the time a caller waits."
        yield Problem("$", "bytes", message)


def _after(at: NodeInPlace, node: dict[str, Any], above: _Above) -> _Above:
    """Return what ran on the way, this node included."""
    recording, variables = above.recording, above.variables
    if at.module == "record_call" and at.data.get("skip_module") is not True:
        recording = at.data.get("action", "start") != "stop"
    stored = at.data.get("custom_application_vars") if at.module == "set_variables" else None
    if isinstance(stored, dict):
        variables = variables.union(map(str, stored))
    return above._replace(
        burst=above.burst + 1 if is_quick(node, branch_rules()) else 0,
        branches=above.branches + (at.module in _BRANCHING),
        recording=recording,
        variables=variables,
        answered_by=above.answered_by or (at.module if _answers(at) else ""),
    )


def _answers(at: NodeInPlace) -> bool:
    """Say whether a module picks the call up."""
    if at.data.get("skip_module") is True:
        return False
    return at.module in _ANSWERING or (at.module == "play" and at.data.get("answer") is not False)


def _limits(above: _Above) -> Iterator[Finding]:
    if above.burst == QUICK_NODES:
        yield (), "burst", f"is the {above.burst}th quick node in a row; about that many end the call."
    if above.branches == NESTED_BRANCHES + 1:
        yield (), "depth", f"is inside {NESTED_BRANCHES} other branching modules, KAZOO's limit."
    if above.depth == DEEPEST_CHAIN + 1:
        yield (), "depth", f"is below {DEEPEST_CHAIN} other nodes, deeper than many JSON readers go."


def _down(path: Path, keys: tuple[str | int, ...]) -> Path:
    for key in keys:
        path = (path, key)
    return path


def _object(node: dict[str, Any], key: str) -> dict[str, Any]:
    value = node.get(key)
    return value if isinstance(value, dict) else {}


def _node_keys(node: dict[str, Any]) -> Iterator[Finding]:
    """Find misspelt keys of the node itself, and keys that stand twice."""
    from difflib import get_close_matches

    for key in node.keys() - frozenset(_NODE_KEYS):
        near = get_close_matches(
            key.lower(), [name for name in _NODE_KEYS if name not in node], n=1, cutoff=0.7
        )
        if near:
            yield (key,), "unknown-key", f"is a key KAZOO ignores here: did you mean {near[0]}?"
    for part in (node, node.get("data"), node.get("children")):
        if isinstance(part, RepeatedKeys):
            for key, _ in part.later:
                yield (), "repeated-key", f"has the key {key!r} more than once; KAZOO reads the first copy."


def _node(at: NodeInPlace, known: VersionSchemas) -> Iterator[Finding]:
    if at.data.get("skip_module") is True:
        return
    if at.module in NOT_MODULES:
        hint = "; use audio_macro, or tts to speak a text" if at.module.startswith("audio_macro") else ""
        yield (
            ("module",),
            "no-such-module",
            f"{at.module} has a schema but no code: KAZOO skips the node{hint}.",
        )
    rule = RULES.get(at.module)
    if rule is not None:
        yield from rule(at)
    yield from urls(at)
    yield from _other_version(at, known)
    yield from _unknown_keys(at, known)
    for key in at.children:
        why = why_never_taken(at.module, key)
        if why is not None:
            yield ("children", key), "unreachable", f"{at.module} {why}"


def _other_version(at: NodeInPlace, known: VersionSchemas) -> Iterator[Finding]:
    # A key this version's schema leaves out but its code reads: the other version's schema tells the type.
    for key, other in _keys_of_other_version(at, known):
        rule = known.modules[at.module]
        if key not in rule.get("known", ()):
            message = f"is a key of KAZOO {other.version} only; {known.version} ignores it."
            yield ("data", key), "no-effect", message
            continue
        run = ValidationRun(urls=False)
        check = other.field_check(at.module, key)
        check(at.data[key], ((None, "data"), key), run)
        for problem in run.problems:
            why = f"is not checked by KAZOO {known.version}, but its code fails on it"
            yield ("data", key), "crash", f"{why}: {problem.message}"


def _keys_of_other_version(at: NodeInPlace, known: VersionSchemas) -> Iterator[tuple[str, VersionSchemas]]:
    for version in VERSIONS:
        other = schemas_of(version)
        if version == known.version or at.module not in other.modules or at.module not in known.modules:
            continue
        fields = other.modules[at.module].get("fields", {})
        for key in at.data:
            if key in fields and key not in known.modules[at.module].get("fields", {}):
                yield key, other


class _KeyRun(ValidationRun):
    """A strict validation that keeps only the keys KAZOO ignores, each with its place and a hint."""

    __slots__ = ("ignored",)

    def __init__(self) -> None:
        super().__init__(strict=True, urls=False)
        self.ignored: list[tuple[tuple[str | int, ...], str]] = []

    def add(self, path: Path, rule: str, message: str) -> None:
        """Keep an ignored key; every other problem is for `validate`."""
        if rule == "unknown":
            keys: list[str | int] = []
            while path is not None:
                path, key = path
                keys.append(key)
            self.ignored.append((tuple(reversed(keys)), message))


def _unknown_keys(at: NodeInPlace, known: VersionSchemas) -> Iterator[Finding]:
    """Find keys of the data that KAZOO ignores, nested ones too."""
    check = known.check(at.module) if at.module not in NOT_MODULES else None
    if check is None:
        return
    run = _KeyRun()
    check(at.data, (None, "data"), run)
    elsewhere = {key for key, _ in _keys_of_other_version(at, known)}
    for keys, message in run.ignored:
        if len(keys) == 2 and keys[1] in elsewhere:
            continue
        misplaced = len(keys) == 2 and keys[1] in _NODE_KEYS
        hint = f"is ignored inside data; {keys[1]} belongs beside data." if misplaced else message
        yield keys, "unknown-key", hint
