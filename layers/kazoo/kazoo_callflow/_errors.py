"""Problems of a callflow, as values and as exceptions.

CallflowError (a ValueError)
├── BuildError       a builder was given something KAZOO would refuse
├── ParseError       a document is not shaped like a callflow node
└── NotJsonError     bytes or text that KAZOO's JSON parser refuses, or a value JSON cannot carry
"""

from __future__ import annotations

from typing import Any, NamedTuple


class Problem(NamedTuple):
    """One reason why KAZOO rejects a document (or, from `lint`, why a caller regrets it)."""

    path: str
    """Where, as a JSON path: `$.children._.data.text`."""
    rule: str
    """KAZOO's name of the broken rule: `required`, `type`, `enum`, `maxLength`... `module` when it is
    unknown.
    """
    message: str
    """One plain sentence with the limit and the value."""

    def __str__(self) -> str:
        return f"{self.path}: {self.message}"


class CallflowError(ValueError):
    """Everything this package raises about the content of a callflow."""

    def __init_subclass__(cls) -> None:
        # Users meet these under the package's name, as they import them.
        cls.__module__ = "kazoo_callflow"


class NotJsonError(CallflowError):
    """Text that KAZOO's JSON parser refuses (the caller would be hung up), or a value JSON cannot carry."""


class ParseError(CallflowError):
    """A document that is not shaped like a callflow node; `path` says where."""

    def __init__(self, path: str, message: str) -> None:
        super().__init__(f"{path}: {message}")
        self.path = path


class BuildError(CallflowError):
    """A builder was given what KAZOO would refuse: names the module, the field, the limit and the value."""

    def __init__(self, module: str, problems: list[Problem]) -> None:
        self.module = module
        self.problems = problems
        super().__init__(f"{module}: " + " ".join(problem.message for problem in problems))


def show(value: Any, limit: int = 60) -> str:
    """Describe a value for a message: its kind and, shortened, itself."""
    kind = _kind(value)
    if kind in {"null", "an object", "a list"}:
        return kind
    try:
        text = repr(value)
    except (ValueError, RecursionError):
        return f"{kind} too big to show"
    text = text if len(text) <= limit else f"{text[: limit - 1]}…"
    return f"{kind} {text.encode('utf-8', 'backslashreplace').decode()}"


def _kind(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "the boolean"
    if isinstance(value, str):
        return "the string"
    if isinstance(value, int):
        return "the integer"
    if isinstance(value, float):
        return "the decimal number"
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "a list"
    return f"the {type(value).__name__}"
