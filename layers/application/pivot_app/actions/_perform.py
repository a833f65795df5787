"""Turns an action into the callflow that does it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import kazoo_callflow as cf
from pivot_app.actions import _ringing as ringing
from pivot_app.actions import _services as services
from pivot_app.actions._context import ActionScope
from pivot_app.actions._decide import DECISIONS, choose
from pivot_app.actions._schema import walk
from pivot_app.actions._speak import apology, goodbye, join, piece, pieces, play, say
from pivot_app.documents import in_language

if TYPE_CHECKING:
    from kazoo_callflow import Flow
    from pivot_app.actions import _schema as actions
    from pivot_app.actions._schema import Action, AnyAction

MOST_RINGS = 3
"""How many rings one answer holds one inside the other; later ones are asked for when they are needed."""


def perform(action: AnyAction | Action, scope: ActionScope) -> Flow:
    """Return the callflow of an action: never empty, and always with a way on when something fails."""
    chosen = choose(action, scope)
    flow = _PERFORM[chosen.action.do](chosen.action, chosen.scope)
    last = chosen.action.say
    sentences = [*chosen.said, *([last] if last is not None else [])]
    spoken = [piece for sentence in sentences for piece in pieces(sentence, chosen.scope)]
    return join(play(spoken), flow)


def branch(action: AnyAction | Action, scope: ActionScope, *, copies: int = 1) -> Flow:
    """Return the flow of a branch that runs later; `scope` is that of the branch.

    A small one is part of the answer. One that decides something, or that rings again, is asked for when it
    is needed: then it decides on what is true then, and no answer grows with what may follow.
    """
    scope = replace(scope, later=True)
    if _is_small(action, scope, copies):
        return perform(action, scope)
    return scope.around.resume(scope.path, replace(scope, later=False))


def _is_small(action: AnyAction | Action, scope: ActionScope, copies: int) -> bool:
    for inner in walk(action):
        if inner.when or inner.hours is not None or inner.do in DECISIONS or inner.do == "hunt":
            return False
        if inner.do in ringing.RINGS and (copies > 1 or scope.depth >= MOST_RINGS or _has_outcomes(inner)):
            return False
    return True


def _has_outcomes(action: Any) -> bool:
    return action.do == "ring_number" or any(getattr(action, name) for name in ringing.OUTCOMES)


def _then(action: Any, scope: ActionScope) -> Flow:
    return perform(action.then, scope.at("then"))


def _menu(action: actions.GoToMenu, scope: ActionScope) -> Flow:
    return scope.around.enter(action.menu, scope)


def _say_then(action: actions.Say, scope: ActionScope) -> Flow:
    return join(say(action.text, scope), _then(action, scope))


def _play_then(action: actions.Play, scope: ActionScope) -> Flow:
    media = in_language(action.play, scope.language)[1]
    if action.endless:
        return cf.play(id=media, endless_playback=True)
    return cf.play(id=media) >> _then(action, scope)


def _tone(action: actions.Tone, scope: ActionScope) -> Flow:
    frequencies = ",".join(map(str, action.frequencies))
    stream = f"tone_stream://%({action.on_ms},{action.off_ms},{frequencies});loops={action.times}"
    return cf.play(id=stream) >> _then(action, scope)


def _wait(action: actions.Wait, scope: ActionScope) -> Flow:
    return cf.sleep(duration=action.seconds, unit="s") >> _then(action, scope)


def _send_digits(action: actions.SendDigits, scope: ActionScope) -> Flow:
    digits = scope.text(action.digits, r"[0-9A-Da-d*#wW]{1,60}")
    following = _then(action, scope)
    return following if digits is None else cf.send_dtmf(digits) >> following


def _balance(action: actions.Balance, scope: ActionScope) -> Flow:
    spoken = scope.context.balance_sentence(scope.language)
    scope.explain("balance", known="no" if scope.context.available_micros() is None else "yes")
    return join(play([piece(spoken)]), _then(action, scope))


def _notify(action: actions.Notify, scope: ActionScope) -> Flow:
    values = scope.texts(action.values)
    return cf.webhook(uri=action.url, http_verb="post", custom_data=values) >> _then(action, scope)


def _caller_id(action: actions.CallerId, scope: ActionScope) -> Flow:
    return services.caller_id(action, scope, _then(action, scope))


def _set_variables(action: actions.SetVariables, scope: ActionScope) -> Flow:
    values = scope.texts(action.values)
    return cf.set_variables(custom_application_vars=values) >> _then(action, scope)


def _record_call(action: actions.RecordCall, scope: ActionScope) -> Flow:
    recording = cf.record_call(
        action=action.action,
        url=action.url,
        format=action.format,
        time_limit=action.limit_seconds,
    )
    return recording >> _then(action, scope)


def _callback(action: actions.Callback, scope: ActionScope) -> Flow:
    query = {name: scope.text(value) for name, value in action.query.items()}
    found = {name: value for name, value in query.items() if value is not None}
    if len(found) < len(query):
        return scope.around.wrong_answer(scope)
    return scope.context.go(action.path, carry={"language": scope.language}, query=found)


def _pivot(action: actions.Pivot, scope: ActionScope) -> Flow:
    node = cf.pivot(voice_url=action.url, method=action.method, req_format="kazoo")
    return node.otherwise(_failed(action, scope))


def _module(action: actions.Module, scope: ActionScope) -> Flow:
    data = filled_data(action.data, scope)
    if data is None:
        return scope.around.wrong_answer(scope)
    try:
        node = cf.node(action.module, data)
    except cf.BuildError as error:
        scope.explain("module unfit", module=action.module, why=str(error)[:200])
        return scope.around.wrong_answer(scope)
    copies = len(action.children) + 1
    for position, (key, child) in enumerate(action.children.items()):
        node = node.on(key, branch(child, scope.at("children", str(position)), copies=copies))
    if action.then is not None:
        node = node.otherwise(branch(action.then, scope.at("then"), copies=copies))
    return node


def filled_data(data: Any, scope: ActionScope) -> Any:
    """Return a module's data with every placeholder filled; None when one has no value."""
    if isinstance(data, str):
        return scope.text(data) if "{" in data else data
    if isinstance(data, Mapping):
        made = {key: filled_data(value, scope) for key, value in data.items()}
        return None if any(made[key] is None and data[key] is not None for key in made) else made
    if isinstance(data, list | tuple):
        items = [filled_data(value, scope) for value in data]
        return None if any(item is None for item in items) else items
    return data


