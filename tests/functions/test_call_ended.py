"""From KAZOO's webhook through the queue to a settled call, with nothing lost and nothing twice."""

from __future__ import annotations

import base64
import hmac
import json
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from functions.call_ended import app as call_ended
from functions.settle_call import app as settle_call
from functions.sweep_holds import app as sweep_holds
from kazoo_pivot import StoreUnavailableError
from kazoo_simulator import InProcess, Simulator, Webhook
from pivot_app import bootstrap, call_events, call_wiring
from pivot_app.ledger import Account, DynamoDBLedger, Rate, Settlement, WebhookAuthenticator, event_of
from pivot_app.tenants import KeyRing, OldTokens, TenantDirectory
from pivotctl.local_stack.demo_data import KAZOO_ACCOUNT, TOKEN
from pivotctl.tokens import TenantAdmin
from tests.conftest import Tables

LONDON = "+442071838750"
HOOK = f"http://pivot.example.test/call_ended?token={TOKEN}"


class Queue:
    """The call ended queue of this test, received from by hand."""

    def __init__(self, client: Any) -> None:
        self.client = client
        self.url = client.create_queue(QueueName=f"ended-{uuid.uuid4().hex}")["QueueUrl"]
        self.delayed: list[str] = []

    def receive(self) -> dict[str, Any]:
        """The event Lambda would hand the consumer; the messages are gone from the queue."""
        records = []
        while found := self.client.receive_message(QueueUrl=self.url, MaxNumberOfMessages=10).get("Messages"):
            for message in found:
                records.append({"messageId": message["MessageId"], "body": message["Body"]})
                self.client.delete_message(QueueUrl=self.url, ReceiptHandle=message["ReceiptHandle"])
        return {"Records": records}


@pytest.fixture
def queue(application: dict[str, Any], seeded: Tables, monkeypatch: pytest.MonkeyPatch) -> Queue:
    """A queue of its own, and functions that remember nothing."""
    made = Queue(seeded.client("sqs"))
    monkeypatch.setenv("CALL_ENDED_QUEUE", made.url)
    monkeypatch.setenv("NOTICES_QUEUE", "http://127.0.0.1:1/notices")
    call_wiring.forget()
    return made


@pytest.fixture
def books(seeded: Tables) -> DynamoDBLedger:
    """The ledger as an operator sees it."""
    return DynamoDBLedger(seeded.client("dynamodb"), seeded.names["AccountsTable"])


@pytest.fixture
def account_id(books: DynamoDBLedger) -> str:
    """An account with three dollars, at three cents a minute."""
    number = str(uuid.uuid4().int % 10**15)
    books.create(Account(KAZOO_ACCOUNT, number, "USD", rates=(Rate("44", 30_000),)))
    books.top_up(KAZOO_ACCOUNT, number, 3_000_000, reference="first", now=datetime.now(UTC))
    return number


@pytest.fixture
def kazoo(application: dict[str, Any], queue: Queue) -> Callable[..., Simulator]:
    """A KAZOO that tells us when calls end."""

    def simulator(**hook: Any) -> Simulator:
        handlers = application | {"/call_ended": call_ended.handler}
        webhook = Webhook(url=HOOK, **hook)
        return Simulator(InProcess(handlers, token=TOKEN), account_id=KAZOO_ACCOUNT, webhook=webhook)

    return simulator


def spent(books: DynamoDBLedger, account_id: str) -> tuple[int, int]:
    """What calls cost so far, and what is still held."""
    account = books.account(KAZOO_ACCOUNT, account_id)
    assert account is not None
    assert books.reconcile(KAZOO_ACCOUNT, account_id) == []
    return account.spent_micros, account.held_micros


@pytest.mark.parametrize("body_format", ["form-data", "json"])
def test_a_call_delivered_twice_is_billed_once(
    kazoo: Callable[..., Simulator],
    queue: Queue,
    books: DynamoDBLedger,
    account_id: str,
    body_format: str,
) -> None:
    """Two legs, each told twice, are one charge of the conversation's minutes."""
    call = kazoo(deliveries=2, format=body_format).call(
        "+14155550123", LONDON, path=f"/balance_gate?account={account_id}"
    )
    call.rings(LONDON).answered(talk_s=61).ends()
    event = queue.receive()
    assert len(event["Records"]) == 4
    assert settle_call.handler(event) == {"batchItemFailures": []}
    assert spent(books, account_id) == (2 * 30_000, 0)
    assert settle_call.handler(event) == {"batchItemFailures": []}
    assert spent(books, account_id) == (2 * 30_000, 0)
    (_, entry) = books.entries(KAZOO_ACCOUNT, account_id)
    assert (entry.kind, entry.seconds, entry.billed_seconds, entry.leg) == ("call", 61, 120, "b")


