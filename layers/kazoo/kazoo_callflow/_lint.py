"""What KAZOO accepts and a caller regrets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ._branches import branch_rules, why_never_taken
from ._errors import Problem, show
from ._flow import NOT_MODULES
from ._limits import NESTED_BRANCHES, QUICK_NODES, is_quick
from ._paths import Path, path_text
from ._schemas import VERSIONS, KazooVersion, VersionSchemas, schemas_of
from ._validate import MOST_PROBLEMS
from ._validator import ValidationRun


@dataclass(frozen=True, slots=True)
class _At:
    data: dict[str, Any]
    children: dict[str, Any]
    kazoo: str


_FIND = tuple[tuple[str | int, ...], str, str]
"""Where below the node, the rule, the sentence."""
_BRANCHING = frozenset({"callflow", "menu", "directory", "function"})


def lint(document: Any, kazoo: KazooVersion = "5") -> list[Problem]:
    """Return what KAZOO would accept but a caller would regret, for plain JSON or a Flow.

    A pivot without a wildcard child, carriers without failure branches, a device that rings for 40 seconds, a
    conference that mutes its callers, children that never run, values that crash KAZOO's code though its
    schema takes them, too many quick nodes in a row. Parts that are not shaped like a callflow are passed
    over:
    `validate` is about those. About 100 findings are listed at most.
    """
    known = schemas_of(kazoo)
    if hasattr(document, "to_dict"):
        document = document.to_dict()
    found: list[Problem] = []
    table = branch_rules()
    waiting: list[tuple[Any, Path, int, int]] = [(document, None, 0, 0)]
    while waiting and len(found) < MOST_PROBLEMS:
        node, path, burst, branches = waiting.pop()
        module = node.get("module") if isinstance(node, dict) else None
        if not isinstance(module, str):
            continue
        data, children = _object(node, "data"), _object(node, "children")
        finds = list(_node(module, data, children, known))
        burst = burst + 1 if is_quick(node, table) else 0
        if burst == QUICK_NODES:
            finds.append(
                ((), "burst", f"is the {burst}th quick node in a row; about that many end the call.")
            )
        branches += module in _BRANCHING
        if branches == NESTED_BRANCHES + 1:
            finds.append(
                ((), "depth", f"is inside {NESTED_BRANCHES} other branching modules, KAZOO's limit.")
            )
        found += [Problem(path_text(_down(path, keys)), rule, message) for keys, rule, message in finds]
        below = (path, "children")
        waiting.extend((child, (below, key), burst, branches) for key, child in reversed(children.items()))
    return found


def _down(path: Path, keys: tuple[str | int, ...]) -> Path:
    for key in keys:
        path = (path, key)
    return path


def _object(node: dict[str, Any], key: str) -> dict[str, Any]:
    value = node.get(key)
    return value if isinstance(value, dict) else {}


def _node(
    module: str, data: dict[str, Any], children: dict[str, Any], known: VersionSchemas
) -> Iterator[_FIND]:
    if data.get("skip_module") is True:
        return
    if module in NOT_MODULES:
        yield ("module",), "no-such-module", f"{module} has a schema but no code: KAZOO skips the node."
    rule = _RULES.get(module)
    if rule is not None:
        yield from rule(_At(data, children, known.version))
    yield from _crashes(module, data, known)
    for key in children:
        why = why_never_taken(module, key)
        if why is not None:
            yield ("children", key), "unreachable", f"{module} {why}"


def _crashes(module: str, data: dict[str, Any], known: VersionSchemas) -> Iterator[_FIND]:
    # A key this version's schema leaves out but its code reads: the other version's schema tells the type.
    for version in VERSIONS:
        other = schemas_of(version)
        if version == known.version or module not in other.modules or module not in known.modules:
            continue
        fields = other.modules[module].get("fields", {})
        for key in data.keys() & (fields.keys() - known.modules[module].get("fields", {}).keys()):
            run = ValidationRun(urls=False)
            check = other.field_check(module, key)
            check(data[key], ((None, "data"), key), run)
            for problem in run.problems:
                why = f"is not checked by KAZOO {known.version}, whose code fails on it"
                yield ("data", key), "crash", f"{why}: {problem.message}"


def _pivot(at: _At) -> Iterator[_FIND]:
    if "_" not in at.children:
        yield (
            ("children",),
            "pivot-fallback",
            "pivot without a wildcard child: any failure of the server hangs up.",
        )
    if at.data.get("cdr_url"):
        yield ("data", "cdr_url"), "no-effect", "cdr_url does nothing when answers are callflow JSON."


def _carrier(at: _At) -> Iterator[_FIND]:
    if not any(key != "_" for key in at.children):
        yield (
            ("children",),
            "failure-branch",
            (
                "a carrier call that fails runs only a child named after the cause or SIP code; without one "
                "the caller is hung up."
            ),
        )
    if "_" in at.children:
        yield (
            ("children", "_"),
            "unreachable",
            "never runs here: it only silences KAZOO's error announcement.",
        )


def _device(at: _At) -> Iterator[_FIND]:
    if not at.data.get("timeout"):
        yield ("data", "timeout"), "device-timeout", "a device without timeout rings for about 40 seconds."


def _conference(at: _At) -> Iterator[_FIND]:
    config = at.data.get("config")
    if not isinstance(config, dict) or "id" in at.data:
        return
    member = config.get("member")
    if not isinstance(member, dict) or member.get("join_muted", True) is not False:
        yield (
            ("data", "config", "member", "join_muted"),
            "muted",
            ("an ad-hoc conference mutes its members unless join_muted is false: KAZOO fills in true."),
        )


def _collect(at: _At) -> Iterator[_FIND]:
    if at.data.get("terminators") == []:
        yield ("data", "terminators"), "crash", "an empty list crashes collect_dtmf: nothing is collected."


def _send_dtmf(at: _At) -> Iterator[_FIND]:
    duration = at.data.get("duration_ms")
    if isinstance(duration, str) and not (duration.isascii() and duration.isdigit()):
        yield ("data", "duration_ms"), "crash", f"must be a number of milliseconds, not {show(duration)}."


def _integer_keys(at: _At) -> Iterator[_FIND]:
    for key in at.children:
        if key != "_" and not (key.isascii() and key.removeprefix("-").isdigit()):
            yield (
                ("children", key),
                "crash",
                f"a child key must be an integer; {show(key)} crashes the module.",
            )


def _audio_macro(at: _At) -> Iterator[_FIND]:
    macros = at.data.get("macros")
    for index, entry in enumerate(macros if isinstance(macros, list) else []):
        if at.kazoo == "4.3" and isinstance(entry, dict) and entry.get("macro") == "tone":
            yield (
                ("data", "macros", index),
                "no-effect",
                "KAZOO 4.3 hands tones to the switch in the wrong form.",
            )


def _callflow(at: _At) -> Iterator[_FIND]:
    if at.kazoo == "4.3" and "id" not in at.data:
        yield (
            ("data", "id"),
            "no-effect",
            "KAZOO 4.3 knows only stored callflows: without id it goes to the wildcard child.",
        )


def _disa(at: _At) -> Iterator[_FIND]:
    if not at.data.get("pin"):
        yield ("data", "pin"), "open-line", "disa without a PIN lets anyone call out at the account's cost."


def _set_variables(at: _At) -> Iterator[_FIND]:
    variables = at.data.get("custom_application_vars")
    for name, value in variables.items() if isinstance(variables, dict) else ():
        if not isinstance(value, str):
            yield (
                ("data", "custom_application_vars", name),
                "not-a-string",
                f"is {show(value)}; only strings are safe.",
            )


_RULES = {
    "pivot": _pivot,
    "resources": _carrier,
    "offnet": _carrier,
    "device": _device,
    "conference": _conference,
    "conference_feature": _conference,
    "collect_dtmf": _collect,
    "send_dtmf": _send_dtmf,
    "acdc_wait_time": _integer_keys,
    "nomorobo": _integer_keys,
    "audio_macro": _audio_macro,
    "callflow": _callflow,
    "disa": _disa,
    "set_variables": _set_variables,
}
