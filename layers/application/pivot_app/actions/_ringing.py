"""Ringing phones, one after another or at once, with a branch for each way of not answering."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal, Protocol

import kazoo_callflow as cf
from pivot_app.actions._context import ActionScope
from pivot_app.actions._speak import apology, join, say
from pivot_app.documents import KAZOO_ID, PHONE_NUMBER

if TYPE_CHECKING:
    from kazoo_callflow import Flow
    from pivot_app.actions import _schema as actions
    from pivot_app.actions._schema import Action, AnyAction

RINGS = frozenset({"ring_user", "ring_device", "ring_group", "ring_number"})
OUTCOMES: dict[str, tuple[str, ...]] = {
    "busy": ("USER_BUSY",),
    "no_answer": ("NO_ANSWER", "NO_USER_RESPONSE", "RECOVERY_ON_TIMER_EXPIRE"),
    "rejected": ("CALL_REJECTED",),
    "unregistered": ("USER_NOT_REGISTERED", "SUBSCRIBER_ABSENT"),
}
"""The causes KAZOO names the branches for."""

_OTHERS = ("UNALLOCATED_NUMBER", "NORMAL_TEMPORARY_FAILURE", "DESTINATION_OUT_OF_ORDER", "UNSPECIFIED")
CARRIER_CAUSES = ("USER_BUSY", "NO_ANSWER", "NO_USER_RESPONSE", "CALL_REJECTED", "RECOVERY_ON_TIMER_EXPIRE")
"""KAZOO 4.3 and 5: after a failed call through carriers only a child named for the cause runs, never `_`."""

COPIES = len(CARRIER_CAUSES) + len(_OTHERS)


class Branch(Protocol):
    """Renders a branch that runs later."""

    def __call__(self, action: AnyAction | Action, scope: ActionScope, *, copies: int = 1) -> Flow:
        """Return its flow."""


def ring(action: Any, scope: ActionScope, branch: Branch) -> Flow:
    """Return the flow of one ring action."""
    target = _target(action, scope)
    if target is None:
        return _unfit(action, scope, branch)
    inner = replace(scope, depth=scope.depth + 1)
    copies = _copies(action, target)
    last = (
        apology(scope, "nobody_answers")
        if action.failed is None
        else branch(action.failed, inner.at("failed"), copies=copies)
    )
    return join(_identity(action, scope), _with_outcomes(target, action, inner, last, branch))


def hunt(action: actions.Hunt, scope: ActionScope, branch: Branch, first: int = 0) -> Flow:
    """Return the flow that rings the entry `first`, and asks for the next one when nobody answers.

    An entry whose conditions do not hold, or whose number is missing, is passed over.
    """
    for index in range(first, len(action.entries)):
        entry = action.entries[index]
        here = scope.at("entries", str(index))
        if entry.when and (why := scope.mismatch(entry.when)) is not None:
            scope.explain("hunt", entry=index + 1, skipped=why)
            continue
        target = _entry_target(entry, scope)
        if target is None:
            scope.explain("hunt", entry=index + 1, skipped="its number or id is missing")
            continue
        scope.explain("hunt", entry=index + 1, of=len(action.entries))
        inner = replace(here, later=True)
        last = (
            scope.around.resume(scope.at("entries", str(index + 1)).path, scope)
            if index + 1 < len(action.entries)
            else _after_hunt(action, scope, branch, _copies(entry, target))
        )
        flow = _with_outcomes(target, entry, inner, last, branch)
        if index == 0 or first == 0:
            flow = join(_identity(action, scope), flow)
        return join(say(entry.say, here), flow)
    return _after_hunt(action, replace(scope, later=scope.later), branch, 1)


def _after_hunt(action: actions.Hunt, scope: ActionScope, branch: Branch, copies: int) -> Flow:
    if action.failed is None:
        return apology(scope, "nobody_answers")
    return branch(action.failed, scope.at("failed"), copies=copies)


def _unfit(action: Any, scope: ActionScope, branch: Branch) -> Flow:
    """Treat a missing number or id as a wrong answer if the caller can try again, else as a failure."""
    if scope.answer or action.failed is None:
        return scope.around.wrong_answer(scope)
    return branch(action.failed, scope.at("failed"))


def _copies(asked: Any, target: Flow) -> int:
    """Return how often the flow contains the failure branch."""
    if target.module == "resources":
        return COPIES
    return 1 + any(getattr(asked, name) is not None for name in OUTCOMES)


def _with_outcomes(target: Flow, asked: Any, scope: ActionScope, last: Flow, branch: Branch) -> Flow:
    """Put the branch of each outcome under the causes KAZOO reports it by, and `last` under all others."""
    carrier = target.module == "resources"
    taken: set[str] = set()
    for name, causes in OUTCOMES.items():
        action = getattr(asked, name)
        if action is None:
            continue
        flow = branch(action, scope.at(name), copies=len(causes) * (2 if carrier else 1))
        for cause in causes:
            target = target.on(cause, flow)
            taken.add(cause)
    if not carrier:
        return target.otherwise(last)
    for cause in (*CARRIER_CAUSES, *_OTHERS):
        if cause not in taken:
            target = target.on(cause, last)
    return target


def _identity(asked: Any, scope: ActionScope) -> Flow | None:
    """Return the caller id and the prefix that the rung phones show."""
    flow: Flow | None = None
    if asked.prepend_cid is not None and (prefix := scope.text(asked.prepend_cid)):
        # The original name, so that a second ring does not put the prefix there twice.
        flow = cf.prepend_cid(action="prepend", apply_to="original", caller_id_name_prefix=prefix)
    if asked.caller_id is not None and (number := scope.text(asked.caller_id, PHONE_NUMBER)):
        shown = cf.set_cid(caller_id_number=number)
        flow = shown if flow is None else shown >> flow
    return flow


def _target(action: Any, scope: ActionScope) -> Flow | None:
    match action.do:
        case "ring_user":
            found = scope.text(action.id, KAZOO_ID)
            return None if found is None else cf.user(id=found, timeout=action.timeout_seconds)
        case "ring_device":
            found = scope.text(action.id, KAZOO_ID)
            return None if found is None else cf.device(id=found, timeout=action.timeout_seconds)
        case "ring_number":
            return _carriers(action.number, action.allow, action.timeout_seconds, scope)
        case _:
            return _group(action, scope)


def _group(action: actions.RingGroup, scope: ActionScope) -> Flow | None:
    strategy: Literal["single", "simultaneous"] = "single" if action.in_turn else "simultaneous"
    seconds = action.timeout_seconds
    if action.id is not None:
        found = scope.text(action.id, KAZOO_ID)
        return None if found is None else cf.group(id=found, timeout=seconds, strategy=strategy)
    endpoints = list(endpoints_of(action.members, scope, seconds))
    if not endpoints:
        return None
    return cf.ring_group(endpoints=endpoints, timeout=seconds, strategy=strategy)


def endpoints_of(
    members: tuple[actions.Member, ...], scope: ActionScope, seconds: int
) -> Iterator[cf.RingGroupEndpoint]:
    """Yield the members whose ids are known, as `ring_group` and `page_group` want them."""
    for member in members:
        found = scope.text(member.id, KAZOO_ID)
        if found is not None:
            yield {
                "endpoint_type": member.type,
                "id": found,
                "delay": member.delay_seconds,
                "timeout": seconds,
            }


def _entry_target(entry: actions.HuntEntry, scope: ActionScope) -> Flow | None:
    seconds = entry.timeout_seconds
    if entry.number is not None:
        return _carriers(entry.number, (), seconds, scope)
    for name in ("user", "device", "group"):
        value = getattr(entry, name)
        if value is not None:
            found = scope.text(value, KAZOO_ID)
            if found is None:
                return None
            if name == "group":
                return cf.group(id=found, timeout=seconds)
            return (
                cf.user(id=found, timeout=seconds) if name == "user" else cf.device(id=found, timeout=seconds)
            )
    return None


def _carriers(number: Any, allow: tuple[str, ...], seconds: int, scope: ActionScope) -> Flow | None:
    found = scope.text(number, PHONE_NUMBER)
    if found is None:
        return None
    if allow and not found.startswith(allow):
        scope.explain("number not allowed", begins=found[:5])
        return None
    return cf.resources(to_did=found, timeout=seconds)
