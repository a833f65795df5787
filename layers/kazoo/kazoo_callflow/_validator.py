"""Turn KAZOO's facts about a value into a function that checks it.

A check is called with the value, its path and the run; it adds to the run what KAZOO would refuse. The
semantics are those of KAZOO's JSON schema validator, not of JSON Schema at large (KAZOO 4.3: erlang-jesse
1.5-rc13):

- nothing is converted: `"5"`, `5.0` and `true` are not integers;
- lengths count characters; patterns are searched for anywhere in the string;
- a default is filled in before requiredness is checked, if its own type is stated and fits; what is wrong
  with a default is reported like anything else;
- a rule that refers to another shape applies together with that shape;
- unknown keys are accepted, unless the object is closed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Protocol, TypeAlias

from ._errors import Problem, show
from ._hosts import refusal
from ._paths import Path, field_text, path_text

Validator: TypeAlias = "Callable[[Any, Path, ValidationRun], None]"
Rule: TypeAlias = dict[str, Any]

_EMAIL = re.compile(r"^[^@]+@[^@]+$")

_TYPES: dict[str, type] = {"string": str, "boolean": bool, "array": list, "object": dict, "integer": int}
_NAMES = {
    "string": "a string",
    "boolean": "true or false",
    "array": "a list",
    "object": "an object",
    "integer": "an integer",
    "number": "a number",
}


class ValidationRun:
    """One validation: what was found, the nodes still to look at, and the options."""

    __slots__ = ("blocked", "nodes", "problems", "strict", "urls")

    def __init__(self, *, strict: bool = False, urls: bool = True, blocked: Any = None) -> None:
        self.problems: list[Problem] = []
        self.nodes: list[tuple[Any, Path]] = []
        self.strict = strict
        self.urls = urls
        self.blocked = blocked

    def add(self, path: Path, rule: str, message: str) -> None:
        """Record a problem; `message` continues the field's name."""
        self.problems.append(Problem(path_text(path), rule, f"{field_text(path)} {message}"))


class Shapes(Protocol):
    """The source of the shapes that rules refer to."""

    def shape(self, name: str) -> Rule:
        """Return the rule of a named shape."""

    def shape_check(self, name: str) -> Validator:
        """Return its check."""


def compile_rule(rule: Rule, shapes: Shapes, known: frozenset[str] = frozenset()) -> Validator:
    """Return the check for one rule. `known` are keys that strict building takes besides the rule's own."""
    checks: list[Validator] = []
    fields = rule.get("fields", {})
    known = known.union(rule.get("known", ()))
    name = rule.get("same_as")
    alternatives = [
        *rule.get("any_of", ()),
        *(one for one in rule.get("one_of", ()) if set(one) != {"required"}),
    ]
    if name is not None and fields:
        # Two rules for one object: each must take the keys of the other.
        shared = known | fields.keys() | shapes.shape(name).get("fields", {}).keys()
        checks.append(compile_rule(shapes.shape(name), shapes, shared))
        known = shared
    elif name is not None:
        checks.append(shapes.shape_check(name))
    if "any_of" in rule:
        checks.append(_any_of([compile_rule(sub, shapes, known | fields.keys()) for sub in rule["any_of"]]))
    if "choices" in rule:
        checks.append(_choices(rule["choices"]))
    if "items" in rule or "size" in rule or "unique" in rule:
        checks.append(_list(rule, shapes))
    if "length" in rule or "pattern" in rule or "url" in rule or "email" in rule:
        checks.append(_string(rule))
    if "range" in rule:
        checks.append(_range(*rule["range"]))
    if "one_of" in rule:
        subs = [compile_rule(sub, shapes, known | fields.keys()) for sub in rule["one_of"]]
        checks.append(_one_of(rule["one_of"], subs))
    if "fields" in rule or "named" in rule or "required" in rule or "closed" in rule:
        # The alternative that fits knows the keys; without alternatives this rule does.
        checks.append(_object(rule, shapes, None if alternatives or not fields else known | fields.keys()))
    return _typed(rule.get("type"), checks)


def is_of_type(value: Any, wanted: str) -> bool:
    """Say whether a value is of a KAZOO type: booleans are not integers, 4.0 is not an integer."""
    if wanted == "number":
        return isinstance(value, int | float) and not isinstance(value, bool)
    if wanted == "integer":
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, _TYPES[wanted])


def usable_default(rule: Rule) -> bool:
    """KAZOO fills a default in only where the rule states a type and the default is of it."""
    if "default" not in rule or "type" not in rule:
        return False
    wanted = rule["type"]
    return any(is_of_type(rule["default"], one) for one in ([wanted] if isinstance(wanted, str) else wanted))


