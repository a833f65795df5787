"""Say quickly that a value is certainly accepted; every other value goes to the checks that say why not.

An answer is nearly always right, and its caller waits while it is judged. A quick test knows plain texts,
numbers, choices and lists of them. It says False for what it does not know: unknown keys, nested objects,
alternatives. So it can be short, and `_validator` alone decides what is wrong and how to say it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

from ._hosts import refusal
from ._validator import Rule, is_of_type, usable_default

Quick: TypeAlias = Callable[[Any], bool]

MOST_NODES = 10_000
"""A value that contains itself has no end of nodes; the other checks know what is wrong with it."""

_SURROGATE = re.compile("[\ud800-\udfff]").search
_STRING = frozenset({"type", "default", "length", "choices", "pattern", "url"})
_INTEGER = frozenset({"type", "default", "range", "choices"})
_BOOLEAN = frozenset({"type", "default"})
_ARRAY = frozenset({"type", "default", "items", "size", "unique"})
_DATA = frozenset({"type", "fields", "required", "one_of"})


def never(_: Any) -> bool:
    """Know nothing."""
    return False


def quick_data(rule: Rule) -> Quick:
    """Return the quick test of a module's data."""
    alternatives = rule.get("one_of", ())
    if not _DATA.issuperset(rule) or any(set(one) != {"required"} for one in alternatives):
        return never
    fields: dict[str, Rule] = rule.get("fields", {})
    tests = {name: _quick_value(field) for name, field in fields.items()}
    if not all(tests[name](field["default"]) for name, field in fields.items() if usable_default(field)):
        return never
    required = frozenset(rule.get("required", ()))
    sets = [frozenset(one["required"]) for one in alternatives]

    def test(data: Any) -> bool:
        for key, value in data.items():
            known = tests.get(key)
            if known is None or not known(value):
                return False
        keys = data.keys()
        return required <= keys and (not sets or sum(one <= keys for one in sets) == 1)

    return test


def quick_tree(roots: Iterable[Any], parts_of: Callable[[Any], Any], tests: Callable[[str], Quick]) -> bool:
    """Say whether every node below these is certainly accepted.

    `parts_of` takes a node apart: its module, data and children; None where it is not plain enough.
    """
    waiting = list(roots)
    seen = 0
    while waiting:
        parts = parts_of(waiting.pop())
        seen += 1
        if parts is None or seen > MOST_NODES:
            return False
        module, data, children = parts
        if not tests(module)(data):
            return False
        if children:
            waiting.extend(children.values())
    return True


def plain_parts(node: Any) -> tuple[str, dict[str, Any], dict[str, Any]] | None:
    """Take a node of plain JSON values apart: one with its module, data and children, and nothing else."""
    if node.__class__ is not dict:
        return None
    module, data, children = node.get("module"), node.get("data"), node.get("children", _NONE)
    if module.__class__ is not str or data.__class__ is not dict or children.__class__ is not dict:
        return None
    if len(node) != (2 if children is _NONE else 3):
        return None
    for key in children:
        if key.__class__ is not str or not key.isascii():
            return None
    return module, data, children


_NONE: dict[str, Any] = {}


def _quick_value(rule: Rule) -> Quick:
    kind, knows = rule.get("type"), rule.keys()
    choices: frozenset[Any] = frozenset(rule.get("choices", ()))
    if kind == "boolean" and knows <= _BOOLEAN:
        return lambda value: value is True or value is False
    if kind == "string" and knows <= _STRING and all(is_of_type(one, "string") for one in choices):
        return _quick_string(rule, choices)
    if kind == "integer" and knows <= _INTEGER and all(is_of_type(one, "integer") for one in choices):
        low, high = _limits(rule, "range", float("-inf"))
        if choices:
            return lambda value: value.__class__ is int and value in choices and low <= value <= high
        return lambda value: value.__class__ is int and low <= value <= high
    if kind == "array" and knows <= _ARRAY and "items" in rule:
        return _quick_list(rule, _quick_value(rule["items"]))
    return never


def _quick_string(rule: Rule, choices: frozenset[str]) -> Quick:
    low, high = _limits(rule, "length", 0)
    if choices and rule.keys() <= {"type", "default", "choices"}:
        return lambda value: value.__class__ is str and value in choices
    if choices:
        return never
    found = re.compile(rule["pattern"], re.ASCII).search if "pattern" in rule else None
    url = rule.get("url", False)

    def test(value: Any) -> bool:
        return (
            value.__class__ is str
            and low <= len(value) <= high
            and (value.isascii() or not _SURROGATE(value))
            and (found is None or found(value) is not None)
            and (not url or refusal(value, None) is None)
        )

    return test


def _quick_list(rule: Rule, item: Quick) -> Quick:
    low, high = _limits(rule, "size", 0)
    unique = rule.get("unique", False)

    def test(value: Any) -> bool:
        return (
            value.__class__ is list
            and low <= len(value) <= high
            and all(map(item, value))
            and (not unique or len(set(value)) == len(value))
        )

    return test


def _limits(rule: Rule, name: str, lowest: float) -> tuple[float, float]:
    low, high = rule.get(name, (None, None))
    return lowest if low is None else low, float("inf") if high is None else high