def test_an_unanswered_call_costs_nothing(
    kazoo: Callable[..., Simulator], queue: Queue, books: DynamoDBLedger, account_id: str
) -> None:
    """The caller listened to our prompt, which answered the call; nobody else did, so the money is back."""
    call = kazoo().call("+14155550123", LONDON, path=f"/balance_gate?account={account_id}")
    call.rings(LONDON).unanswered().hears("does not answer").ends()
    settle_call.handler(queue.receive())
    assert spent(books, account_id) == (0, 0)


def test_the_other_leg_is_waited_for(
    kazoo: Callable[..., Simulator], queue: Queue, books: DynamoDBLedger, account_id: str
) -> None:
    """A caller's leg alone tells no talk: it is looked at again after a while, and the money stays held."""
    call = (
        kazoo()
        .loses_webhooks(leg="b")
        .call("+14155550123", LONDON, path=f"/balance_gate?account={account_id}")
    )
    call.rings(LONDON).answered(talk_s=30).ends()
    (record,) = queue.receive()["Records"]
    assert settle_call.handler({"Records": [record]}) == {"batchItemFailures": []}
    assert spent(books, account_id)[0] == 0
    after_the_wait = record | {"body": json.dumps(json.loads(record["body"]) | {"waited": True})}
    settle_call.handler({"Records": [after_the_wait]})
    assert spent(books, account_id) == (0, 60 * 30_000)


def test_the_sweeper_settles_by_the_call_id(
    kazoo: Callable[..., Simulator], queue: Queue, books: DynamoDBLedger, account_id: str
) -> None:
    """Webhooks whose CAVs were lost still name the call the hold was made for."""
    call = kazoo(custom_data={"custom_application_vars": {}}).call(
        "+14155550123", LONDON, path=f"/balance_gate?account={account_id}"
    )
    call.rings(LONDON).answered(talk_s=20).ends()
    settle_call.handler(queue.receive())
    assert spent(books, account_id) == (0, 60 * 30_000)
    sweep_holds.handler({})
    assert spent(books, account_id) == (30_000, 0)


def test_one_broken_account_does_not_hold_up_the_others(
    kazoo: Callable[..., Simulator], queue: Queue, books: DynamoDBLedger, account_id: str
) -> None:
    """An item nobody can read is reported and left; what there is no time for is left to the next turn."""
    call = kazoo(custom_data={"custom_application_vars": {}}).call(
        "+14155550123", LONDON, path=f"/balance_gate?account={account_id}"
    )
    call.rings(LONDON).answered(talk_s=20).ends()
    settle_call.handler(queue.receive())
    tenant = uuid.uuid4().hex
    broken = {"pk": {"S": f"{tenant}#1"}, "sk": {"S": "account"}}
    books.table.put(broken | {"open": {"S": f"{tenant}#holds"}})
    try:
        late = SimpleNamespace(get_remaining_time_in_millis=lambda: 1_000)
        assert sweep_holds.handler({}, late)["left_over"] >= 2
        assert spent(books, account_id)[0] == 0
        assert sweep_holds.handler({}, None)["failed"] == 1
    finally:
        books.table.delete(broken)
    assert spent(books, account_id) == (30_000, 0)


def test_one_bad_message_does_not_hold_up_the_others(
    kazoo: Callable[..., Simulator], queue: Queue, books: DynamoDBLedger, account_id: str
) -> None:
    """Only the message that cannot be read comes back; the rest of the batch is settled."""
    call = kazoo().call("+14155550123", LONDON, path=f"/balance_gate?account={account_id}")
    call.rings(LONDON).answered(talk_s=20).ends()
    bad = {"messageId": "bad", "body": "no JSON"}
    event = queue.receive()
    result = settle_call.handler({"Records": [bad, *event["Records"]]})
    assert result == {"batchItemFailures": [{"itemIdentifier": "bad"}]}
    assert spent(books, account_id) == (30_000, 0)


