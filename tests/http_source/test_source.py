"""A system that is asked again and again: its failures are counted, its last answer is kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pivot_app.http_source import (
    FAILURES_TO_OPEN,
    AddressRefusedError,
    Answer,
    Found,
    HttpSourceError,
    JsonSource,
    SourceSettings,
    SourceUnavailableError,
    at,
    decimal_of,
)

NOW = datetime(2026, 1, 5, 17, tzinfo=UTC)


class FakeClient:
    """Answers what the test says."""

    def __init__(self, *answers: Answer | Exception) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    def request(self, method: str, url: str, **_: Any) -> Answer:
        """The next answer; the last one again and again."""
        self.asked.append(url)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


def score(document: Any) -> int:
    """A CRM's answer about a caller."""
    return int(decimal_of(at(document, "score")))


def ok(body: bytes) -> Answer:
    """A good answer."""
    return Answer(200, "application/json", body)


ODD = [
    Answer(500),
    Answer(204),
    HttpSourceError("it did not finish its answer in time"),
    AddressRefusedError("its address is private"),
    ok(b"no json"),
    ok(b'{"score": "1e999999"}'),
    ok(b'{"score": NaN}'),
    ok(b"[]"),
]


@pytest.mark.parametrize("odd", ODD, ids=str)
def test_every_oddity_is_a_failure_and_opens_the_breaker(odd: Answer | Exception) -> None:
    """Then nobody waits for the system."""
    client = FakeClient(odd)
    source: JsonSource[int] = JsonSource(SourceSettings(), client=client)
    for _ in range(FAILURES_TO_OPEN + 3):
        with pytest.raises(SourceUnavailableError):
            source.ask("k", "https://crm.example/1", score, NOW)
    assert len(client.asked) == FAILURES_TO_OPEN


def test_a_decoder_that_meets_something_unknown_is_a_failure_of_the_answer() -> None:
    """KeyError, TypeError and arithmetic of a decoder never lose the call its answer."""

    def read(document: Mapping[str, Any]) -> int:
        return 1 // int(document["x"]["y"])

    source: JsonSource[int] = JsonSource(
        SourceSettings(), client=FakeClient(ok(b"{}"), ok(b'{"x": 1}'), ok(b'{"x": {"y": 0}}'))
    )
    for _ in range(3):
        with pytest.raises(SourceUnavailableError, match="cannot be used"):
            source.ask("k", "https://crm.example/1", read, NOW)


def test_the_last_answer_is_given_with_its_age() -> None:
    """To the same key only, and while it is young enough."""
    source: JsonSource[int] = JsonSource(
        SourceSettings(max_age_seconds=60), client=FakeClient(ok(b'{"score": 7}'), Answer(503))
    )
    assert source.ask("k", "https://crm.example/1", score, NOW) == Found(7)
    assert source.ask("k", "https://crm.example/1", score, NOW + timedelta(seconds=60)) == Found(7, 60)
    with pytest.raises(SourceUnavailableError, match="503"):
        source.ask("other", "https://crm.example/1", score, NOW)
    with pytest.raises(SourceUnavailableError, match="503"):
        source.ask("k", "https://crm.example/1", score, NOW + timedelta(seconds=61))


def test_settings_show_no_secret() -> None:
    """Neither in their repr nor in what refuses them."""
    settings = SourceSettings(headers={"authorization": "Bearer secret"})
    assert "secret" not in repr(settings)
    for headers in ({"a": "secret\r\n"}, {"a": 7}, "secret"):
        with pytest.raises(ValueError, match="headers") as refused:
            SourceSettings(headers=headers)  # type: ignore[arg-type]
        assert "secret" not in str(refused.value)
