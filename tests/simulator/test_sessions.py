"""Recorded calls: saved, loaded, replayed, compared."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from kazoo_simulator import InProcess, Session, Simulator
from tests.simulator.conftest import WebServer, http
from tests.simulator.test_calls import answer, application, call, node


def recorded(**kwargs: Any) -> Session:
    """A session with keys, ringing and an end."""
    simulator = Simulator(InProcess({"/menu": application}, token="secret-token"), seed=3)
    return call(simulator, **kwargs).hears("press 1").presses("1").rings("support").busy().ends().session()


def test_a_session_replays_exactly(tmp_path: Path) -> None:
    """A saved session, replayed against its own recording, repeats every event to the millisecond."""
    session = recorded()
    session.save(tmp_path / "call.json")
    loaded = Session.load(tmp_path / "call.json")
    assert loaded == session
    replayed = loaded.replay()
    assert replayed.events == loaded.events
    assert not loaded.differences(replayed)


def test_a_session_keeps_the_token_to_itself(tmp_path: Path) -> None:
    """The account's token never reaches the file."""
    recorded().save(tmp_path / "call.json")
    text = (tmp_path / "call.json").read_text()
    assert "secret-token" not in text
    assert "token=REDACTED" in text
    assert json.loads(text)["version"] == 1


def test_a_session_replays_on_another_target(server: WebServer) -> None:
    """Recorded in process, replayed over HTTP: the caller cannot tell the difference."""
    session = recorded()
    server.answers = [
        http(200, (exchange.answer.body or "").encode())
        for exchange in session.exchanges
        if hasattr(exchange.answer, "body")
    ]
    assert session.differences(session.replay(server.target)) == []


def test_differences_are_shown_as_a_diff() -> None:
    """Another application is told apart, line by line."""
    other = InProcess({"/menu": lambda event, context: answer(node("tts", text="Closed today."))})
    diff = recorded().differences(recorded().replay(other))
    assert "-hears speech 'Press 1 for support.' en-us" in diff
    assert "+hears speech 'Closed today.' en-us" in diff


def test_a_failure_is_recorded_too(server: WebServer) -> None:
    """A reset connection and bytes that are no text survive the file."""
    server.answers = [http(200, b"\xff\xfe", "application/json"), b""]
    simulator = Simulator(server.target, path="/p")
    fallback = simulator.pivot(fallback=node("tts", text="sorry"))
    played = simulator.call(flow=simulator.pivot(fallback=fallback)).hears("sorry").ends()
    session = Session.model_validate_json(played.session().model_dump_json())
    assert session.replay().events == session.events


@pytest.mark.parametrize("text", ["{}", "[]", '{"format": "pivot-lambda session", "version": 2}'])
def test_a_file_that_is_no_session_is_refused(tmp_path: Path, text: str) -> None:
    """Another format or version is an error, not a surprise."""
    (tmp_path / "call.json").write_text(text)
    with pytest.raises(ValidationError):
        Session.load(tmp_path / "call.json")
