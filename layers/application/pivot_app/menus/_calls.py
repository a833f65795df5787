"""Menus in a real call: the state that came with the request, the stores, and the way to the next
callback."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from pivot_app.documents._plain import plain
from pivot_app.documents._store import DocumentError, DocumentStore, Head, PageCache
from pivot_app.identity import CallerContext
from pivot_app.menus import _engine as engine
from pivot_app.menus._step import Step

if TYPE_CHECKING:
    from kazoo_callflow import Flow
    from kazoo_pivot import Call
    from pivot_app.menus._document import Page

KIND = "menus"
SENSITIVE_COLLECTIONS = (engine.SENSITIVE, "default")
"""For `@callback`: digits of sensitive questions, and what a caller typed on after one had ended."""

_pages: PageCache[Page] = PageCache(plain)


class MenuError(DocumentError):
    """A menu cannot be presented: nothing was pushed, or the version has no such menu."""


class Documents(Protocol):
    """Where steps read their pages from; `DocumentStore` is the real one."""

    def head(self, kazoo_account_id: str, kind: str) -> Head | None:
        """The live version."""

    def page(self, kazoo_account_id: str, kind: str, version: int, name: str) -> bytes | None:
        """One page of a version."""


def documents() -> DocumentStore:
    """The deployment's documents."""
    from pivot_app import aws
    from pivot_app.settings import settings

    return DocumentStore(aws.client("dynamodb"), settings().documents_table)


def present_menu(call: Call, documents: Documents, person: CallerContext) -> Flow:
    """Answer with the menu a call is on its way to: the one carried in its state, named in voice_url, or the
    first."""
    if "menu" in call.signed and call.signed.get("version"):
        step = Step.from_carried(call.signed)
        page = _page(documents, call.account_id, step)
    else:
        page, step = _first(call, documents)
    world = CallWorld(call, person, step)
    if page.caller_language and step.number == 1:
        step = replace(step, language=person.language or step.language)
    return engine.present(page, step, world)


def respond(call: Call, documents: Documents, person: CallerContext) -> Flow:
    """Answer to the keys pressed after `present_menu`; a call that was asked nothing yet gets its first
    menu."""
    if not call.signed.get("version"):
        return present_menu(call, documents, person)
    step = Step.from_carried(call.signed)
    page = _page(documents, call.account_id, step)
    digits = call.digits.get(engine.collection_name(page.menu, step), "")
    return engine.select(page, step, digits, CallWorld(call, person, step))


def _first(call: Call, documents: Documents) -> tuple[Page, Step]:
    """The menu of the live version that a call begins on."""
    head = documents.head(call.account_id, KIND)
    if head is None:
        raise MenuError("no menus were pushed for this KAZOO account; use `pivot data push`")
    name = str(call.signed.get("menu") or call.query.get("menu") or head.start)
    step = Step(
        version=head.version,
        menu=name,
        language=str(call.signed.get("language") or call.language),
        account_id=str(call.signed.get("account", "")),
    )
    page = _pages.get(call.account_id, head.version, name)
    if page is None and name == head.start:
        page = _pages.add(call.account_id, head.version, name, head.page)
    return page or _page(documents, call.account_id, step), step


def _page(documents: Documents, kazoo_account_id: str, step: Step) -> Page:
    cached = _pages.get(kazoo_account_id, step.version, step.menu)
    if cached is not None:
        return cached
    page = documents.page(kazoo_account_id, KIND, step.version, step.menu)
    if page is None:
        raise MenuError(f"version {step.version} has no menu {step.menu!r}")
    return _pages.add(kazoo_account_id, step.version, step.menu, page)


@dataclass
class CallWorld:
    """What menus and rules may ask of a real call."""

    call: Call
    person: CallerContext
    step: Step

    @property
    def now(self) -> datetime:
        """When the call is answered."""
        return self.call.now

    def value(self, place: str, language: str) -> str | None:
        """The value of a placeholder."""
        owner, _, name = place.partition(".")
        if owner == "call":
            return {"dialled": self.call.request_user, "number": self.call.caller_id_number}.get(name)
        if place == "caller.number":
            return self.call.caller_id_number
        return self.person.value(owner, name, language)

    def available_micros(self) -> int | None:
        """What the caller's account may spend."""
        balance = self.person.balance
        return None if balance is None else balance.available_micros

    def balance_text(self, language: str) -> str | None:
        """The balance in a sentence, with its age when it is not of now."""
        return self.person.balance_text(language)

    def pin_is(self, digits: str) -> bool:
        """Whether the digits are the PIN of the caller's account."""
        return self.person.pin_is(digits)

    def page(self, name: str) -> Page | None:
        """Another menu, if it was read before: a step reads one row at most, and asks KAZOO to come back
        instead."""
        return _pages.get(self.call.account_id, self.step.version, name)

    def go(self, callback: str, *, carry: Mapping[str, str | int], query: Mapping[str, str]) -> Flow:
        """A pivot to another callback; who the caller is goes along, once it is known."""
        return self.call.next(f"/{callback}", signed={**carry, **self.person.signed}, query=query)

    def explain(self, rule: str, **facts: str | int) -> None:
        """Record a decision in Live Debug."""
        self.call.explain(rule, **facts)
