"""What strangers wrote does not steer the operator's terminal."""

from __future__ import annotations

import pytest
from rich.table import Table

from pivotctl.accounts._console import show
from pivotctl.errors import UserError, user_errors
from pivotctl.text import printable

HOSTILE = "evil-\x1b]0;pwned\x07\x1b[31m\u202e"


def test_control_characters_are_shown_and_lines_stay() -> None:
    """Escapes and directions become text; letters of any script do not."""
    assert printable("a\x1b[0m\nb\u202e") == "a\\x1b[0m\nb\\u202e"
    assert printable("Zoë 張 +1 415") == "Zoë 張 +1 415"


def test_neither_lines_nor_tables_nor_errors_carry_them(capsys: pytest.CaptureFixture[str]) -> None:
    """As `pivot accounts` and every command's errors print them."""
    table = Table("call")
    table.add_row(HOSTILE)
    show(table)
    show(HOSTILE)
    with pytest.raises(BaseException, match="1"), user_errors():
        raise UserError(HOSTILE)
    out, err = capsys.readouterr()
    assert "evil" in out
    assert "evil" in err
    assert not {"\x07", "\u202e"} & set(out + err)
    assert "\x1b]0" not in out + err
