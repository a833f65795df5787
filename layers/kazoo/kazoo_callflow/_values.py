"""JSON values held by a flow: copied, taken over from callers, shown read-only, compared; to any depth."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from ._errors import NotJsonError
from ._json import MOST_CONTAINERS, RepeatedKeys, dumps


def copy_json(value: Any) -> Any:
    """Copy JSON values; nested ones without using the stack, however deep they are."""
    kind = value.__class__
    if kind not in _NESTED:
        return value
    top: Any = [] if kind is list else {}
    waiting: list[tuple[Any, Any]] = [(value, top)]
    copied = 0
    while waiting:
        source, target = waiting.pop()
        copied += 1
        if copied > MOST_CONTAINERS:
            raise NotJsonError(
                f"more than {MOST_CONTAINERS:,} objects and lists, or a value that contains itself"
            )
        if source.__class__ is not list:
            for key, one in source.items():
                if one.__class__ in _NESTED:
                    below: Any = [] if one.__class__ is list else {}
                    target[key] = below
                    waiting.append((one, below))
                else:
                    target[key] = one
        else:
            for one in source:
                if one.__class__ in _NESTED:
                    below = [] if one.__class__ is list else {}
                    target.append(below)
                    waiting.append((one, below))
                else:
                    target.append(one)
    return top


def freeze(value: Any) -> Any:
    """Return a read-only view of JSON values, made from the inside out so that depth costs no stack."""
    if not isinstance(value, dict | list):
        return value
    containers: list[Any] = [value]
    for container in containers:
        inner = container.values() if isinstance(container, dict) else container
        containers.extend(one for one in inner if one.__class__ in _NESTED)
    frozen: dict[int, Any] = {}
    for container in reversed(containers):
        if container.__class__ is not list:
            view: Any = MappingProxyType({key: frozen.get(id(one), one) for key, one in container.items()})
        else:
            view = tuple(frozen.get(id(one), one) for one in container)
        frozen[id(container)] = view
    return frozen[id(value)]


_NESTED: frozenset[Any] = frozenset({dict, list, RepeatedKeys})


def same(one: Any, other: Any) -> bool:
    """Say whether two JSON values are equal."""
    try:
        return bool(one == other)
    except RecursionError:
        return dumps(one) == dumps(other)


def thaw(value: Any) -> Any:
    """Turn what a builder was given (sequences, mappings, flows, enumerations) into plain JSON values."""
    kind = value.__class__
    if kind is str or kind is int or kind is bool or kind is float:
        return value
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return int(value)
    if hasattr(value, "to_dict"):
        return value.to_dict()
    if isinstance(value, Mapping):
        return {key: thaw(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [thaw(one) for one in value]
    return value
