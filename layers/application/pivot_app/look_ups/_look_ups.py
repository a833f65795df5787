"""Sources of look-ups: their settings, what they answered, and how long that is taken for true."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from typing import Any, Protocol, Self
from urllib.parse import quote

from pivot_app.aws import Cache, Parameters, StoreUnavailableError, client
from pivot_app.http_source import (
    Client,
    HttpSourceError,
    JsonSource,
    SourceSettings,
    SourceUnavailableError,
    allowed_hosts,
    at,
    check_url,
)
from pivot_app.lazy_dataclass import dataclass

PLACE = re.compile(r"\{([a-z_][a-z0-9_.]*)\}")
MOST_FRESH_SECONDS = 3_600
MOST_SOURCES = 1_000

Fill = Callable[[str], str | None]
"""Gives the value of a placeholder of the address; None when there is none."""


class Sources(Protocol):
    """The source of look-ups."""

    def value(self, kazoo_account_id: str, source: str, path: str, fill: Fill, now: datetime) -> str | None:
        """Return the text at a path of the source's answer; None when there is none."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class LookUpSettings(SourceSettings):
    """The settings of a look-up of a call.

    url: an https address with values such as `{call.number}` and `{account.id}`, in its path or query.
    fresh_seconds: how long an answer is used again without asking.
    """

    url: str
    fresh_seconds: int = 30

    def __post_init__(self) -> None:
        SourceSettings.__post_init__(self)
        if not isinstance(self.url, str):
            raise ValueError("url: must be an https address")
        host = self.url.partition("://")[2].partition("/")[0]
        if "{" in host:
            raise ValueError("url: the host cannot contain values")
        try:
            check_url(PLACE.sub("0", self.url), allowed_hosts())
        except HttpSourceError as error:
            raise ValueError(f"url: {error}") from None
        if not isinstance(self.fresh_seconds, int) or not 0 <= self.fresh_seconds <= MOST_FRESH_SECONDS:
            raise ValueError(f"fresh_seconds: must be 0 to {MOST_FRESH_SECONDS}")

    def __repr__(self) -> str:
        """Return a repr without the address and the headers: both may hold credentials."""
        return f"LookUpSettings(fresh_seconds={self.fresh_seconds})"

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Return the settings of a parameter; SourceUnavailableError names what is wrong with it."""
        try:
            return cls.parse(text, "the look-up source's settings")
        except ValueError as error:
            raise SourceUnavailableError(str(error)) from None


class _Source:
    """One system, with its failures and its last answers."""

    def __init__(self, settings: LookUpSettings, client: Client | None) -> None:
        self._settings = settings
        self._source: JsonSource[Any] = JsonSource(settings, client=client)

    def ask(self, kazoo_account_id: str, fill: Fill, now: datetime) -> Any:
        """Return the answer about a call; None when the address needs a value that is missing."""
        url = self._url(fill)
        if url is None:
            return None
        key = (kazoo_account_id, url)
        fresh = self._source.remembered(key, now, max_age_seconds=self._settings.fresh_seconds)
        return (fresh or self._source.ask(key, url, lambda document: document, now)).value

    def _url(self, fill: Fill) -> str | None:
        missing = False

        def found(place: re.Match[str]) -> str:
            nonlocal missing
            value = fill(place[1])
            missing = missing or not value
            return quote(value or "", safe="")

        url = PLACE.sub(found, self._settings.url)
        return None if missing else url


class LookUps:
    """The sources that `{prefix}/look-ups/{kazoo_account_id}/{name}` describe.

    A source is kept until its parameter says something else: a credential that was renewed counts within a
    minute.
    """

    def __init__(self, parameters: Parameters, *, client: Client | None = None) -> None:
        self._parameters = parameters
        self._client = client
        self._sources: Cache[tuple[str, _Source]] = Cache(MOST_SOURCES, float("inf"))

    def value(self, kazoo_account_id: str, source: str, path: str, fill: Fill, now: datetime) -> str | None:
        """Return the text at a path of the source's answer; None when there is none.

        SourceUnavailableError when the source is not configured, or gave no answer.
        """
        return text_of(at(self._source(kazoo_account_id, source).ask(kazoo_account_id, fill, now), path))

    def _source(self, kazoo_account_id: str, source: str) -> _Source:
        name = f"look-ups/{kazoo_account_id}/{source}"
        try:
            text = self._parameters.first(name)
        except StoreUnavailableError as error:
            raise SourceUnavailableError(f"its settings cannot be read: {error}") from error
        if text is None:
            raise SourceUnavailableError(
                f"there is no parameter {self._parameters.prefix}/{name}; create it, or correct the source"
            )
        found = self._sources.get(name)
        if found is None or found[0] != text:
            found = (text, _Source(LookUpSettings.from_json(text), self._client))
            self._sources.put(name, found)
        return found[1]


class StaticLookUps:
    """Answers from data, by source: stands in for HTTP in previews and tests."""

    def __init__(self, answers: Mapping[str, Any]) -> None:
        self._answers = answers

    def value(self, kazoo_account_id: str, source: str, path: str, fill: Fill, now: datetime) -> str | None:  # noqa: ARG002
        """Return the text at a path of the source's data; SourceUnavailableError without data."""
        if source not in self._answers:
            raise SourceUnavailableError(f"there is no answer of {source}")
        return text_of(at(self._answers[source], path))


def text_of(value: Any) -> str | None:
    """Return a value of a JSON answer as text: yes and no for truth; None for objects and lists."""
    match value:
        case None | dict() | list():
            return None
        case bool():
            return "yes" if value else "no"
        case _:
            return str(value)[:1_000]


@cache
def look_ups() -> LookUps:
    """Return the sources of this process."""
    from pivot_app.settings import settings

    return LookUps(Parameters(lambda: client("ssm"), settings().parameter_prefix))
