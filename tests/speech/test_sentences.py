"""Where sentences end, in every script; and what is left of a text whose data is missing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pivot_app import speech
from pivot_app.documents._texts import TTS_CHARACTERS, can_vanish, fill, lost_keys


def nothing(_place: str, _language: str) -> None:
    """No data at all."""


@pytest.mark.parametrize(
    ("tag", "text", "left"),
    [
        ("zh-cn", "您好，{caller.name}。查询余额请按1。转人工请按0。", "您好。查询余额请按1。转人工请按0。"),
        ("ja", "お電話ありがとうございます、{caller.name}様。残高は1を押してください。", None),
        ("ja", "{caller.name}様、お電話ありがとうございます。残高は1を押してください。", None),
        ("hi", "नमस्ते {caller.name}। शेष राशि के लिए 1 दबाएँ।", "शेष राशि के लिए 1 दबाएँ।"),
        ("ar", "هل أنت {caller.name}؟ اضغط 1.", "اضغط 1."),
        ("ur", "سلام {caller.name}۔ ایک کے لیے 1 دبائیں۔", "ایک کے لیے 1 دبائیں۔"),
        ("th", "สวัสดี {caller.name} กด 1 เพื่อฟังยอดเงิน", "สวัสดี กด 1 เพื่อฟังยอดเงิน"),
        ("km", "សួស្តី {caller.name}។ ចុច 1។", "សួស្តី ចុច 1។"),
        ("ko", "안녕하세요, {caller.name}님. 1번을 눌러 주세요.", "안녕하세요. 1번을 눌러 주세요."),
        ("am", "ሰላም {caller.name}። 1 ይጫኑ።", "1 ይጫኑ።"),
        ("hy", "Բարեւ {caller.name}։ Սեղմեք 1։", "Սեղմեք 1։"),
        ("el", "Είστε ο {caller.name}; Πατήστε 1.", "Πατήστε 1."),
        ("en", "Hello Dr. {caller.name}. Press 1.", "Press 1."),
        ("en", "Dear Mr. {caller.name}, welcome. Press 1.", "Press 1."),
        ("en", "Hello, {caller.name}! Press 1.", "Hello! Press 1."),
        ("en", "Hello {caller.name}\nPress 1\nor 2", "Press 1\nor 2"),
        ("en", "It costs 2.50 at example.com. Ask {caller.name}.", "It costs 2.50 at example.com."),
        ("de", "Am 1. Mai ist {caller.name} nicht da. Drücken Sie die 1.", "Drücken Sie die 1."),
        ("de", "Das geht, z. B. mit {caller.name}. Drücken Sie die 1.", "Drücken Sie die 1."),
        ("es", "Estimada Sra. {caller.name}. Pulse 1.", "Pulse 1."),
        ("fr", "Appelez le no. {caller.number}. Tapez 1.", "Tapez 1."),
        ("en", '"Are you {caller.name}?" Press 1.', "Press 1."),
        ("en", "{caller.name|Friend}, press 1.", "Friend, press 1."),
    ],
)
def test_only_the_sentence_without_its_data_is_left_out(tag: str, text: str, left: str | None) -> None:
    """Whatever ends a sentence in the script; an abbreviation does not."""
    if left is None:
        left = "お電話ありがとうございます。残高は1を押してください。"
    assert fill(text, tag, nothing) == left


@given(
    st.lists(
        st.sampled_from([*"ab.!? \n。！？।؟۔，、1", "Dr. ", "{caller.name}", "กด ", "按1。"]), max_size=40
    ),
    st.sampled_from(["en", "de", "zh", "ja", "hi", "ar", "th", "el", "xx", ""]),
)
def test_sentences_are_the_text_again(pieces: list[str], tag: str) -> None:
    """Nothing is lost or added between two sentences, and all data there is is heard."""
    text = "".join(pieces)
    assert "".join(speech.sentences(text, tag)) == text
    assert "Ada" in fill(text, tag, lambda *_: "Ada") or "{caller.name}" not in text
    assert "{" not in fill(text, tag, nothing)


@given(st.text(max_size=300), st.text(max_size=2000))
def test_a_filled_text_fits_whatever_the_value(text: str, value: str) -> None:
    """A value from outside cannot push a text over what KAZOO takes, nor bring markup into it."""
    filled = fill(f"{text.replace('{', '').replace('}', '')} {{caller.name}}", "en", lambda *_: value)
    assert len(filled) <= TTS_CHARACTERS


@pytest.mark.parametrize(
    ("tag", "text", "keys", "lost"),
    [
        ("en", "Hello {caller.name}, press 1 for sales. Press 2 for support.", ["1", "2"], ["1"]),
        ("en", "Hello {caller.name}. Press one.", ["1"], []),
        ("en", "Hello {caller.name}, press one", ["1"], ["1"]),
        ("zh", "{caller.name}您好请按１", ["1"], ["1"]),
        ("zh", "您好，{caller.name}。查询余额请按1。", ["1"], []),
        ("hi", "{caller.name} १ दबाएँ", ["1"], ["1"]),
        ("en", "Your balance is {account.balance}, press 12", ["1", "2", "12"], ["12"]),
        ("en", "It costs 1.50, {caller.name} or press # now", ["1", "#"], ["#"]),
        ("en", "{caller.name|You}, press 1", ["1"], []),
        ("es", "Hola {caller.name}, pulse uno", ["1"], ["1"]),
    ],
)
def test_keys_that_go_with_the_data(tag: str, text: str, keys: list[str], lost: list[str]) -> None:
    """A caller without data must hear every key that others hear."""
    assert lost_keys(text, tag, keys) == lost


def test_a_text_that_vanishes() -> None:
    """Nothing of it is left without its data."""
    assert can_vanish("Hello {caller.name}", "en")
    assert not can_vanish("Hello, {caller.name}", "en")
    assert not can_vanish("Hello {caller.name}. Bye.", "en")


@pytest.mark.parametrize(
    ("place", "value", "spoken"),
    [
        ("call.digits", "4155550199", "4 1 5 5 5 5 0 1 9 9"),
        ("call.digits", "12", "1 2"),
        ("caller.number", "+14155550123", "1 4 1 5 5 5 5 0 1 2 3"),
        ("call.number", "anonymous", "anonymous"),
        ("account.id", "1001", "1 0 0 1"),
        ("caller.order", "0042", "0 0 4 2"),
        ("caller.order", "4711234", "4 7 1 1 2 3 4"),
        ("caller.order", "(415) 555-0123", "4 1 5 5 5 5 0 1 2 3"),
        ("caller.points", "250", "250"),
        ("caller.points", "12500", "12500"),
        ("caller.price", "12.50", "12.50"),
        ("account.balance", "twelve dollars", "twelve dollars"),
    ],
)
def test_numbers_that_identify_are_read_digit_by_digit(place: str, value: str, spoken: str) -> None:
    """A telephone number is not a quantity; a quantity stays one. What is sent elsewhere stays as it is."""
    assert fill(f"It is {{{place}}}.", "en", lambda *_: value) == f"It is {spoken}."
    assert fill(f"It is {{{place}}}.", "en", lambda *_: value, spoken=False) == f"It is {value}."


def test_an_emoji_beside_a_missing_thai_name_takes_no_key_with_it() -> None:
    """A pause follows it as it follows a letter."""
    text = "สวัสดีคุณ {caller.name} 🎉 กด 1 เพื่อฝ่ายขาย"
    assert "กด 1" in fill(text, "th", lambda _name, _language: None)
