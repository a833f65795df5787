"""The script language in YAML."""

from __future__ import annotations

import pytest

from kazoo_simulator import Answer, CallMismatchError, InProcess, Script, Scripted, ScriptError, Webhook
from tests.simulator.test_calls import application

WHOLE = """
kazoo: "4.3"
title: Support answers
call:
  from: +14155550123
  to: 2000
  name: Ada
  flow:
    module: pivot
    data: {voice_url: http://pivot.example.test/menu, method: post, req_body_format: json, req_format: kazoo}
callees:
  support: {outcome: answers, after_s: 2, talk_s: 5}
steps:
  - asks: /menu
  - hears: Press 1
  - presses: 9
  - hears: {pattern: "^Sorry", language: en-us}
  - presses: {keys: "1", during: true}
  - rings: support
  - talks_to: support
  - ends: {cause: NORMAL_CLEARING, by: callee}
"""


def test_a_script_plays_a_call() -> None:
    """Who calls, how phones behave, what is expected: one document."""
    call = Script.parse(WHOLE).play(InProcess({"/menu": application}))
    assert call.ended is not None
    assert "Ada" in call.ladder()


@pytest.mark.parametrize("act", ["busy", "unanswered", "rejected", "answered", "callee_hangs_up"])
def test_words_that_stand_alone(act: str) -> None:
    """Steps without a value are one word."""
    steps = WHOLE.partition("callees")[0] + f"steps: [presses: 1, {act}, ends]"
    if act == "callee_hangs_up":
        steps = steps.replace("callee_hangs_up", "answered: {talk_s: 900}, callee_hangs_up")
    call = Script.parse(steps).play(InProcess({"/menu": application}))
    assert call.ended is not None


def test_a_script_fails_with_the_ladder() -> None:
    """An expectation that does not come true is the same failure as in Python."""
    with pytest.raises(CallMismatchError, match="EXPECTED hears 'Goodbye'"):
        Script.parse(WHOLE.replace("Press 1", "Goodbye")).play(InProcess({"/menu": application}))


@pytest.mark.parametrize(
    ("broken", "expected"),
    [
        ("steps: [", "script: not YAML"),
        ("steps: []", "script:1: steps: List should have at least 1 item"),
        (
            "call: {phone: 1}\nsteps: [ends]",
            "script:1: call.phone: there is no 'phone' here; there are from, to, path",
        ),
        ("steps:\n  - ends\n  - presses: 1x", "script:3: steps.1.presses.keys: String should match pattern"),
        (
            "steps:\n  - shouts: hello",
            "script:2: steps.0.shouts: there is no 'shouts' here; there are hears, presses",
        ),
        (
            "steps:\n  - press: 1",
            "script:2: steps.0.press: there is no 'press' here; did you mean 'presses'?",
        ),
        ("kazo: 5\nsteps: [ends]", "script:1: kazo: there is no 'kazo' here; did you mean 'kazoo'?"),
        ("steps:\n  - hears: {text: a, pattern: b}", "give either text or pattern"),
        ("steps:\n  - hears: a\n    presses: 1", "a step is one word, or one word with its value"),
        ("steps:\n  - dances", "script:2: steps.0"),
        ("kazoo: '6'\nsteps: [ends]", "script:1: kazoo: must be '4.3', '4.3-2023-11' or '5'"),
    ],
)
def test_errors_name_the_line_the_rule_and_the_value(broken: str, expected: str) -> None:
    """A wrong script says where, what and why."""
    with pytest.raises(ScriptError) as error:
        Script.parse(broken)
    assert expected in str(error.value)


def test_the_version_needs_no_quotes() -> None:
    """YAML reads 4.3 and 5 as numbers."""
    assert [Script.parse(f"kazoo: {each}\nsteps: [ends]").kazoo for each in ("4.3", "5")] == ["4.3", "5"]


def test_an_alias_bomb_is_refused_before_it_is_expanded() -> None:
    """Scripts take no aliases, so a short one cannot become a long one."""
    levels = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    levels += [
        f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]"
        for before, name in zip("abcdefg", "bcdefgh", strict=True)
    ]
    with pytest.raises(ScriptError, match=r"script:2: an alias \(\*a\)"):
        Script.parse("\n".join([*levels, "steps: [ends]"]))
    with pytest.raises(ScriptError, match="more than"):
        Script.parse("# " + "x" * 1_100_000)


def test_a_script_hands_the_call_over() -> None:
    """Transfers, lost webhooks and the old build are sayable in a script."""
    script = Script.parse(
        """
        kazoo: 4.3-2023-11
        call: {from: "1001", to: "+4930123456", call_id: mine, flow: {module: resources}}
        callees: {"+4930123456": {outcome: answers, after_s: 2, talk_s: 90}}
        webhooks: [{loses: true, leg: b}]
        steps:
        - talks_to: "+4930123456"
        - waits: 5
        - transfers: {to: "1099", talk_s: 60}
        - ends
        """
    )
    target = Scripted([Answer(200)])
    call = script.play(target, webhook=Webhook("http://pivot.example.test/h"))
    assert call.call_id == "mine"
    assert "the caller transfers +4930123456 to 1099" in call.ladder()
    assert [event.fate for event in call.events if event.kind == "hook_posted"] == ["sent", "lost", "lost"]
    again = call.session().replay()
    assert [event.kind for event in again.events if event.kind == "handed_over"] == ["handed_over"]
