"""Pydantic models of documents, made from the dataclasses that the functions decode.

A document is checked by its model, then decoded as a call decodes it: what lint plays is what callers get.
The published JSON Schema is the model's.
"""

from __future__ import annotations

import dataclasses
import sys
import types
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Annotated, Any, ForwardRef, TypeVar, Union, get_args, get_origin, get_type_hints

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    create_model,
    model_validator,
)

from pivot_app.documents import (
    Between,
    Computed,
    Fillable,
    Form,
    Length,
    Part,
    Pattern,
    Record,
    Tagged,
    decode,
    document_name,
)
from pivotctl.data._checks import CHECKS
from pivotctl.data._forms import FORMS, digits_as_text, one_as_list
from pivotctl.data._placeholders import check_fillable, check_pattern
from pivotctl.data._short import SHORT_RECORDS

T = TypeVar("T", bound=Record)

# Unions are made of lists of types here, which only the class form can do.
_UNION: Any = Union


class StrictModel(BaseModel):
    """The base of every model: unknown fields are refused and values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True, protected_namespaces=())


def load(record: type[T], value: Any) -> T:
    """Return a document from the values of its file. pydantic's ValidationError lists what is wrong."""
    kind: Any = record
    model = model_of(kind).model_validate(value)
    return decode(record, plain(model))


def plain(model: BaseModel) -> Any:
    """Return what a validated document says, as JSON values, without what it leaves to the defaults."""
    return _sorted(model.model_dump(mode="json", by_alias=True, exclude_unset=True))


def json_schema(record: Any) -> dict[str, Any]:
    """Return the JSON Schema of a document, for editors."""
    schema = model_of(record).model_json_schema(by_alias=True)
    unions: dict[str, Any] = {}
    shared = _hoisted(schema, unions)
    shared["$defs"] = {**shared.get("$defs", {}), **unions}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **shared}


def _hoisted(value: Any, unions: dict[str, Any]) -> Any:
    """Return every union of actions or conditions in one place: hundreds of fields hold them."""
    if isinstance(value, list):
        return [_hoisted(each, unions) for each in value]
    if not isinstance(value, dict):
        return value
    made = {key: _hoisted(each, unions) for key, each in value.items()}
    if "oneOf" not in made or not isinstance(made.get("discriminator"), dict):
        return made
    name = {"do": "AnyAction", "test": "AnyCondition"}[made["discriminator"]["propertyName"]]
    # Short spellings: the name alone, and for an action a list of alternatives.
    short = [{"type": "string"}] + (
        [{"type": "array", "items": {"$ref": f"#/$defs/{name}"}}] if name == "AnyAction" else []
    )
    unions[name] = {
        "anyOf": [
            {"oneOf": made["oneOf"]},
            {"type": "object", "not": {"required": [made["discriminator"]["propertyName"]]}},
            *short,
        ]
    }
    return {"$ref": f"#/$defs/{name}"} | {
        key: each for key, each in made.items() if key not in ("oneOf", "discriminator")
    }


def encode(record: Record) -> dict[str, Any]:
    """Return a record as the JSON that `decode` reads, without the fields that hold their default."""
    made = {}
    for field in dataclasses.fields(record):  # type: ignore[arg-type]
        value = getattr(record, field.name)
        if field.default is not dataclasses.MISSING:
            default: Any = field.default
        elif field.default_factory is not dataclasses.MISSING:
            default = field.default_factory()
        else:
            default = dataclasses.MISSING
        if value != default:
            made[document_name(field.name)] = _encoded(value)
    return made


def _encoded(value: Any) -> Any:
    if isinstance(value, Record):
        return encode(value)
    if isinstance(value, Mapping):
        return {key: _encoded(each) for key, each in value.items()}
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple):
        if (
            len(value) == 1
            and isinstance(value[0], Part)
            and value[0].media is None
            and value[0].language is None
        ):
            # A plain sentence, as most are.
            return dict(value[0].text or {})
        return [_encoded(each) for each in value]
    return value


