"""A callback that fails answers its fallback with a mark, and the mark is shown wherever a call is played."""

from __future__ import annotations

import json

from kazoo_simulator import Answer, Scripted, Simulator
from kazoo_simulator.softphone import Number, Settings

from .test_softphone_paced import play

SORRY = {"module": "tts", "data": {"text": "Sorry."}}
FAILED = Answer(
    200,
    json.dumps(SORRY).encode(),
    (("content-type", "application/json"), ("x-pivot-fallback", "exception: KeyError: 'name' (app.py:12)")),
)


def test_the_ladder_and_the_pytest_fixture_know_it() -> None:
    """One line says so with the reason; a test has to expect it."""
    call = Simulator(Scripted([FAILED])).call("+14155550100", path="/x").hears("Sorry.").ends()
    assert "the callback answers its fallback: exception: KeyError: 'name' (app.py:12)" in call.ladder()
    (unexpected,) = call.unexpected_fallbacks
    assert unexpected.reason.startswith("exception")
    expecting = Simulator(Scripted([FAILED])).call("+14155550100", path="/x").heard_fallback("KeyError")
    assert expecting.hears("Sorry.").ends().unexpected_fallbacks == []


def test_the_softphone_is_told() -> None:
    """Its ladder gets the event that every other ladder gets, with the same line."""
    events = play(Settings(Scripted([FAILED]), "tests", (Number("2000", "/flow"),)))
    (marked,) = (event for event in events if event["kind"] == "fallback_taken")
    assert (marked["by"], marked["reason"]) == ("server", "exception: KeyError: 'name' (app.py:12)")


def test_a_good_answer_carries_no_mark() -> None:
    """Nothing is said where nothing went wrong."""
    good = Answer(200, json.dumps(SORRY).encode(), (("content-type", "application/json"),))
    call = Simulator(Scripted([good])).call("+14155550100", path="/x").hears("Sorry.").ends()
    assert "fallback" not in call.ladder()
    assert call.unexpected_fallbacks == []
