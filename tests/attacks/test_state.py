"""The signed state: cut, changed, and taken to another call, account, callback or time."""

from __future__ import annotations

import json
import secrets
import time
from urllib.parse import parse_qs, quote, urlencode

import pytest

from kazoo_pivot import StateKeys
from kazoo_pivot._state_token import StateToken, verify
from tests.attacks.attacker import PIN, PREFIX, Answer, Victim, client_of, eventually, new_call

pytestmark = pytest.mark.stack

CALLER = "+14155550111"


def begun(victim: Victim, call_id: str, caller: str = "+19998887755") -> tuple[str, str, list[str]]:
    """The step that asks for account number and PIN."""
    return victim.ask("/account_balance", call_id, caller=caller).following


def step(victim: Victim, call_id: str, at: tuple[str, str, list[str]], account: str, pin: str) -> Answer:
    """Key in an account number and a PIN."""
    path, query, names = at
    return victim.ask(path, call_id, query=query, digits=dict(zip(names, (account, pin), strict=False)))


def is_closed(answer: Answer) -> bool:
    """Whether nothing of an account is told: 403, or the apology where a live token stood beside."""
    return answer.is_forbidden or (
        answer.status == 200 and "Ada" not in answer.text and '"pivot"' not in answer.text
    )


def test_a_state_that_was_changed_is_none(victim: Victim) -> None:
    """Cut, with other bytes, with another's signature, without one."""
    call_id = new_call()
    path, query, _ = begun(victim, call_id)
    state = parse_qs(query)["state"][0]
    payload, _, signature = state.partition(".")
    _, others, _ = begun(victim, new_call())
    foreign = parse_qs(others)["state"][0].partition(".")
    for changed in (
        state[:-1], payload, f"{payload}.", f".{signature}", f"{payload}.{foreign[2]}",
        f"{foreign[0]}.{signature}", state + "A", state.swapcase(), f"{payload}A.{signature}",
        f"{state}.{state}", "x" * 4_000, "x" * 9_000, "[]", "e30.e30", f"{payload}={signature}", "\0", "%",
    ):  # fmt: skip
        answer = victim.ask(path, call_id, query=urlencode({"state": changed}))
        assert answer.is_forbidden or answer.status == 414, changed
        beside = victim.ask(path, call_id, query=urlencode({"state": changed, "token": victim.token}))
        assert is_closed(beside), changed


def test_a_state_belongs_to_one_call_callback_and_account(victim: Victim, neighbour: Victim) -> None:
    """Replayed under another Call-ID, path or account it admits nobody, with a live token or without."""
    call_id = new_call()
    path, query, _ = begun(victim, call_id)
    for beside in ("", f"&token={quote(victim.token)}", f"&token={quote(neighbour.token)}"):
        assert is_closed(victim.ask(path, new_call(), query=query + beside))
        assert is_closed(victim.ask(path, call_id.upper(), query=query + beside))
        for other in ("/menu", "/account_balance", "/balance_gate", "/menu_selection"):
            assert is_closed(victim.ask(other, call_id, query=query + beside))
        assert is_closed(neighbour.ask(path, call_id, query=query + beside))
    assert victim.ask(path, call_id, query=query).status == 200


def test_what_is_signed_cannot_be_said_beside_it(victim: Victim) -> None:
    """An account, a count of tries and a next callback in the query change nothing of what was signed."""
    account_id = victim.customer()
    call_id = new_call()
    path, query, names = begun(victim, call_id)
    for more in (f"&account={account_id}&proof=pin", "&tries=-100", "&then=/balance_gate", "&step=9"):
        answer = victim.ask(
            path, call_id, query=query + more, digits=dict(zip(names, ("77", "1"), strict=False))
        )
        assert is_closed(answer) or "do not match" in answer.said


def test_a_state_ends_with_its_time(victim: Victim) -> None:
    """One that the right key signed an hour ago for an hour: the caller hears the apology, no account."""
    account_id = victim.customer()
    value = client_of(victim.stack, "ssm").get_parameters(
        Names=[f"{PREFIX}/keys/state"], WithDecryption=True
    )["Parameters"][0]["Value"]
    entries = json.loads(value)
    now_s = int(time.time())
    signing = next(each for each in entries if each.get("from", 0) <= now_s)
    keys = StateKeys.of(signing["key"].encode())

    def asked(expires_s: int) -> Answer:
        call_id = new_call()
        state = StateToken(
            path="/account_balance",
            started_ms=(now_s - 7_200) * 1000,
            step=1,
            expires_s=expires_s,
            nonce=secrets.token_urlsafe(9),
            signed={"account": account_id, "proof": "pin"},
        ).sign(keys, victim.account, call_id)
        verify(state, keys, account_id=victim.account, call_id=call_id, path="/account_balance", query={})
        return victim.ask("/account_balance", call_id, query=urlencode({"state": state}))

    assert "five dollars" in asked(now_s + 600).said
    for past in (now_s - 1, 0, -1):
        assert is_closed(asked(past))


def test_an_identity_ends_with_its_call(victim: Victim) -> None:
    """A PIN is proven, the call ends, and the next caller's phone uses the same Call-ID."""
    account_id = victim.customer(CALLER)
    call_id = new_call()
    at = begun(victim, call_id)
    proven = step(victim, call_id, at, account_id, PIN)
    path, query, _ = proven.following
    assert "Ada" in victim.ask(path, call_id, query=query).said
    assert victim.tell(victim.end(call_id, 20)).status == 200
    # The attacker replays a stored state, and starts again with the same Call-ID.
    assert eventually(lambda: is_closed(victim.ask(path, call_id, query=query)))
    again = victim.ask("/account_balance", call_id)
    assert "Ada" not in again.said
    assert "account number" in again.said


def test_no_answer_holds_a_long_lived_token(victim: Victim) -> None:
    """After the first step the state alone admits: what KAZOO's debug store keeps opens one step."""
    call_id = new_call()
    first = victim.ask("/account_balance", call_id)
    path, query, _ = first.following
    for answer in (first, victim.ask(path, call_id, query=query)):
        assert victim.token not in answer.text
        assert victim.token.split(".")[5] not in answer.text
    kept = client_of(victim.stack, "dynamodb").scan(TableName=victim.stack.outputs["ExchangesTable"])
    assert victim.token not in str(kept)
