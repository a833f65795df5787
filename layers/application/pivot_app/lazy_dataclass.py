"""Dataclasses that cost little to import: their methods are made when they are needed.

`dataclasses.dataclass` compiles up to six methods for each class while it is imported. A callback imports
some 170 classes and uses a quarter of them; compiling for all takes a third of its cold start. Here the first
instance of a class has its `__init__` compiled, and plain functions compare, hash and print. The fields are
the standard library's, so `fields`, `replace` and `asdict` work, and type checkers see a dataclass.

A class is made by the same decorator as the class it inherits from.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(cls=None, /, *, frozen=False, slots=False, kw_only=False, eq=True, repr=True):  # noqa: A002
        """Make a class a dataclass, or return what does; the words are those of the standard library."""

        def decorate(cls):
            own = vars(cls)
            if not cls.__doc__:
                cls.__doc__ = cls.__name__  # without one, the standard library imports `inspect` to make one
            made = dataclasses.dataclass(init=False, repr=False, eq=False, slots=slots, kw_only=kw_only)(cls)
            made.__init__ = _first_init(made, frozen)
            if repr and "__repr__" not in own:
                made.__repr__ = _repr
            if eq:
                made.__eq__ = _eq
                made.__hash__ = _hash if frozen else None
            if frozen:
                made.__setattr__ = made.__delattr__ = _refuse
            if frozen and slots:  # copies and pickles are not made by assignment
                made.__getstate__, made.__setstate__ = _getstate, _setstate
            return made

        return decorate if cls is None else decorate(cls)


__all__ = ["dataclass"]


def _first_init(cls: Any, frozen: bool) -> Any:
    """Return an `__init__` that puts the compiled one into its place, and uses it."""

    def __init__(self: Any, /, *values: Any, **named: Any) -> None:  # noqa: N807
        if "_lazy" in cls.__init__.__dict__:
            cls.__init__ = _compiled_init(cls, frozen)
        cls.__init__(self, *values, **named)

    __init__._lazy = True  # type: ignore[attr-defined]  # noqa: SLF001
    return __init__


def _compiled_init(cls: Any, frozen: bool) -> Any:
    scope: dict[str, Any] = {"_set": object.__setattr__, "_missing": dataclasses.MISSING}
    plain: list[str] = ["self"]
    by_name: list[str] = []
    lines: list[str] = []
    for field in dataclasses.fields(cls):
        name = value = field.name
        taken = name
        if field.default_factory is not dataclasses.MISSING:
            scope[f"_make_{name}"] = field.default_factory
            taken = f"{name}=_missing"
            value = f"_make_{name}() if {name} is _missing else {name}" if field.init else f"_make_{name}()"
        elif field.default is not dataclasses.MISSING:
            scope[f"_default_{name}"] = field.default
            taken = f"{name}=_default_{name}"
            value = name if field.init else f"_default_{name}"
        elif not field.init:
            continue
        if field.init:
            (by_name if field.kw_only else plain).append(taken)
        lines.append(f"  _set(self, {name!r}, {value})" if frozen else f"  self.{name} = {value}")
    if hasattr(cls, "__post_init__"):
        lines.append("  self.__post_init__()")
    arguments = ", ".join([*plain, *(["*", *by_name] if by_name else [])])
    exec(f"def __init__({arguments}):\n" + "\n".join(lines or ["  pass"]), scope)  # noqa: S102 - names of fields only
    init = scope["__init__"]
    init.__qualname__ = f"{cls.__qualname__}.__init__"
    return init


def _compared(made: Any) -> tuple[Any, ...]:
    return tuple(getattr(made, field.name) for field in dataclasses.fields(made) if field.compare)


def _eq(self: Any, other: object) -> bool:
    return _compared(self) == _compared(other) if other.__class__ is self.__class__ else NotImplemented


def _hash(self: Any) -> int:
    return hash(_compared(self))


def _repr(self: Any) -> str:
    shown = (
        f"{field.name}={getattr(self, field.name)!r}" for field in dataclasses.fields(self) if field.repr
    )
    return f"{self.__class__.__qualname__}({', '.join(shown)})"


def _getstate(self: Any) -> list[Any]:
    return [getattr(self, field.name) for field in dataclasses.fields(self)]


def _setstate(self: Any, state: list[Any]) -> None:
    for field, value in zip(dataclasses.fields(self), state, strict=True):
        object.__setattr__(self, field.name, value)


def _refuse(_: object, name: str, *__: object) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")
