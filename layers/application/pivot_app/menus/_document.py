"""The menus document: everything a caller can hear and press, as data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from pivot_app.actions._actions import Action, AnyAction, HangUp, MenuName
from pivot_app.documents._fields import Media, Strict, Text, check_language
from pivot_app.documents._texts import FALLBACK_LANGUAGE
from pivot_app.menus._engine import KEYS, end_key
from pivot_app.schedules._schedule import Schedule


def _as_keys(value: Any) -> Any:
    """Accept the single digit 1 for "1"; anything longer must be quoted, or its leading zeros would be
    lost."""
    if not isinstance(value, dict):
        return value
    keys: dict[Any, Any] = {}
    for key, action in value.items():
        if isinstance(key, int) and not 0 <= key <= 9:
            raise ValueError(f'the key {key} must be quoted: "{key}"')
        if str(key) in keys:
            raise ValueError(f"the key {key} is given twice")
        keys[str(key)] = action
    return keys


Key = Annotated[str, Field(pattern=r"^[0-9*#]{1,20}$")]


class Retry(Strict):
    """What happens when the caller's answer was no answer: words before the next try, an action after the
    last."""

    say: Text | None = None
    give_up: Action | None = None


class Hours(Strict):
    """What a menu does instead while a schedule is not open."""

    schedule: MenuName
    closed: Action
    holiday: Action | None = None


class Menu(Strict):
    """One question to the caller and what each answer does.

    `digits` is the longest answer, `tries` how often the question is put, `sensitive` keeps the digits out of
    every log and store, `any` takes every complete answer that no key matches, `greeting` is spoken on
    arrival only.
    """

    prompt: Text | None = None
    media: Media | None = None
    greeting: Text | None = None
    keys: Annotated[dict[Key, Action], BeforeValidator(_as_keys)] = Field(
        default_factory=dict, max_length=1000
    )
    any: Action | None = None
    digits: int = Field(1, ge=1, le=20)
    terminator: Literal["#", "*"] | None = None
    barge_in: bool = True
    sensitive: bool = False
    tries: int = Field(3, ge=1, le=9)
    timeout_ms: int = Field(5_000, ge=1_000, le=60_000)
    interdigit_timeout_ms: int = Field(2_000, ge=500, le=20_000)
    no_input: Retry = Retry()
    no_match: Retry = Retry()
    give_up: Action = HangUp(do="hang_up")
    hours: Hours | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Menu:
        if (self.prompt is None) == (self.media is None):
            raise ValueError("give either a prompt (text) or media")
        if not self.keys and self.any is None:
            raise ValueError("give at least one key, or an action for any answer")
        for key in self.keys:
            if len(key) > self.digits:
                raise ValueError(
                    f"the key {key} has {len(key)} digits but only {self.digits} are collected; raise digits"
                )
        if self.digits == 1 and self.terminator is None:
            if set(KEYS) <= set(self.keys):
                raise ValueError("all twelve keys are in use; KAZOO needs one of them to end the collection")
        else:
            for key in self.keys:
                if end_key(self) in key:
                    raise ValueError(
                        f"the key {key} holds {end_key(self)}, which ends the collection; set another "
                        "terminator"
                    )
        return self

    def actions(self) -> Iterator[tuple[tuple[str, ...], AnyAction]]:
        """Yield (place in the menu, action) of every action written in it, not the ones nested inside
        those."""
        for key, action in self.keys.items():
            yield ("keys", key), action
        if self.any is not None:
            yield ("any",), self.any
        yield from self.silent_actions()

    def silent_actions(self) -> Iterator[tuple[tuple[str, ...], AnyAction]]:
        """Yield the actions that run without the caller pressing a key of the menu."""
        yield ("give_up",), self.give_up
        for name, retry in (("no_input", self.no_input), ("no_match", self.no_match)):
            if retry.give_up is not None:
                yield (name, "give_up"), retry.give_up
        if self.hours is not None:
            yield ("hours", "closed"), self.hours.closed
            if self.hours.holiday is not None:
                yield ("hours", "holiday"), self.hours.holiday


class Settings(Strict):
    """What all menus of a document share; it travels with each of them.

    `max_steps` bounds how many questions one call can be asked. `caller_language` begins in the language
    known callers have among their attributes, at the price of one more read for a call.
    """

    start: MenuName
    languages: list[Annotated[str, AfterValidator(check_language)]] = Field(
        default_factory=lambda: [FALLBACK_LANGUAGE], min_length=1, max_length=20
    )
    max_steps: int = Field(60, ge=5, le=100)
    caller_language: bool = False
    goodbye: Text | None = None


class MenuDocument(Settings):
    """All menus of one KAZOO account, the one calls begin with, and the schedules they refer to."""

    kind: Literal["menus"]
    schedules: dict[MenuName, Schedule] = Field(default_factory=dict, max_length=100)
    menus: dict[MenuName, Menu] = Field(min_length=1, max_length=20_000)

    def page(self, name: str) -> Page:
        """Return one menu with all it needs from the rest of the document, as it is stored and read."""
        menu = self.menus[name]
        schedule = self.schedules.get(menu.hours.schedule) if menu.hours else None
        shared = {field: getattr(self, field) for field in Settings.model_fields}
        return Page.model_construct(name=name, menu=menu, schedule=schedule, **shared)


class Page(Settings):
    """One menu as a step of a call needs it: one database row."""

    name: MenuName
    menu: Menu
    schedule: Schedule | None = None
