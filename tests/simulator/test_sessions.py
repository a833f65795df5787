"""Recorded calls: saved, loaded, replayed, compared."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from kazoo_simulator import InProcess, Session, Simulator, Webhook
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
    """A reset connection and bytes that are not text survive the file."""
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


HOOK = "http://pivot.example.test/call_ended?token=secret-token"


def ends(token: str, taken: list[str]) -> InProcess:
    """A target that takes ends of calls with that token only."""

    def call_ended(event: Any, _: Any) -> dict[str, Any]:
        given = event["queryStringParameters"]["token"]
        taken.append(given)
        return {"statusCode": 200 if given == token else 403}

    return InProcess({"/menu": application, "/call_ended": call_ended}, token=token)


@pytest.mark.parametrize("header", [False, True])
def test_a_replay_posts_webhooks_with_the_token_of_its_target(tmp_path: Path, header: bool) -> None:
    """Else the end is refused, the hold stays open and the account is locked for an hour."""
    taken: list[str] = []
    hook = Webhook(HOOK, deliveries=2, headers={"x-token": "secret-token"} if header else {})
    simulator = Simulator(ends("secret-token", taken), webhook=hook)
    call(simulator).hears("press 1").hangs_up().session().save(tmp_path / "call.json")
    assert "secret-token" not in (tmp_path / "call.json").read_text()
    session = Session.load(tmp_path / "call.json")
    taken.clear()
    replayed = session.replay(ends("another-token", taken))
    assert taken == ["another-token"] * 2
    assert session.differences(replayed) == []
    assert session.differences(session.replay()) == []


def test_a_refused_webhook_is_a_difference() -> None:
    """What became of the end of the call is part of what is compared."""
    taken: list[str] = []
    session = call(Simulator(ends("secret-token", taken), webhook=Webhook(HOOK))).hangs_up().session()
    refusing = InProcess({"/menu": application}, token="secret-token")
    assert "-webhook channel_destroy a: answered 200" in session.differences(session.replay(refusing))


def test_a_replay_without_a_token_for_its_webhooks_is_refused() -> None:
    """It says why, before the call is made."""
    taken: list[str] = []
    session = call(Simulator(ends("secret-token", taken), webhook=Webhook(HOOK))).hangs_up().session()
    taken.clear()
    with pytest.raises(ValueError, match=r"needs a token.*PIVOT_TOKEN"):
        session.replay(InProcess({"/menu": application}))
    assert taken == []
