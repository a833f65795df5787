"""An account that runs low: notified once, signed, repeated until it is accepted, and topped up once."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kazoo_pivot import MisconfiguredError
from pivot_app.http_source import Answer, HttpSourceError
from pivot_app.ledger import Account, Authorized, CallRequest, Controls, Destination, DynamoDBLedger, Rate
from pivot_app.low_balance import (
    Endpoint,
    LowBalanceWatch,
    Notice,
    NoticeRefusedError,
    NoticeSender,
    TopUpRefusedError,
    remaining_micros,
    signature,
)

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
TENANT = "4c6f1e0a9b3d45c28e7f10a2b3c4d5e6"
LONDON = Destination("+442071838750", "GB")
CONTROLS = Controls(low_balance_micros=5_000_000, auto_top_up_micros=25_000_000)


@pytest.fixture
def ledger(emulator: Any) -> DynamoDBLedger:
    """The ledger on the emulator."""
    return DynamoDBLedger(emulator.client("dynamodb"), emulator.names["AccountsTable"])


@pytest.fixture
def account_id(ledger: DynamoDBLedger, request: pytest.FixtureRequest) -> str:
    """An account with 6.00, a threshold of 5.00, and an auto top-up of up to 25.00."""
    number = str(int(hashlib.sha256(request.node.nodeid.encode()).hexdigest(), 16) % 10**15)
    account = Account(TENANT, number, "USD", rates=(Rate("44", 60_000, 0, 1, 1),), controls=CONTROLS)
    ledger.create(account, opening_micros=6_000_000, at=int(NOW.timestamp()))
    return number


def stored(ledger: DynamoDBLedger, account_id: str) -> Account:
    """The account as it is now."""
    account = ledger.account(TENANT, account_id)
    assert account is not None
    return account


def test_what_remains_counts_what_live_calls_used(ledger: DynamoDBLedger, account_id: str) -> None:
    """A hold of the whole balance is not spent; a call that lasts has spent what it lasted."""
    held = ledger.authorize(TENANT, account_id, CallRequest("a", LONDON), NOW)
    assert isinstance(held, Authorized)
    account = stored(ledger, account_id)
    assert account.available_micros(NOW) < 5_000_000
    assert remaining_micros(account, NOW) == 6_000_000
    assert remaining_micros(account, NOW + timedelta(minutes=20)) == 4_800_000
    assert remaining_micros(account, NOW + timedelta(seconds=3700)) == 6_000_000 - held.hold.hold_micros


def test_an_account_is_told_of_once_until_it_is_credited(ledger: DynamoDBLedger, account_id: str) -> None:
    """Each minute it is looked at; a notice is queued for each time it runs low."""
    queued: list[str] = []
    watch = LowBalanceWatch(ledger, queued.append)

    def look() -> None:
        watch.look_at(stored(ledger, account_id), NOW)

    def adjust(micros: int, reference: str) -> None:
        ledger.adjust(TENANT, account_id, micros, reference=reference, now=NOW, note="n")

    look()
    assert not queued
    adjust(-2_000_000, "1")
    look()
    look()
    adjust(-1, "2")  # a correction is not a credit, but what was paid in changed
    look()
    assert len(queued) == 2
    adjust(5_000_000, "3")
    look()
    adjust(-5_000_000, "4")
    ledger.configure(
        TENANT, account_id, lambda a: replace(a, controls=replace(a.controls, low_balance_micros=None))
    )
    look()
    assert len(queued) == 2
    notice = Notice.from_json(queued[0])
    assert (notice.account_id, notice.remaining_micros, notice.threshold_micros) == (
        account_id,
        4_000_000,
        5_000_000,
    )


def test_a_notice_that_could_not_be_queued_comes_again(ledger: DynamoDBLedger, account_id: str) -> None:
    """It is marked after it is queued; what is queued twice has one event id."""
    ledger.adjust(TENANT, account_id, -2_000_000, reference="1", now=NOW, note="n")
    queued: list[str] = []

    def away(body: str) -> None:
        queued.append(body)
        raise ConnectionError

    with pytest.raises(ConnectionError):
        LowBalanceWatch(ledger, away).look_at(stored(ledger, account_id), NOW)
    LowBalanceWatch(ledger, queued.append).look_at(stored(ledger, account_id), NOW)
    assert len({Notice.from_json(body).event_id for body in queued}) == 1
    assert len(queued) == 2


@dataclass
class System:
    """The operator's system: gives one answer to all, and keeps what it was sent."""

    answer: Answer | HttpSourceError = field(default_factory=lambda: Answer(204))
    sent: list[tuple[str, Mapping[str, str], bytes]] = field(default_factory=list)

    def request(
        self, method: str, url: str, *, headers: Mapping[str, str], timeout_ms: int, body: bytes | None = None
    ) -> Answer:
        """Keep a request."""
        assert method == "POST"
        assert timeout_ms <= 10_000
        self.sent.append((url, headers, body or b""))
        if isinstance(self.answer, HttpSourceError):
            raise self.answer
        return self.answer