def _sorted(value: Any) -> Any:
    """Sort sets, which pydantic writes in any order: a push must be the same twice."""
    if isinstance(value, dict):
        return {key: _sorted(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_sorted(each) for each in value]
    return value


@cache
def model_of(record: Any) -> type[BaseModel]:
    """Return the model of a document, with the models of all that is in it."""
    registry: dict[str, type[BaseModel]] = {}
    _make(record, registry)
    with _deep_recursion():
        for model in registry.values():
            model.model_rebuild(_types_namespace=registry)
    return registry[_key(record)]


@contextmanager
def _deep_recursion() -> Iterator[None]:
    """Every action may hold every other: pydantic goes down that chain one model after another."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, 10_000))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


def _make(record: type[Any], registry: dict[str, type[BaseModel]]) -> None:
    registry[_key(record)] = StrictModel  # Found while it is being made: documents hold themselves.
    hints = get_type_hints(record, include_extras=True)
    made: dict[str, Any] = {}
    for field in dataclasses.fields(record):
        extras = get_args(hints[field.name])[1:] if get_origin(hints[field.name]) is Annotated else ()
        if any(isinstance(each, Computed) for each in extras):
            continue
        made[field.name] = (_translated(hints[field.name], registry), _field(field))
    checks: dict[str, Any] = {
        f"check_{n}": model_validator(mode="after")(_checking(check))
        for n, check in enumerate(CHECKS.get(record.__name__, ()))
    }
    if record.__name__ in SHORT_RECORDS:
        checks["shorten"] = model_validator(mode="before")(SHORT_RECORDS[record.__name__])
    doc = " ".join((record.__doc__ or "").split())
    registry[_key(record)] = create_model(
        record.__name__, __base__=StrictModel, __doc__=doc, __validators__=checks, **made
    )


def _key(record: Any) -> str:
    """Return what a model is called while models refer to each other: no name that this module has."""
    return f"model_of_{record.__name__}"


def _checking(check: Any) -> Any:
    def run(model: Any) -> Any:
        check(model)
        return model

    return run


def _field(field: dataclasses.Field[Any]) -> Any:
    name = document_name(field.name)
    given: dict[str, Any] = {"alias": name} if name != field.name else {}
    if field.default is not dataclasses.MISSING:
        given["default"] = field.default
    elif field.default_factory is not dataclasses.MISSING:
        given["default_factory"] = field.default_factory
    return Field(**given)


def _translated(hint: Any, registry: dict[str, type[BaseModel]]) -> Any:
    """Return a type with our annotations as one with pydantic's."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return _annotated(arguments[0], arguments[1:], registry)
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        if _key(hint) not in registry:
            _make(hint, registry)
        return ForwardRef(_key(hint))
    if origin in (Union, types.UnionType):
        return _union(arguments, registry)
    if origin is tuple:
        inner = _translated(arguments[0], registry)
        return Annotated[list[inner], BeforeValidator(one_as_list)]  # type: ignore[valid-type]
    if origin is frozenset:
        return frozenset[_translated(arguments[0], registry)]  # type: ignore[misc]
    if origin in (dict, Mapping):
        return dict[_translated(arguments[0], registry), _translated(arguments[1], registry)]  # type: ignore[misc]
    return hint


def _union(members: tuple[Any, ...], registry: dict[str, type[BaseModel]]) -> Any:
    optional = type(None) in members
    kept = [each for each in members if each is not type(None)]
    if len(kept) == 1:
        made = _translated(kept[0], registry)
    elif not any(dataclasses.is_dataclass(each) for each in kept):
        made = _UNION[tuple(_translated(each, registry) for each in kept)]
    else:
        # A text or an object: told apart by what is there, so that a mistake is told once.
        tagged = [
            Annotated[
                _translated(each, registry), Tag("object" if dataclasses.is_dataclass(each) else "text")
            ]
            for each in kept
        ]
        made = Annotated[_UNION[tuple(tagged)], Discriminator(_object_or_text)]
    return _UNION[made, None] if optional else made


def _object_or_text(value: Any) -> str:
    return "object" if isinstance(value, dict | BaseModel) else "text"


def _annotated(hint: Any, extras: tuple[Any, ...], registry: dict[str, type[BaseModel]]) -> Any:
    tagged = next((each for each in extras if isinstance(each, Tagged)), None)
    made = _tagged(hint, tagged.field, registry) if tagged is not None else _translated(hint, registry)
    for extra in extras:
        for each in _metadata(extra):
            made = Annotated[made, each]
    return made


def _tagged(hint: Any, field: str, registry: dict[str, type[BaseModel]]) -> Any:
    members = tuple(_translated(each, registry) for each in get_args(hint))
    return Annotated[_UNION[members], Field(discriminator=field)]


def _metadata(extra: Any) -> list[Any]:
    match extra:
        case Pattern():
            return [
                BeforeValidator(digits_as_text),
                AfterValidator(check_pattern(extra)),
                Field(description=extra.says, json_schema_extra={"pattern": f"^({extra.regex})$"}),
            ]
        case Between():
            return [Field(ge=extra.low, le=extra.high)]
        case Length():
            return [Field(min_length=extra.least, max_length=extra.most)]
        case Fillable():
            return [BeforeValidator(digits_as_text), AfterValidator(check_fillable(extra))]
        case Form():
            return FORMS[extra.name]()
        case _:
            return []


__all__ = ["StrictModel", "encode", "json_schema", "load", "model_of", "plain"]
