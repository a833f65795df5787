"""Recognises a whole callflow document, as Crossbar stores and answers it, around a flow."""

from __future__ import annotations

from typing import Any, NamedTuple


class CallflowDocument(NamedTuple):
    """The flow inside a whole document, where it stands, and one sentence about that."""

    flow: dict[str, Any]
    path: str
    sentence: str


def as_document(value: Any) -> CallflowDocument | None:
    """Return the flow inside a callflow document or a Crossbar answer, or None when the value is neither."""
    if not isinstance(value, dict) or "module" in value:
        return None
    inner, path, what = value, "$", "a whole callflow document"
    data = value.get("data")
    if "flow" not in value and isinstance(data, dict) and "module" not in data:
        inner, path, what = data, "$.data", "an answer of Crossbar with a callflow document"
    flow = inner.get("flow")
    if not isinstance(flow, dict):
        return None
    place = f"{path}.flow"
    return CallflowDocument(
        flow, place, f"This is {what}: its flow is at {place}, and a Pivot answer is that flow alone."
    )
