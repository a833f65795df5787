"""Lint of texts: tags of KAZOO, keys that go with missing data, languages without built-in sentences."""

from __future__ import annotations

import pytest

from pivotctl.data import parse
from pivotctl.data.documents import MenuDocument
from pivotctl.data.lint._texts import texts

MENUS = """\
kind: menus
start: main
languages: [{tag}]
menus:
  main:
    prompt: {{{tag}: '{text}'}}
    keys: {{1: hang_up}}
"""


def found(tag: str, text: str) -> list[str]:
    """What lint reports for a prompt in a language."""
    document = parse(MENUS.format(tag=tag, text=text), "m.yaml").document
    assert isinstance(document, MenuDocument)
    return [f"{each.level}: {each.message}" for each in texts(document)]


@pytest.mark.parametrize("tag", ["en", "pt-br", "es-419", "cmn-hans-cn", "zh-hant-tw", "nb-no"])
def test_any_tag_of_kazoo_is_a_language(tag: str) -> None:
    """With regions of digits, scripts and three letters."""
    assert found(tag, "Hi. 1.") == []


@pytest.mark.parametrize("tag", ["sw", "fil-ph", "mi"])
def test_a_language_without_sentences_of_ours_is_said_once(tag: str) -> None:
    """Its callers hear English in between, unless the author writes more or adds the language."""
    (said,) = found(tag, "Hi. 1.")
    assert f"no built-in sentences in {tag}" in said
    assert said.startswith("warning")


@pytest.mark.parametrize(
    ("tag", "text"),
    [
        ("en", "Hello {caller.name}, press 1."),
        ("zh", "您好{caller.name}查询请按1。"),
        ("ja", "{caller.name}様の残高は1を押してください。"),
        ("hi", "{caller.name} के लिए 1 दबाएँ।"),
        ("ar", "{caller.name} اضغط 1"),
        ("de", "Guten Tag Herr Dr. {caller.name}, drücken Sie die 1."),
        ("en", "Dear Mr. {caller.name} please press one"),
    ],
)
def test_a_text_that_loses_its_keys_is_refused(tag: str, text: str) -> None:
    """A caller without data must hear every key; a word to use instead is enough."""
    (said,) = found(tag, text)
    assert said.startswith("error")
    assert "does not hear of the key 1" in said
    assert found(tag, text.replace("{caller.name}", "{caller.name|x}")) == []
