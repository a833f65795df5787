"""Presents menus and responds to answers: pure decisions that end in a callflow.

The surroundings of a call (its data, the clock, the way to the next callback) come in as a `World`, so that
the same code runs in a Lambda, in `pivot data lint`, and against thousands of random key sequences in the
tests.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Literal, Protocol, assert_never

import callflow as cf
import prompts
from callflow import Flow
from menus._actions import (
    AnyAction,
    Back,
    Balance,
    BalanceGate,
    Callback,
    CheckPin,
    Conference,
    GoToCallflow,
    GoToMenu,
    HangUp,
    Notify,
    Repeat,
    RingDevice,
    RingGroup,
    RingNumber,
    RingUser,
    Say,
    SwitchLanguage,
    Voicemail,
    micros,
)
from menus._document import Menu, Page, Settings
from menus._step import Step
from menus._texts import TTS_CHARACTERS, fill, in_language

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


class World(Protocol):
    """What a menu may ask of the call it runs in."""

    @property
    def now(self) -> datetime:
        """When the call is answered."""

    def value(self, place: str, language: str) -> str | None:
        """The value of a placeholder such as `caller.name`; money comes in words of the language."""

    def available_micros(self) -> int | None:
        """What the caller's account may spend; None when unknown."""

    def balance_text(self, language: str) -> str | None:
        """The sentence that speaks the balance; None when unknown."""

    def pin_is(self, digits: str) -> bool:
        """Whether the digits are the PIN of the caller's account."""

    def page(self, name: str) -> Page | None:
        """Another menu of the same version, if it costs no further read."""

    def go(self, callback: str, *, carry: Mapping[str, str | int], query: Mapping[str, str]) -> Flow:
        """A pivot to another callback of this deployment."""

    def explain(self, rule: str, **facts: str | int) -> None:
        """Record a decision for those who look at the call later."""


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
        state = page.schedule.state(world.now)
        if state != "open":
            action = menu.hours.holiday if state == "holiday" and menu.hours.holiday else menu.hours.closed
            world.explain("opening hours", menu=page.name, state=state, action=action.do)
            return _join(_say(notice, prompts.locale(step.language)), perform(action, page, step, world))
    world.explain("present menu", menu=page.name, version=step.version, attempt=step.attempt)
    question = _question(menu, step, world, notice, greet=greet and step.attempt == 1)
    collection = cf.collect_dtmf(
        collection_name=collection_name(menu, step),
        max_digits=menu.digits,
        terminator=menu.end_key,
        timeout=menu.timeout_ms,
        interdigit_timeout=menu.interdigit_timeout_ms,
    )
    answer = world.go("menu_selection", carry=step.carried(), query={})
    return _join(question, collection) >> answer


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
        return perform(action, page, step, _Answered(world, answer), answer=answer)
    return _try_again(page, step, answer, world)


def _try_again(page: Page, step: Step, answer: str, world: World) -> Flow:
    menu = page.menu
    retry, phrase = (menu.no_match, "not_a_choice") if answer else (menu.no_input, "nothing_pressed")
    if step.attempt >= menu.tries:
        action = retry.give_up or menu.give_up
        world.explain("tries used up", menu=page.name, tries=menu.tries, action=action.do)
        return perform(action, page, step, world)
    world.explain("no match" if answer else "no input", menu=page.name, attempt=step.attempt)
    notice = _filled(retry.say, step, world) if retry.say else prompts.text(phrase, step.language)
    return present(page, step.again(), world, notice=notice)


def perform(action: AnyAction, page: Page, step: Step, world: World, *, answer: str = "") -> Flow:
    """Turn one action into the callflow that does it. Never empty, and always with a way on when something
    fails."""
    match action:
        case RingUser() | RingDevice() | RingGroup() | RingNumber():
            return _join(_spoken(action.say, step, world), _ring(action, page, step, world))
        case Voicemail():
            return (
                _join(_spoken(action.say, step, world), cf.voicemail(id=action.id, action="compose"))
                >> cf.hangup()
            )
        case GoToCallflow():
            return _join(_spoken(action.say, step, world), cf.callflow(id=action.id)) >> _apology(step)
        case Conference():
            room = cf.conference(id=action.id, moderator=action.moderator)
            return _join(_spoken(action.say, step, world), room)
        case GoToMenu():
            return _to_menu(step.into(action.menu), page, world)
        case Back():
            return _to_menu(step.returned(page.start), page, world)
        case Repeat():
            return present(page, step.repeated(), world, greet=False)
        case SwitchLanguage():
            return perform(action.then, page, replace(step, language=action.language), world)
        case Notify():
            told = {name: fill(text, step.language, world.value) for name, text in action.values.items()}
            tell = cf.webhook(uri=action.url, http_verb="post", custom_data=told)
            return tell >> perform(action.then, page, step, world, answer=answer)
        case Say():
            return _join(_spoken(action.text, step, world), perform(action.then, page, step, world))
        case Balance():
            text = world.balance_text(step.language)
            world.explain("balance", known="yes" if text else "no")
            spoken = text or prompts.text("balance_unknown", step.language)
            return _join(_say(spoken, prompts.locale(step.language)), perform(action.then, page, step, world))
        case BalanceGate():
            return _gate(action, page, step, world)
        case CheckPin():
            if answer and world.pin_is(answer):
                world.explain("PIN", correct="yes")
                return perform(action.correct, page, step, world)
            world.explain("PIN", correct="no")
            return _try_again(page, step, answer or "?", world)
        case Callback():
            return world.go(action.path, carry={"language": step.language}, query=action.query)
        case HangUp():
            return _goodbye(page, step, world) if action.say is None else _last_word(action, step, world)
        case _:
            assert_never(action)


