"""What strangers sent, as an operator's commands show, read, export and erase it."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from pivotctl.cli import app
from pivotctl.deployment import Deployment
from tests.attacks.attacker import PREFIX, Victim, client_of, deployment_of, eventually, new_call
from tests.attacks.test_masks import WRITTEN, recorded

pytestmark = pytest.mark.stack

ESCAPES = "\x1b]0;owned\x07\x1b[31m\x9b2J\u202e\r"
RAW = ("\x1b", "\x07", "\x9b", "\u202e", "\r")
BOMBS = {
    "aliases": "title: x\na0: &a0 [x,x,x,x,x,x,x,x,x,x]\n"
    + "".join(f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 9)),
    "merge keys": "a0: &a0 {x: 1}\n"
    + "".join(f"a{n}: &a{n} {{<<: [{','.join([f'*a{n - 1}'] * 10)}]}}\n" for n in range(1, 9)),
    "an alias to itself": "a: &a [*a]\n",
    "depth": "a: " + "[" * 20_000,
    "a long number": "a: " + "9" * 200_000 + "\n",
    "a base of sixty": "a: " + ":".join(["59"] * 50_000) + "\n",
    "a tag": "a: !!python/object/apply:os.system ['touch /tmp/owned']\n",
}


@pytest.fixture
def pivot(victim: Victim, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Run a command on the deployed stack."""
    monkeypatch.setattr(Deployment, "find", lambda *_, **__: deployment_of(victim.stack))
    for name in ("ACCOUNTS_TABLE", "TENANTS_TABLE", "CALLERS_TABLE"):
        monkeypatch.delenv(name, raising=False)
    return lambda *arguments: CliRunner().invoke(app, list(map(str, arguments)))


def test_no_escape_reaches_the_terminal(victim: Victim, pivot: Callable[..., Result], tmp_path: Path) -> None:
    """Call-IDs, numbers, notes and names of fields: shown as \\x1b, by every command that shows them."""
    account_id = victim.customer()
    hold = f"{account_id}.abcdefghijklmnopqrstuvwx"
    call_id = f"evil-{ESCAPES}{new_call()}"
    assert victim.tell(victim.end(call_id, 5, custom_application_vars={"hold_id": hold})).status == 200
    assert victim.tell(victim.end(call_id, "x" + ESCAPES)).status == 200
    assert (
        victim.tell({"hook_event": ESCAPES, "account_id": victim.account, "call_id": call_id}).status == 200
    )
    file = tmp_path / "x.yaml"
    file.write_text('kind: menus\nstart: main\n"\\e]0;owned\\a\\u202e": 1\n')
    who = ("--kazoo-account", victim.account)
    time.sleep(2)
    for command in (
        ("accounts", "unmatched", *who), ("accounts", "unresolved", *who), ("accounts", "show",
        account_id, *who),
        ("accounts", "statement", account_id, *who), ("accounts", "holds", account_id, *who),
        ("data", "lint", file), ("tenant", "show", victim.account), ("validate", file), ("call",
        "--script", file),
        ("accounts", "show", ESCAPES, *who), ("token", "list", ESCAPES), ("privacy", "export",
        ESCAPES, *who),
    ):  # fmt: skip
        done = pivot(*command)
        for raw in RAW:
            assert raw not in done.output, command
    assert eventually(lambda: "evil-" in pivot("accounts", "unmatched", *who).output)


@pytest.mark.parametrize("name", sorted(BOMBS))
@pytest.mark.parametrize("command", [("call", "--script"), ("data", "lint"), ("validate",), ("provision",)])
def test_a_document_that_multiplies_is_refused(tmp_path: Path, name: str, command: tuple[str, ...]) -> None:
    """In seconds and little memory, with an error and no traceback, by every command that reads one."""
    file = tmp_path / "bomb.yaml"
    file.write_text(BOMBS[name])

    def bounded() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (1_500_000_000, 1_500_000_000))

    done = subprocess.run(
        [Path(sys.executable).with_name("pivot"), *command, file],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        preexec_fn=bounded,
    )
    assert done.returncode in (1, 2), done
    assert "Traceback" not in done.stderr
    assert len(done.stderr + done.stdout) < 20_000
    assert not Path("/tmp/owned").exists()


def test_one_caller_is_exported_and_erased(victim: Victim, pivot: Callable[..., Result]) -> None:
    """However the number was written: afterwards no table has it, and the money is still there."""
    shown = Victim.on(victim.stack, debug={"enabled": True, "mask_numbers": False})
    number = "+14155550123"
    account_id = shown.customer(number)
    calls = [new_call() for _ in WRITTEN]
    for call_id, written in zip(calls, WRITTEN, strict=True):
        shown.ask("/account_balance", call_id, caller=number, **{"Caller-ID-Name": f"Ada {written}"})
    assert eventually(lambda: all(recorded(shown, call_id) for call_id in calls))
    who = (number, "--kazoo-account", shown.account)
    exported = json.loads(pivot("privacy", "export", *who).output)
    assert {each["table"] for each in exported["records"]} >= {"accounts", "callers", "exchanges"}
    assert "scrypt" not in json.dumps(exported)
    done = pivot("privacy", "erase", *who, "--yes")
    assert done.exit_code == 0, done.output
    again = json.loads(pivot("privacy", "export", *who).output)
    assert again["records"] == []
    left = "\n".join(recorded(shown, call_id) for call_id in calls)
    assert "4155550123" not in left
    account = shown.ledger.account(shown.account, account_id)
    assert account is not None
    assert account.balance_micros == 5_000_000


def test_a_key_is_rotated_under_calls_of_several_instances(
    victim: Victim, pivot: Callable[..., Result]
) -> None:
    """State that was signed before, and what is signed meanwhile, is taken by every instance."""
    from concurrent.futures import ThreadPoolExecutor

    from tests.attacks.test_state import begun, step

    def chain(_: int) -> bool:
        call_id = new_call()
        at = begun(victim, call_id)
        return "do not match" in step(victim, call_id, at, "88", "1234").said

    before = [(call_id := new_call(), begun(victim, call_id)) for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(chain, range(16)))
        done = pivot("token", "rotate-state-key")
        assert done.exit_code == 0, done.output
        assert all(pool.map(chain, range(40)))
    assert all("do not match" in step(victim, call_id, at, "88", "1234").said for call_id, at in before)
    names = client_of(victim.stack, "ssm").get_parameters(Names=[f"{PREFIX}/keys/state"], WithDecryption=True)
    for entry in json.loads(names["Parameters"][0]["Value"]):
        assert entry["key"] not in done.output
