"""The demo's prepaid calls: two at the same moment on a balance for one, then the bill."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from rich.console import Console
from rich.panel import Panel

from kazoo_simulator import CallMismatchError, Http, ScriptedCall, Simulator, Webhook
from pivot_app.ledger import Account, AccountExistsError, Controls, DynamoDBLedger, Rate
from pivotctl.accounts._entries import Line
from pivotctl.accounts._show import statement_table
from pivotctl.local_stack import PUBLIC_URL, Stack
from pivotctl.local_stack.demo_data import ADA, KAZOO_ACCOUNT, TOKEN

ACCOUNT = "1004"
LONDON = "+442071838750"
RATES = (Rate("44", 30_000),)
A_CALL_MICROS = 10 * 30_000
SETTLED_WITHIN_S = 20


def play(stack: Stack, console: Console, number: int) -> int:
    """Play the scene and print the statement; returns how many things went otherwise than they should."""
    books = DynamoDBLedger(stack.emulator.client("dynamodb"), stack.outputs["AccountsTable"])
    open_account(books)
    console.print(f"\n[bold]{number}. Two calls at the same moment, on a prepaid balance for one[/]")
    hook = Webhook(url=f"{PUBLIC_URL}/call_ended?token={TOKEN}", deliveries=2)
    target = Http(stack.url, token=TOKEN, public_url=PUBLIC_URL)
    simulators = [
        Simulator(target, account_id=KAZOO_ACCOUNT, webhook=hook, seed=each)
        for each in (number, number + 100)
    ]
    try:
        with ThreadPoolExecutor(2) as pool:
            calls = list(pool.map(begin, simulators))
        (admitted,) = (call for call in calls if "not enough" not in call.heard[0])
        (refused,) = (call for call in calls if call is not admitted)
        admitted.hears("ten minutes").rings(LONDON).answered(talk_s=61).ends()
        refused.ends()
    except (CallMismatchError, ValueError) as wrong:
        console.print(Panel(str(wrong), border_style="red"), highlight=False)
        return 1
    for call in (admitted, refused):
        console.print(call.ladder(), highlight=False, markup=False, soft_wrap=True)
    settled = wait_until_settled(books)
    account = books.account(KAZOO_ACCOUNT, ACCOUNT)
    if account is not None:
        found = [Line(account, entry) for entry in books.entries(KAZOO_ACCOUNT, ACCOUNT)]
        console.print(statement_table(found, f"account {ACCOUNT}, {account.currency}"))
    wrong_books = books.reconcile(KAZOO_ACCOUNT, ACCOUNT)
    if not settled or wrong_books or account is None or account.spent_micros != 2 * 30_000:
        console.print(f"[red]the books are wrong[/] {'; '.join(wrong_books)}")
        return 1
    console.print("Each leg's end was delivered twice; the call is billed once, and the books agree.")
    return 0


def open_account(books: DynamoDBLedger) -> None:
    """Money for one call of ten minutes, at three cents a minute."""
    controls = Controls(max_call_seconds=600)
    account = Account(KAZOO_ACCOUNT, ACCOUNT, "USD", rates=RATES, controls=controls)
    try:
        books.create(account, opening_micros=A_CALL_MICROS, at=int(datetime.now(UTC).timestamp()))
    except AccountExistsError:
        return


def begin(kazoo: Simulator) -> ScriptedCall:
    """Place a call through the gate; both the admitted and the refused one hear of their balance."""
    call = kazoo.call(ADA, LONDON, path=f"/balance_gate?account={ACCOUNT}", name="Ada")
    return call.hears("Your balance is")


def wait_until_settled(books: DynamoDBLedger) -> bool:
    """Return whether the queue's consumer settled the call in time."""
    deadline = time.monotonic() + SETTLED_WITHIN_S
    while time.monotonic() < deadline:
        account = books.account(KAZOO_ACCOUNT, ACCOUNT)
        if account is not None and account.spent_micros and not account.holds:
            return True
        time.sleep(0.2)
    return False
