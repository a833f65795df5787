"""Checks the data of a `module` action as the callflow builder checks it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import kazoo_callflow as cf
from pivot_app.documents import PLACE
from pivotctl.data._placeholders import check_places


def check_module(module: str, data: Mapping[str, Any], children: Iterable[str]) -> None:
    """Raise ValueError unless a KAZOO version takes this data, and the module takes these branches.

    Values are filled in during a call; the parts of the data that hold one are checked then.
    """
    filled = set(_check_values(data, "$.data"))
    try:
        node = cf.node(module, data)
    except cf.BuildError as error:
        wrong = [each for each in error.problems if not _within(each.path, filled)]
        if wrong:
            raise ValueError(f"{module}: {wrong[0].path.removeprefix('$.')}: {wrong[0].message}") from None
        return
    for key in children:
        try:
            node.on(key, cf.hangup())
        except cf.BuildError as error:
            raise ValueError(f"children: {error.problems[0].message}") from None


def _check_values(value: Any, path: str) -> Iterable[str]:
    """Check every placeholder; yield the paths that hold one."""
    if isinstance(value, str):
        if PLACE.search(value):
            check_places(value)
            yield path
    elif isinstance(value, Mapping):
        for key, each in value.items():
            yield from _check_values(each, f"{path}.{key}")
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from _check_values(each, f"{path}[{index}]")


def _within(path: str, filled: set[str]) -> bool:
    return any(path.startswith(each) for each in filled)
