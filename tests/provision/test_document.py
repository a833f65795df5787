"""`kazoo.yaml`: every slip is told with its line and how it is written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pivotctl.data._files import FileError
from pivotctl.provision.document import read_document

GOOD = """\
kazoo_account: 0a1b2c3d4e5f60718293a4b5c6d7e8f9
crossbar: https://crossbar.example.com:8443
callflows:
  Main line:
    numbers: [+14155550199, 2000, "0100"]
    menu: start
    otherwise: {voicemail: 1001}
  prepaid:
    patterns: ["^\\\\+?1(\\\\d{10})$"]
    gate: {connect: resources, announce: [balance, minutes], account: 1010}
    otherwise: [{say: Please call again later.}, hangup]
webhooks: [call_ended]
"""


def test_a_document_keeps_numbers_as_they_are_written(written: Callable[[str], Path]) -> None:
    """A document keeps numbers as they are written."""
    document = read_document(written(GOOD))
    assert document.callflows["Main line"].numbers == ("+14155550199", "2000", "0100")
    prepaid = document.callflows["prepaid"]
    assert (prepaid.path, prepaid.parameters) == (
        "balance_gate",
        {"account": "1010", "connect": "resources", "announce": "balance,minutes"},
    )
    assert [target.kind for target in prepaid.otherwise] == ["say", "hangup"]
    assert document.webhooks.call_ended is not None
    assert document.webhooks.call_ended.retries == 4


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("0a1b2c3d4e5f60718293a4b5c6d7e8f9", "mine", 1, "32 characters"),
        ("https://crossbar.example.com:8443", "crossbar.example.com", 2, "https://crossbar"),
        ("    otherwise: {voicemail: 1001}\n", "", 4, "otherwise"),
        ("menu: start", "menus: start", 6, "did you mean 'menu'"),
        ("menu: start", "menu: start\n    callback: menu", 4, "callback and menu"),
        ("voicemail: 1001", "voicemial: 1001", 7, "did you mean 'voicemail'"),
        ("webhooks: [call_ended]\n", "", 1, "call_ended is missing"),
        ("webhooks: [call_ended]", "webhooks: [call_end]", 12, "did you mean 'call_ended'"),
        ('"0100"', "2000", 1, "2000"),
        ('    numbers: [+14155550199, 2000, "0100"]\n', "", 4, "numbers or patterns"),
        ("connect: resources", "connect: carrier", 10, "resources"),
        ("callflows:", "callflows: {}\nrest:", 4, "rest"),
        ("  Main line:", "   Main line", 5, "indented"),
    ],
)
def test_a_slip_is_told_with_its_line(
    written: Callable[[str], Path], old: str, new: str, line: int, says: str
) -> None:
    """A slip is told with its line."""
    assert old in GOOD
    with pytest.raises(FileError) as caught:
        read_document(written(GOOD.replace(old, new)))
    assert any(says in each.message for each in caught.value.mistakes), str(caught.value)
    assert any(each.line == line for each in caught.value.mistakes), str(caught.value)


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    """A file that cannot be read is told."""
    with pytest.raises(FileError, match="cannot be read"):
        read_document(tmp_path / "none.yaml")


def test_the_document_of_the_docs_is_one(written: Callable[[str], Path]) -> None:
    """docs/provision.md shows what can be used."""
    page = (Path(__file__).resolve().parents[2] / "docs" / "provision.md").read_text()
    block = page.partition("```yaml\n")[2].partition("```")[0]
    assert set(read_document(written(block)).callflows) == {"main line", "balance", "outgoing"}
