"""Finds values that cannot be filled, and targets that callers could turn into somebody else's bill."""

from __future__ import annotations

import re
from collections.abc import Iterator
from re import _parser  # type: ignore[attr-defined]
from typing import Any, get_args, get_type_hints

from pivot_app.actions import Action, HuntEntry
from pivot_app.documents import PLACE, Fillable, FromTable
from pivot_app.menus import Menu
from pivotctl.data._walk import walk_values
from pivotctl.data.documents import MenuDocument, RoutingDocument
from pivotctl.data.lint._diagnostics import Diagnostic, DocumentPath, unknown_name

EXTENSION_DIGITS = 6
"""A typed number this short is an extension of the account, not a call that costs money."""


def values(document: MenuDocument | RoutingDocument) -> Iterator[Diagnostic]:
    """Yield what is wrong with the values and tables of a document."""
    for place, owner in walk_values(document):
        for name, value in _own_values(owner):
            if isinstance(value, FromTable):
                yield from _table(document, (*place, name), value, _form(type(owner), name))
    yield from _remembered(document)
    if isinstance(document, MenuDocument):
        for name, menu in document.menus.items():
            yield from _menu_values(menu, ("menus", name))
    else:
        for place, value in walk_values(document.routes, ("routes",)):
            if isinstance(value, str) and "call.digits" in _names(value):
                yield Diagnostic(place, "error", "a rule asks for no digits; {call.digits} belongs to a menu")
            yield from _open_target(value, place, bounded=False)


def _own_values(owner: Any) -> Iterator[tuple[str, Any]]:
    if hasattr(owner, "__dataclass_fields__"):
        for name in owner.__dataclass_fields__:
            yield name, getattr(owner, name)


def _form(record: type[Any], field: str) -> Fillable:
    hint = get_type_hints(record, include_extras=True)[field]
    for each in (hint, *get_args(hint)):
        for extra in get_args(each)[1:]:
            if isinstance(extra, Fillable):
                return extra
    return Fillable()


def _table(
    document: MenuDocument | RoutingDocument, place: DocumentPath, value: FromTable, form: Fillable
) -> Iterator[Diagnostic]:
    table = document.tables.get(value.from_)
    if table is None:
        yield Diagnostic((*place, "from"), "error", unknown_name("table", value.from_, document.tables))
        return
    for key, entry in table.items():
        if form.regex and not re.fullmatch(form.regex, entry):
            message = f"{entry[:60]!r} has the wrong form for {place[-1]}; write {form.says}"
            yield Diagnostic(("tables", value.from_, key), "error", message)


def _remembered(document: MenuDocument | RoutingDocument) -> Iterator[Diagnostic]:
    """State that is read but written nowhere. Rules may hand state on to menus, so menus only warn."""
    written = {
        name
        for _, value in walk_values(document)
        if isinstance(value, Action) and value.do == "remember"
        for name in getattr(value, "values", {})
    }
    for place, value in walk_values(document):
        if not isinstance(value, str):
            continue
        for name in _names(value):
            owner, _, key = name.partition(".")
            if owner == "state" and key not in written:
                message = f"{{{name}}} is remembered nowhere in this document; use `do: remember` first"
                yield Diagnostic(place, "warning", message)


def _menu_values(menu: Menu, top: DocumentPath) -> Iterator[Diagnostic]:
    for start, action in menu.actions():
        bounded = _bounded(menu, start)
        for place, value in walk_values(action, (*top, *start)):
            if start[0] not in ("keys", "any") and isinstance(value, str) and "call.digits" in _names(value):
                yield Diagnostic(
                    place, "warning", "nothing was pressed when this runs; {call.digits} is empty"
                )
            yield from _open_target(value, place, bounded=bounded)


def _bounded(menu: Menu, start: tuple[str, ...]) -> bool:
    """Whether the document itself bounds which digits get to an action: by a key, or by their count."""
    if menu.digits <= EXTENSION_DIGITS:
        return True
    if start[0] != "keys":
        return False
    key = start[1]
    return not key.startswith("/") or int(_parser.parse(key[1:-1]).getwidth()[1]) <= EXTENSION_DIGITS


_REMEDY = (
    "take the target from a table, use a key or a pattern of at most "
    f"{EXTENSION_DIGITS} digits, or send the call to the balance gate"
)


def _open_target(value: Any, place: DocumentPath, bounded: bool) -> Iterator[Diagnostic]:
    """Yield a number taken from the caller's keys goes anywhere in the world, at the account's cost."""
    for field, text in _targets(value):
        open_names = [name for name in _names(text) if _from_caller(name, bounded=bounded)]
        if open_names and not getattr(value, "allow", ()):
            allow = "name the prefixes in `allow`, " if getattr(value, "do", "") == "ring_number" else ""
            message = f"callers could dial any number here at the account's cost; {allow}{_REMEDY}"
            yield Diagnostic((*place, *field), "error", message)


def _from_caller(name: str, *, bounded: bool) -> bool:
    """Whether the caller decides what a value is: by keys, by what they left earlier, or by Caller-ID."""
    if name == "call.digits":
        return not bounded
    return name.startswith(("state.", "query.")) or name in (
        "call.number",
        "call.name",
        "caller.number",
        "call.dialled",
    )


def _targets(value: Any) -> Iterator[tuple[DocumentPath, str]]:
    """Yield the numbers that an action, or an entry of a hunt list, dials."""
    if isinstance(value, HuntEntry):
        names: tuple[str, ...] = ("number",)
    else:
        names = {"ring_number": ("number",), "callflow": ("number",), "transfer": ("to",)}.get(
            getattr(value, "do", ""), ()
        )
    for name in names:
        if isinstance(text := getattr(value, name), str):
            yield (name,), text
    if isinstance(value, Action) and value.do == "module":
        for inner, text in walk_values(getattr(value, "data", {}), ("data",)):
            if isinstance(text, str) and inner[-1] in ("to_did", "target"):
                yield inner, text


def _names(text: str) -> list[str]:
    return [place[1] for place in PLACE.finditer(text)] if "{" in text else []
