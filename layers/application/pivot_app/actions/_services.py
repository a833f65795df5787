"""Voicemail, queues, conferences, fax, parking: actions that hand the call to a service of KAZOO."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import kazoo_callflow as cf
from pivot_app.actions._context import ActionScope
from pivot_app.actions._ringing import endpoints_of
from pivot_app.actions._schema import EXTENSION
from pivot_app.actions._speak import apology
from pivot_app.documents import KAZOO_ID, PHONE_NUMBER

if TYPE_CHECKING:
    from kazoo_callflow import Flow
    from pivot_app.actions import _schema as actions

Failed = Callable[[Any, ActionScope], "Flow"]


def queue(action: actions.Queue, scope: ActionScope, failed: Failed) -> Flow:
    """Return the flow that queues the caller."""
    found = scope.text(action.id, KAZOO_ID)
    if found is None:
        return scope.around.wrong_answer(scope)
    return cf.acdc_member(id=found, priority=action.priority).otherwise(failed(action, scope))


def directory(action: actions.Directory, scope: ActionScope, failed: Failed) -> Flow:
    """Return the flow of dialling by name."""
    found = scope.text(action.id, KAZOO_ID)
    if found is None:
        return scope.around.wrong_answer(scope)
    return cf.directory(id=found).otherwise(failed(action, scope))


def page_group(
    action: actions.PageGroup, scope: ActionScope, perform: Callable[[Any, ActionScope], Flow]
) -> Flow:
    """Return the flow that pages phones."""
    endpoints: list[Any] = [
        {key: each[key] for key in ("endpoint_type", "id")} for each in endpoints_of(action.members, scope, 5)
    ]
    if not endpoints:
        return scope.around.wrong_answer(scope)
    page = cf.page_group(endpoints=endpoints, audio="two-way" if action.talk_back else "one-way")
    return page >> (cf.hangup() if action.then is None else perform(action.then, scope.at("then")))


def voicemail(action: actions.Voicemail, scope: ActionScope) -> Flow:
    """Return the flow that takes a message, or plays the messages to their owner."""
    found = scope.text(action.id, KAZOO_ID)
    if found is None:
        return scope.around.wrong_answer(scope)
    return cf.voicemail(id=found, action="check" if action.check else "compose") >> cf.hangup()


def callflow(action: actions.GoToCallflow, scope: ActionScope) -> Flow:
    """Return the flow that goes on in a stored callflow, by its id or by a number of the account."""
    if action.number is not None:
        return _dial(action.number, scope)
    found = None if action.id is None else scope.text(action.id, KAZOO_ID)
    if found is None:
        return scope.around.wrong_answer(scope)
    return cf.callflow(id=found) >> apology(scope)


def transfer(action: actions.Transfer, scope: ActionScope) -> Flow:
    """Return the flow that dials an extension or a feature code for the caller."""
    return _dial(action.to, scope)


def _dial(target: Any, scope: ActionScope) -> Flow:
    found = scope.text(target, EXTENSION)
    if found is None:
        return scope.around.wrong_answer(scope)
    return cf.transfer(target=found, transfer_type="blind")


def conference(action: actions.Conference, scope: ActionScope) -> Flow:
    """Return the flow that joins a conference."""
    if action.id is not None:
        found = scope.text(action.id, KAZOO_ID)
        if found is None:
            return scope.around.wrong_answer(scope)
        return cf.conference(id=found, moderator=action.moderator)
    name = None if action.name is None else scope.text(action.name, r"[A-Za-z0-9_.-]{1,60}")
    if name is None:
        return scope.around.wrong_answer(scope)
    # KAZOO would mute the members of a conference that is made for the call.
    return cf.conference(config={"name": name, "member": {"join_muted": False}}, moderator=action.moderator)


def faxbox(action: actions.Faxbox, scope: ActionScope) -> Flow:
    """Return the flow that receives a fax."""
    found = scope.text(action.id, KAZOO_ID)
    return scope.around.wrong_answer(scope) if found is None else cf.faxbox(id=found)


def park(action: actions.Park, scope: ActionScope) -> Flow:
    """Return the flow that parks the caller, or fetches a parked call."""
    slot = None if action.slot is None else scope.text(action.slot, r"[0-9]{1,6}")
    if action.slot is not None and slot is None:
        return scope.around.wrong_answer(scope)
    return cf.park(action="retrieve" if action.retrieve else "park", slot=slot).otherwise(apology(scope))


def pickup(action: actions.Pickup, scope: ActionScope) -> Flow:
    """Return the flow that takes a call ringing elsewhere."""
    for name in ("user", "device", "group"):
        value = getattr(action, name)
        if value is not None:
            found = scope.text(value, KAZOO_ID)
            if found is not None:
                return cf.node("group_pickup", {f"{name}_id": found})
    return scope.around.wrong_answer(scope)


def response(action: actions.Response, scope: ActionScope) -> Flow:  # noqa: ARG001 - as every action
    """Return the flow that refuses the call."""
    return cf.response(code=action.code, message=action.message)


def caller_id(action: actions.CallerId, scope: ActionScope, following: Flow) -> Flow:
    """Return the flow that changes what rung phones show; what is missing changes nothing."""
    number = None if action.number is None else scope.text(action.number, PHONE_NUMBER)
    name = None if action.name is None else scope.text(action.name)
    prefix = None if action.prefix is None else scope.text(action.prefix)
    if prefix is not None:
        prepend = cf.prepend_cid(action="prepend", apply_to="original", caller_id_name_prefix=prefix)
        following = prepend >> following
    if number is not None or name is not None:
        following = cf.set_cid(caller_id_number=number, caller_id_name=name) >> following
    return following
