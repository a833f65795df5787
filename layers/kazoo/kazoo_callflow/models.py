"""Pydantic models of every module's data and node, for reading callflows with types and for JSON schemas.

`models.Tts`, `models.RingGroupData`... are imported when first used. `models.Node` is the union of all of
them, told apart by `module`; it loads them all. `models.node(document)` loads only those the document needs.
Builders (`callflow.tts(...)`) do not need pydantic and are quicker; models are for reading.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Annotated, Any, Union

try:
    from pydantic import Field
except ImportError:
    raise ImportError("the models need pydantic: install kazoo-callflow[models]") from None

from ._errors import ParseError
from ._models import ChildNode as ChildNode
from ._models import Data as Data
from ._models import ModuleNode as ModuleNode
from ._models import model_of as model_of
from ._models import to_model

if TYPE_CHECKING:
    from ._flow import Flow
    from ._generated.models import *  # noqa: F403

    Node = ModuleNode


def node(document: dict[str, Any] | Flow) -> ModuleNode:
    """Return the typed node of a flow; pydantic's ValidationError names what is wrong with it."""
    try:
        made = to_model(document)
    except RecursionError:
        raise ParseError("$", "nested too deeply for models; callflow.parse reads any depth") from None
    if not isinstance(made, ModuleNode):
        raise ParseError("$", "not a callflow node: an object with a module")
    return made


if not TYPE_CHECKING:  # type checkers know every name from above, and no other

    def __getattr__(name: str) -> Any:
        """Import a model when it is first used."""
        from ._generated.models import HOMES

        if name == "Node":
            from ._generated.builders import __all__ as modules

            union: Any = Union[tuple(model_of(module) for module in modules)]  # noqa: UP007
            value: Any = Annotated[union, Field(discriminator="module")]
        elif name in HOMES:
            value = getattr(import_module(f"kazoo_callflow._generated.models.{HOMES[name]}"), name)
        else:
            raise AttributeError(f"callflow.models has no {name!r}")
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    from ._generated.models import HOMES

    return sorted({*globals(), *HOMES, "Node"})
