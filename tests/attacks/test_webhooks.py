"""The webhooks' door: forged, foreign, malformed and oversized ends of calls."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from typing import Any

import pytest

from pivot_app.ledger import Settlement
from tests.attacks.attacker import FORM, Victim, client_of, eventually, new_call, send

pytestmark = pytest.mark.stack

LONDON = "+442071838750"


@pytest.fixture
def open_call(victim: Victim) -> tuple[str, str]:
    """An account with a call on the line, and the call's id."""
    account_id, call_id = victim.customer(), new_call()
    query = victim.with_token(account=account_id, announce="none")
    assert victim.ask("/balance_gate", call_id, dialled=LONDON, query=query).connects_to == LONDON
    assert victim.held(account_id) > 0
    return account_id, call_id


@pytest.fixture(autouse=True)
def nothing_is_tried_again(victim: Victim) -> Iterator[None]:
    """Whatever came in, it was dealt with at once: no message waits for its next of forty deliveries."""
    yield
    sqs, outputs = client_of(victim.stack, "sqs"), victim.stack.outputs
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]

    def waiting() -> int:
        found = [
            sqs.get_queue_attributes(QueueUrl=outputs[queue], AttributeNames=names)["Attributes"]
            for queue in ("CallEndedQueue", "CallEndedDeadLetters")
        ]
        return sum(int(each[name]) for each in found for name in names)

    assert eventually(lambda: waiting() == 0)


def problems(victim: Victim) -> set[str]:
    """The Call-IDs of what waits for the operator."""
    settlement = Settlement(victim.ledger)
    return {each.call_id for each in settlement.legs.problems(victim.account)}


def test_a_forged_end_moves_no_money(victim: Victim, neighbour: Victim, open_call: tuple[str, str]) -> None:
    """With the Pivot token that stands in a voice_url, with a neighbour's, with none: the hold stays."""
    account_id, call_id = open_call
    held = victim.held(account_id)
    for seconds in (0, 86_400):
        for token in (victim.token, "", secrets.token_urlsafe(32)):
            assert victim.tell(victim.end(call_id, seconds), token=token).status == 403
        # A neighbour may tell what they like; it is put aside, and believed of nobody but themselves.
        assert victim.tell(victim.end(call_id, seconds), token=neighbour.webhook_token).status == 200
        header = {"x-account-id": victim.account}
        forged = neighbour.end(call_id, seconds)
        assert neighbour.tell(forged, **header).status == 200
        assert (
            neighbour.tell({**forged, "account_id": victim.account, "owner_id": victim.account}).status == 200
        )
    assert eventually(lambda: call_id in problems(neighbour))
    assert victim.held(account_id) == held


MALFORMED: tuple[Any, ...] = (
    5.5,
    True,
    None,
    "1e3",
    [],
    {},
    -5,
    "",
    "９",
    "1" * 400,
    "0x10",
    " 5 ",
    10**30,
    "NaN",
)


@pytest.mark.parametrize("field", ["billing_seconds", "timestamp", "call_direction", "other_leg_call_id"])
def test_a_malformed_end_is_kept_for_the_operator_at_once(victim: Victim, field: str) -> None:
    """200 for everyone with the token, and never forty deliveries."""
    for value in MALFORMED:
        assert victim.tell(victim.end(new_call(), 5, **{field: value})).status == 200


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"billing_seconds": NaN}', b"a=b", b"[" * 100_000,
        b'{"a":' * 2_000 + b"1" + b"}" * 2_000, b"x" * 300_000, b'{"a": "' + b"x" * 300_000 + b'"}',
        b'{"data": {}, "hmac": ""}', b'{"data": {"account_id": "x"}, "hmac": "AAAA", "timestamp": 1}',
        b"call_id=%00&hook_event=channel_destroy", b"<xml/>",
    ],
    ids=lambda body: ascii(body[:12]),
)  # fmt: skip
def test_a_body_nobody_can_read(victim: Victim, body: bytes) -> None:
    """The token says who sent it: 200; without one 403, whatever is in it."""
    assert victim.tell(body).status == 200
    assert victim.tell(body, **FORM).status == 200
    assert victim.tell(body, token="wrong").status == 403


def test_control_characters_and_names_of_fields(victim: Victim) -> None:
    """A Call-ID with escapes and a variable with any name are text."""
    odd = "evil-\x1b]0;owned\x07\x1b[31m\u202e" + new_call()
    event = victim.end(odd, 5, custom_application_vars={"hold_id": "1.x", "__proto__": 1, "a.b[c]#": [1]})
    assert victim.tell(event).status == 200
    assert victim.tell(victim.end("x" * 5_000)).status == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "GET", "DELETE", "PATCH", "HEAD"])
@pytest.mark.parametrize("route", ["/call_events", "/call_ended"])
def test_every_verb_of_a_webhook_is_taken_and_no_other(victim: Victim, method: str, route: str) -> None:
    """KAZOO can be set to post, put and get."""
    body = json.dumps(victim.end(new_call())).encode() if method != "GET" else b""
    headers = {"content-type": "application/json", "x-account-id": victim.account}
    answer = send(victim.stack.url, method, f"{route}?token={victim.webhook_token}", body, headers)
    assert answer.status == (200 if method in ("POST", "PUT", "GET") else 404)


def test_a_flood_of_ends_of_made_up_calls(victim: Victim, open_call: tuple[str, str]) -> None:
    """A hundred, of calls nobody made, beside a real one: the real one is settled, once."""
    account_id, call_id = open_call
    for _ in range(100):
        assert victim.tell(victim.end(new_call(), 3_600)).status == 200
    for _ in range(3):
        assert victim.tell(victim.end(call_id, 0, hangup_cause="NO_ANSWER")).status == 200
    account = victim.ledger.account(victim.account, account_id)
    assert account is not None
    assert account.balance_micros == 5_000_000
