"""The local stack: one that hangs is said to hang, one that runs is updated and keeps its data."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from pivotctl import local
from pivotctl.cli import app
from pivotctl.local_stack import Emulator, Stack, StackError
from pivotctl.local_stack import _stack as stack_module


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where `pivot up` writes down what it left running."""
    monkeypatch.setattr(stack_module, "FOLDER", tmp_path)
    return tmp_path


def test_a_stack_that_hangs_is_named_within_seconds(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its process was stopped: the port listens, nothing answers, and every command says so in one line."""
    monkeypatch.setattr(Emulator, "answers", _with_patience(Emulator.answers, 0.5))
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        document = {"pid": 1, "port": listener.getsockname()[1], "api_id": "a", "outputs": {}}
        (folder / "stack.json").write_text(json.dumps(document))
        for arguments in (("accounts", "show", "1010"), ("token", "list"), ("tenant", "list")):
            answered = CliRunner().invoke(app, list(arguments))
            assert answered.exit_code == 1, answered.output
            assert "does not answer" in " ".join(answered.output.split())


def _with_patience(answers: Any, seconds: float) -> Any:
    return lambda self, within_s=seconds: answers(self, seconds)


def test_nothing_runs(folder: Path) -> None:
    """A file of a stack that ended is not a stack."""
    assert Stack.running() is None
    document = {"pid": 1, "port": 1, "api_id": "a", "outputs": {}}
    (folder / "stack.json").write_text(json.dumps(document))
    assert Stack.running() is None


def test_up_updates_what_runs_and_keeps_its_address(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same emulator, the same public address; no data is written again."""
    emulator = Emulator(pid=1, port=4567)
    running = Stack(emulator, "api", {"ApiId": "api"}, "https://tunnel.example")
    asked: list[tuple[Any, str]] = []

    def deploy(on: Any, progress: Any, public_url: str) -> Stack:
        asked.append((on, public_url))
        return Stack(on, "api", {"ApiId": "api"}, public_url)

    monkeypatch.setattr(local.Stack, "running", lambda: running)
    monkeypatch.setattr(local.Stack, "deploy", deploy)
    monkeypatch.setattr(local.Stack, "wake", lambda self: None)
    monkeypatch.setattr(local, "start", lambda *_: pytest.fail("a second stack was started"))
    answered = CliRunner().invoke(app, ["up"])
    assert answered.exit_code == 0, answered.output
    assert asked == [(emulator, "https://tunnel.example")]
    assert json.loads((folder / "stack.json").read_text())["public_url"] == "https://tunnel.example"


def test_an_update_that_fails_leaves_the_stack_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    """The reason is printed as text; exit code 1."""
    running = Stack(Emulator(pid=1, port=4567), "api", {})

    def deploy(*_: Any) -> Stack:
        raise StackError("`sam build` failed: [/x]")

    monkeypatch.setattr(local.Stack, "running", lambda: running)
    monkeypatch.setattr(local.Stack, "deploy", deploy)
    answered = CliRunner().invoke(app, ["up"])
    assert answered.exit_code == 1
    assert "[/x]" in answered.output
    assert "runs on as it was" in answered.output


def test_the_emulator_leaves_no_folder(tmp_path: Path) -> None:
    """What its workers unpack is gone when it stops."""
    if not (local.FOLDER.parent / ".venv-emulator" / "bin" / "ministack").exists():
        pytest.skip("run `make setup`")
    started = Emulator.start(tmp_path / "emulator.log")
    assert started.temporary is not None
    assert started.temporary.is_dir()
    started.stop()
    assert not started.temporary.exists()
