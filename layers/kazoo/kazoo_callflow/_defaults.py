"""The flow as KAZOO will run it: with the defaults of its schemas filled in."""

from __future__ import annotations

from typing import Any

from ._flow import Flow
from ._schemas import KazooVersion, VersionSchemas, schemas_of
from ._validate import is_visited_key
from ._validator import Rule, ValidationRun, compile_rule, usable_default
from ._values import copy_json


def defaults(document: Any | Flow, kazoo: KazooVersion = "5") -> Any:
    """Return a copy of a flow with every default KAZOO writes into it before a module sees its data.

    KAZOO's defaults replace the modules' own (KAZOO 4.3: an empty `play` becomes one that twelve keys stop;
    an ad-hoc conference mutes its members). Values that are there are never changed, wrong ones included:
    KAZOO rejects such a flow, and `validate` says so.
    """
    known = schemas_of(kazoo)
    filled = document.to_dict() if isinstance(document, Flow) else copy_json(document)
    waiting: list[Any] = [filled]
    while waiting:
        node = waiting.pop()
        if not isinstance(node, dict):
            continue
        data = node.setdefault("data", {})
        module = node.get("module")
        rule = known.modules.get(module) if isinstance(module, str) else None
        if rule is not None and isinstance(data, dict):
            _fill(data, rule, known, waiting)
        children = node.get("children")
        if isinstance(children, dict):
            waiting.extend(child for key, child in children.items() if is_visited_key(key))
    return filled


def _fill(value: Any, rule: Rule, known: VersionSchemas, nodes: list[Any]) -> None:
    """Fill the defaults of one value in place; flow nodes inside it are added to `nodes`."""
    shape = rule.get("same_as")
    if shape == "action":
        nodes.append(value)
    elif shape is not None:
        _fill(value, known.shape(shape), known, nodes)
    for one in _fitting(value, rule, known):
        _fill(value, one, known, nodes)
    if isinstance(value, list) and "items" in rule:
        for item in value:
            _fill(item, rule["items"], known, nodes)
    if not isinstance(value, dict):
        return
    for name, field in rule.get("fields", {}).items():
        if name not in value and usable_default(field):
            value[name] = copy_json(field["default"])
        if name in value:
            _fill(value[name], field, known, nodes)


def _fitting(value: Any, rule: Rule, known: VersionSchemas) -> list[Rule]:
    # Of alternatives, only the one that holds fills its defaults; entries of audio_macro are told apart this
    # way.
    alternatives = rule.get("one_of") or rule.get("any_of") or []
    for one in alternatives:
        trial = ValidationRun(urls=False)
        compile_rule(one, known)(value, None, trial)
        if not trial.problems:
            return [one]
    return []
