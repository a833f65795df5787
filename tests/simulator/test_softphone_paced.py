"""A call in real time: people act between the engine's steps, and the clock waits for them."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

import kazoo_callflow as callflow
from kazoo_simulator import Answer, InProcess, Scripted
from kazoo_simulator.softphone import Number, Settings
from kazoo_simulator.softphone._messages import Action, AudioFinished, HangUp, Leg, Place, Press, SetCallee
from kazoo_simulator.softphone._paced import PacedCall

NUMBERS = (Number("2000", "/flow"),)
USER = "a1c7f2d8e4b04f6b9d3e5a7c1f2b8d60"
Script = dict[str, Callable[[dict[str, Any]], Action | None]]


def answering(flow: callflow.Flow | dict[str, Any]) -> Settings:
    """A softphone whose every number answers with this flow."""
    document = flow if isinstance(flow, dict) else flow.to_dict()
    body = json.dumps(document).encode()
    return Settings(Scripted([Answer(200, body, (("content-type", "application/json"),))]), "tests", NUMBERS)


def play(settings: Settings, script: Script | None = None, **place: Any) -> list[dict[str, Any]]:
    """Play a call; `script` acts when an event of that kind is told. Returns the events."""
    events: list[dict[str, Any]] = []

    async def run() -> None:
        def tell(message: dict[str, Any]) -> None:
            if message["type"] != "event":
                return
            events.append(message["event"])
            act = (script or {}).get(message["event"]["kind"])
            if act and (action := act(message["event"])):
                call.act(action)

        placed = Place(type="call", caller="+14155550123", dialled="2000", **({"speed": "instant"} | place))
        call = PacedCall(settings, placed, tell)
        await asyncio.wait_for(call.run(), 60)
        await asyncio.sleep(0)

    # In a thread of its own: Playwright keeps a loop running in this one while its browser is open.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(run())).result()
    return events


def kinds(events: list[dict[str, Any]]) -> list[str]:
    """What happened, in order."""
    return [event["kind"] for event in events]


def only(events: list[dict[str, Any]], kind: str) -> dict[str, Any]:
    """The one event of a kind."""
    (event,) = (event for event in events if event["kind"] == kind)
    return event


def test_the_listener_says_when_a_prompt_is_over() -> None:
    """In real time a browser's voice paces the call, whatever was estimated."""
    flow = callflow.tts("A text that takes some seconds to speak, if anybody spoke it.") >> callflow.hangup()
    heard = {"audio_started": lambda event: AudioFinished(type="audio_finished", audio=event["audio"])}
    events = play(answering(flow), heard, speed="1")
    assert only(events, "audio_stopped")["reason"] == "finished"
    assert only(events, "audio_stopped")["at_ms"] < only(events, "audio_started")["duration_ms"]


def test_without_a_listener_a_prompt_lasts_as_long_as_estimated() -> None:
    """Instant calls show the same times as simulated ones."""
    events = play(answering(callflow.tts("Twenty-five characters...") >> callflow.hangup()))
    started, stopped = only(events, "audio_started"), only(events, "audio_stopped")
    assert stopped["at_ms"] - started["at_ms"] == started["duration_ms"]


def test_a_key_during_a_prompt_stops_it() -> None:
    """Barge-in: the key is kept for the collection that follows."""
    flow = callflow.tts("Press a key.") >> callflow.collect_dtmf(collection_name="menu") >> callflow.hangup()
    events = play(answering(flow), {"audio_started": lambda _: Press(type="press", key="7")}, speed="1")
    assert only(events, "audio_stopped")["reason"] == "key"
    assert only(events, "collect_ended")["digits"] == "7"


@pytest.mark.parametrize(
    ("news", "cause", "spoken"),
    [("busy", "USER_BUSY", 1), ("rejects", "CALL_REJECTED", 1), ("no_answer", "NO_ANSWER", 1)],
)
def test_the_person_decides_what_the_other_side_does(news: Any, cause: str, spoken: int) -> None:
    """A ringing phone waits for the decision, also in a call where nobody else waits."""
    flow = callflow.user(id=USER, timeout=20) >> callflow.tts("Nobody is there.") >> callflow.hangup()
    events = play(answering(flow), {"ringing_started": lambda _: Leg(type="leg", news=news)})
    assert only(events, "ringing_ended")["cause"] == cause
    assert kinds(events).count("audio_started") == spoken


def test_a_conversation_lasts_until_somebody_hangs_up() -> None:
    """Answered, talked, left by the other side."""
    script: Script = {
        "ringing_started": lambda _: Leg(type="leg", news="answers"),
        "bridged": lambda _: Leg(type="leg", news="hangs_up"),
    }
    events = play(answering(callflow.user(id=USER)), script)
    assert only(events, "bridged")["to"] == f"user:{USER}"
    assert only(events, "call_ended")["by"] == "callee"


@pytest.mark.parametrize(
    ("callee", "outcome"), [("answers", "answered"), ("busy", "failed"), ("no_answer", "failed")]
)
def test_phones_can_be_told_beforehand(callee: str, outcome: str) -> None:
    """With a decision made before the call, nobody has to be asked."""
    script: Script = {"bridged": lambda _: HangUp(type="hang_up")}
    events = play(answering(callflow.user(id=USER, timeout=20) >> callflow.hangup()), script, callee=callee)
    assert only(events, "ringing_ended")["outcome"] == outcome


def test_phones_can_be_told_otherwise_during_a_call() -> None:
    """The next phone that rings does what was chosen last."""
    flow = callflow.tts("One moment.") >> callflow.user(id=USER, timeout=20) >> callflow.hangup()
    events = play(answering(flow), {"audio_started": lambda _: SetCallee(type="callee", callee="busy")})
    assert only(events, "ringing_ended")["cause"] == "USER_BUSY"


def test_dead_air_lasts_until_the_caller_gives_up() -> None:
    """An invalid flow on KAZOO 4.3 leaves silence; nothing ends it but the caller."""
    invalid = {"module": "tts", "data": {"text": 5}}
    events = play(answering(invalid), {"dead_air": lambda _: HangUp(type="hang_up")})
    assert only(events, "answer_judged")["outcome"] == "dead_air"
    assert only(events, "call_ended")["by"] == "caller"


def test_hanging_up_waits_for_the_request_under_way() -> None:
    """KAZOO's request is not taken back; the caller is gone when it returns."""
    asked = threading.Event()

    def slow(event: dict[str, Any], context: Any) -> dict[str, Any]:
        asked.wait(10)
        flow = callflow.tts("Too late.") >> callflow.hangup()
        return {
            "statusCode": 200,
            "headers": {"content-type": "application/json"},
            "body": flow.to_json().decode(),
        }

    def leave(event: dict[str, Any]) -> Action:
        asked.set()
        return HangUp(type="hang_up")

    settings = Settings(InProcess({"/flow": slow}), "tests", NUMBERS)
    events = play(settings, {"request_sent": leave})
    assert only(events, "answer_received")["status"] == 200
    assert only(events, "call_ended")["by"] == "caller"


def test_a_softphone_needs_a_number() -> None:
    """The mistake is named where it is made."""
    with pytest.raises(ValueError, match="at least one number"):
        Settings(Scripted([]), "tests", ())
