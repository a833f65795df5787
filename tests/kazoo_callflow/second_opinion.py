"""KAZOO's verdict on a callflow by another way: its own schema files, judged by the `jsonschema` library.

Written from the description of KAZOO's validator, not from ours: every node against the schema of an action,
its data against the schema of its module, defaults filled in first.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft4Validator, ValidationError
from jsonschema.validators import extend
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4

Schema = dict[str, Any]


class SecondOpinion:
    """One version's schemas, read from a folder of KAZOO's files."""

    def __init__(self, folder: Path) -> None:
        self.schemas: dict[str, Schema] = {
            path.name.removesuffix(".json"): _with_siblings(json.loads(path.read_text("utf-8")))
            for path in folder.glob("*.json")
        }
        resources = [
            (name, Resource(contents=schema, specification=DRAFT4)) for name, schema in self.schemas.items()
        ]
        self.registry: Registry[Any] = Registry().with_resources(resources)
        self.validator = extend(Draft4Validator, {"pattern": _pattern, "format": _format})
        self._of = cache(self._new)

    def _new(self, name: str) -> Any:
        return self.validator(self.schemas[name], registry=self.registry)

    def accepts(self, flow: Any) -> bool:
        """Say whether every node of the tree is valid. Hosts of URLs are not looked at."""
        return all(self._accepts_node(node) for node in _nodes(flow))

    def _accepts_node(self, node: Any) -> bool:
        if not isinstance(node, dict):
            return False
        data, module, children = node.get("data", {}), node.get("module"), node.get("children", {})
        if not isinstance(data, dict) or not isinstance(children, dict) or not isinstance(module, str):
            return False
        name = f"callflows.{module}"
        if name not in self.schemas or not 1 <= len(module) <= 64:
            return False
        return bool(self._of(name).is_valid(self.filled(self.schemas[name], data)))

    def filled(self, schema: Schema, value: Any) -> Any:
        """Fill in what a schema has by default, where the default is of the type stated."""
        for part in schema.get("allOf", ()):
            value = self.filled(part, value)
        if "$ref" in schema and schema["$ref"] in self.schemas and schema["$ref"] != "callflows.action":
            value = self.filled(self.schemas[schema["$ref"]], value)
        if isinstance(value, dict):
            value = dict(value)
            for key, below in schema.get("properties", {}).items():
                if key not in value and "type" in below and "default" in below:
                    stated = self.validator({"type": below["type"]})
                    if stated.is_valid(below["default"]):
                        value[key] = below["default"]
                if key in value:
                    value[key] = self.filled(below, value[key])
        return value


def _nodes(flow: Any) -> Iterator[Any]:
    waiting = [flow]
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, dict) and isinstance(node.get("children"), dict):
            waiting += [child for key, child in node["children"].items() if key.strip("\n")]


def _with_siblings(schema: Any) -> Any:
    """Let what stands beside a reference count too, as KAZOO's validator does."""
    if isinstance(schema, list):
        return [_with_siblings(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    found = {key: _with_siblings(value) for key, value in schema.items()}
    reference = found.get("$ref")
    if isinstance(reference, str) and set(found) - {"$ref", "description"}:
        del found["$ref"]
        return {"allOf": [{"$ref": reference}, found]}
    return found


def _format(_validator: Any, kind: str, instance: Any, _schema: Schema) -> Iterator[Any]:
    if kind == "email" and isinstance(instance, str) and not re.search(r"^[^@]+@[^@]+$", instance):
        yield ValidationError("format")


def _pattern(_validator: Any, pattern: str, instance: Any, _schema: Schema) -> Iterator[Any]:
    if isinstance(instance, str) and not re.search(pattern, instance, re.ASCII):
        yield ValidationError("pattern")
