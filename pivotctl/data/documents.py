"""Whole documents as authors write them; a push cuts them into the pages that calls read."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, Literal, TypeVar

from pivot_app.documents import FromTable, Length, Name, Record
from pivot_app.lazy_dataclass import dataclass
from pivot_app.menus import Menu, MenuPage, MenuSettings
from pivot_app.routing import DEFAULT_ROUTE, Route, RouteName, RoutePage, RoutingSettings
from pivotctl.data._callers import CallersDocument
from pivotctl.data._holidays import days_of
from pivotctl.data._models import load as load_record
from pivotctl.data._walk import walk_records

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class MenuDocument(MenuSettings):
    """All menus of one KAZOO account, the one calls begin with, and the schedules and tables they name."""

    kind: Literal["menus"]
    menus: Annotated[Mapping[Name, Menu], Length(1, 20_000)]

    def page(self, name: str) -> MenuPage:
        """Return one menu with all it needs from the rest of the document, as it is stored and read."""
        menu = self.menus[name]
        shared = _shared(self, MenuSettings)
        return MenuPage(name=name, menu=menu, **(shared | _needed(menu, self.schedules, self.tables)))


@dataclass(frozen=True, kw_only=True)
class RoutingDocument(RoutingSettings):
    """All routes of one KAZOO account. `default` serves the numbers that have no route of their own."""

    kind: Literal["routing"]
    routes: Annotated[Mapping[RouteName, Route], Length(1, 20_000)]

    def page(self, name: str) -> RoutePage:
        """Return one route with all it needs from the rest of the document, as it is stored and read."""
        route = self.routes[name]
        shared = _shared(self, RoutingSettings)
        return RoutePage(name=name, route=route, **(shared | _needed(route, self.schedules, self.tables)))

    @property
    def start(self) -> str:
        """The route stored beside the pointer to the live version: the default one, or the first."""
        return DEFAULT_ROUTE if DEFAULT_ROUTE in self.routes else next(iter(self.routes))


AnyDocument = MenuDocument | RoutingDocument | CallersDocument

KINDS: dict[str, type[AnyDocument]] = {
    "menus": MenuDocument,
    "routing": RoutingDocument,
    "callers": CallersDocument,
}


def load(value: Any) -> AnyDocument:
    """Return the document that the values of a file describe, with its public holidays computed.

    pydantic's ValidationError lists what is wrong; KeyError when `kind` names no kind of document.
    """
    return complete(load_record(KINDS[value["kind"]], value))


def complete(part: T) -> T:
    """Return the document with the holidays of every country it names."""
    if isinstance(part, tuple):
        made = tuple(complete(each) for each in part)
        return made if any(a is not b for a, b in zip(part, made, strict=True)) else part  # type: ignore[return-value]
    if isinstance(part, dict):
        changed = {key: complete(each) for key, each in part.items()}
        return changed if any(changed[key] is not part[key] for key in part) else part  # type: ignore[return-value]
    if not isinstance(part, Record):
        return part
    if hasattr(part, "country") and hasattr(part, "days"):
        return replace(part, days=days_of(part.country, part.subdivision))  # type: ignore[type-var, attr-defined]
    changes = {}
    for field in dataclasses.fields(part):  # type: ignore[arg-type]
        value = getattr(part, field.name)
        if isinstance(value, Record | tuple | dict) and (whole := complete(value)) is not value:
            changes[field.name] = whole
    return replace(part, **changes) if changes else part  # type: ignore[type-var]


def _shared(document: Any, settings: type[Any]) -> dict[str, Any]:
    return {field.name: getattr(document, field.name) for field in dataclasses.fields(settings)}


def _needed(
    part: Record, schedules: Mapping[str, Any], tables: Mapping[str, Mapping[str, str]]
) -> dict[str, Any]:
    """Return the schedules and tables that a part of a document names."""
    named: set[str] = set()
    looked_in: set[str] = set()
    for record in walk_records(part):
        if isinstance(name := getattr(record, "schedule", None), str):
            named.add(name)
        if isinstance(record, FromTable):
            looked_in.add(record.from_)
    return {
        "schedules": {name: each for name, each in schedules.items() if name in named},
        "tables": {name: each for name, each in tables.items() if name in looked_in},
    }
