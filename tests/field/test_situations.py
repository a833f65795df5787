"""Sixty situations of real lines, as people describe them in public trackers: each is a document and a call.

`situations/*.yaml` hold them. One that KAZOO cannot do is refused by lint with a sentence that says why.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import datetime
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from kazoo_pivot import Call, _state_token
from kazoo_simulator import InProcess, Script
from pivotctl.data import FileError, lint, parse
from tests.conftest import Tables
from tests.field.line import NOON, dumped, opened, wired

FOLDER = Path(__file__).parent / "situations"


def situations() -> Iterator[Any]:
    """Every situation of every file."""
    for path in sorted(FOLDER.glob("*.yaml")):
        for situation in YAML().load_all(path.read_text("utf-8")):
            yield pytest.param(situation, id=f"{path.stem}-{situation['situation']}".replace(" ", "_"))


ALL = list(situations())
PLAYED = [each for each in ALL if "calls" in each.values[0]]
REFUSED = [each for each in ALL if "refused" in each.values[0]]

ALTERNATELY = [
    pytest.param(each.values[0], version, id=f"{each.id}-{version}")
    for each, version in zip(PLAYED, cycle(["4.3", "5"]), strict=False)
]
"""Each on one KAZOO: the examples and every action are played on both."""


def test_there_are_sixty_and_most_are_played() -> None:
    """What KAZOO cannot do is refused; nothing is neither."""
    assert len(ALL) >= 60
    assert len(PLAYED) >= 55
    assert len(PLAYED) + len(REFUSED) == len(ALL)


@pytest.mark.parametrize("situation", REFUSED)
def test_what_kazoo_cannot_do_is_refused_with_the_reason(situation: Any) -> None:
    """In one sentence that also says what to do instead."""
    (document,) = situation["documents"]
    try:
        findings = list(lint(parse(dumped(document), "line.yaml").document))
    except FileError as refused:
        findings = refused.mistakes
    errors = [each.message for each in findings if each.level == "error"]
    assert any(situation["refused"] in each for each in errors), errors


@pytest.mark.parametrize(("situation", "version"), ALTERNATELY)
def test_the_line_does_what_was_asked(
    emulator: Tables, as_deployed: None, monkeypatch: pytest.MonkeyPatch, situation: Any, version: Any
) -> None:
    """The documents pass lint without an error, and every call goes as written."""
    handlers = wired(emulator, monkeypatch, situation.get("look_ups", {}))
    account = uuid.uuid4().hex
    token = opened(emulator, account, situation, version)
    of = Call.of.__func__  # type: ignore[attr-defined]
    # The moment of a call is the situation's; the signed state is as old as the test.
    monkeypatch.setattr(_state_token, "check_time", lambda *_: None)
    for written in situation["calls"]:
        script = {
            key: each for key, each in written.items() if key not in ("at", "shows", "never", "failing")
        }
        now = datetime.fromisoformat(written.get("at", NOON))
        monkeypatch.setattr(
            Call, "of", classmethod(lambda *given, at=now, **named: of(*given, **{**named, "now": at}))
        )
        call = Script.parse(dumped(script)).play(
            InProcess(handlers, token=token),
            kazoo=version,
            account_id=account,
            path="/menu",
            failing=frozenset(written.get("failing", [])),
        )
        ladder = call.ladder()
        for text in written.get("shows", []):
            assert text in ladder, ladder
        for text in written.get("never", []):
            assert text not in " ".join(call.heard), ladder
        assert not call.unexpected_fallbacks, ladder
