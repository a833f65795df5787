"""`pivot dev`: change a callback, save, call again."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Annotated

import typer

from pivotctl.dev._tables import DevTables
from pivotctl.errors import UserError
from pivotctl.local import interruptible
from pivotctl.local_stack import PUBLIC_URL
from pivotctl.local_stack._emulator import ROOT

PORT = 8400
STARTS_WITHIN_S = 20


class DevError(UserError):
    """The callbacks could not be started; the message says why."""


def dev(
    port: Annotated[int, typer.Option(help="The port of the callbacks on 127.0.0.1.")] = PORT,
    phone_port: Annotated[int, typer.Option(help="The port of the softphone.")] = 8480,
    browser: Annotated[bool, typer.Option("--open/--no-open", help="Open the softphone.")] = True,
    phone: Annotated[bool, typer.Option("--phone/--no-phone", help="Serve the softphone.")] = True,
) -> None:
    """Run the callbacks of this checkout on this machine; each save takes effect in the next call.

    The tables are those of `pivot up`, or a set of their own that stays until `pivot down`. What a callback
    may not do on AWS is refused here, too, and an exception is on the ladder with its message and line.
    """
    tables = DevTables.find()
    with interruptible():
        worker = start(tables, port)
        try:
            typer.echo(f"The callbacks answer at http://127.0.0.1:{port}/NAME, reloaded on every save.")
            if phone:
                _serve_phone(port, phone_port, browser=browser)
            else:
                worker.wait()
        except KeyboardInterrupt:
            pass
        finally:
            worker.terminate()
            worker.wait(10)
    if worker.returncode not in (0, -15):
        raise DevError("the process of the callbacks ended; what it said is above")


def start(tables: DevTables, port: int, root: Path = ROOT) -> subprocess.Popen[bytes]:
    """Start the process that serves the callbacks, and wait until it answers.

    Raises:
        DevError: The port is taken, or it does not start.
    """
    if _listens(port):
        raise DevError(f"port {port} is taken: end what listens there, or name another with --port")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    worker = subprocess.Popen(
        [sys.executable, "-m", "pivotctl.dev._worker", str(port), str(root)],
        cwd=ROOT,
        env=kept | tables.environment(),
    )
    deadline = time.monotonic() + STARTS_WITHIN_S
    while time.monotonic() < deadline and worker.poll() is None:
        if _listens(port):
            return worker
        time.sleep(0.05)
    worker.kill()
    raise DevError("the callbacks did not start; what they said is above")


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _serve_phone(port: int, phone_port: int, *, browser: bool) -> None:
    from kazoo_simulator import Http
    from pivotctl.local_stack.demo_data import TOKEN
    from pivotctl.phone import serve, with_demo_data

    target = Http(f"http://127.0.0.1:{port}", TOKEN, public_url=PUBLIC_URL)
    settings = with_demo_data(target, "the callbacks of this checkout", hook=True)
    serve(settings, phone_port, browser=browser)
