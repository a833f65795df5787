"""Callers of every language, in whole calls: what they hear, in which voice, and with nothing lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from pivot_app.identity import Caller, DynamoDBCallers
from pivotctl.data import parse
from pivotctl.data.lint import lint
from tests.conftest import Tables
from tests.functions.raw_kazoo import RawKazoo, following
from tests.functions.test_identity_of_a_call import ADA, STRANGER, Line

CHINESE_AND_JAPANESE = """\
kind: menus
start: main
languages: [zh, ja]
caller_language: false
menus:
  main:
    prompt:
      zh: 您好，{caller.name}。查询余额请按1。转人工请按0。
      ja: お電話ありがとうございます、{caller.name}様。残高の確認は1を、担当者は0を押してください。
    keys:
      1: {do: balance}
      0: {do: ring_user, id: a1c7f2d8e4b04f6b9d3e5a7c1f2b8d60}
"""
PORTUGUESE = """\
kind: menus
start: main
languages: [pt]
menus:
  main:
    prompt: {pt: "Para ouvir seu saldo, digite 1."}
    keys:
      1: {do: balance, then: {do: hang_up, say: {pt: Obrigado.}}}
"""
READ_BACK = """\
kind: menus
start: main
languages: [en]
menus:
  main:
    prompt: Enter your phone number.
    digits: 15
    any: {do: say, text: "You entered {call.digits}, and you call from {caller.number}.", then: {do: hang_up}}
"""
SWAHILI = """\
kind: menus
start: main
languages: [sw]
menus:
  main:
    prompt: {sw: "Bonyeza 1 kupata salio."}
    keys: {1: {do: balance, then: {do: hang_up, say: {sw: "Kwaheri, {account.balance}."}}}}
"""


@pytest.fixture
def line(seeded: Tables, application: dict[str, Any]) -> Callable[[str], Line]:
    """A line with these menus."""
    return lambda menus: Line(seeded, application, menus, {})


def spoken(line: Line, language: str, caller: str, key: str = "") -> list[tuple[str, str]]:
    """(voice, text) of what is heard at first, or after a key."""
    raw: RawKazoo = line.raw
    flow = raw.ask("/menu", language + caller, caller, language=language)
    if key:
        path, query, names = following(flow)
        digits = {names[0]: "" if key == "silence" else key}
        flow = raw.ask(path, language + caller, caller, language=language, query=query, digits=digits)
    heard = []
    while flow["module"] in ("tts", "flush_dtmf"):
        if flow["module"] == "tts":
            heard.append((flow["data"]["language"], flow["data"]["text"]))
        flow = flow["children"]["_"]
    return heard


@pytest.mark.parametrize(
    ("language", "heard"),
    [
        ("zh-cn", "您好。查询余额请按1。转人工请按0。"),
        ("cmn-hans-cn", "您好。查询余额请按1。转人工请按0。"),
        ("ja-jp", "お電話ありがとうございます。残高の確認は1を、担当者は0を押してください。"),
    ],
)
def test_a_stranger_hears_everything_but_the_name(
    line: Callable[[str], Line], language: str, heard: str
) -> None:
    """In the voice of the text; silence is answered in the same language."""
    made = line(CHINESE_AND_JAPANESE)
    assert spoken(made, language, STRANGER) == [(language, heard)]
    ((voice, text),) = spoken(made, language, "+19998887756", "silence")
    assert voice == language
    assert "did not hear" not in text
    assert text.endswith(heard)


def test_a_known_caller_hears_the_name(line: Callable[[str], Line]) -> None:
    """Where there is one it stands in its place."""
    assert "您好，Ada。" in spoken(line(CHINESE_AND_JAPANESE), "zh-cn", ADA)[0][1]


def test_a_menu_in_portuguese_is_portuguese_throughout(line: Callable[[str], Line]) -> None:
    """The balance, its currency, and what is said after silence."""
    made = line(PORTUGUESE)
    assert spoken(made, "pt-br", ADA, "1") == [
        ("pt-br", "Seu saldo é de três dólares."),
        ("pt-br", "Obrigado."),
    ]
    ((voice, text),) = spoken(made, "pt-br", "+14155550191", "silence")
    assert (voice, text) == ("pt-br", "Não recebi nenhuma tecla. Para ouvir seu saldo, digite 1.")


def test_a_language_without_sentences_of_ours_keeps_its_own_voice(line: Callable[[str], Line]) -> None:
    """English has an English voice beside it, and money in the author's text is in the author's language."""
    made = line(SWAHILI)
    assert spoken(made, "sw-ke", ADA, "1") == [
        ("en-us", "Your balance is three dollars."),
        ("sw-ke", "Kwaheri, dola za Marekani 3."),
    ]
    assert spoken(made, "sw-ke", "+14155550192", "silence") == [
        ("en-us", "I did not hear a key."),
        ("sw-ke", "Bonyeza 1 kupata salio."),
    ]


def test_numbers_are_read_back_digit_by_digit(line: Callable[[str], Line]) -> None:
    """What was entered and where the call comes from."""
    heard = spoken(line(READ_BACK), "en-us", ADA, "4155550199")
    assert heard[0][1] == "You entered 4 1 5 5 5 5 0 1 9 9, and you call from 1 4 1 5 5 5 5 0 1 9 0."


def test_a_user_of_the_account_is_known_in_menus(line: Callable[[str], Line], seeded: Tables) -> None:
    """By the registered device, though the extension is not a number anybody knows."""
    made = line(CHINESE_AND_JAPANESE)
    callers = DynamoDBCallers(seeded.client("dynamodb"), seeded.names["CallersTable"])
    callers.put(made.account, Caller(number="user:" + "d" * 32, account_id="1001", name="Eva"))
    flow = made.raw.ask("/menu", "internal", "1001", language="zh-cn", **{"User-ID": "d" * 32})
    assert "您好，Eva。" in flow["data"]["text"]


def test_every_message_may_be_a_recording() -> None:
    """A line in the company's own voice passes lint."""
    menus = """\
kind: menus
start: main
languages: [en]
goodbye: {media: {en: "https://media.example.com/goodbye.wav"}}
menus:
  main:
    greeting: {media: {en: "https://media.example.com/hello.wav"}}
    media: {en: "https://media.example.com/choices.wav"}
    keys:
      1: {do: voicemail, id: c3e9b4fa06d26b8dbf507c9e3b4d0f82, media: {en: "https://media.example.com/l.wav"}}
      2: {do: hang_up, media: {en: "https://media.example.com/bye.wav"}}
    no_match: {media: {en: "https://media.example.com/wrong.wav"}}
    no_input: {media: {en: "https://media.example.com/nothing.wav"}}
"""
    assert [each.message for each in lint(parse(menus, "m.yaml").document) if each.level == "error"] == []
