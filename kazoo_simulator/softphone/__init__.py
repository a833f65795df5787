"""A page on localhost with which a person plays a caller. Development only; listens on 127.0.0.1 alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._settings import KnownCaller, Number, Settings

if TYPE_CHECKING:
    from ._app import create_app as create_app
    from ._serve import Softphone as Softphone

__all__ = ["KnownCaller", "Number", "Settings", "Softphone", "create_app"]

_HOMES = {"Softphone": "_serve", "create_app": "_app"}


def __getattr__(name: str) -> Any:
    """Import the web server only when somebody wants one."""
    from importlib import import_module

    if name not in _HOMES:
        raise AttributeError(f"kazoo_simulator.softphone has no {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
