"""The settings of a softphone: the application it asks, the numbers, and the callers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kazoo_simulator._events import JsonObject
from kazoo_simulator._kazoo import ACCOUNT_ID, Webhook
from kazoo_simulator._request import KazooBuild
from kazoo_simulator._targets import Target

HANG_UP: JsonObject = {"module": "hangup", "data": {}}
LANGUAGES: Mapping[str, str] = {
    "en-us": "English (US)",
    "en-gb": "English (UK)",
    "es-mx": "Spanish (Mexico)",
    "es-es": "Spanish (Spain)",
    "fr-fr": "French",
    "fr-ca": "French (Canada)",
    "de-de": "German",
}


@dataclass(frozen=True, slots=True)
class Number:
    """A number of the KAZOO account whose callflow is a pivot node asking `path`."""

    number: str
    path: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class KnownCaller:
    """Somebody to call as; `note` says what to know, a demo PIN for example."""

    number: str
    name: str = ""
    language: str = "en-us"
    note: str = ""


@dataclass(frozen=True, slots=True)
class Settings:
    """One softphone.

    `names` puts words to the ids of users and devices. `fallback` is the wildcard child of a number's pivot
    node, `webhook` the account's webhook at a call's end.

    A dialled number that is not in `numbers` asks the path of the first one, as a catch-all callflow does.
    """

    target: Target
    title: str
    numbers: tuple[Number, ...]
    callers: tuple[KnownCaller, ...] = ()
    account_id: str = ACCOUNT_ID
    kazoo: KazooBuild = "4.3"
    names: Mapping[str, str] = field(default_factory=dict)
    languages: Mapping[str, str] = field(default_factory=lambda: LANGUAGES)
    fallback: JsonObject | None = field(default_factory=lambda: HANG_UP)
    webhook: Webhook | None = None

    def __post_init__(self) -> None:
        if not self.numbers:
            msg = (
                "a softphone needs at least one number to dial: numbers=(Number('2000', '/account_balance'),)"
            )
            raise ValueError(msg)

    def path_of(self, dialled: str) -> str:
        """Return the callback that answers a dialled number."""
        return next((n.path for n in self.numbers if n.number == dialled), self.numbers[0].path)

    def to_dict(self) -> dict[str, Any]:
        """Return what the page may know: no token, no address with one."""
        return {
            "title": self.title,
            "kazoo": self.kazoo,
            "numbers": [{"number": n.number, "path": n.path, "title": n.title} for n in self.numbers],
            "callers": [
                {"number": c.number, "name": c.name, "language": c.language, "note": c.note}
                for c in self.callers
            ],
            "languages": dict(self.languages),
            "names": dict(self.names),
        }
