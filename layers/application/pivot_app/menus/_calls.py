"""Menus in a real call: the state that came with the request, the stores, and the way to the next
callback."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from pivot_app.actions import CallContext, Step, resume
from pivot_app.documents import DocumentError, Documents, PageCache
from pivot_app.menus._ask import SENSITIVE, collection_name
from pivot_app.menus._page import read_page
from pivot_app.menus._select import render_menu, resolve_selection, scope_of

if TYPE_CHECKING:
    from kazoo_callflow import Flow
    from kazoo_pivot import Call
    from pivot_app.identity import CallerContext
    from pivot_app.menus._schema import MenuPage

KIND = "menus"
SENSITIVE_COLLECTIONS = (SENSITIVE, "default")
"""For `@callback`: digits of sensitive questions, and digits typed after the end of one."""

_pages: PageCache[MenuPage] = PageCache(read_page)


class MenuError(DocumentError):
    """A menu cannot be presented: nothing was pushed, or the version has no such menu."""


def handle_menu(call: Call, documents: Documents, person: CallerContext) -> Flow:
    """Answer with the menu a call is on its way to: the one carried in its state, named in voice_url, or the
    first. A call that left a branch for later goes on there."""
    if "menu" not in call.signed or not call.signed.get("version"):
        page, step = _first(call, documents)
        if page.caller_language:
            step = replace(step, language=person.language or step.language)
    else:
        step = Step.from_carried(call.signed)
        page = _page(documents, call.account_id, step)
    context, pages = CallContext(call, person), partial(_pages.get, call.account_id, step.version)
    if "at" in call.signed:
        scope = scope_of(page, step, context, pages, answer=str(call.signed.get("digits", "")))
        return resume(page, str(call.signed["at"]), scope)
    return render_menu(page, step, context, pages)


def handle_selection(call: Call, documents: Documents, person: CallerContext) -> Flow:
    """Answer to the keys pressed after `handle_menu`; a call that was asked nothing yet gets its first
    menu."""
    if not call.signed.get("version"):
        return handle_menu(call, documents, person)
    step = Step.from_carried(call.signed)
    page = _page(documents, call.account_id, step)
    digits = call.digits.get(collection_name(page.menu, step), "")
    pages = partial(_pages.get, call.account_id, step.version)
    return resolve_selection(page, step, digits, CallContext(call, person), pages)


def _first(call: Call, documents: Documents) -> tuple[MenuPage, Step]:
    """Return the menu of the live version that a call begins on."""
    head = documents.head(call.account_id, KIND)
    if head is None:
        raise MenuError("no menus were pushed for this KAZOO account; use `pivot data push`")
    name = str(call.signed.get("menu") or call.query.get("menu") or head.start)
    step = Step.from_carried(
        {"language": call.language, **call.signed, "version": head.version, "menu": name}
    )
    page = _pages.get(call.account_id, head.version, name)
    if page is None and name == head.start:
        page = _pages.add(call.account_id, head.version, name, head.page)
    return page or _page(documents, call.account_id, step), step


def _page(documents: Documents, kazoo_account_id: str, step: Step) -> MenuPage:
    cached = _pages.get(kazoo_account_id, step.version, step.menu)
    if cached is not None:
        return cached
    page = documents.page(kazoo_account_id, KIND, step.version, step.menu)
    if page is None:
        raise MenuError(f"version {step.version} has no menu {step.menu!r}")
    return _pages.add(kazoo_account_id, step.version, step.menu, page)