def _typed(wanted: str | list[str] | None, checks: list[Validator]) -> Validator:
    if wanted is None:
        return checks[0] if len(checks) == 1 else _all(checks)
    if isinstance(wanted, str) and wanted in {"string", "boolean", "object", "array", "integer"}:
        return _of_class(_TYPES[wanted], wanted, checks)
    kinds = [wanted] if isinstance(wanted, str) else wanted
    expected = " or ".join(_NAMES[kind] for kind in kinds)

    def check(value: Any, path: Path, run: ValidationRun) -> None:
        if not any(is_of_type(value, kind) for kind in kinds):
            run.add(path, "type", f"must be {expected}, not {show(value)}.")
            return
        for one in checks:
            one(value, path, run)

    return check


def _of_class(cls: type, wanted: str, checks: list[Validator]) -> Validator:
    # The usual cases have a function of their own: this is the hot path of every answer.
    expected = _NAMES[wanted]

    def wrong(value: Any, path: Path, run: ValidationRun) -> bool:
        if is_of_type(value, wanted):
            return False
        run.add(path, "type", f"must be {expected}, not {show(value)}.")
        return True

    def check_type(value: Any, path: Path, run: ValidationRun) -> None:
        if value.__class__ is not cls:
            wrong(value, path, run)

    if not checks:
        return check_type
    only = checks[0]
    rest = checks[1:]

    def check(value: Any, path: Path, run: ValidationRun) -> None:
        if value.__class__ is not cls and wrong(value, path, run):
            return
        only(value, path, run)
        for one in rest:
            one(value, path, run)

    return check


def _all(checks: list[Validator]) -> Validator:
    def check(value: Any, path: Path, run: ValidationRun) -> None:
        for one in checks:
            one(value, path, run)

    return check


def _choices(choices: list[Any]) -> Validator:
    allowed = {(choice.__class__, choice) for choice in choices}
    listed = ", ".join(str(choice) for choice in choices)

    def check(value: Any, path: Path, run: ValidationRun) -> None:
        key = (str, str(value)) if isinstance(value, str) else (value.__class__, value)
        if isinstance(value, dict | list) or key not in allowed:
            run.add(path, "enum", f"must be one of {listed}, not {show(value)}.")

    return check


def _range(lowest: int | None, highest: int | None) -> Validator:
    low = float("-inf") if lowest is None else lowest
    high = float("inf") if highest is None else highest

    def check(value: Any, path: Path, run: ValidationRun) -> None:
        if not is_of_type(value, "number"):
            return
        if value < low:
            run.add(path, "minimum", f"must be at least {lowest}, not {show(value)}.")
        elif value > high:
            run.add(path, "maximum", f"must be at most {highest}, not {show(value)}.")

    return check


def _string(rule: Rule) -> Validator:
    fewest, most = rule.get("length", [None, None])
    low = fewest or 0
    high = float("inf") if most is None else most
    pattern = rule.get("pattern")
    found = re.compile(pattern, re.ASCII).search if pattern else None
    email, url = rule.get("email", False), rule.get("url", False)

    def check(value: Any, path: Path, run: ValidationRun) -> None:
        if not isinstance(value, str):
            return
        size = len(value)
        if size < low:
            run.add(
                path,
                "minLength",
                f"must have at least {_count(fewest, 'character')}; {show(value)} has {size}.",
            )
        elif size > high:
            run.add(
                path, "maxLength", f"must have at most {_count(most, 'character')}; {show(value)} has {size}."
            )
        if found is not None and not found(value):
            run.add(path, "pattern", f"must match {pattern}, which {show(value)} does not.")
        if email and not _EMAIL.search(value):
            run.add(path, "format", f"must be an e-mail address, not {show(value)}.")
        if url and run.urls:
            why = refusal(value, run.blocked)
            if why is not None:
                run.add(path, "url", why)

    return check


