"""`pivot dev`: what is saved is heard in the next call, and a mistake says where it is."""

from __future__ import annotations

import shutil
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from pivotctl.dev import command
from pivotctl.dev._tables import DevTables
from pivotctl.local_stack.demo_data import ADA, KAZOO_ACCOUNT, TOKEN, seed
from tests.conftest import Tables

ROOT = Path(__file__).resolve().parents[2]
APP = '''
from kazoo_callflow import Flow, hangup, tts
from kazoo_pivot import Call
from pivot_app import speech
from pivot_app.bootstrap import callback


@callback(fallback=speech.try_again_later)
def handler(call: Call) -> Flow:
    """What the caller hears."""
    return tts("first") >> hangup()
'''
READS = """
    from pivot_app import aws
    from pivot_app.settings import settings
    aws.client("dynamodb").get_item(TableName=settings().callers_table, Key={"pk": {"S": "x"}})
    return tts("read") >> hangup()
"""


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout with a callback that may be changed."""
    folder = tmp_path_factory.mktemp("checkout")
    for name in ("functions", "layers"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "template.yaml", folder / "template.yaml")
    return folder


@pytest.fixture(scope="module")
def ask(checkout: Path, emulator: Tables) -> Iterator[Callable[[], httpx.Response]]:
    """Ask the callback `account_balance`, whose file is `checkout`'s."""
    seed(emulator.emulator, emulator.names)
    app = checkout / "functions" / "account_balance" / "app.py"
    app.write_text(APP)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    queue = emulator.client("sqs").create_queue(QueueName="dev")["QueueUrl"]
    worker = command.start(DevTables(emulator.emulator, emulator.names, queue, settles=True), port, checkout)

    def answer() -> httpx.Response:
        parameters = {
            "Account-ID": KAZOO_ACCOUNT,
            "Call-ID": f"dev-{time.monotonic_ns()}",
            "Caller-ID-Number": ADA,
            "Request": "2000",
        }
        url = f"http://127.0.0.1:{port}/account_balance?token={TOKEN}"
        return httpx.post(url, json=parameters, timeout=30, trust_env=False)

    yield answer
    worker.terminate()
    assert worker.wait(10) == 0


def until(ask: Callable[[], httpx.Response], heard: Callable[[httpx.Response], bool]) -> httpx.Response:
    """The first answer that is as told, within some seconds."""
    deadline = time.monotonic() + 20
    while True:
        answer = ask()
        if heard(answer) or time.monotonic() > deadline:
            return answer
        time.sleep(0.1)


def test_what_is_saved_is_heard_and_mistakes_are_told(
    checkout: Path, ask: Callable[[], httpx.Response]
) -> None:
    """One session of a person who writes a callback."""
    app = checkout / "functions" / "account_balance" / "app.py"
    assert '"first"' in ask().text

    app.write_text(APP.replace("first", "second"))
    assert '"second"' in until(ask, lambda answer: "second" in answer.text).text

    app.write_text(APP.replace('    return tts("first")', '    1 / 0\n    return tts("first")'))
    fell_back = until(ask, lambda answer: "x-pivot-fallback" in answer.headers)
    line = app.read_text().splitlines().index("    1 / 0") + 1
    told = f"exception: ZeroDivisionError: division by zero (functions/account_balance/app.py:{line})"
    assert fell_back.headers["x-pivot-fallback"] == told
    assert fell_back.status_code == 200

    app.write_text(APP + "\ndef broken(:\n")
    broken = until(ask, lambda answer: answer.status_code == 500)
    assert "SyntaxError" in broken.headers["x-simulator-exception"]
    assert "functions/account_balance/app.py:" in broken.headers["x-simulator-exception"]

    app.write_text(APP.replace('    return tts("first") >> hangup()\n', READS))
    assert '"read"' in until(ask, lambda answer: "read" in answer.text).text

    denied = READS.replace("get_item(TableName=", "delete_item(TableName=")
    app.write_text(APP.replace('    return tts("first") >> hangup()\n', denied))
    refused = until(ask, lambda answer: "may not" in answer.headers.get("x-pivot-fallback", ""))
    line = "add - {Effect: Allow, Action: [dynamodb:DeleteItem], Resource: *CallersTableArn}"
    assert line in refused.headers["x-pivot-fallback"]


def test_a_port_that_is_taken_is_named(emulator: Tables) -> None:
    """Nothing is started; the remedy is told."""
    tables = DevTables(emulator.emulator, emulator.names, "", settles=False)
    with pytest.raises(command.DevError, match="--port"):
        command.start(tables, emulator.emulator.port)
