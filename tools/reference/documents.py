"""Every field of the documents, from their JSON Schema."""

from __future__ import annotations

from typing import Any

from pivotctl.data._models import json_schema
from pivotctl.data.documents import KINDS
from tools.reference.markdown import table


def page() -> str:
    """Return the page."""
    parts = ["# Document fields\n", "`pivot data schema KIND` prints the JSON Schema that editors use.\n"]
    for kind, document in KINDS.items():
        schema = json_schema(document)
        parts.append(f"## {kind}\n\n{_fields(schema)}")
        parts += [
            f"### {kind}: {name}\n\n{_fields(definition)}"
            for name, definition in schema.get("$defs", {}).items()
            if definition.get("properties")
        ]
    return "\n".join(parts)


def _fields(schema: dict[str, Any]) -> str:
    required = set(schema.get("required", ()))
    rows = [
        (f"`{name}`", _type(field), "yes" if name in required else "", field.get("description", ""))
        for name, field in schema.get("properties", {}).items()
    ]
    about = " ".join((schema.get("description") or "").split())
    return f"{about}\n\n{table(('field', 'type', 'required', 'meaning'), rows)}"


def _type(field: dict[str, Any]) -> str:
    if "$ref" in field:
        return str(field["$ref"]).rpartition("/")[2]
    if "const" in field:
        return f"`{field['const']}`"
    for union in ("anyOf", "oneOf"):
        if union in field:
            return " or ".join(dict.fromkeys(_type(one) for one in field[union] if one.get("type") != "null"))
    if field.get("type") == "array":
        return f"list of {_type(field.get('items', {}))}"
    if "enum" in field:
        return ", ".join(f"`{value}`" for value in field["enum"])
    return str(field.get("type", "any"))
