"""Short spellings of documents, and the long form they stand for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

_BESIDE = ("when", "otherwise", "hours", "say", "media")


def as_sentence(value: Any) -> Any:
    """Return a sentence as a list of parts: a bare text, texts per language, a recording, or such a list."""
    if isinstance(value, list):
        return [
            part for each in value for part in (as_sentence(each) if isinstance(each, str | dict) else [each])
        ]
    if isinstance(value, str):
        return [{"text": value}]
    if isinstance(value, dict) and not value.keys() & {"text", "media"}:
        return [{"text": value}]
    return [value]


def as_condition(value: Any) -> Any:
    """Accept the name alone of a condition that needs no fields: `withheld`, `known_caller`."""
    return {"test": value} if isinstance(value, str) else value


def as_action(value: Any) -> Any:
    """Return an action in its long form.

    A name alone stands for an action without fields, a list for alternatives: the first whose `when` holds
    runs. `{ring_user: {...}}` is `{do: ring_user, ...}`. `media` beside an action is heard before it.
    """
    if isinstance(value, str):
        return {"do": value}
    if isinstance(value, list):
        return _alternatives(value)
    if not isinstance(value, dict):
        return value
    action = _named(dict(value))
    if "media" in action and action.get("do") != "module":
        said = as_sentence(action["say"]) if action.get("say") is not None else []
        action["say"] = [*said, {"media": action.pop("media")}]
    if action.get("do") in ("ring_group", "page_group") and isinstance(action.get("endpoints"), list):
        if not action["endpoints"]:
            raise ValueError(
                "endpoints is empty; list the endpoints to ring or page: {endpoint_type: user, id: ...}"
            )
        action.setdefault("members", [_as_member(each) for each in action.pop("endpoints")])
    if action.get("do") == "ring_number" and isinstance(action.get("number"), list):
        return _as_hunt(action)
    return action


def _named(action: dict[str, Any]) -> dict[str, Any]:
    if "do" in action:
        return action
    from pivot_app.actions import ACTIONS

    if "module" in action and isinstance(action["module"], str):
        return {"do": "module", **_as_module(action)}
    names = [name for name in action if name not in _BESIDE]
    if len(names) != 1 or names[0] not in ACTIONS:
        return action
    (name,) = names
    inner = action.pop(name)
    if inner is None:
        inner = {}
    if name == "module" and isinstance(inner, dict):
        return {"do": "module", **action, **_as_module(inner)}
    if isinstance(inner, str) and name in _ONE_FIELD:
        inner = {_ONE_FIELD[name]: inner}
    elif isinstance(inner, dict) and "from" in inner and name in _ONE_FIELD:
        target = {key: inner[key] for key in ("from", "by") if key in inner}
        inner = {_ONE_FIELD[name]: target, **{key: each for key, each in inner.items() if key not in target}}
    return {"do": name, **action, **inner} if isinstance(inner, dict) else {"do": name, **action}


_ONE_FIELD = {
    "ring_user": "id",
    "ring_device": "id",
    "ring_group": "id",
    "ring_number": "number",
    "queue": "id",
    "directory": "id",
    "voicemail": "id",
    "callflow": "id",
    "conference": "id",
    "faxbox": "id",
    "menu": "menu",
    "transfer": "to",
    "callback": "path",
    "pivot": "url",
    "say": "text",
    "hang_up": "say",
    "play": "play",
    "language": "language",
}


def _as_module(node: dict[str, Any]) -> dict[str, Any]:
    """Return a node as KAZOO writes it: its wildcard child is `then`."""
    made = dict(node)
    children = made.get("children")
    if isinstance(children, dict) and "_" in children and "then" not in made:
        made["children"] = {key: child for key, child in children.items() if key != "_"}
        made["then"] = children["_"]
    return made


def _as_member(endpoint: Any) -> Any:
    """Read an endpoint as KAZOO's ring_group writes it."""
    if not isinstance(endpoint, dict):
        return endpoint
    names = {"endpoint_type": "type", "delay": "delay_seconds"}
    return {names.get(key, key): each for key, each in endpoint.items()}


def _alternatives(actions: list[Any]) -> Any:
    if not actions:
        raise ValueError("give at least one action")
    *conditional, last = [as_action(each) for each in actions]
    for action in reversed(conditional):
        if not isinstance(action, dict) or not action.get("when"):
            raise ValueError(
                "a list of actions holds alternatives: each but the last needs a `when`; to do one thing "
                "after another, use `then`"
            )
        if "otherwise" in action:
            raise ValueError("an alternative in a list needs no `otherwise`; the next one in the list is it")
        last = {**action, "otherwise": last}
    return last


def _as_hunt(action: dict[str, Any]) -> dict[str, Any]:
    """KAZOO calls one carrier number at a time: several are tried in order."""
    made = {
        key: value for key, value in action.items() if key not in ("do", "number", "timeout_seconds", "allow")
    }
    timeout = {"timeout_seconds": action["timeout_seconds"]} if "timeout_seconds" in action else {}
    return {"do": "hunt", **made, "entries": [{"number": each, **timeout} for each in action["number"]]}


def as_keys(value: Any) -> Any:
    """Accept the single digit 1 for "1"; anything longer must be quoted, or its leading zeros would be
    lost."""
    if not isinstance(value, dict):
        return value
    keys: dict[Any, Any] = {}
    for key, action in value.items():
        if isinstance(key, int) and not 0 <= key <= 9:
            raise ValueError(f'the key {key} must be quoted: "{key}"')
        if str(key) in keys:
            raise ValueError(f"the key {key} is given twice")
        keys[str(key)] = action
    return keys


def _menu(value: Any) -> Any:
    """Accept a recording as the whole prompt."""
    if not isinstance(value, dict) or "media" not in value:
        return value
    if "prompt" in value:
        raise ValueError("give either a prompt or media; a prompt can be a list of texts and {media: ...}")
    return {("prompt" if key == "media" else key): _media_part(key, each) for key, each in value.items()}


def _retry(value: Any) -> Any:
    """Accept a recording as what is said."""
    if not isinstance(value, dict) or "media" not in value or "say" in value:
        return value
    return {("say" if key == "media" else key): _media_part(key, each) for key, each in value.items()}


def _media_part(key: str, value: Any) -> Any:
    return {"media": value} if key == "media" else value


SHORT_RECORDS: dict[str, Callable[[Any], Any]] = {"Menu": _menu, "Retry": _retry}
"""Short spellings of records, by the record's name."""
