"""Menus as they are stored and read: one page is one menu with all it needs from its document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from typing import Annotated, Literal

from pivot_app.actions import Action, AnyAction, HangUp, Hours
from pivot_app.documents import (
    FALLBACK_LANGUAGE,
    Between,
    Form,
    Language,
    Length,
    Name,
    Record,
    Sentence,
    TimeZone,
)
from pivot_app.lazy_dataclass import dataclass
from pivot_app.schedules import Schedule

Key = Annotated[str, Form("key")]
Tries = Annotated[int, Between(1, 9)]


@dataclass(frozen=True, kw_only=True)
class Retry(Record):
    """What happens when the caller's answer was no answer: words before the next try, an action after the
    last."""

    say: Sentence | None = None
    give_up: AnyAction | None = None


@dataclass(frozen=True, kw_only=True)
class Menu(Record):
    """One question to the caller and what each answer does.

    `digits` is the longest answer, `tries` how often the question is put; `max_timeouts` and `max_failures`
    count silences and wrong keys apart. `sensitive` keeps the digits out of every log and store. `any` takes
    every complete answer that no key matches; a key between slashes is a pattern. `greeting` is spoken on
    arrival, `greeting_on_return` when the caller comes back, `echo` after every valid key.
    """

    prompt: Sentence
    greeting: Sentence | None = None
    greeting_on_return: Sentence | None = None
    echo: Sentence | None = None
    keys: Annotated[Mapping[Key, AnyAction], Form("keys"), Length(0, 1000)] = field(default_factory=dict)
    any: AnyAction | None = None
    digits: Annotated[int, Between(1, 20)] = 1
    terminator: Literal["#", "*"] | None = None
    barge_in: bool = True
    sensitive: bool = False
    tries: Tries = 3
    max_timeouts: Tries | None = None
    max_failures: Tries | None = None
    timeout_ms: Annotated[int, Between(1_000, 60_000)] = 5_000
    interdigit_timeout_ms: Annotated[int, Between(500, 20_000)] = 2_000
    no_input: Retry = field(default_factory=Retry)
    no_match: Retry = field(default_factory=Retry)
    give_up: AnyAction = field(default_factory=lambda: HangUp(do="hang_up"))
    hours: Hours | None = None

    def actions(self) -> Iterator[tuple[tuple[str, ...], Action]]:
        """Yield (place in the menu, action) of every action written in it, not the ones nested inside
        those."""
        for key, action in self.keys.items():
            yield ("keys", key), action
        if self.any is not None:
            yield ("any",), self.any
        yield from self.silent_actions()

    def silent_actions(self) -> Iterator[tuple[tuple[str, ...], Action]]:
        """Yield the actions that run without the caller pressing a key of the menu."""
        yield ("give_up",), self.give_up
        for name, retry in (("no_input", self.no_input), ("no_match", self.no_match)):
            if retry.give_up is not None:
                yield (name, "give_up"), retry.give_up
        if self.hours is not None:
            yield ("hours", "closed"), self.hours.closed
            if self.hours.holiday is not None:
                yield ("hours", "holiday"), self.hours.holiday


@dataclass(frozen=True, kw_only=True)
class MenuSettings(Record):
    """The settings that all menus of a document share; each menu carries a copy.

    `max_steps` bounds how many questions one call can be asked. `caller_language` begins in the language
    known callers have among their attributes, at the price of one more read for a call.
    """

    start: Name
    languages: Annotated[tuple[Language, ...], Length(1, 20)] = (FALLBACK_LANGUAGE,)
    max_steps: Annotated[int, Between(5, 100)] = 60
    caller_language: bool = False
    goodbye: Sentence | None = None
    time_zone: TimeZone = "UTC"
    schedules: Annotated[Mapping[Name, Schedule], Length(0, 100)] = field(default_factory=dict)
    tables: Annotated[Mapping[Name, Mapping[str, str]], Form("tables"), Length(0, 50)] = field(
        default_factory=dict
    )


@dataclass(frozen=True, kw_only=True)
class MenuPage(MenuSettings):
    """One menu as a step of a call needs it: one database row. It has the schedules and tables it names."""

    name: Name
    menu: Menu
