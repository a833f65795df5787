"""Presents menus and responds to answers: pure decisions that end in a callflow.

The surroundings of a call (its data, the clock, the way to the next callback) come in as a `World`, so that
the same code runs in a Lambda, in `pivot data lint`, and against thousands of random key sequences in the
tests.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, get_args

import kazoo_callflow as cf
from kazoo_callflow import Flow
from pivot_app import speech
from pivot_app.documents._amounts import micros
from pivot_app.documents._texts import TTS_CHARACTERS, fill, in_language
from pivot_app.menus._step import Step
from pivot_app.menus._world import Answered, Later, World
from pivot_app.schedules._hours import state

if TYPE_CHECKING:
    # The models of documents: at the desk, actions are these; in a call, plain objects with the same fields.
    from pivot_app.actions import _actions as actions
    from pivot_app.actions._actions import AnyAction
    from pivot_app.menus._document import Menu, Page, Settings

EndKey = Literal["#", "*", "0", "9", "8", "7", "6", "5", "4", "3", "2", "1"]
KEYS: tuple[EndKey, ...] = get_args(EndKey)

NOBODY_ANSWERED = (
    "USER_BUSY",
    "NO_ANSWER",
    "NO_USER_RESPONSE",
    "CALL_REJECTED",
    "UNALLOCATED_NUMBER",
    "NORMAL_TEMPORARY_FAILURE",
    "DESTINATION_OUT_OF_ORDER",
    "RECOVERY_ON_TIMER_EXPIRE",
    "UNSPECIFIED",
)
"""KAZOO 4.3 and 5: after a failed call through carriers only a child named for the cause runs, never `_`."""

SENSITIVE = "sensitive"
"""The collection of every sensitive question."""


def present(page: Page, step: Step, world: World, *, notice: str = "", greet: bool = True) -> Flow:
    """Put a menu's question to the caller and lead the answer to `menu_selection`.

    `notice` is spoken before the question, the menu's greeting only to a caller who arrives. Outside of its
    opening hours a menu does something else instead.
    """
    menu = page.menu
    if step.number > page.max_steps:
        world.explain("step limit", limit=page.max_steps)
        return _goodbye(page, step, world)
    if menu.hours is not None and page.schedule is not None:
        now = state(page.schedule, world.now)
        if now != "open":
            action = menu.hours.holiday if now == "holiday" and menu.hours.holiday else menu.hours.closed
            world.explain("opening hours", menu=page.name, state=now, action=action.do)
            return _join(_say(notice, speech.locale(step.language)), perform(action, page, step, world))
    world.explain("present menu", menu=page.name, version=step.version, attempt=step.attempt)
    question = _question(menu, step, world, notice, greet=greet and step.attempt == 1)
    collection = cf.collect_dtmf(
        collection_name=collection_name(menu, step),
        max_digits=menu.digits,
        terminator=end_key(menu),
        timeout=menu.timeout_ms,
        interdigit_timeout=menu.interdigit_timeout_ms,
    )
    answer = world.go("menu_selection", carry=step.carried(), query={})
    return _join(question, collection) >> answer


def end_key(menu: Menu) -> EndKey:
    """The key that ends the collection: the terminator, or for single digits one that no answer uses."""
    if menu.terminator is not None or menu.digits > 1:
        return menu.terminator or "#"
    return next(key for key in KEYS if key not in menu.keys)


def collection_name(menu: Menu, step: Step) -> str:
    """The collection of one question: sensitive ones share a name that every callback is told to keep
    secret."""
    return SENSITIVE if menu.sensitive else step.collection


def select(page: Page, step: Step, digits: str, world: World) -> Flow:
    """Respond to what the caller pressed after `present`; no digits means the time ran out."""
    flow = _respond(page, step, digits, world)
    # KAZOO sends every collection again with each later request of the call: have it forget this one first.
    return cf.flush_dtmf(collection_name=SENSITIVE) >> flow if page.menu.sensitive else flow


def _respond(page: Page, step: Step, digits: str, world: World) -> Flow:
    menu = page.menu
    answer = digits[: menu.digits]
    action = menu.keys.get(answer) or (menu.any if answer else None)
    if action is not None:
        shown = "(sensitive)" if menu.sensitive else answer
        world.explain("key", menu=page.name, key=shown, action=action.do)
        return perform(action, page, step, Answered(world, answer), answer=answer)
    return _try_again(page, step, answer, world)


def _try_again(page: Page, step: Step, answer: str, world: World) -> Flow:
    menu = page.menu
    retry, phrase = (menu.no_match, "not_a_choice") if answer else (menu.no_input, "nothing_pressed")
    if step.attempt >= menu.tries:
        action = retry.give_up or menu.give_up
        world.explain("tries used up", menu=page.name, tries=menu.tries, action=action.do)
        return perform(action, page, step, world)
    world.explain("no match" if answer else "no input", menu=page.name, attempt=step.attempt)
    notice = _filled(retry.say, step, world) if retry.say else speech.text(phrase, step.language)
    return present(page, step.again(), world, notice=notice)


def perform(action: AnyAction, page: Page, step: Step, world: World, *, answer: str = "") -> Flow:
    """Turn one action into the callflow that does it.

    Never empty, and always with a way on when something fails. `answer` is what the caller entered.
    """
    return _PERFORM[action.do](action, _At(page, step, world, answer))


@dataclass(frozen=True, slots=True)
class _At:
    """Where an action is performed."""

    page: Page
    step: Step
    world: World
    answer: str

    def then(self, action: AnyAction, step: Step | None = None) -> Flow:
        """The action that follows."""
        return perform(action, self.page, step or self.step, self.world, answer=self.answer)

    def saying(self, texts: Mapping[str, str] | None, following: Flow) -> Flow:
        """The flow after a text, if there is one."""
        return _join(_spoken(texts, self.step, self.world), following)


def _ring_user(action: actions.RingUser, at: _At) -> Flow:
    ring = cf.user(id=action.id, timeout=action.timeout_seconds)
    return at.saying(action.say, ring.otherwise(_failed(action.failed, at)))


def _ring_device(action: actions.RingDevice, at: _At) -> Flow:
    ring = cf.device(id=action.id, timeout=action.timeout_seconds)
    return at.saying(action.say, ring.otherwise(_failed(action.failed, at)))


def _ring_group(action: actions.RingGroup, at: _At) -> Flow:
    strategy: Literal["single", "simultaneous"] = "single" if action.in_turn else "simultaneous"
    seconds = action.timeout_seconds
    if action.id is not None:
        ring = cf.group(id=action.id, timeout=seconds, strategy=strategy)
    else:
        endpoints: list[cf.RingGroupEndpoint] = [
            {"endpoint_type": m.type, "id": m.id, "delay": m.delay_seconds, "timeout": seconds}
            for m in action.members
        ]
        ring = cf.ring_group(endpoints=endpoints, timeout=seconds, strategy=strategy)
    return at.saying(action.say, ring.otherwise(_failed(action.failed, at)))


def _ring_number(action: actions.RingNumber, at: _At) -> Flow:
    ring, failed = (
        cf.resources(to_did=action.number, timeout=action.timeout_seconds),
        _failed(action.failed, at),
    )
    for cause in NOBODY_ANSWERED:
        ring = ring.on(cause, failed)
    return at.saying(action.say, ring)


def _voicemail(action: actions.Voicemail, at: _At) -> Flow:
    return at.saying(action.say, cf.voicemail(id=action.id, action="compose")) >> cf.hangup()


def _callflow(action: actions.GoToCallflow, at: _At) -> Flow:
    return at.saying(action.say, cf.callflow(id=action.id)) >> _apology(at.step)


def _conference(action: actions.Conference, at: _At) -> Flow:
    return at.saying(action.say, cf.conference(id=action.id, moderator=action.moderator))


def _menu(action: actions.GoToMenu, at: _At) -> Flow:
    return _to_menu(at.step.into(action.menu), at.page, at.world)


def _back(_action: actions.Back, at: _At) -> Flow:
    return _to_menu(at.step.returned(at.page.start), at.page, at.world)


def _repeat(_action: actions.Repeat, at: _At) -> Flow:
    return present(at.page, at.step.repeated(), at.world, greet=False)


def _language(action: actions.SwitchLanguage, at: _At) -> Flow:
    return at.then(action.then, replace(at.step, language=action.language))


def _notify(action: actions.Notify, at: _At) -> Flow:
    told = {name: fill(text, at.step.language, at.world.value) for name, text in action.values.items()}
    return cf.webhook(uri=action.url, http_verb="post", custom_data=told) >> at.then(action.then)


def _say_then(action: actions.Say, at: _At) -> Flow:
    return at.saying(action.text, at.then(action.then))


def _balance(action: actions.Balance, at: _At) -> Flow:
    text = at.world.balance_text(at.step.language)
    at.world.explain("balance", known="yes" if text else "no")
    spoken = text or speech.text("balance_unknown", at.step.language)
    return _join(_say(spoken, speech.locale(at.step.language)), at.then(action.then))


def _balance_gate(action: actions.BalanceGate, at: _At) -> Flow:
    available, minimum = at.world.available_micros(), micros(action.minimum)
    if available is None:
        verdict, following = "unknown", action.unknown or action.short
    elif available >= minimum:
        verdict, following = "enough", action.enough
    else:
        verdict, following = "short", action.short
    at.world.explain("balance gate", minimum_micros=minimum, verdict=verdict, action=following.do)
    return at.then(following)


def _check_pin(action: actions.CheckPin, at: _At) -> Flow:
    correct = bool(at.answer) and at.world.pin_is(at.answer)
    at.world.explain("PIN", correct="yes" if correct else "no")
    return at.then(action.correct) if correct else _try_again(at.page, at.step, at.answer or "?", at.world)


def _callback(action: actions.Callback, at: _At) -> Flow:
    return at.world.go(action.path, carry={"language": at.step.language}, query=action.query)


def _hang_up(action: actions.HangUp, at: _At) -> Flow:
    return at.saying(action.say, cf.hangup()) if action.say else _goodbye(at.page, at.step, at.world)


_PERFORM: dict[str, Callable[[Any, _At], Flow]] = {
    "ring_user": _ring_user,
    "ring_device": _ring_device,
    "ring_group": _ring_group,
    "ring_number": _ring_number,
    "voicemail": _voicemail,
    "callflow": _callflow,
    "conference": _conference,
    "menu": _menu,
    "back": _back,
    "repeat": _repeat,
    "language": _language,
    "notify": _notify,
    "say": _say_then,
    "balance": _balance,
    "balance_gate": _balance_gate,
    "check_pin": _check_pin,
    "callback": _callback,
    "hang_up": _hang_up,
}


def _failed(action: AnyAction | None, at: _At) -> Flow:
    """The branch for when nobody answers. Menus are reached through a pivot: time has passed, and it is
    small."""
    if action is None:
        return _apology(at.step, "nobody_answers")
    return perform(action, at.page, at.step, Later(at.world), answer=at.answer)


def _to_menu(step: Step, page: Page, world: World) -> Flow:
    if step.number > page.max_steps:
        world.explain("step limit", limit=page.max_steps)
        return _goodbye(page, step, world)
    other = world.page(step.menu)
    if other is None:
        return world.go("menu", carry=step.carried(), query={})
    return present(other, step, world)


def _question(menu: Menu, step: Step, world: World, notice: str, *, greet: bool) -> Flow | None:
    """The audio before the keys. All texts are one tts: a key then stops everything that is still to be
    said."""
    spoken = [notice, _filled(menu.greeting, step, world) if menu.greeting and greet else ""]
    if menu.prompt is not None:
        spoken.append(_filled(menu.prompt, step, world))
    terminators: list[str] | None = None if menu.barge_in else []
    tag = _tag(menu.prompt, step) if menu.prompt is not None else speech.locale(step.language)
    question = _say(" ".join(filter(None, spoken)), tag, terminators)
    if menu.media is not None:
        media = in_language(menu.media, step.language)[1]
        audio = cf.play(id=media) if terminators is None else cf.play(id=media, terminators=terminators)
        question = _join(question, audio)
    if not menu.barge_in and question is not None:
        # Keys pressed under a prompt stay in the default collection, and collect_dtmf would take them as the
        # answer.
        question = question >> cf.flush_dtmf(collection_name="default")
    return question


def _filled(texts: Mapping[str, str], step: Step, world: World) -> str:
    language, text = in_language(texts, step.language)
    return fill(text, language, world.value)


def _spoken(texts: Mapping[str, str] | None, step: Step, world: World) -> Flow | None:
    return None if texts is None else _say(_filled(texts, step, world), _tag(texts, step))


def _say(text: str, language: str, terminators: list[str] | None = None) -> Flow | None:
    if not text:
        return None
    return cf.tts(text[:TTS_CHARACTERS], language=language, terminators=terminators)


def _tag(texts: Mapping[str, str], step: Step) -> str:
    """The language tts is told: the caller's own where the text is in it, so that es-mx is not spoken as
    es-es."""
    found = in_language(texts, step.language)[0]
    if found[:2] == step.language[:2]:
        found = step.language
    return speech.locale(found) if speech.spoken_language(found) == found[:2] else found


def _join(first: Flow | None, second: Flow) -> Flow:
    return second if first is None else first >> second


def _apology(step: Step, phrase: str = "try_again_later") -> Flow:
    return speech.say(phrase, step.language) >> cf.hangup()


def _goodbye(settings: Settings, step: Step, world: World) -> Flow:
    if settings.goodbye is None:
        return speech.say("goodbye", step.language) >> cf.hangup()
    return _join(_spoken(settings.goodbye, step, world), cf.hangup())