def test_a_malformed_end_is_listed_and_never_retried(queue: Queue, books: DynamoDBLedger) -> None:
    """What can never be read is put aside at once, once, where the operator sees it."""
    call_id = f"odd-{uuid.uuid4().hex}"
    webhook = {"hook_event": "channel_destroy", "call_id": call_id, "billing_seconds": "soon"}
    body = json.dumps({"kazoo_account_id": KAZOO_ACCOUNT, "webhook": webhook})
    assert settle_call.handler({"Records": [{"messageId": "odd", "body": body}]}) == {"batchItemFailures": []}
    problems = Settlement(books).legs.problems(KAZOO_ACCOUNT)
    assert [one.kind for one in problems if one.call_id == call_id] == ["malformed"]


def post(
    body: dict[str, Any] | str, token: str = TOKEN, method: str = "POST", query: str = "", **headers: str
) -> int:
    """The status a webhook with this JSON body gets."""
    event = {
        "rawPath": "/call_ended",
        "rawQueryString": f"token={token}{query}",
        "requestContext": {"http": {"method": method}},
        "headers": {"content-type": "application/json", **headers},
        "body": body if isinstance(body, str) else json.dumps(body),
    }
    status: int = call_ended.handler(event)["statusCode"]
    return status


def test_only_who_has_the_token_is_heard(queue: Queue) -> None:
    """Whatever comes with the account's token is answered 200; nothing else reaches the queue."""
    assert post({"account_id": KAZOO_ACCOUNT, "hook_event": "nonsense", "call_id": 7}) == 200
    assert post({"account_id": KAZOO_ACCOUNT}, token="guess") == 403
    assert post({"account_id": KAZOO_ACCOUNT}, token="not-our-token") == 403
    assert post({"account_id": "f" * 32}) == 200
    assert post({}) == 200
    assert len(queue.receive()["Records"]) == 3


def test_the_header_names_the_account_where_the_event_does_not(queue: Queue) -> None:
    """Every hook request carries X-Account-ID; one of an account it does not answer for is not believed."""
    event = {"hook_event": "channel_destroy", "call_id": "x"}
    assert post(event, **{"X-Account-ID": KAZOO_ACCOUNT}) == 200
    assert post(event, **{"X-Account-ID": "f" * 32}) == 200
    believed, other = (json.loads(record["body"]) for record in queue.receive()["Records"])
    assert "problem" not in believed
    assert "does not answer" in other["problem"] or "do not answer" in other["problem"]


def test_any_verb_and_any_body_is_answered_200(queue: Queue, books: DynamoDBLedger) -> None:
    """KAZOO's default verb is GET, and PUT is one; what cannot be read is listed, not refused."""
    body = json.dumps({"hook_event": "channel_destroy", "account_id": KAZOO_ACCOUNT, "call_id": "x"})
    for text in ("[]", "{", "\x00", "[1, 2]"):
        assert post(text) == 200
    assert post(body, method="PUT") == 200
    query = f"&hook_event=channel_destroy&account_id={KAZOO_ACCOUNT}&call_id=g-1&billing_seconds=3"
    assert post("", method="GET", query=query) == 200
    assert post("", method="GET", query=query, token="guess") == 403
    messages = [json.loads(record["body"]) for record in queue.receive()["Records"]]
    assert ["problem" in message for message in messages] == [True, True, True, True, False, False]
    assert messages[-1]["webhook"]["call_id"] == "g-1"


def test_the_pivot_token_forges_no_end(queue: Queue, seeded: Tables) -> None:
    """The token of every voice_url is none for webhooks."""
    tenant = uuid.uuid4().hex
    admin = TenantAdmin.at(seeded.client, seeded.names["TenantsTable"], "/pivot-lambda/local")
    tokens = admin.create(tenant, {})
    event = {"account_id": tenant, "hook_event": "channel_destroy", "call_id": "x", "billing_seconds": 0}
    assert post(event, token=tokens.pivot) == 403
    assert post(event, token=tokens.webhook) == 200
    assert len(queue.receive()["Records"]) == 1


def test_a_sub_account_s_events_come_where_the_tenant_says_so(queue: Queue, seeded: Tables) -> None:
    """A hook with include_subaccounts tells events of other accounts, with the parent's token."""
    tenant, child = uuid.uuid4().hex, uuid.uuid4().hex
    admin = TenantAdmin.at(seeded.client, seeded.names["TenantsTable"], "/pivot-lambda/local")
    token = admin.create(tenant, {"sub_accounts": [child]}).webhook
    event = {"hook_event": "channel_destroy", "call_id": "x", "billing_seconds": 0}
    for account in (child, "9" * 32):
        assert post(event | {"account_id": account}, token=token, **{"X-Account-ID": tenant}) == 200
    first, second = (json.loads(record["body"]) for record in queue.receive()["Records"])
    assert (first["kazoo_account_id"], "problem" in first) == (child, False)
    assert (second["kazoo_account_id"], "problem" in second) == (tenant, True)


