"""Read what KAZOO's schemas state as facts (types, bounds, choices, defaults) into a table of our own shape.

Nothing of a schema's prose is kept. A rule is a small object; every key is optional:

=================  =================================================================================
`type`             `string`, `integer`, `number`, `boolean`, `array`, `object`, or a list of them
`length`           [fewest, most] characters of a string, `null` where open
`range`            [lowest, highest] value of a number
`size`             [fewest, most] items of a list
`unique`           true: no two items of a list are equal
`choices`          the only values there are
`pattern`          a regular expression the string must contain a match of
`email`            true: the string must look like an e-mail address
`url`              true: scheme and host are checked against the black lists
`default`          what KAZOO fills in when the key is absent
`fields`           the known keys of an object, each with its rule
`required`         the keys an object must have once defaults are filled in
`named`            [[pattern, rule]...] for keys that match a pattern
`known`            keys the module reads though its schema does not list them
`closed`           true: no key beyond `fields` and `named`
`items`            the rule of every item of a list
`same_as`          the name of a shape whose rule applies as well (`action` is the callflow node)
`one_of`           exactly one of these rules must hold
`any_of`           at least one of these rules must hold
=================  =================================================================================
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

Rule = dict[str, Any]
MODULE_PREFIX = "callflows."

_PLAIN = {
    "type": "type",
    "enum": "choices",
    "pattern": "pattern",
    "default": "default",
    "required": "required",
}
_BOUNDS = {
    "length": ("minLength", "maxLength"),
    "range": ("minimum", "maximum"),
    "size": ("minItems", "maxItems"),
}
_HANDLED = {
    *_PLAIN,
    *(key for pair in _BOUNDS.values() for key in pair),
    "$ref",
    "$schema",
    "_id",
    "additionalProperties",
    "anyOf",
    "description",
    "format",
    "items",
    "kazoo-validation",
    "oneOf",
    "patternProperties",
    "properties",
    "support_level",
    "uniqueItems",
}


def read_schemas(folder: Path) -> dict[str, dict[str, Rule]]:
    """Return `{"modules": {name: rule}, "shapes": {name: rule}}` for one KAZOO version's schema folder."""
    documents = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(folder.glob("*.json"))}
    modules = {
        name.removeprefix(MODULE_PREFIX): _rule(document)
        for name, document in documents.items()
        if name.startswith(MODULE_PREFIX) and name != "callflows.action"
    }
    modules["action"] = {"same_as": "action"}
    shapes: dict[str, Rule] = {}
    wanted = _references(modules)
    while wanted:
        name = wanted.pop()
        if name not in shapes and name != "action" and name not in modules:
            shapes[name] = _rule(documents[name])
            wanted |= _references(shapes[name])
    return {"modules": dict(sorted(modules.items())), "shapes": dict(sorted(shapes.items()))}


def _rule(schema: dict[str, Any]) -> Rule:
    unknown = set(schema) - _HANDLED
    if unknown:
        raise ValueError(f"the schema uses {sorted(unknown)}, which the facts table has no word for yet")
    rule: Rule = {ours: schema[theirs] for theirs, ours in _PLAIN.items() if theirs in schema}
    for ours, (lowest, highest) in _BOUNDS.items():
        if lowest in schema or highest in schema:
            rule[ours] = [schema.get(lowest), schema.get(highest)]
    if schema.get("uniqueItems"):
        rule["unique"] = True
    if schema.get("format") == "email":
        rule["email"] = True
    # On a node's own `module` and `data` the same mark means other checks, which the validator makes itself.
    if schema.get("kazoo-validation"):
        rule["url"] = True
    if "properties" in schema:
        rule["fields"] = {name: _rule(sub) for name, sub in sorted(schema["properties"].items())}
    if "patternProperties" in schema:
        rule["named"] = [
            [pattern, _rule(sub)] for pattern, sub in sorted(schema["patternProperties"].items())
        ]
    additional = schema.get("additionalProperties", True)
    if not isinstance(additional, bool):
        raise ValueError(
            "the schema rules the keys it does not name, which the facts table has no word for yet"
        )
    if not additional:
        rule["closed"] = True
    if "items" in schema:
        rule["items"] = _rule(schema["items"])
    if "$ref" in schema:
        rule["same_as"] = schema["$ref"].removeprefix(MODULE_PREFIX)
    for theirs, ours in (("oneOf", "one_of"), ("anyOf", "any_of")):
        if theirs in schema:
            rule[ours] = [_rule(sub) for sub in schema[theirs]]
    return rule


def _references(rule: Any) -> set[str]:
    found: set[str] = set()
    if isinstance(rule, dict):
        if isinstance(rule.get("same_as"), str):
            found.add(rule["same_as"])
        for value in rule.values():
            found |= _references(value)
    elif isinstance(rule, list):
        for value in rule:
            found |= _references(value)
    return found
