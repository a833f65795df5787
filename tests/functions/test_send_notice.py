"""From an account that runs low, through sweeper and queue, to the operator's system, and back as money."""

from __future__ import annotations

import json
import threading
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from functions.send_notice import app as send_notice
from functions.sweep_holds import app as sweep_holds
from pivot_app.ledger import Account, CallRequest, Controls, Destination, DynamoDBLedger, Rate
from pivot_app.low_balance import deployed_sender, signature
from pivotctl.local_stack.demo_data import KAZOO_ACCOUNT
from tests.conftest import Tables

LONDON = Destination("+442071838750", "GB")


class Billing(HTTPServer):
    """An operator's billing system: refuses the first notice, answers the next with a payment."""

    taken: list[tuple[dict[str, str], str]]


class Handler(BaseHTTPRequestHandler):
    """Its one address."""

    def do_POST(self) -> None:
        """Take a notice."""
        server: Any = self.server
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        server.taken.append((dict(self.headers.items()), body))
        answer = b'{"top_up": {"amount": "20", "reference": "pay-1"}}'
        self.send_response(503 if len(server.taken) == 1 else 200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: Any) -> None:
        """Keep the test's output quiet."""


@pytest.fixture
def billing() -> Iterator[Billing]:
    """The billing system, on a port of its own."""
    server = Billing(("127.0.0.1", 0), Handler)
    server.taken = []
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


def test_a_low_balance_is_told_and_topped_up(
    application: dict[str, Any], seeded: Tables, billing: Billing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A call runs below the threshold; the notice is refused once, sent again, and answered with money."""
    deployed_sender.cache_clear()
    sqs, ssm = seeded.client("sqs"), seeded.client("ssm")
    queue = sqs.create_queue(QueueName=f"notices-{uuid.uuid4().hex}")["QueueUrl"]
    monkeypatch.setenv("NOTICES_QUEUE", queue)
    monkeypatch.setenv("PIVOT_ALLOWED_HOSTS", "127.0.0.1")
    ssm.put_parameter(
        Name=f"/pivot-lambda/local/notices/{KAZOO_ACCOUNT}",
        Value=json.dumps({"url": f"http://127.0.0.1:{billing.server_port}/low", "key": "secret"}),
        Type="SecureString",
        Overwrite=True,
    )
    books = DynamoDBLedger(seeded.client("dynamodb"), seeded.names["AccountsTable"])
    account_id = str(uuid.uuid4().int % 10**15)
    controls = Controls(low_balance_micros=5_000_000, auto_top_up_micros=20_000_000, max_call_seconds=600)
    account = Account(KAZOO_ACCOUNT, account_id, "USD", rates=(Rate("44", 60_000),), controls=controls)
    now = datetime.now(UTC)
    books.create(account, opening_micros=4_990_000, at=int(now.timestamp()))
    books.authorize(KAZOO_ACCOUNT, account_id, CallRequest("a call", LONDON), now)
    sweep_holds.handler({})
    sweep_holds.handler({})
    messages = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", [])
    mine = [message for message in messages if json.loads(message["Body"])["account_id"] == account_id]
    assert len(mine) == 1
    record = {"messageId": "1", "body": mine[0]["Body"]}
    assert send_notice.handler({"Records": [record]}) == {"batchItemFailures": [{"itemIdentifier": "1"}]}
    for _ in range(2):
        assert send_notice.handler({"Records": [record]}) == {"batchItemFailures": []}
    topped_up = books.account(KAZOO_ACCOUNT, account_id)
    assert topped_up is not None
    assert topped_up.balance_micros == 24_990_000
    headers, body = billing.taken[-1]
    at = int(headers["X-Pivot-Timestamp"])
    assert headers["X-Pivot-Signature"] == f"v1={signature('secret', at, body)}"
    assert {taken[0]["X-Pivot-Event-Id"] for taken in billing.taken} == {json.loads(body)["event_id"]}
