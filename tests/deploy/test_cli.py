"""One vocabulary and one way to fail, for every command."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from pivotctl import cli
from pivotctl.cli import COMMANDS, app
from pivotctl.errors import UsageError, UserError, explain

ROOT = Path(__file__).resolve().parents[2]
ACCOUNT = "4c6f1e0a9b3d45c28e7f10a2b3c4d5e6"


def run(*arguments: str) -> Any:
    """Run `pivot` with these arguments."""
    return CliRunner().invoke(app, list(arguments))


def every_command(command: Any, name: str = "pivot") -> list[tuple[str, Any]]:
    """Every command that can be run, with its whole name."""
    if not hasattr(command, "list_commands"):
        return [(name, command)]
    context = command.make_context(name, [], resilient_parsing=True)
    return [
        found
        for below in command.list_commands(context)
        for found in every_command(command.get_command(context, below), f"{name} {below}")
    ]


LEAVES = every_command(get_command(app))


@pytest.mark.parametrize("command", [command for _, command in LEAVES], ids=[name for name, _ in LEAVES])
def test_a_thing_has_one_name(command: Any) -> None:
    """The KAZOO account is --kazoo-account and the deployment --stage; other names are taken, not shown."""
    shown = {option for param in command.params for option in param.opts}
    assert not shown & {"--account", "--account-id", "--environment", "--env", "--tenant"}


def test_help_imports_no_command() -> None:
    """`pivot --help` is quick because it imports neither a command, nor AWS, nor rich."""
    program = (
        "import sys; from pivotctl.cli import main; sys.argv = ['pivot', '--help']\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "loaded = {name.partition('.')[0] for name in sys.modules}\n"
        "assert not loaded & {'botocore', 'boto3', 'rich', 'yaml', 'pydantic', 'httpx'}, loaded\n"
        "assert not [name for name in sys.modules if name.startswith(('pivot_app', 'pivotctl.accounts'))]"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    for name in COMMANDS:
        assert f"  {name} " in done.stdout


def test_a_misspelt_command_is_guessed() -> None:
    """The nearest one is named; exit code 2."""
    answered = run("tokn", "list")
    assert answered.exit_code == 2
    assert "did you mean `pivot token`?" in answered.output


def test_version_and_completion_are_there() -> None:
    """`--version` prints it, and the shell can complete."""
    assert run("--version").output.startswith("pivot ")
    assert "--install-completion" in run("--help").output


@pytest.mark.parametrize(
    "id_", ["XYZ", "4C6F1E0A9B3D45C28E7F10A2B3C4D5E6", ACCOUNT[:-1], ACCOUNT + "0", "../x"]
)
def test_a_kazoo_account_is_checked(id_: str) -> None:
    """What is not an Account-ID is refused before anything is read or written."""
    answered = run("data", "history", "menus", "--kazoo-account", id_)
    assert answered.exit_code == 2
    assert "32 hex characters" in " ".join(answered.output.split())


def test_old_names_of_options_still_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """--account and -a are --kazoo-account."""
    from pivotctl.data import commands

    asked = []

    def history(stage: str, account: str) -> Any:
        assert account == ACCOUNT
        raise UserError(f"asked for {stage}")

    monkeypatch.setattr(commands.Deployment, "find", history)
    for option in (
        ["--account", ACCOUNT],
        ["-a", ACCOUNT],
        [f"--account={ACCOUNT}"],
        ["--kazoo-account", ACCOUNT],
    ):
        answered = run("data", "history", "menus", *option, "--stage", "dev")
        assert (answered.exit_code, answered.output) == (1, "asked for dev\n")
    assert not asked


def test_a_stage_is_checked() -> None:
    """A name no stage can have is wrong usage."""
    answered = run("token", "list", "--stage", "Prod!")
    assert answered.exit_code in (1, 2)
    assert "lower-case letters" in answered.output


def test_errors_a_person_can_act_on_are_one_line(tmp_path: Path) -> None:
    """A wrong path is wrong usage; our own errors fail; a fault of the program stays one."""
    with pytest.raises(FileNotFoundError) as caught:
        (tmp_path / "nope.csv").read_text()
    assert explain(caught.value) == (f"{tmp_path / 'nope.csv'}: No such file or directory", 2)
    assert explain(UserError("do this")) == ("do this", 1)
    assert explain(UsageError("not that")) == ("not that", 2)
    assert explain(ZeroDivisionError()) is None


@pytest.mark.parametrize(
    "arguments",
    [
        ("accounts", "import-rates", "retail", "/nope.csv", "--kazoo-account", ACCOUNT),
        ("data", "graph", "examples/support_ivr/menus.yaml", "--output", "/nope/x"),
        ("phone", "--handler", "/x=functions.nothing.app"),
        ("call", "--script", "nope", "--url", "http://127.0.0.1:1"),
        ("call", "--replay", "nope", "--url", "http://127.0.0.1:1"),
        ("validate", "/nope.json"),
        ("data", "lint", "/nope.yaml"),
    ],
    ids=lambda arguments: " ".join(arguments[:2]),
)
def test_a_wrong_path_is_one_line(arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    """No traceback; what was wrong is named."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("ACCOUNTS_TABLE", "none")
    answered = run(*arguments)
    assert answered.exit_code in (1, 2), answered.output
    assert answered.exception is None or isinstance(answered.exception, SystemExit)
    assert "nope" in answered.output or "nothing" in answered.output


def test_without_the_commands_packages_one_line_says_what_to_install(tmp_path: Path) -> None:
    """Outside the clone, where only the wheel was installed."""
    program = "import sys\nsys.modules['typer'] = None\nfrom pivotctl.entry import main\nmain()\n"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr == "pivot needs the package typer: pip install 'pivot-lambda[cli]'\n"


def test_every_summary_is_of_a_command_that_is_there() -> None:
    """The list of commands names what can be run."""
    for name, (target, summary) in COMMANDS.items():
        module, _, attribute = target.partition(":")
        assert hasattr(cli.import_module(module), attribute), name
        assert summary.endswith(".")
