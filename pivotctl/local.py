"""`pivot up`, `pivot down`, `pivot demo`: the application on a local AWS."""

from __future__ import annotations

import json
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

import typer
from rich.console import Console

from pivotctl.local_stack import PUBLIC_URL, Emulator, EmulatorError, Stack, StackError
from pivotctl.local_stack._stack import FOLDER

console = Console()

STEPS = {
    "sam build": "building the layers (sam build)",
    "sam deploy": "deploying to the local AWS (sam deploy)",
    "routes": "opening the routes",
    "seed": "writing demo accounts",
    "wake": "waking the functions",
}


def up(
    public_url: str = typer.Option(
        "", help="The address that KAZOO reaches this machine at, such as a tunnel's."
    ),
) -> None:
    """Run the application on a local AWS. A second run updates it and keeps the data."""
    if stack := Stack.running():
        address = public_url or stack.public_url
        stack = update(stack, address)
        stack.save()
        print(f"Updated; its tables and its address stay: {stack.url}")
        return
    stack = start(public_url or PUBLIC_URL)
    stack.save()
    print_how_to_use(stack, stack.public_url)


def down() -> None:
    """Stop what `pivot up` started."""
    from pivotctl.dev._tables import DevTables

    kept = DevTables.kept()
    if kept:
        kept.stop()
        console.print("The tables of `pivot dev` are gone.")
    stack = Stack.saved()
    if stack is None:
        if not kept:
            console.print("Nothing is up.")
        return
    stack.stop()
    console.print("Stopped; all data of the local AWS is deleted.")


def demo() -> None:
    """Deploy to a local AWS, play the demo's calls, and stop everything afterwards."""
    from pivotctl import demo as played

    started = time.monotonic()
    with interruptible():
        stack = start()
        try:
            deviations = played.play(stack, console)
        finally:
            stack.emulator.stop()
    took = time.monotonic() - started
    if deviations:
        console.print(
            f"\n[bold red]{deviations} of the calls deviated from what they should do[/] ({took:.0f} s)"
        )
        raise typer.Exit(1)
    console.print(f"\n[bold green]Every call went as it should[/] ({took:.0f} s). Next: `make up`, README.md")


def start(public_url: str = PUBLIC_URL) -> Stack:
    """Start an emulator and deploy, showing each step; nothing stays behind when one fails."""
    from pivotctl.local_stack.demo_data import seed

    emulator = None
    try:
        with progress() as step:
            step("starting the local AWS")
            emulator = Emulator.start(FOLDER / "emulator.log")
            stack = Stack.deploy(emulator, lambda name: step(STEPS[name]), public_url)
            step(STEPS["seed"])
            seed(emulator, stack.outputs)
            step(STEPS["wake"])
            stack.wake()
            return stack
    except (EmulatorError, StackError) as error:
        if emulator:
            emulator.stop()
        console.print(str(error), style="red", markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(1) from None
    except BaseException:
        if emulator:
            emulator.stop()
        raise


def update(stack: Stack, public_url: str) -> Stack:
    """Deploy what changed to the running stack; its emulator, tables and address stay."""
    try:
        with progress() as step:
            updated = Stack.deploy(stack.emulator, lambda name: step(STEPS[name]), public_url)
            step(STEPS["wake"])
            updated.wake()
            return updated
    except StackError as error:
        console.print(str(error), style="red", markup=False, highlight=False, soft_wrap=True)
        console.print("The stack runs on as it was.")
        raise typer.Exit(1) from None


@contextmanager
def progress() -> Iterator[Callable[[str], None]]:
    """Show the step under way; a finished one stays as a line with its time."""
    current: list[tuple[str, float]] = []

    def finish() -> None:
        if current:
            name, began = current.pop()
            console.print(f"  [green]✓[/] {name} [dim]{time.monotonic() - began:.1f} s[/]")

    with console.status("") as status:

        def step(name: str) -> None:
            finish()
            current.append((name, time.monotonic()))
            status.update(name)

        yield step
        finish()


@contextmanager
def interruptible() -> Iterator[None]:
    """Turn SIGTERM into an exception, so that what was started is ended then too."""

    def leave(number: int, _: FrameType | None) -> None:
        sys.exit(128 + number)

    before = signal.signal(signal.SIGTERM, leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def print_how_to_use(stack: Stack, public_url: str) -> None:
    """Print the address, a request to try, and the pivot node for KAZOO."""
    from pivotctl.local_stack.demo_data import ADA, KAZOO_ACCOUNT, TOKEN

    node = {
        "module": "pivot",
        "data": {
            "voice_url": f"{public_url}/account_balance?token={TOKEN}",
            "method": "POST",
            "req_body_format": "json",
            "req_format": "kazoo",
            "req_timeout_ms": 5000,
        },
        "children": {"_": {"module": "tts", "data": {"text": "Please call again later."}}},
    }
    console.print(f"\nThe application answers at\n\n  {stack.url}\n", highlight=False)
    console.print("Ask it what KAZOO would ask:\n")
    parameters = {
        "Account-ID": KAZOO_ACCOUNT,
        "Call-ID": "try-1",
        "Caller-ID-Number": ADA,
        "Request": "2000",
        "Language": "en-us",
    }
    url = f"{stack.url}/account_balance?token={TOKEN}"
    print(f"  curl -s '{url}' --json '{json.dumps(parameters)}'\n")
    console.print(
        "The node for a KAZOO callflow (KAZOO must reach its voice_url: `pivot up --public-url` a tunnel):\n"
    )
    print(json.dumps(node, indent=2))
    console.print(
        "\nCall it from the browser: `.venv/bin/pivot phone`. See its calls as they happen: "
        "`.venv/bin/pivot debug`.\n`make down` ends it."
    )
