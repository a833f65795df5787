"""`pivot phone`: what it calls, and what it refuses to call."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from urllib.request import urlopen

import pytest
import typer

from kazoo_simulator.softphone import Softphone
from pivotctl import phone


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:4566/stage", "http://localhost:3000", "http://[::1]:3000", "https://127.8.9.1"]
)
def test_this_machine_needs_no_confirmation(url: str) -> None:
    """Loopback is the local stack or a developer's own server."""
    phone.refuse_elsewhere(url, confirm_url="")


@pytest.mark.parametrize(
    "url",
    [
        "https://api.example.com/prod",
        "http://127.0.0.1.example.com",
        "http://localhost.example.com",
        "https://8.8.8.8",
    ],
)
def test_any_other_host_has_to_be_said_twice(url: str) -> None:
    """Calls to a deployment cost money and appear in its figures: never by a slip."""
    with pytest.raises(typer.BadParameter, match="--confirm-url"):
        phone.refuse_elsewhere(url, confirm_url="")
    with pytest.raises(typer.BadParameter, match="--confirm-url"):
        phone.refuse_elsewhere(url, confirm_url="https://example.com")


def test_a_confirmed_host_is_called() -> None:
    """The same address again is the confirmation."""
    phone.refuse_elsewhere("https://api.example.com/prod", confirm_url="https://api.example.com/prod")


@pytest.mark.parametrize("url", ["ftp://127.0.0.1", "api.example.com", "https://"])
def test_what_is_no_address_is_refused(url: str) -> None:
    """Nothing is guessed."""
    with pytest.raises(typer.BadParameter, match="address"):
        phone.refuse_elsewhere(url, confirm_url="")


def test_the_local_stack_is_known_with_its_callers_and_numbers() -> None:
    """The user can dial and choose a caller without typing."""
    from kazoo_simulator import Scripted

    settings = phone.with_demo_data(Scripted([]), "the local stack")
    assert settings.path_of("2000") == "/account_balance"
    assert "Ada" in {caller.name for caller in settings.callers}
    assert "" in {caller.number for caller in settings.callers}


def test_handlers_are_named_by_path_and_module() -> None:
    """Our own callbacks have their numbers; a number is made up for others."""
    ours = phone.in_process(["/account_balance=functions.account_balance.app"])
    assert [(number.number, number.path) for number in ours.numbers] == [("2000", "/account_balance")]
    others = phone.in_process(["/mine=functions.account_balance.app:handler"])
    assert [(number.number, number.path) for number in others.numbers] == [("4001", "/mine")]
    with pytest.raises(typer.BadParameter, match="handler"):
        phone.in_process(["functions.account_balance.app"])


def test_a_port_that_is_taken_is_no_obstacle() -> None:
    """The page then has another address, which is printed."""
    from kazoo_simulator import Scripted

    settings = phone.with_demo_data(Scripted([]), "tests")
    with Softphone(settings) as first, Softphone(settings, first.port) as second:
        assert first.port != second.port
        assert second.url.startswith("http://127.0.0.1:")


def test_ctrl_c_ends_it_without_a_word_of_python() -> None:
    """The command serves its page until it is interrupted, and then is gone."""
    command = [
        sys.executable,
        "-c",
        "from pivotctl.cli import main; main()",
        "phone",
        "--no-open",
        "--port",
        "0",
    ]
    handlers = ["--handler", "/account_balance=functions.account_balance.app"]
    with subprocess.Popen(
        [*command, *handlers], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as running:
        assert running.stdout
        printed = ""
        while "Ctrl-C" not in printed:
            line = running.stdout.readline()
            assert line, running.stderr and running.stderr.read()
            printed += line
        (url,) = re.findall(r"http://127\.0\.0\.1:\d+/", printed)
        with urlopen(url, timeout=30) as page:
            assert b"Softphone" in page.read()
        running.send_signal(signal.SIGINT)
        _, errors = running.communicate(timeout=30)
    assert "Traceback" not in errors
