"""`pivot kazoo`: a simulated KAZOO with a Crossbar on this machine, to provision and to call."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from typing import Annotated, Literal

import typer
from rich.console import Console

from kazoo_simulator import Callee, Caller, Http, Target
from kazoo_simulator.crossbar import Account, Cluster, CrossbarKazoo, CrossbarServer, Switches
from pivotctl import ladder
from pivotctl.call import _by_hand
from pivotctl.errors import UserError
from pivotctl.local_stack.demo_data import ADA, KAZOO_ACCOUNT, SUPPORT_DEVICE, SUPPORT_USER
from pivotctl.text import printable

PORT = 8000
API_KEY = "6f1e" * 16
NUMBERS = ("+14155550199", "+14155550198")
DOCUMENT = """\
kazoo_account: {account}
crossbar: {url}
debug: true
callflows:
  balance:
    numbers: ["{number}", 2000]
    callback: account_balance
    otherwise: {{voicemail: Support}}
  main menu:
    numbers: [3000]
    menu: start
    otherwise: {{user: Sam Support}}
  prepaid:
    numbers: [4000]
    gate: {{connect: user, id: {user}, announce: [balance, minutes]}}
    otherwise: hangup
webhooks: [call_ended]
"""
HELP = "[bold]NUMBER[/] or [bold]NUMBER from CALLER[/] dials; [bold]show[/] what Crossbar has; [bold]quit[/]"

NUMBER = re.compile(r"\+?[0-9*#]{1,32}")

console = Console()
errors = Console(stderr=True)


def kazoo(
    port: Annotated[int, typer.Option(help="Crossbar's port; another one if it is in use.")] = PORT,
    kazoo_version: Annotated[
        Literal["4.3", "5"], typer.Option("--kazoo", help="The KAZOO version to play.")
    ] = "4.3",
    url: Annotated[str, typer.Option(help="The web server's address; default: the local stack.")] = "",
    public_url: Annotated[str, typer.Option(help="The address that voice_urls start with.")] = "",
) -> None:
    """Run a simulated KAZOO with a Crossbar, for `pivot provision` and `pivot doctor`, and dial its numbers.

    A dialled number runs its callflow in that Crossbar. All data is lost when the command ends.
    """
    cluster = Cluster(Switches(version=kazoo_version))
    account = furnish(cluster)
    with CrossbarServer(cluster, port) as server:
        document = DOCUMENT.format(account=account.id, url=server.url, number=NUMBERS[0], user=SUPPORT_USER)
        console.print(f"KAZOO {kazoo_version} is up. Crossbar answers at {server.url}", highlight=False)
        console.print("Save this as kazoo.yaml, and provision it from another terminal:\n")
        print(document)
        print(f"  KAZOO_API_KEY={account.api_key} pivot provision kazoo.yaml\n", flush=True)
        errors.print(HELP)
        try:
            _dial(cluster, account, lambda: _target(url, public_url))
        except (KeyboardInterrupt, EOFError):
            errors.print()


def furnish(cluster: Cluster) -> Account:
    """Add the demo's KAZOO account with its support desk, two numbers and no callflow."""
    account = cluster.add_account("Example Ltd", account_id=KAZOO_ACCOUNT, api_key=API_KEY, numbers=NUMBERS)
    user = {"first_name": "Sam", "last_name": "Support", "username": "sam", "email": "sam@example.com"}
    cluster.add(account.id, "users", user, SUPPORT_USER)
    desk = {"name": "Support desk", "owner_id": SUPPORT_USER, "device_type": "sip_device"}
    cluster.add(account.id, "devices", desk, SUPPORT_DEVICE)
    cluster.add(account.id, "vmboxes", {"name": "Support", "mailbox": "1001", "owner_id": SUPPORT_USER})
    endpoints = {SUPPORT_USER: {"type": "user", "weight": 1}}
    cluster.add(account.id, "groups", {"name": "Everybody", "endpoints": endpoints})
    return account


def _players() -> dict[str, object]:
    answers = Callee("answers", after_s=2, talk_s=30)
    return {
        "callees": {SUPPORT_USER: answers, SUPPORT_DEVICE: answers},
        "observer": ladder.Printer(console),
    }


def _target(url: str, public_url: str) -> Target:
    if url:
        return Http(url, public_url=public_url or url)
    from pivotctl.running import local_stack

    found = local_stack()
    if found is None:
        raise UserError("nothing answers here: start the local stack with `make up`, or name one with --url")
    return found


def _dial(cluster: Cluster, account: Account, target: Callable[[], Target]) -> None:
    """Take commands until the input ends."""
    while True:
        if sys.stdin.isatty():
            errors.print("[bold]dial[/] > ", end="")
        line = sys.stdin.readline()
        if not line or line.strip() in ("q", "quit", "exit"):
            return
        words = line.split()
        match words:
            case []:
                continue
            case ["show"]:
                _show(cluster, account)
            case [number] | [number, "from", _] if NUMBER.fullmatch(number):
                caller = words[2] if len(words) > 1 else ADA
                try:
                    kazoo = CrossbarKazoo(cluster, account, target(), **_players())
                except UserError as error:
                    errors.print(printable(str(error)), style="red", markup=False)
                    continue
                _by_hand(kazoo.call(Caller(number="" if caller == "anonymous" else caller), number))
            case _:
                errors.print(HELP)


def _show(cluster: Cluster, account: Account) -> None:
    """List callflows, webhooks and CDRs, a line each."""
    for stored in cluster.of_kind(account.id, "callflows"):
        both = (*(stored.data.get("numbers") or ()), *(stored.data.get("patterns") or ()))
        numbers = ", ".join(map(str, both))
        _say(f"callflow {stored.data.get('name')}: {numbers}")
    for stored in cluster.of_kind(account.id, "webhooks"):
        state = "on" if stored.data.get("enabled") else "OFF"
        _say(f"webhook {stored.data.get('name')}: {state}")
    for cdr in account.cdrs.values():
        _say(f"cdr {cdr['id']}: {cdr['call_direction']}, {cdr['billing_seconds']} s, {cdr['hangup_cause']}")


def _say(text: str) -> None:
    console.print(text, markup=False, highlight=False, soft_wrap=True)
