"""The deployed gate and settlement over HTTP: the same promises as in process."""

from __future__ import annotations

import json
import random
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from kazoo_simulator import Http, Simulator, Webhook
from pivot_app.ledger import Account, Controls, DynamoDBLedger, Rate
from pivotctl.local_stack import PUBLIC_URL, Stack
from pivotctl.local_stack.demo_data import KAZOO_ACCOUNT, TOKEN, seed

LONDON = "+442071838750"
THREADS = 8
ROUNDS = 10
LATE = "went wrong"

pytestmark = pytest.mark.stack


@pytest.fixture(scope="module")
def books(stack: Stack) -> DynamoDBLedger:
    """The deployed accounts table."""
    seed(stack.emulator, stack.outputs)
    return DynamoDBLedger(stack.emulator.client("dynamodb"), stack.outputs["AccountsTable"])


def open_account(books: DynamoDBLedger, micros: int) -> str:
    """An account with some money, at one cent a minute."""
    number = str(uuid.uuid4().int % 10**15)
    controls = Controls(max_live_calls=THREADS, max_call_seconds=600)
    account = Account(KAZOO_ACCOUNT, number, "USD", rates=(Rate("44", 10_000),), controls=controls)
    books.create(account, opening_micros=micros, at=int(time.time()))
    return number


def ask(stack: Stack, account_id: str, call_id: str) -> str:
    """What the deployed gate answers a call: its first module, or the sentence it speaks."""
    fields = {
        "Account-ID": KAZOO_ACCOUNT,
        "Call-ID": call_id,
        "Caller-ID-Number": "+14155550123",
        "Request": LONDON,
        "Custom-Application-Vars": {},
    }
    request = Request(
        f"{stack.url}/balance_gate?account={account_id}&announce=none&token={TOKEN}",
        data=json.dumps(fields).encode(),
        headers={"Content-Type": "application/json"},
    )
    try:
        with urlopen(request, timeout=60) as answer:
            node = json.load(answer)
    except HTTPError as error:
        return LATE if error.code >= 500 else str(error.code)
    return str(node["data"].get("text", node["module"]))


def test_the_deployed_gate_admits_exactly_the_affordable_calls(stack: Stack, books: DynamoDBLedger) -> None:
    """Eight calls at once over HTTP on a balance for k: k get through, in every round.

    On a machine so busy that an answer is late, its caller hears the apology instead: that call's money may
    be held, as its end will give it back, but it is never somebody else's.
    """
    chance = random.Random(7)
    with ThreadPoolExecutor(THREADS) as pool:
        for _ in range(ROUNDS):
            affordable = chance.randint(1, THREADS - 1)
            account_id = open_account(books, affordable * 100_000)
            calls = [f"{account_id}-{n}@pbx" for n in range(THREADS)]
            answers = dict(zip(calls, pool.map(partial(ask, stack, account_id), calls), strict=True))
            admitted = {call for call, answer in answers.items() if answer == "set_variables"}
            late = {call for call, answer in answers.items() if LATE in answer}
            account = books.account(KAZOO_ACCOUNT, account_id)
            assert account is not None
            held = {hold.call_id for hold in account.holds.values()}
            assert admitted <= held <= admitted | late
            assert len(held) == affordable or late
            assert len(held) <= affordable
            assert account.available_micros(datetime.now(UTC)) == (affordable - len(held)) * 100_000
            assert books.reconcile(KAZOO_ACCOUNT, account_id) == []


def eventually(condition: Callable[[], bool], seconds: float = 30) -> bool:
    """Whether a condition comes true in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.1)
    return False


def test_a_webhook_delivered_twice_settles_once(stack: Stack, books: DynamoDBLedger) -> None:
    """Gate, webhook, queue and consumer as deployed: one charge, and an empty dead-letter queue."""
    account_id = open_account(books, 1_000_000)
    hook = Webhook(url=f"{PUBLIC_URL}/call_ended?token={TOKEN}", deliveries=2)
    target = Http(stack.url, token=TOKEN, public_url=PUBLIC_URL)
    kazoo = Simulator(target, account_id=KAZOO_ACCOUNT, webhook=hook)
    assert eventually(lambda: "set_variables" in ask(stack, open_account(books, 1_000_000), "warm@pbx"))
    call = kazoo.call("+14155550123", LONDON, path=f"/balance_gate?account={account_id}")
    call.hears("Your balance is one dollar").rings(LONDON).answered(talk_s=61).ends()

    def settled() -> bool:
        account = books.account(KAZOO_ACCOUNT, account_id)
        return account is not None and account.spent_micros > 0

    assert eventually(settled)
    sqs = stack.emulator.client("sqs")

    def waiting(queue: str) -> int:
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        found = sqs.get_queue_attributes(QueueUrl=stack.outputs[queue], AttributeNames=names)["Attributes"]
        return sum(map(int, found.values()))

    assert eventually(lambda: waiting("CallEndedQueue") == 0)
    assert waiting("CallEndedDeadLetters") == 0
    account = books.account(KAZOO_ACCOUNT, account_id)
    assert account is not None
    assert (account.spent_micros, account.held_micros) == (20_000, 0)
    assert books.reconcile(KAZOO_ACCOUNT, account_id) == []


def test_the_deployed_sweeper_runs(stack: Stack, books: DynamoDBLedger) -> None:
    """The scheduled function finds accounts with holds by the index and marks what should have ended."""
    account_id = open_account(books, 1_000_000)
    assert ask(stack, account_id, "forgotten@pbx") == "set_variables"
    item = {"pk": {"S": f"{KAZOO_ACCOUNT}#{account_id}"}, "sk": {"S": "account"}}
    account = books.account(KAZOO_ACCOUNT, account_id)
    assert account is not None
    (hold_id,) = account.holds
    books.table.client.update_item(
        TableName=books.table.name,
        Key=item,
        UpdateExpression="SET holds.#id.expires_at = :past",
        ExpressionAttributeNames={"#id": hold_id},
        ExpressionAttributeValues={":past": {"N": "1"}},
    )
    functions = stack.emulator.client("lambda")
    names = [one["FunctionName"] for one in functions.list_functions()["Functions"]]
    (sweeper,) = [name for name in names if "SweepHolds" in name]
    answer = functions.invoke(FunctionName=sweeper, Payload=b"{}")
    assert "FunctionError" not in answer, answer["Payload"].read()
    swept = books.account(KAZOO_ACCOUNT, account_id)
    assert swept is not None
    assert [hold.unresolved_at > 0 for hold in swept.holds.values()] == [True]
    assert books.reconcile(KAZOO_ACCOUNT, account_id) == []
