"""Every error class that the packages export, from its docstring."""

from __future__ import annotations

import importlib
import inspect
import pkgutil

from tools.reference.markdown import table

PACKAGES = ("kazoo_callflow", "kazoo_pivot", "pivot_app", "kazoo_simulator", "pivotctl")


def page() -> str:
    """Return the page."""
    parts = ["# Errors\n", "Each message names the field and what to do. The classes, by package:\n"]
    for package in PACKAGES:
        rows = [
            (f"`{error.__name__}`", f"`{error.__bases__[0].__name__}`", _about(error))
            for error in _errors(package)
        ]
        parts.append(f"## {package}\n\n{table(('error', 'is a', 'when'), rows)}")
    return "\n".join(parts)


def _about(error: type[BaseException]) -> str:
    return (inspect.getdoc(error) or "").partition("\n\n")[0]


def _errors(package: str) -> list[type[BaseException]]:
    found: dict[str, type[BaseException]] = {}
    root = importlib.import_module(package)
    for module in pkgutil.walk_packages(root.__path__, f"{package}."):
        if "_generated" in module.name or module.name.endswith("__main__"):
            continue
        for value in vars(importlib.import_module(module.name)).values():
            is_error = inspect.isclass(value) and issubclass(value, BaseException)
            if is_error and value.__module__ == module.name and not value.__name__.startswith("_"):
                found[value.__name__] = value
    return [found[name] for name in sorted(found)]