class AwayAuthenticator:
    """While stores are unavailable: nothing is live, and only tokens that begin so were surely made here."""

    def authenticate(self, *_: Any) -> Any:
        """As the authenticator."""
        raise StoreUnavailableError("away")

    def is_proven(self, token: str | None) -> bool:
        """As the authenticator."""
        return bool(token and token.startswith("v1."))


def test_what_nobody_can_check_is_bounded() -> None:
    """While stores are unavailable, strangers queue a few small messages and crowd nobody out."""
    queued: list[str] = []
    away: Any = AwayAuthenticator()
    receiver = call_events.WebhookReceiver(away, queued.append)
    body = {"hook_event": "channel_destroy", "account_id": "rnd1", "call_id": "x"}

    def told(
        source: str, text: str, *, token: str = "not-our-token", by: call_events.WebhookReceiver = receiver
    ) -> int:
        before = len(queued)
        http = {"method": "POST", "sourceIp": source}
        event = {"requestContext": {"http": http}, "rawPath": "/call_events", "headers": {}, "body": text}
        assert by.receive({**event, "rawQueryString": f"token={token}"}) == 200
        return len(queued) - before

    assert sum(told("192.0.2.1", json.dumps(body)) for _ in range(500)) == 40
    # Another address has its own share, and a token that was made here needs none.
    assert told("192.0.2.2", json.dumps(body)) == 1
    made_here = f"v1.webhook.{'a' * 32}.k1.AAAAAAAAAAA.{'B' * 22}"
    assert sum(told("192.0.2.1", json.dumps(body), token=made_here) for _ in range(200)) == 200
    assert "B" * 22 not in "".join(queued)
    for number in range(3, 9):
        for _ in range(40):
            told(f"192.0.2.{number}", json.dumps(body))
    assert len(queued) == 120 + 200
    large = json.dumps(body | {"filler": "x" * 50_000})
    later = call_events.WebhookReceiver(away, queued.append, now_s=lambda: 10_000.0)
    assert told("192.0.2.1", large, by=later) == 0


@pytest.mark.parametrize("keys", ["{}", "[]", "no JSON", '{"sha256_keys":5}', '{"sha256_keys":[1]}'])
def test_keys_an_operator_wrote_wrong_lose_no_call(queue: Queue, seeded: Tables, keys: str) -> None:
    """The webhook is kept, and comes again until it can be checked: KAZOO would have switched it off."""
    name = f"/pivot-lambda/local/webhooks/{KAZOO_ACCOUNT}"
    ssm = seeded.client("ssm")
    ssm.put_parameter(Name=name, Value=keys, Type="SecureString")
    try:
        event = {"account_id": KAZOO_ACCOUNT, "hook_event": "channel_destroy", "call_id": uuid.uuid4().hex}
        assert post(event) == 200
        received = queue.receive()
        assert len(settle_call.handler(received)["batchItemFailures"]) == 1
    finally:
        ssm.delete_parameter(Name=name)
    call_wiring.forget()
    assert settle_call.handler(received) == {"batchItemFailures": []}


@pytest.mark.parametrize(
    "more",
    [
        {"timestamp": "soon"},
        {"timestamp": 63834206532.25},
        {"billing_seconds": 7.0},
        {"name": "an operator's custom_data"},
    ],
)
def test_what_does_not_matter_keeps_nobody_from_billing(more: dict[str, Any]) -> None:
    """An odd timestamp or name of an event is no reason to leave a call unpaid."""
    event = {"hook_event": "channel_destroy", "call_id": "x", "billing_seconds": "7"}
    told = event_of(event | more, 0)
    assert told is not None
    assert told.seconds == 7


