"""Calls from end to end: the script in Python, expectations and the ladder they fail with."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from kazoo_simulator import Callee, CallMismatchError, InProcess, LiveCall, ScriptedCall, Simulator

URL = "http://pivot.example.test"


def node(module: str, child: Any = None, **data: Any) -> dict[str, Any]:
    """One node with its wildcard child."""
    made: dict[str, Any] = {"module": module, "data": data}
    return made if child is None else made | {"children": {"_": child}}


def answer(flow: Any) -> dict[str, Any]:
    """What a Lambda function returns."""
    return {"statusCode": 200, "headers": {"Content-Type": "application/json"}, "body": json.dumps(flow)}


def application(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """A small menu: 1 rings support, anything else is asked again."""
    digits = json.loads(event["body"]).get("Digits", {}).get("menu")
    if digits == "1":
        return answer(node("user", node("tts", text="Nobody is there."), id="support"))
    question = "Press 1 for support." if digits is None else "Sorry, press 1."
    again = node("pivot", node("hangup"), voice_url=f"{URL}/menu", method="post", req_body_format="json")
    return answer(node("tts", node("collect_dtmf", again, collection_name="menu"), text=question))


@pytest.fixture
def simulator() -> Simulator:
    """A KAZOO in front of the small menu."""
    return Simulator(InProcess({"/menu": application}, token="secret"), seed=7)


def call(simulator: Simulator, **caller: Any) -> ScriptedCall:
    """A call to the menu."""
    return simulator.call(flow=simulator.pivot("/menu", req_body_format="json"), **caller)


def test_a_whole_call(simulator: Simulator) -> None:
    """Prompt, key, ringing, answer, conversation, end."""
    played = call(simulator).hears("press 1").presses("1").rings("support").answered(talk_s=20)
    played.talks_to("user:support").ends("NORMAL_CLEARING", by="callee")
    assert played.ended is not None
    assert played.ended.billing_s == 23
    assert len(played.requests) == 2


@pytest.mark.parametrize(
    ("act", "cause"), [("busy", "USER_BUSY"), ("rejected", "CALL_REJECTED"), ("unanswered", "NO_ANSWER")]
)
def test_a_phone_that_is_not_picked_up(simulator: Simulator, act: str, cause: str) -> None:
    """Busy, refused, not answered: the flow goes on."""
    played = call(simulator).presses("1").rings("user:support")
    getattr(played, act)().hears("nobody is there").ends()
    assert cause in played.ladder()


def test_phones_behave_as_configured() -> None:
    """Callees configured beforehand need no line in the script."""
    simulator = Simulator(
        InProcess({"/menu": application}), callees={"support": Callee("answers", after_s=3, talk_s=9)}
    )
    played = call(simulator).presses("1").ends(by="callee")
    assert played.ended is not None
    assert played.ended.at_ms == pytest.approx(1300 + 600 + 3000 + 9000)


def test_barge_in(simulator: Simulator) -> None:
    """A key during the prompt stops it, and the collection finishes at once with that digit."""
    played = call(simulator).hears("press 1").presses("1", during=True).rings("support")
    assert "collected menu = '1'" in played.ladder()


def test_silence_then_again(simulator: Simulator) -> None:
    """Time passes by itself where the script says nothing."""
    call(simulator).hears("press 1").hears("sorry").presses("9").hears("sorry").hangs_up().ends(by="caller")


@pytest.mark.parametrize("language", ["en-us", "EN-US", None])
def test_hears_patterns_and_languages(simulator: Simulator, language: str | None) -> None:
    """A pattern instead of a text, and the language it is spoken in."""
    call(simulator).hears(re.compile(r"^Press \d for"), language=language)


def test_a_mismatch_shows_the_ladder(simulator: Simulator) -> None:
    """The failure says what was expected, what happened, and where, on the ladder of the call."""
    with pytest.raises(CallMismatchError) as failure:
        call(simulator).hears("press 1").presses("1").hears("goodbye")
    message = str(failure.value)
    assert message.startswith(
        "expected: hears 'goodbye'; instead: the call ended (NORMAL_CLEARING: the flow ended)"
    )
    assert "EXPECTED hears 'goodbye'" in message
    assert "☏  rings user:support" in message
    assert "secret" not in message


@pytest.mark.parametrize("act", ["ends", "dead_air", "busy"])
def test_what_never_happens_fails_in_bounded_time(act: str) -> None:
    """A call that stays up for ever is given up after the patience."""
    simulator = Simulator(InProcess({}))
    played = simulator.call(flow=node("conference", id="c" * 32), patience_s=60)
    with pytest.raises(CallMismatchError, match=r"nothing more happens|not within"):
        getattr(played, act)()


def test_keys_nobody_waits_for_are_a_mismatch() -> None:
    """Pressing after the prompt needs something that waits."""
    with pytest.raises(CallMismatchError, match="presses 1"):
        Simulator(InProcess({})).call(flow=node("tts", text="Goodbye")).presses("1")


def test_a_call_in_real_time(simulator: Simulator) -> None:
    """A live call runs in its thread, shows its events, and takes keys."""
    flow = node("tts", node("collect_dtmf", node("hangup"), timeout=60_000), text="Hi")
    live = simulator.live(flow=flow, listener_paces_audio=True)
    kinds = []
    for event in live.events():
        kinds.append(event.kind)
        if event.kind == "audio_started":
            live.audio_finished(event.audio)
        if event.kind == "collect_started":
            live.press("5")
    assert live.wait(5)
    assert live.error is None
    assert live.interpreter.channel.collections == {"default": "5"}
    assert [kind for kind in kinds if kind != "leg_told"][-1] == "call_ended"


def test_a_live_call_can_be_closed(simulator: Simulator) -> None:
    """Closing stops the thread wherever the call is."""
    live: LiveCall = simulator.live(flow=node("dead_air"))
    live.close()
    assert live.wait(5)


def test_a_handler_that_raises_is_a_500_with_its_reason() -> None:
    """API Gateway answers 500, the caller gets the fallback, and the ladder says what was raised."""

    def broken(event: dict[str, Any], context: Any) -> dict[str, Any]:
        raise KeyError("balance")

    played = Simulator(InProcess({"/p": broken})).call(fallback=node("tts", text="Sorry")).hears("sorry")
    assert "500 in 0 ms" in played.ladder()
    assert "the handler raised KeyError: 'balance'" in played.ladder()


def test_what_goes_wrong_in_a_live_call_is_raised(simulator: Simulator) -> None:
    """An observer that fails ends the call, and the waiting caller gets the reason."""

    def fail(event: Any) -> None:
        raise RuntimeError("no display")

    live = simulator.live(flow=node("hangup"), on_event=fail)
    with pytest.raises(RuntimeError, match="no display"):
        live.wait(5)


def test_news_of_a_leg_are_checked(simulator: Simulator) -> None:
    """A misspelt outcome is an error, not an outcome."""
    played = call(simulator).presses("1").rings("support")
    with pytest.raises(ValueError, match="no such event of a leg: 'anwsers'; there are answers, busy"):
        played.interpreter.leg("anwsers")


def test_a_conversation_may_outlast_the_patience(simulator: Simulator) -> None:
    """Ten minutes of talk are not a hanging call."""
    played = call(simulator).presses("1").rings("support").answered(talk_s=600).ends(by="callee")
    assert played.ended is not None
    assert played.ended.billing_s > 600


def test_a_callflow_kazoo_would_not_save_is_noted() -> None:
    """An address on the black list, for example, cannot be in a saved callflow."""
    local = Simulator(InProcess({"/p": application}, public_url="http://localhost:3000"))
    assert "KAZOO would not save this callflow: $.data.voice_url" in local.call().ladder()


def test_the_same_seed_plays_the_same_call(simulator: Simulator) -> None:
    """Call-IDs and everything random come from the seed."""
    again = Simulator(InProcess({"/menu": application}, token="secret"), seed=7)
    assert call(simulator).presses("1").ends().ladder() == call(again).presses("1").ends().ladder()


@pytest.mark.parametrize(
    ("guess", "remedy"),
    [
        (lambda: InProcess(print), r'InProcess\(\{"/print": print\}\)'),  # type: ignore[arg-type]
        (lambda: InProcess({"menu": print}), "begin with /"),
        (lambda: Simulator("http://x.example"), r'Simulator\(Http\("http://x.example"\)\)'),  # type: ignore[arg-type]
        (lambda: Simulator({"/x": print}), r"Simulator\(InProcess\("),  # type: ignore[arg-type]
        (lambda: Simulator(print), r'InProcess\(\{"/print": print\}\)'),  # type: ignore[arg-type]
        (lambda: Simulator(InProcess({})).call(user_id="u"), r"did you mean user_ids="),  # type: ignore[call-arg]
        (lambda: Simulator(InProcess({}), rate_limt=False), "did you mean rate_limit="),  # type: ignore[call-arg]
        (lambda: Simulator(InProcess({})).call(path="/x", fallback={}), r"fallback takes a callflow"),
        (lambda: Simulator(InProcess({})).call(flow=[]), r"flow takes a callflow"),  # type: ignore[arg-type]
    ],
)
def test_wrong_guesses_say_what_to_pass(guess: Any, remedy: str) -> None:
    """Each message names the argument and the remedy."""
    with pytest.raises(TypeError, match=remedy):
        guess()
    with pytest.raises(ValueError, match=r"4\.3-2023-11"):
        Simulator(InProcess({}), "4.4")  # type: ignore[arg-type]


def test_a_path_with_a_slash_at_its_end_is_another_path() -> None:
    """API Gateway counts the slash; the ladder says which handler was meant."""
    kazoo = Simulator(InProcess({"/menu": lambda event, context: {}}))
    ladder = kazoo.call(path="/menu/").ends().ladder()
    assert "there is one for /menu" in ladder


def test_control_characters_reach_no_terminal() -> None:
    """What strangers send is shown, not obeyed."""
    kazoo = Simulator(InProcess({}))
    flow = node("tts", text="\x1b]0;owned\x07")
    ladder = kazoo.call("1001", "2000", flow=flow, name="\x1b[31mred", call_id="\x1b[2Jid").ends().ladder()
    assert "\x1b" not in ladder
    assert "\\x1b]0;owned\\x07" in ladder