def sender(system: System, ledger: DynamoDBLedger) -> NoticeSender:
    """A sender to this system."""
    return NoticeSender(system, lambda _: Endpoint("https://billing.example.com/low", "secret"), ledger)


def notice(account_id: str) -> str:
    """A notice of the account."""
    return Notice(
        "low-1", TENANT, account_id, "Zoë", "USD", 4_000_000, 4_000_000, 0, 5_000_000, 25_000_000, 0
    ).to_json()


def test_a_notice_is_signed(ledger: DynamoDBLedger, account_id: str) -> None:
    """A receiver proves who sent it with the key, the timestamp and the body as it came."""
    system = System()
    assert sender(system, ledger).send(notice(account_id), NOW) is None
    ((url, headers, body),) = system.sent
    assert url == "https://billing.example.com/low"
    assert headers["X-Pivot-Event-Id"] == "low-1"
    signed = headers["X-Pivot-Timestamp"].encode() + b"." + body
    expected = hmac.new(b"secret", signed, hashlib.sha256).hexdigest()
    assert headers["X-Pivot-Signature"] == f"v1={expected}"
    assert json.loads(body)["name"] == "Zoë"
    assert signature("secret", int(NOW.timestamp()), body.decode()) == expected


def test_a_top_up_in_the_answer_is_booked_once(ledger: DynamoDBLedger, account_id: str) -> None:
    """The same notice delivered twice, answered with the same payment, credits once."""
    system = System(Answer(200, "application/json", b'{"top_up": {"amount": 25.00, "reference": "pay-7"}}'))
    for _ in range(2):
        entry = sender(system, ledger).send(notice(account_id), NOW + timedelta(minutes=1))
        assert entry is not None
    assert stored(ledger, account_id).balance_micros == 31_000_000
    assert [each.note for each in ledger.entries(TENANT, account_id)][-1] == "auto top-up"


@pytest.mark.parametrize(
    "answer",
    [
        b'{"top_up": {"amount": "25.01", "reference": "r"}}',
        b'{"top_up": {"amount": "0", "reference": "r"}}',
        b'{"top_up": {"amount": "-1", "reference": "r"}}',
        b'{"top_up": {"amount": "1e999999", "reference": "r"}}',
        b'{"top_up": {"amount": "NaN", "reference": "r"}}',
        b'{"top_up": {"amount": "1.0000001", "reference": "r"}}',
        b'{"top_up": {"amount": "1", "reference": ""}}',
        b'{"top_up": {"amount": "1"}}',
        b'{"top_up": {"reference": "r"}}',
        b'{"top_up": {"amount": "1", "reference": "r", "currency": "EUR"}}',
        b'{"top_up": [1]}',
        b'{"top_up": ',
    ],
)
def test_a_top_up_that_cannot_be_booked_credits_nothing(
    ledger: DynamoDBLedger, account_id: str, answer: bytes
) -> None:
    """It is an error for the operator, who finds it in the dead-letter queue."""
    system = System(Answer(200, "application/json", answer))
    with pytest.raises(TopUpRefusedError):
        sender(system, ledger).send(notice(account_id), NOW)
    assert stored(ledger, account_id).balance_micros == 6_000_000


def test_without_auto_top_up_nothing_is_booked(ledger: DynamoDBLedger, account_id: str) -> None:
    """What the account says now counts, not what it said when the notice was queued."""
    ledger.configure(
        TENANT, account_id, lambda a: replace(a, controls=replace(a.controls, auto_top_up_micros=None))
    )
    system = System(Answer(200, "application/json", b'{"top_up": {"amount": "1", "reference": "r"}}'))
    with pytest.raises(TopUpRefusedError, match="no auto top-up"):
        sender(system, ledger).send(notice(account_id), NOW)


@pytest.mark.parametrize("answer", [Answer(500), Answer(302), Answer(404), HttpSourceError("timeout")])
def test_a_notice_that_is_not_taken_is_sent_again(
    ledger: DynamoDBLedger, account_id: str, answer: Answer | HttpSourceError
) -> None:
    """The queue delivers it again, as it raises."""
    with pytest.raises(NoticeRefusedError):
        sender(System(answer), ledger).send(notice(account_id), NOW)


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"url": "https://x"}', '{"url": 1, "key": "k"}', '{"url": "", "key": ""}']
)
def test_an_endpoint_that_is_none_is_the_operator_s_error(text: str) -> None:
    """The message names the parameter and the command that writes it."""
    with pytest.raises(MisconfiguredError, match=r"parameter /p/notices/x: .*pivot accounts notices"):
        Endpoint.from_json(text, "/p/notices/x")
    assert "k" * 8 not in repr(Endpoint("https://x", "k" * 8))