def test_a_signed_webhook_may_be_a_second_off(queue: Queue, seeded: Tables, books: DynamoDBLedger) -> None:
    """Where keys are configured, version 2 is verified; KAZOO 5 reads its clock twice while signing."""
    tenant = uuid.uuid4().hex
    prefix = "/pivot-lambda/local"
    tenants = TenantAdmin.at(seeded.client, seeded.names["TenantsTable"], prefix)
    token = tenants.create(tenant, {}).webhook
    keys = json.dumps({"sha256_keys": ["new key", "old key"]})
    seeded.client("ssm").put_parameter(Name=f"{prefix}/webhook/{tenant}", Value=keys, Type="SecureString")
    data = {"account_id": tenant, "call_id": "ä@b", "billing_seconds": 3}

    def signed(key: str, signed_at: int, sent_at: int) -> str:
        text = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        mac = base64.b64encode(hmac.digest(key.encode(), f"{signed_at}{text}".encode(), "sha256")).decode()
        rest = f'"hmac":"{mac}","name":"CHANNEL_DESTROY","timestamp":{sent_at}'
        return f'{{"action":"event","data":{text},{rest}}}'

    assert post(signed("new key", 63834206532, 63834206532), token=token) == 200
    assert post(signed("old key", 63834206533, 63834206532), token=token) == 200
    assert post(signed("new key", 63834206534, 63834206532), token=token) == 200
    assert post(signed("no key", 63834206532, 63834206532), token=token) == 200
    event = {"account_id": tenant, "hook_event": "channel_destroy", "call_id": "x"}
    assert post(event, token=token) == 200
    assert post("name=x", token=token, **{"X-Account-ID": tenant, "content-type": "a/form"}) == 200
    problems = [json.loads(record["body"]).get("problem", "") for record in queue.receive()["Records"]]
    assert [bool(problem) for problem in problems] == [False, False, True, True, True, True]
    assert "set the webhook's format to json" in problems[-1]


@pytest.mark.parametrize(("kind", "believed"), [("old", True), ("made here", True), ("no", False)])
def test_what_came_while_ssm_was_away_is_checked_later(
    queue: Queue, seeded: Tables, monkeypatch: pytest.MonkeyPatch, kind: str, believed: bool
) -> None:
    """KAZOO switches a webhook off after six failures a minute: 200 at once, belief once it is checked."""

    class Away:
        """A table of tenants that does not answer."""

        def get(self, account_id: str) -> Any:
            raise StoreUnavailableError("away")

        def old_tokens(self) -> Any:
            raise StoreUnavailableError("away")

    token = {"old": TOKEN, "no": "not-our-token"}.get(kind, "")
    if not token:
        admin = TenantAdmin.at(seeded.client, seeded.names["TenantsTable"], "/pivot-lambda/local")
        token = admin.rotate(KAZOO_ACCOUNT, "webhook")
    away, parameters = Away(), bootstrap.parameters()
    directory = TenantDirectory(lambda: away, KeyRing(parameters), OldTokens(lambda: away, parameters))
    webhook = {"account_id": KAZOO_ACCOUNT, "hook_event": "channel_destroy", "call_id": uuid.uuid4().hex}
    with monkeypatch.context() as ssm_away:
        away_now = WebhookAuthenticator(directory, parameters)
        ssm_away.setattr("pivot_app.call_wiring.authenticator", lambda: away_now)
        call_wiring.webhook_receiver.cache_clear()
        assert post(webhook, token=token) == 200
        received = queue.receive()
        assert token not in received["Records"][0]["body"]
        assert settle_call.handler(received)["batchItemFailures"], "it comes again"
    call_wiring.forget()
    dealt_with: list[Any] = []

    def process(_: Any, *told: Any) -> list[Any]:
        dealt_with.append(told)
        return []

    monkeypatch.setattr(Settlement, "process", process)
    assert settle_call.handler(received) == {"batchItemFailures": []}
    assert bool(dealt_with) is believed


def test_a_call_id_used_again_at_once_is_a_call_of_its_own(
    kazoo: Callable[..., Simulator], queue: Queue, books: DynamoDBLedger, account_id: str
) -> None:
    """The device redials with the same Call-ID right after the end: its money is held again."""
    path, call_id = f"/balance_gate?account={account_id}", f"same-{uuid.uuid4().hex}"
    first = kazoo().call("+14155550123", LONDON, path=path, call_id=call_id)
    first.rings(LONDON).answered(talk_s=20).ends()
    settle_call.handler(queue.receive())
    billed, held = spent(books, account_id)
    assert (billed, held) == (30_000, 0)
    kazoo().call("+14155550123", LONDON, path=path, call_id=call_id).rings(LONDON)
    assert spent(books, account_id)[1] > 0
