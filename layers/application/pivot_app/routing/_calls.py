"""Routing a real call: which route, which rule, and the callflow of its action."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from pivot_app.actions import ActionScope, CallContext, Step, apology, path_text, perform, resume
from pivot_app.documents import DocumentError, Documents, PageCache, decode
from pivot_app.lazy_dataclass import dataclass
from pivot_app.routing._decide import Decision, decide
from pivot_app.routing._schema import DEFAULT_ROUTE, RoutePage

if TYPE_CHECKING:
    from kazoo_callflow import Flow
    from kazoo_pivot import Call
    from pivot_app.actions import ActionContext, Path
    from pivot_app.identity import CallerContext

KIND = "routing"
EXPLAINED_RULES = 20
"""How many of the rules before the deciding one Live Debug shows the reasons of."""


def read_page(stored: bytes) -> RoutePage:
    """Return one route from the JSON it is stored as."""
    return decode(RoutePage, json.loads(stored))


_pages: PageCache[RoutePage] = PageCache(read_page)


class RoutingError(DocumentError):
    """A call cannot be routed: nothing was pushed, or no route fits the dialled number."""


def route_call(call: Call, documents: Documents, person: CallerContext) -> Flow:
    """Answer with the action of the first rule that fits the call, or go on where a branch was left."""
    context = CallContext(call, person)
    if "at" in call.signed and call.signed.get("route"):
        step = Step.from_carried(call.signed)
        page = _stored(documents, call.account_id, step.version, str(call.signed["route"]))
        return resume(page, str(call.signed["at"]), scope_of(page, step, context))
    version, page = _route(call, documents)
    decision = decide(page, context.attributes)
    explain(call, version, page, decision)
    step = Step(version=version, menu="", language=_language(call, person), number=0)
    return perform(decision.action, scope_of(page, step, context, path=decision.path))


def scope_of(page: RoutePage, step: Step, context: ActionContext, *, path: Path = ()) -> ActionScope:
    """Return the scope of a rule's action."""
    return ActionScope(context=context, around=RouteSurroundings(page), step=step, path=path)


@dataclass(frozen=True, slots=True)
class RouteSurroundings:
    """The route that contains an action; it has no menu to go back to."""

    page: RoutePage

    @property
    def settings(self) -> RoutePage:
        """The page itself contains the values that it needs from its document."""
        return self.page

    def enter(self, menu: str, scope: ActionScope) -> Flow:
        """Return a pivot to a menu, of the menus that are live then."""
        step = scope.step.enter(menu)
        return scope.context.go("menu", carry={**step.carried(), "version": 0}, query={})

    def back(self, scope: ActionScope) -> Flow:
        """Return an apology: lint lets no rule go back."""
        return apology(scope)

    def repeat(self, scope: ActionScope) -> Flow:
        """Return an apology: lint lets no rule repeat."""
        return apology(scope)

    def wrong_answer(self, scope: ActionScope) -> Flow:
        """Return an apology: a value the action needs is missing, and nobody was asked for it."""
        return apology(scope)

    def resume(self, path: Path, scope: ActionScope) -> Flow:
        """Return a pivot that goes on at an action of this route."""
        carry = {**scope.step.carried(), "route": self.page.name, "at": path_text(path)}
        return scope.context.go("call_routing", carry=carry, query={})


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


def _language(call: Call, person: CallerContext) -> str:
    """Return the known caller's language if a rule made us look them up, else the call's."""
    return (person.known_account_id and person.language) or call.language


def _stored(documents: Documents, kazoo_account_id: str, version: int, name: str) -> RoutePage:
    page = _pages.get(kazoo_account_id, version, name)
    if page is not None:
        return page
    stored = documents.page(kazoo_account_id, KIND, version, name)
    if stored is None:
        raise RoutingError(f"version {version} has no route {name!r}")
    return _pages.add(kazoo_account_id, version, name, stored)


def _route(call: Call, documents: Documents) -> tuple[int, RoutePage]:
    """Return the route of the dialled number, else the default one, of the live version."""
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
