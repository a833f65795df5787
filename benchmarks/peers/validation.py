"""The same plain documents judged by kazoo_callflow and by validators of JSON Schema, on the same rules.

The schemas are written from kazoo_callflow's own facts of the modules, so every judge has the same to say. A
validator of JSON Schema judges the data of each node; walking the nodes is added to it, as KAZOO does it.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

from kazoo_callflow import validate
from kazoo_callflow._schemas import schemas_of

PLAIN: dict[str, Any] = {
    "module": "tts",
    "data": {"text": "Press 1 for sales."},
    "children": {
        "_": {
            "module": "collect_dtmf",
            "data": {"collection_name": "menu", "max_digits": 1, "timeout": 5000},
            "children": {
                "_": {
                    "module": "pivot",
                    "data": {
                        "voice_url": "https://voice.example.com/menu",
                        "method": "post",
                        "req_body_format": "json",
                    },
                    "children": {"_": {"module": "hangup", "data": {}}},
                }
            },
        }
    },
}
MODULES = ("tts", "collect_dtmf", "pivot", "hangup")


def json_schema(rule: dict[str, Any]) -> dict[str, Any]:
    """Return a rule of kazoo_callflow as JSON Schema."""
    same = {"type": "type", "choices": "enum", "pattern": "pattern", "required": "required"}
    made: dict[str, Any] = {theirs: rule[ours] for ours, theirs in same.items() if ours in rule}
    for ours, names in (
        ("length", ("minLength", "maxLength")),
        ("range", ("minimum", "maximum")),
        ("size", ("minItems", "maxItems")),
    ):
        limits = zip(names, rule.get(ours, ()), strict=False)
        made |= {name: limit for name, limit in limits if limit is not None}
    if "items" in rule:
        made["items"] = json_schema(rule["items"])
    if rule.get("unique"):
        made["uniqueItems"] = True
    if rule.get("closed"):
        made["additionalProperties"] = False
    if "fields" in rule:
        made["properties"] = {name: json_schema(field) for name, field in rule["fields"].items()}
    if "named" in rule:
        made["patternProperties"] = {pattern: json_schema(field) for pattern, field in rule["named"]}
    for ours, theirs in (("any_of", "anyOf"), ("one_of", "oneOf")):
        if ours in rule:
            made[theirs] = [json_schema(one) for one in rule[ours]]
    return made


def node_schema() -> dict[str, Any]:
    """Return a whole callflow as one schema: a node, the data its module asks for, its children."""
    known = schemas_of("5").modules
    return {
        "$ref": "#/definitions/node",
        "definitions": {
            "node": {
                "type": "object",
                "required": ["module", "data"],
                "properties": {
                    "module": {"type": "string", "enum": list(MODULES)},
                    "data": {"type": "object"},
                    "children": {"type": "object", "additionalProperties": {"$ref": "#/definitions/node"}},
                },
                "allOf": [
                    {
                        "if": {"properties": {"module": {"const": module}}},
                        "then": {"properties": {"data": json_schema(known[module])}},
                    }
                    for module in MODULES
                ],
            }
        },
    }


def validators() -> dict[str, Callable[[], object]]:
    """Return a call that judges the four nodes, for each validator."""
    fast: Any = import_module("fastjsonschema")
    known = schemas_of("5").modules
    schema = node_schema()
    of_module = {module: fast.compile(json_schema(known[module])) for module in MODULES}
    whole = fast.compile(schema)
    python: Any = import_module("jsonschema").Draft7Validator(schema)
    rust: Any = import_module("jsonschema_rs").validator_for(schema)

    def node_by_node() -> None:
        waiting = [PLAIN]
        while waiting:
            node = waiting.pop()
            of_module[node["module"]](node["data"])
            waiting.extend(node.get("children", {}).values())

    def kazoo() -> None:
        assert not validate(PLAIN, "5")

    return {
        "kazoo_callflow": kazoo,
        "fastjsonschema, the data of each node": node_by_node,
        "fastjsonschema, one schema": lambda: whole(PLAIN),
        "jsonschema": lambda: python.validate(PLAIN),
        "jsonschema-rs": lambda: rust.validate(PLAIN),
    }
