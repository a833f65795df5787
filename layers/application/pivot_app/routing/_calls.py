"""Routing a real call: which route, which rule, and the callflow of its action."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

from pivot_app.menus import CallWorld, DocumentError, Documents, PageCache, Step, perform, plain
from pivot_app.routing._decide import DEFAULT_ROUTE, Decision, decide
from pivot_app.routing._facts import Facts, KnownCaller

if TYPE_CHECKING:
    from kazoo_callflow import Flow
    from kazoo_pivot import Call
    from pivot_app.identity import CallerContext
    from pivot_app.menus import Page
    from pivot_app.routing._document import RoutePage

KIND = "routing"
EXPLAINED_RULES = 20
"""How many of the rules before the deciding one Live Debug shows the reasons of."""

_pages: PageCache[RoutePage] = PageCache(plain)


class RoutingError(DocumentError):
    """A call cannot be routed: nothing was pushed, or no route fits the dialled number."""


def route_call(call: Call, documents: Documents, person: CallerContext) -> Flow:
    """Answer with the action of the first rule that fits the call."""
    version, page = _route(call, documents)
    decision = decide(page, facts_of(call, person))
    explain(call, version, page, decision)
    step = Step(version=0, menu="", language=person_language(call, person), number=0)
    # A rule stands in no menu: of a menu's page only what ends a call is needed.
    settings = cast("Page", SimpleNamespace(start="", max_steps=1, goodbye=page.goodbye))
    return perform(decision.action, settings, step, CallWorld(call, person, step))


def facts_of(call: Call, person: CallerContext) -> Facts:
    """The call as rules see it."""

    def known() -> KnownCaller | None:
        found = person.caller
        return KnownCaller(found.account_id, found.name, found.attributes) if found else None

    def available() -> int | None:
        return person.balance.available_micros if person.balance else None

    return Facts(
        now=call.now,
        caller_number=call.caller_id_number,
        dialled=call.request_user,
        region=call.account.region,
        language=call.language,
        variables=call.custom_application_vars,
        sip_headers=call.custom_sip_headers,
        find_caller=known,
        find_available_micros=available,
    )


def explain(call: Call, version: int, page: RoutePage, decision: Decision) -> None:
    """Record for Live Debug which rule decided, and of the last ones before it why they did not."""
    total = len(decision.missed)
    for name, reason in decision.reasons(last=EXPLAINED_RULES):
        call.explain("rule missed", rule=name, why=reason)
    call.explain(
        "rule",
        rule=decision.name,
        route=page.name,
        version=version,
        action=decision.action.do,
        missed_before=total,
    )


def person_language(call: Call, person: CallerContext) -> str:
    """The known caller's language if a rule made us look them up, else the call's."""
    return (person.known_account_id and person.language) or call.language


def _route(call: Call, documents: Documents) -> tuple[int, RoutePage]:
    """The route of the dialled number, else the default one, of the live version."""
    head = documents.head(call.account_id, KIND)
    if head is None:
        raise RoutingError("no routing rules were pushed for this KAZOO account; use `pivot data push`")
    version, dialled = head.version, call.request_user
    for name in (dialled, DEFAULT_ROUTE):
        page = _pages.get(call.account_id, version, name)
        if page is None and name == head.start:
            page = _pages.add(call.account_id, version, name, head.page)
        if page is None:
            stored = documents.page(call.account_id, KIND, version, name)
            page = _pages.add(call.account_id, version, name, stored) if stored else None
        if page is not None:
            # Under the dialled number too: that it has no route of its own need not be asked again.
            return version, _pages.keep(call.account_id, version, dialled, page, 0)
    raise RoutingError(f"no route for {dialled!r}, and no default route")