def _gate(gate: BalanceGate, page: Page, step: Step, world: World) -> Flow:
    available, minimum = world.available_micros(), micros(gate.minimum)
    if available is None:
        verdict, action = "unknown", gate.unknown or gate.short
    elif available >= minimum:
        verdict, action = "enough", gate.enough
    else:
        verdict, action = "short", gate.short
    world.explain("balance gate", minimum_micros=minimum, verdict=verdict, action=action.do)
    return perform(action, page, step, world)


def _ring(ring: RingUser | RingDevice | RingGroup | RingNumber, page: Page, step: Step, world: World) -> Flow:
    failed = _failed(ring.failed, page, step, world)
    seconds = ring.timeout_seconds
    match ring:
        case RingUser():
            return cf.user(id=ring.id, timeout=seconds).otherwise(failed)
        case RingDevice():
            return cf.device(id=ring.id, timeout=seconds).otherwise(failed)
        case RingGroup():
            strategy: Literal["single", "simultaneous"] = "single" if ring.in_turn else "simultaneous"
            if ring.id is not None:
                return cf.group(id=ring.id, timeout=seconds, strategy=strategy).otherwise(failed)
            endpoints: list[cf.RingGroupEndpoint] = [
                {"endpoint_type": m.type, "id": m.id, "delay": m.delay_seconds, "timeout": seconds}
                for m in ring.members
            ]
            return cf.ring_group(endpoints=endpoints, timeout=seconds, strategy=strategy).otherwise(failed)
        case RingNumber():
            flow = cf.resources(to_did=ring.number, timeout=seconds)
            for cause in NOBODY_ANSWERED:
                flow = flow.on(cause, failed)
            return flow
        case _:
            assert_never(ring)


def _failed(action: AnyAction | None, page: Page, step: Step, world: World) -> Flow:
    """The branch for when nobody answers. A menu is reached through a pivot: time has passed, and the branch
    is small."""
    if action is None:
        return _apology(step, "nobody_answers")
    return perform(action, page, step, _Later(world))


class _Answered:
    """The world just after an answer, which texts can speak back as `{call.digits}`."""

    def __init__(self, world: World, answer: str) -> None:
        self._world = world
        self._answer = answer
        self.available_micros = world.available_micros
        self.balance_text = world.balance_text
        self.pin_is = world.pin_is
        self.page = world.page
        self.go = world.go
        self.explain = world.explain

    @property
    def now(self) -> datetime:
        return self._world.now

    def value(self, place: str, language: str) -> str | None:
        return self._answer if place == "call.digits" else self._world.value(place, language)


class _Later:
    """The world as seen from a branch that runs later: other menus are not presented now, but asked for
    then."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.value = world.value
        self.available_micros = world.available_micros
        self.balance_text = world.balance_text
        self.pin_is = world.pin_is
        self.go = world.go

    @property
    def now(self) -> datetime:
        return self._world.now

    def page(self, name: str) -> Page | None:  # noqa: ARG002
        return None

    def explain(self, rule: str, **facts: str | int) -> None:
        """Nothing: what a later branch would do is not what happened."""


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
    tag = _tag(menu.prompt, step) if menu.prompt is not None else prompts.locale(step.language)
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
    return prompts.locale(found) if prompts.spoken_language(found) == found[:2] else found


def _join(first: Flow | None, second: Flow) -> Flow:
    return second if first is None else first >> second


def _apology(step: Step, phrase: str = "try_again_later") -> Flow:
    return prompts.say(phrase, step.language) >> cf.hangup()


def _last_word(action: HangUp, step: Step, world: World) -> Flow:
    return _join(_spoken(action.say, step, world), cf.hangup())


def _goodbye(settings: Settings, step: Step, world: World) -> Flow:
    if settings.goodbye is None:
        return prompts.say("goodbye", step.language) >> cf.hangup()
    return _join(_spoken(settings.goodbye, step, world), cf.hangup())