def _count(number: int | None, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _list(rule: Rule, shapes: Shapes) -> Validator:
    item = compile_rule(rule["items"], shapes) if "items" in rule else None
    fewest, most = rule.get("size", [None, None])
    unique = rule.get("unique", False)

    def check(value: Any, path: Path, run: ValidationRun) -> None:
        if not isinstance(value, list):
            return
        if item is not None:
            for index, one in enumerate(value):
                item(one, (path, index), run)
        if fewest is not None and len(value) < fewest:
            run.add(path, "minItems", f"must have at least {_count(fewest, 'item')}, not {len(value)}.")
        if most is not None and len(value) > most:
            run.add(path, "maxItems", f"must have at most {_count(most, 'item')}, not {len(value)}.")
        if unique:
            twice = _repeated(value)
            if twice is not None:
                run.add(path, "uniqueItems", f"must not contain {show(twice[0])} twice.")

    return check


def _repeated(items: list[Any]) -> tuple[Any] | None:
    # Only strings are compared: every list KAZOO wants unique is one of strings, and another type is refused
    # anyway.
    seen: set[str] = set()
    for item in items:
        if isinstance(item, str):
            if item in seen:
                return (item,)
            seen.add(item)
    return None


def _any_of(checks: list[Validator]) -> Validator:
    def check(value: Any, path: Path, run: ValidationRun) -> None:
        first: list[Problem] = []
        for one in checks:
            trial = ValidationRun(urls=run.urls, blocked=run.blocked)
            one(value, path, trial)
            if not trial.problems:
                if run.strict:
                    one(value, path, run)
                return
            first = first or trial.problems
        run.add(path, "anyOf", "fits none of its allowed shapes: " + first[0].message)

    return check


def _one_of(rules: list[Rule], checks: list[Validator]) -> Validator:
    if all(set(rule) == {"required"} for rule in rules):
        return _one_of_keys([rule["required"] for rule in rules])

    def check(value: Any, path: Path, run: ValidationRun) -> None:
        valid = 0
        fitting: Validator = checks[0]
        trials: list[Problem] = []
        for one in checks:
            trial = ValidationRun(urls=run.urls, blocked=run.blocked)
            one(value, path, trial)
            if trial.problems:
                trials.append(max(trial.problems, key=lambda problem: len(problem.path)))
            else:
                valid += 1
                fitting = one
        if valid == 0:
            trials.sort(
                key=lambda problem: (problem.rule == "type", problem.rule == "enum", -len(problem.path))
            )
            run.add(path, "oneOf", "fits none of its allowed shapes: " + trials[0].message)
        elif valid > 1:
            run.add(path, "oneOf", f"fits {valid} of its allowed shapes, and must fit exactly one.")
        elif run.strict:
            fitting(value, path, run)

    return check


def _one_of_keys(sets: list[list[str]]) -> Validator:
    listed = " / ".join("+".join(keys) for keys in sets)

    def check(value: Any, path: Path, run: ValidationRun) -> None:
        if not isinstance(value, dict):
            return
        present = sum(all(key in value for key in keys) for keys in sets)
        if present != 1:
            run.add(path, "oneOf", f"must have exactly one of {listed}; it has {present or 'none'}.")

    return check


def _object(rule: Rule, shapes: Shapes, known: frozenset[str] | None) -> Validator:
    fields = {name: compile_rule(sub, shapes) for name, sub in rule.get("fields", {}).items()}
    named = [
        (re.compile(pattern, re.ASCII).search, compile_rule(sub, shapes))
        for pattern, sub in rule.get("named", [])
    ]
    closed = rule.get("closed", False)
    filled = {name: sub["default"] for name, sub in rule.get("fields", {}).items() if usable_default(sub)}
    required = [name for name in rule.get("required", ()) if name not in filled]
    doubtful = [
        (name, fields[name], default)
        for name, default in filled.items()
        if _is_refused(fields[name], default)
    ]

    def check(value: Any, path: Path, run: ValidationRun) -> None:
        if not isinstance(value, dict):
            return
        for key, one in value.items():
            field = fields.get(key)
            if field is not None:
                field(one, (path, key), run)
            matched = field is not None
            for search, sub in named:
                if search(key):
                    matched = True
                    sub(one, (path, key), run)
            if not matched:
                if closed:
                    run.add((path, key), "additionalProperties", "is a key KAZOO does not take here.")
                elif run.strict and known is not None and key not in known:
                    run.add((path, key), "unknown", _unknown(key, known))
        for key in required:
            if key not in value:
                run.add((path, key), "required", "is missing, and KAZOO requires it.")
        for key, field, default in doubtful:
            if key not in value:
                field(default, (path, key), run)

    return check


def _is_refused(check: Validator, default: Any) -> bool:
    trial = ValidationRun()
    check(default, None, trial)
    return bool(trial.problems)


def _unknown(key: str, fields: frozenset[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(key, fields, n=1) or sorted(field for field in fields if key in field)
    hint = f"did you mean {near[0]}?" if near and key else f"it has {', '.join(sorted(fields)) or 'none'}."
    return f"is not a field KAZOO knows here: {hint}"