def _failed(action: Any, scope: ActionScope, *, copies: int = 1) -> Flow:
    """Return the branch for when nobody answers, or when a service has nothing for the caller."""
    if action.failed is None:
        return apology(scope, "nobody_answers")
    return branch(action.failed, scope.at("failed"), copies=copies)


def _ring(action: Any, scope: ActionScope) -> Flow:
    return ringing.ring(action, scope, branch)


_PERFORM: dict[str, Callable[[Any, ActionScope], Flow]] = {
    "ring_user": _ring,
    "ring_device": _ring,
    "ring_group": _ring,
    "ring_number": _ring,
    "hunt": lambda action, scope: ringing.hunt(action, scope, branch),
    "queue": lambda action, scope: services.queue(action, scope, _failed),
    "directory": lambda action, scope: services.directory(action, scope, _failed),
    "page_group": lambda action, scope: services.page_group(action, scope, perform),
    "voicemail": services.voicemail,
    "callflow": services.callflow,
    "transfer": services.transfer,
    "conference": services.conference,
    "faxbox": services.faxbox,
    "park": services.park,
    "pickup": services.pickup,
    "response": services.response,
    "menu": _menu,
    "back": lambda _action, scope: scope.around.back(scope),
    "repeat": lambda _action, scope: scope.around.repeat(scope),
    "wrong_answer": lambda _action, scope: scope.around.wrong_answer(scope),
    "balance": _balance,
    "say": _say_then,
    "play": _play_then,
    "tone": _tone,
    "wait": _wait,
    "send_digits": _send_digits,
    "caller_id": _caller_id,
    "set_variables": _set_variables,
    "notify": _notify,
    "record_call": _record_call,
    "callback": _callback,
    "pivot": _pivot,
    "module": _module,
    "hang_up": lambda action, scope: cf.hangup() if action.say else goodbye(scope),
}
