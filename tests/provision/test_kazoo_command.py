"""`pivot kazoo`: a KAZOO to try, with a document that fits it."""

from __future__ import annotations

from pathlib import Path

from typer.testing import CliRunner

from pivotctl.cli import app
from pivotctl.provision.document import read_document


def test_it_prints_a_document_that_can_be_provisioned(tmp_path: Path) -> None:
    """What it prints is a kazoo.yaml, and how to use it; `quit` ends it."""
    done = CliRunner().invoke(app, ["kazoo", "--port", "0", "--kazoo", "5"], input="show\nquit\n")
    assert done.exit_code == 0, done.output
    assert "KAZOO 5 is up" in done.output
    assert "KAZOO_API_KEY=" in done.output
    text = done.stdout
    path = tmp_path / "kazoo.yaml"
    path.write_text(text[text.index("kazoo_account:") : text.index("  KAZOO_API_KEY=")])
    document = read_document(path)
    assert set(document.callflows) == {"balance", "main menu", "prepaid"}


def test_a_number_is_answered_only_by_a_web_server() -> None:
    """Without one it says what to start, and goes on."""
    arguments = ["kazoo", "--port", "0", "--url", "http://127.0.0.1:1"]
    done = CliRunner().invoke(app, arguments, input="2000\nnot a command at all\nshow\n")
    assert done.exit_code == 0, done.output
    assert "no callflow" in done.output
    assert "cdr " in done.output
