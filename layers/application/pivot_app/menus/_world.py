"""What menus may ask of the call they run in, and the same call seen from two places."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from kazoo_callflow import Flow
    from pivot_app.menus._document import Page


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


class Answered:
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


class Later:
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
