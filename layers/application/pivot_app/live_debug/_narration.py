"""Describes what the caller hears of each answer and presses between two answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, Literal
from urllib.parse import urlsplit

from pivot_app.live_debug.exchange import Exchange

_RINGS: Final = {
    "user": "rings user",
    "device": "rings device",
    "ring_group": "rings a group",
    "page_group": "pages a group",
    "resources": "is connected to the number dialled",
    "offnet": "is connected to the number dialled",
    "voicemail": "reaches voicemail",
    "conference": "joins a conference",
    "callflow": "goes on in callflow",
    "acdc_member": "waits in queue",
    "menu": "hears menu",
    "directory": "reaches the directory",
}
_SILENT: Final = {"set_variables", "set_variable", "answer", "noop", "language", "set_cid", "response"}

Step = tuple[Literal["asks", "hears", "presses", "rings"], str]


def narrate(flow: Mapping[str, Any] | None) -> list[str]:
    """Return the answer as the caller meets it, a line each, along the wildcard chain.

    Nothing behind a pivot node is described: its children run only if the next request fails. Behind a phone
    that rings, what follows is for when nobody answers.
    """
    lines, otherwise = [], ""
    for node in _until_asked_again(flow):
        if line := _line(node):
            lines.append(otherwise + line)
        if node.get("module") in _RINGS:
            otherwise = "otherwise "
    return lines


def new_digits(before: Exchange, after: Exchange) -> dict[str, str]:
    """Return the digits of each collection that are new in the later exchange, in the order asked for."""
    old, new = _digits(before), _digits(after)
    asked = [_collection(node) for node in _until_asked_again(before.flow) if _collects(node)]
    changed = [name for name, digits in new.items() if old.get(name) != digits]
    return {name: new[name] for name in dict.fromkeys([*asked, *changed]) if name in new}


def script_steps(exchanges: Sequence[Exchange]) -> Iterator[Step]:
    """Yield the call as a script: which path was asked, what was heard and pressed, and what rang in the end.

    The same request once more, by curl for example, is not a step of the call.
    """
    once: list[Exchange] = []
    for exchange in exchanges:
        if not any(_same_request(exchange, earlier) for earlier in once):
            once.append(exchange)
    for exchange, after in pairs(once):
        yield "asks", exchange.path
        digits = new_digits(exchange, after) if after else {}
        for node in _until_asked_again(exchange.flow):
            module, data = node.get("module"), _data(node)
            if module == "tts" and data.get("text"):
                yield "hears", str(data["text"])
            elif _collects(node) and (keys := digits.pop(_collection(node), "")):
                yield "presses", keys
            elif module in ("user", "device") and data.get("id"):
                yield "rings", str(data["id"])
            if module in _RINGS:
                break
        # Pressed over a prompt, or where the answer was too large to keep.
        yield from (("presses", keys) for keys in digits.values() if keys)


def pairs(exchanges: Sequence[Exchange]) -> Iterator[tuple[Exchange, Exchange | None]]:
    """Yield each exchange with the one that followed it."""
    yield from zip(exchanges, [*exchanges[1:], None], strict=True)


def _same_request(one: Exchange, other: Exchange) -> bool:
    return (one.path, one.step, one.parameters) == (other.path, other.step, other.parameters)


def _until_asked_again(flow: Mapping[str, Any] | None) -> Iterator[Mapping[str, Any]]:
    node: Any = flow
    while isinstance(node, Mapping):
        yield node
        children = node.get("children")
        asks = node.get("module") == "pivot"
        node = children.get("_") if isinstance(children, Mapping) and not asks else None


def _line(node: Mapping[str, Any]) -> str:
    module, data = str(node.get("module", "")), _data(node)
    if module == "tts":
        return f"“{data.get('text', '')}”"
    if module == "play":
        return f"hears {data.get('id', 'a recording')}"
    if _collects(node):
        keys = data.get("max_digits", 1)
        return "may press a key" if keys == 1 else f"may press up to {keys} keys"
    if module == "sleep":
        return f"waits {data.get('duration', '')} {data.get('unit', 's')}"
    if module == "hangup":
        return "is hung up"
    if module == "pivot":
        return f"then KAZOO asks {urlsplit(str(data.get('voice_url', ''))).path}"
    if module in _RINGS:
        return f"{_RINGS[module]} {data.get('name') or data.get('id') or ''}".strip()
    return "" if module in _SILENT else module


def _data(node: Mapping[str, Any]) -> Mapping[str, Any]:
    data = node.get("data")
    return data if isinstance(data, Mapping) else {}


def _collects(node: Mapping[str, Any]) -> bool:
    return node.get("module") == "collect_dtmf"


def _collection(node: Mapping[str, Any]) -> str:
    return str(_data(node).get("collection_name", "default"))


def _digits(exchange: Exchange) -> dict[str, str]:
    digits = exchange.parameters.get("Digits")
    if isinstance(digits, Mapping):
        return {str(name): str(value) for name, value in digits.items()}
    return {"default": digits} if isinstance(digits, str) else {}
