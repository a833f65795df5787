"""Items without boto3's resource layer: plain values to DynamoDB's attribute values, and back."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any


def to_item(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return a mapping in DynamoDB's attribute-value form; a float is refused, as money is never one."""
    return {name: to_attribute(value) for name, value in values.items()}


def from_item(item: Mapping[str, Any]) -> dict[str, Any]:
    """Return the plain values of an item in DynamoDB's attribute-value form; whole numbers as int."""
    return {name: from_attribute(value) for name, value in item.items()}


def to_attribute(value: Any) -> dict[str, Any]:
    """Return one value in DynamoDB's attribute-value form."""
    if isinstance(value, str):
        return {"S": value}
    if isinstance(value, bool):
        return {"BOOL": value}
    if isinstance(value, int | Decimal):
        return {"N": str(value)}
    if value is None:
        return {"NULL": True}
    if isinstance(value, Mapping):
        return {"M": to_item(value)}
    if isinstance(value, list | tuple):
        return {"L": [to_attribute(item) for item in value]}
    if isinstance(value, bytes):
        return {"B": value}
    if isinstance(value, set | frozenset) and value and all(isinstance(item, str) for item in value):
        return {"SS": sorted(value)}
    raise TypeError(
        f"a {type(value).__name__} cannot be stored in DynamoDB; use text, int, Decimal, list or dict"
    )


def from_attribute(attribute: Mapping[str, Any]) -> Any:
    """Return the plain value of one DynamoDB attribute value."""
    ((kind, value),) = attribute.items()
    if kind in ("S", "BOOL", "B"):
        return value
    if kind == "N":
        return _number(value)
    if kind == "NULL":
        return None
    if kind == "M":
        return from_item(value)
    if kind == "L":
        return [from_attribute(item) for item in value]
    if kind in ("SS", "BS"):
        return set(value)
    if kind == "NS":
        return {from_attribute({"N": item}) for item in value}
    raise TypeError(f"not a DynamoDB attribute value: {kind}")


def _number(text: str) -> int | Decimal:
    try:
        return int(text)
    except ValueError:
        number = Decimal(text)
        return int(number) if number == number.to_integral_value() else number
