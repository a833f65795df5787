"""KAZOO's callflow language, typed: build, validate, lint, parse. Pure: no AWS, nothing else of ours.

Every module of KAZOO 4.3 and 5 has a builder function of its own name; each is imported when it is first
used.

>>> from kazoo_callflow import tts, collect_dtmf, pivot, voicemail
>>> flow = tts("Press 1 for sales.") >> collect_dtmf(collection_name="menu") >>
pivot("https://voice.example.com/menu")
>>> flow.problems("4.3")
[]
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ._branches import Branch as Branch
    from ._defaults import defaults as defaults
    from ._document import CallflowDocument as CallflowDocument
    from ._document import as_document as as_document
    from ._errors import BuildError as BuildError
    from ._errors import CallflowError as CallflowError
    from ._errors import NotJsonError as NotJsonError
    from ._errors import ParseError as ParseError
    from ._errors import Problem as Problem
    from ._flow import Flow as Flow
    from ._flow import building_for as building_for
    from ._flow import node as node
    from ._flow import parse as parse
    from ._generated.builders import *  # noqa: F403
    from ._generated.types import *  # noqa: F403
    from ._hosts import BlockedHosts as BlockedHosts
    from ._json import loads as loads
    from ._limits import Size as Size
    from ._limits import measure as measure
    from ._lint import lint as lint
    from ._recipes import pivot_or as pivot_or
    from ._recipes import prompt_and_collect as prompt_and_collect
    from ._recipes import ring as ring
    from ._recipes import say_long as say_long
    from ._recipes import sequence as sequence
    from ._recipes import split_text as split_text
    from ._schemas import VERSIONS as VERSIONS
    from ._schemas import KazooVersion as KazooVersion
    from ._validate import validate as validate

_HOMES = {
    "BlockedHosts": "_hosts",
    "Branch": "_branches",
    "BuildError": "_errors",
    "CallflowDocument": "_document",
    "CallflowError": "_errors",
    "Flow": "_flow",
    "KazooVersion": "_schemas",
    "NotJsonError": "_errors",
    "ParseError": "_errors",
    "Problem": "_errors",
    "Size": "_limits",
    "VERSIONS": "_schemas",
    "as_document": "_document",
    "building_for": "_flow",
    "defaults": "_defaults",
    "lint": "_lint",
    "loads": "_json",
    "measure": "_limits",
    "node": "_flow",
    "parse": "_flow",
    "pivot_or": "_recipes",
    "prompt_and_collect": "_recipes",
    "ring": "_recipes",
    "say_long": "_recipes",
    "sequence": "_recipes",
    "split_text": "_recipes",
    "validate": "_validate",
}


if not TYPE_CHECKING:  # type checkers know every name from above, and no other

    def __getattr__(name: str) -> Any:
        """Import a public name, or a module's builder function, when it is first used."""
        if name == "__all__":
            import builtins

            # What a star import brings: not `set`, which would hide Python's own.
            return [each for each in __dir__() if not hasattr(builtins, each)]
        home = _HOMES.get(name) or _generated_home(name)
        if home is None:
            from difflib import get_close_matches

            near = get_close_matches(name, __dir__(), n=1)
            hint = f"; did you mean {near[0]}?" if near else " (not a KAZOO module either)"
            raise AttributeError(f"kazoo_callflow has no {name!r}{hint}")
        value = getattr(import_module(f"{__name__}.{home}"), name)
        globals()[name] = value
        return value


def _generated_home(name: str) -> str | None:
    from ._generated.builders import __all__ as builders

    if name in builders:
        return f"_generated.builders.{name}"
    if name[:1].isupper():
        from ._generated.types import __all__ as types

        return "_generated.types" if name in types else None
    return None


def __dir__() -> list[str]:
    from ._generated.builders import __all__ as builders
    from ._generated.types import __all__ as types

    return sorted({*_HOMES, *builders, *types})
