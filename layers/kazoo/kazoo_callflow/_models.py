"""The base of the generated models: strict data, a node, and children that load their model when met."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SerializeAsAny, model_validator

from ._flow import Flow, check_data, parse

if TYPE_CHECKING:
    from ._schemas import KazooVersion


class Data(BaseModel):
    """A module's data, or an object inside it: exact types, known keys only, frozen."""

    # KAZOO's `$` matches before a last line feed, as that of `re` does and that of Rust does not.
    model_config = ConfigDict(
        strict=True, extra="forbid", frozen=True, populate_by_name=True, regex_engine="python-re"
    )

    @model_validator(mode="before")
    @classmethod
    def _no_null(cls, value: Any) -> Any:
        # KAZOO refuses null everywhere; None as a default stands for a key that is not there.
        if isinstance(value, dict):
            for key, one in value.items():
                if one is None:
                    raise ValueError(f"{key} must not be null; leave the key out")
        return value

    def to_dict(self) -> dict[str, Any]:
        """Return the keys that were given, as plain JSON values."""
        return self.model_dump(by_alias=True, exclude_unset=True)


class ModuleNode(BaseModel):
    """A callflow node of one module; `module` tells which."""

    model_config = ConfigDict(strict=True, extra="allow", frozen=True)

    kazoo_versions: ClassVar[tuple[str, ...]]
    """The KAZOO versions that have the module."""
    child_keys: ClassVar[tuple[str, ...]]
    """The child keys it looks at."""
    other_child_keys: ClassVar[str]
    """What other keys it takes: `bridge` (hang-up causes, SIP codes), or in words."""
    traps: ClassVar[tuple[str, ...]]
    """Common mistakes with it."""

    module: str
    data: Data
    children: dict[str, ChildNode] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _as_kazoo(self) -> ModuleNode:
        # Rules that tie fields together (exactly one of these keys...) are KAZOO's, not pydantic's.
        check_data(self.module, self.data.to_dict())
        return self

    def to_dict(self) -> dict[str, Any]:
        """Return the node as plain JSON values, without keys that were not given."""
        node: dict[str, Any] = {"module": self.module, "data": self.data.to_dict()}
        if "children" in self.model_fields_set:
            node["children"] = {key: child.to_dict() for key, child in self.children.items()}
        return {**node, **(self.model_extra or {})}

    def to_flow(self) -> Flow:
        """Return the node as a Flow."""
        return parse(self.to_dict())

    @classmethod
    def versions(cls) -> tuple[KazooVersion, ...]:
        """Return the KAZOO versions that have the module."""
        return cls.kazoo_versions  # type: ignore[return-value]


def model_of(module: str) -> type[ModuleNode]:
    """Return the model of a module, importing it if need be; ValueError when there is none."""
    from ._generated.builders import __all__ as modules

    if module not in modules:
        raise ValueError(f"{module!r} is not a module of KAZOO")
    name = "".join(part.capitalize() for part in module.split("_"))
    model: type[ModuleNode] = getattr(import_module(f"kazoo_callflow._generated.models.{module}"), name)
    return model


def to_model(value: Any) -> Any:
    """Turn a Flow or plain JSON into its module's model; anything else is left for pydantic to refuse."""
    if isinstance(value, Flow):
        value = value.to_dict()
    if isinstance(value, dict) and isinstance(value.get("module"), str):
        return model_of(value["module"]).model_validate(value)
    return value


ChildNode = Annotated[SerializeAsAny[ModuleNode], BeforeValidator(to_model)]
"""A node of any module: which model it is depends on `module`."""

ModuleNode.model_rebuild()
