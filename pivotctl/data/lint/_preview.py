"""A call that is not one: lets every answer of a document be played at the developer's side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import kazoo_callflow as callflow
from pivot_app import speech
from pivot_app.documents import FILLED_CHARACTERS
from pivot_app.schedules import state

if TYPE_CHECKING:
    from kazoo_callflow import Flow
    from pivot_app.actions import DocumentSettings
    from pivot_app.conditions import Condition
    from pivot_app.documents import Values
    from pivot_app.menus import MenuPage
    from pivot_app.schedules import Schedule
    from pivotctl.data.documents import MenuDocument


@dataclass
class PreviewContext:
    """A call whose facts and answers are given in advance.

    matching: whether the conditions of actions hold. together: whether other menus are in memory, or reached
    by pivots. values: placeholders with a value of their own; all others are as long as they can get.
    """

    document: MenuDocument | None = None
    now: datetime = datetime(2026, 1, 5, 12, tzinfo=UTC)
    available: int | None = None
    pin: bool = False
    together: bool = True
    matching: bool = True
    values: Mapping[str, str] = field(default_factory=dict)
    address: str = "https://pivot.example.test"

    def value(self, name: str, language: str) -> str | None:  # noqa: ARG002
        """Return a value as long as it can get."""
        return self.values.get(name, "x" * FILLED_CHARACTERS)

    def look_up(self, key: str, value: Values) -> str | None:  # noqa: ARG002
        """Return a value as long as it can get."""
        return self.value(f"lookup.{key}", "en")

    def mismatch(
        self,
        conditions: Sequence[Condition],
        settings: DocumentSettings,  # noqa: ARG002
        value: Values,  # noqa: ARG002
    ) -> str | None:
        """Return what was set."""
        return None if self.matching else f"{conditions[0].test} does not hold in this preview"

    def schedule_state(self, schedule: Schedule) -> str:
        """Return the state at the preview's moment."""
        return state(schedule, self.now)

    def available_micros(self) -> int | None:
        """Return what was set."""
        return self.available

    def balance_sentence(self, language: str) -> speech.Spoken:
        """Return the sentence of the balance that was set."""
        return speech.balance(language, None if self.available is None else speech.Amount(12_000_000, "USD"))

    def pin_is(self, digits: str) -> bool:  # noqa: ARG002
        """Return what was set."""
        return self.pin

    def page(self, name: str) -> MenuPage | None:
        """Return any menu, or none when menus are to be reached by pivots."""
        if not self.together or self.document is None or name not in self.document.menus:
            return None
        return self.document.page(name)

    def go(
        self,
        callback: str,
        *,
        carry: Mapping[str, str | int],  # noqa: ARG002
        query: Mapping[str, str],  # noqa: ARG002
    ) -> Flow:
        """Return a pivot with a state as long as real ones are."""
        url = f"{self.address}/{callback}?state={'x' * 300}"
        fallback = callflow.tts("Please call again later.") >> callflow.hangup()
        return callflow.pivot(voice_url=url, method="post", req_format="kazoo").otherwise(fallback)

    def explain(self, rule: str, **facts: str | int) -> None:
        """Record nothing: nobody looks at this call later."""
