"""Account balance and the identification of unknown callers, as a caller lives them."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import pytest

from kazoo_simulator import Simulator
from pivot_app.identity import FREE_TRIES, Caller, DynamoDBCallers, DynamoDBPinAttempts, hash_pin, user_key
from pivot_app.identity import _context as context
from pivot_app.ledger import Account, DynamoDBLedger
from pivotctl.local_stack.demo_data import ADA, KAZOO_ACCOUNT, SUPPORT_USER
from tests.conftest import Tables

Kazoo = Callable[..., Simulator]
BOTH = pytest.mark.parametrize("version", ["4.3", "4.3-2023-11", "5"])


def open_account(tables: Tables, account_id: str, number: str, **profile: Any) -> None:
    """An account with three dollars, reached from `number`."""
    dynamodb = tables.client("dynamodb")
    ledger = DynamoDBLedger(dynamodb, tables.names["AccountsTable"])
    ledger.create(
        Account(kazoo_account_id=KAZOO_ACCOUNT, account_id=account_id, currency="USD", profile=profile)
    )
    ledger.top_up(KAZOO_ACCOUNT, account_id, 3_000_000, reference="first", now=datetime.now(UTC))
    callers = DynamoDBCallers(dynamodb, tables.names["CallersTable"])
    callers.put(KAZOO_ACCOUNT, Caller(number=number, account_id=account_id))


@BOTH
def test_a_known_caller_hears_the_balance_and_reaches_support(kazoo_of: Kazoo, version: str) -> None:
    """The number is enough: balance in words, then the account's own support."""
    call = kazoo_of(version).call(ADA, "2000", path="/account_balance")
    call.hears("Hello Ada. Your balance is twelve dollars, fifty cents.")
    call.rings(SUPPORT_USER).answered(talk_s=5).ends()


@pytest.mark.parametrize("number", ["4155550123", "14155550123", "+1 415 555 0123"])
def test_a_national_number_is_the_same_caller(kazoo_of: Kazoo, number: str) -> None:
    """Carriers send numbers in their own forms; the KAZOO account's region reads them."""
    kazoo_of().call(number, "2000", path="/account_balance").hears("Hello Ada.")


@pytest.mark.parametrize("number", ["anonymous", "1001", "alice", "+14155559999", "'; DROP TABLE callers"])
def test_an_unknown_caller_is_asked_who_they_are(kazoo_of: Kazoo, number: str) -> None:
    """Withheld numbers, extensions, SIP names and nonsense are nobody, not an error."""
    call = kazoo_of().call(number, "2000", path="/account_balance")
    call.hears("enter your account number").hears("PIN")


@BOTH
def test_wrong_then_right_pin(kazoo_of: Kazoo, version: str) -> None:
    """The second try is as good as the first, and the way back to the balance works on both versions."""
    call = kazoo_of(version).call("anonymous", "2000", path="/account_balance")
    call.hears("account number").presses("1001#").hears("PIN").presses("0000#")
    call.hears("do not match").presses("1001#").hears("PIN").presses("2468#")
    call.hears("Your balance is twelve dollars, fifty cents.").rings(SUPPORT_USER)


def test_three_wrong_pairs_end_the_call(kazoo_of: Kazoo) -> None:
    """The tries are counted by us, whatever KAZOO repeats."""
    call = kazoo_of().call("anonymous", "2000", path="/account_balance")
    for _ in range(3):
        call.hears("account number").presses("777#").hears("PIN").presses("0000#")
    call.hears("could not identify you").hears("Goodbye").ends()
    assert asked(call) == ["/account_balance"] + ["/identify_caller"] * 3


def asked(call: Any) -> list[str]:
    """The callbacks a call asked, in order."""
    return [urlsplit(request.url).path for request in call.requests]


def test_barge_in_digits_count_as_the_answer(kazoo_of: Kazoo) -> None:
    """A caller who knows the line types over the prompts."""
    call = kazoo_of().call("anonymous", "2000", path="/account_balance")
    call.hears("account number").presses("1001#", during=True).hears("PIN").presses("2468#")
    call.hears("Your balance is")


def everything_in(item: dict[str, Any]) -> str:
    """An item as text, an exchange's compressed body opened."""
    body = item.get("body", {}).get("B")
    return json.dumps(item, default=str) + (zlib.decompress(body).decode() if body else "")


def test_the_pin_is_nowhere_but_in_kazoo(
    kazoo_of: Kazoo, seeded: Tables, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither a table nor a log line has the PIN a caller keyed, right or wrong."""
    call = kazoo_of().call("anonymous", "2000", path="/account_balance")
    call.hears("account number").presses("1001#").hears("PIN").presses("735319#")
    call.hears("do not match").presses("1001#").hears("PIN").presses("2468#").hears("Your balance is")
    stored = "".join(
        map(everything_in, (item for table in seeded.names for item in seeded.every_item(table)))
    )
    logged = capsys.readouterr()
    for text in (stored, logged.out, logged.err):
        assert "735319" not in text
        assert '"2468"' not in text
    assert '"account_number":"1001"' in stored.replace(" ", ""), "what is not secret is recorded"


def test_kazoo_forgets_the_pin_once_it_was_right(kazoo_of: Kazoo) -> None:
    """KAZOO repeats every collection in each request of a call: the PIN is not in the ones after."""
    call = kazoo_of().call("anonymous", "2000", path="/account_balance")
    call.hears("account number").presses("1001#").hears("PIN").presses("2468#").hears("Your balance is")
    assert "2468" not in str(call.requests[-1])


def said_to(kazoo: Simulator, account_id: str, pins: int) -> list[list[str]]:
    """What a caller hears who tries wrong PINs of an account number, three a call."""
    heard = []
    for _ in range(pins // 3):
        call = kazoo.call("anonymous", "2000", path="/account_balance")
        for _ in range(3):
            call.hears("account number").presses(f"{account_id}#").hears("PIN").presses("0000#")
        heard.append(call.ends().heard)
    return heard


def logs_in(kazoo: Simulator, account_id: str, pin: str) -> Any:
    """A call that keys an account number and a PIN."""
    call = kazoo.call("anonymous", "2000", path="/account_balance")
    return call.hears("account number").presses(f"{account_id}#").hears("PIN").presses(f"{pin}#")


def test_an_account_that_exists_is_not_told_from_one_that_does_not(kazoo_of: Kazoo, seeded: Tables) -> None:
    """By its words, by the number of tries, or by a lock: before and after there are too many."""
    open_account(seeded, "2001", "+14155550001", pin=hash_pin("8305"))
    open_account(seeded, "2002", "+14155550002")
    kazoo = kazoo_of()
    there, without_pin, not_there = (said_to(kazoo, each, 15) for each in ("2001", "2002", "7777"))
    assert there == not_there == without_pin
    assert "locked" not in str(there)
    attempts = DynamoDBPinAttempts(seeded.client("dynamodb"), seeded.names["CallStateTable"])
    assert {attempts.read(KAZOO_ACCOUNT, each).tries for each in ("2001", "2002", "7777")} == {FREE_TRIES}


def test_too_many_wrong_pins_close_an_account_until_an_operator_opens_it(
    kazoo_of: Kazoo, seeded: Tables
) -> None:
    """PINs cannot be tried out call by call; the right one is not taken either."""
    open_account(seeded, "2003", "+14155550003", pin=hash_pin("8305"))
    kazoo = kazoo_of()
    said_to(kazoo, "2003", 12)
    logs_in(kazoo, "2003", "8305").hears("do not match").hangs_up()
    attempts = DynamoDBPinAttempts(seeded.client("dynamodb"), seeded.names["CallStateTable"])
    attempts.unlock(KAZOO_ACCOUNT, "2003")
    logs_in(kazoo, "2003", "8305").hears("Your balance is three")


def test_parallel_guesses_are_all_counted(
    kazoo_of: Kazoo, seeded: Tables, monkeypatch: pytest.MonkeyPatch
) -> None:
    """24 calls at once, each with a PIN of its own: no more than ten are looked at."""
    open_account(seeded, "2004", "+14155550004", pin=hash_pin("8305"))
    looked_at: list[str] = []
    matches = context.pin_matches

    def look(pin: str, stored: str | None) -> bool:
        looked_at.append(pin)
        return matches(pin, stored)

    monkeypatch.setattr(context, "pin_matches", look)
    kazoo = kazoo_of()
    with ThreadPoolExecutor(24) as pool:
        list(pool.map(lambda number: logs_in(kazoo, "2004", f"{number:04d}").hangs_up(), range(24)))
    assert 0 < len(looked_at) <= FREE_TRIES
    logs_in(kazoo, "2004", "8305").hears("do not match")


USER = "a1c7f2d8e4b04f6b9d3e5a7c1f2b8d60"


@BOTH
def test_a_registered_device_is_known_by_its_user(kazoo_of: Kazoo, seeded: Tables, version: str) -> None:
    """An extension is not a telephone number; the User-ID is KAZOO's own word, and several are tried."""
    if version == "4.3":
        open_account(seeded, "2005", "+14155550005")
    callers = DynamoDBCallers(seeded.client("dynamodb"), seeded.names["CallersTable"])
    callers.put(KAZOO_ACCOUNT, Caller(number=user_key(USER), account_id="2005"))
    for users in ((USER,), ("b" * 32, USER)):
        call = kazoo_of(version).call("1001", "2000", path="/account_balance", user_ids=users)
        call.hears("Your balance is three dollars.")
    call = kazoo_of(version).call("1001", "2000", path="/account_balance", user_ids=("b" * 32,))
    call.hears("account number")


@pytest.mark.parametrize("number", ["+525512345678", "+5215512345678"])
def test_one_subscriber_in_both_forms_of_a_number(kazoo_of: Kazoo, seeded: Tables, number: str) -> None:
    """Mexico dropped the mobile 1 in 2019; carriers did not."""
    if number == "+525512345678":
        open_account(seeded, "2006", number)
    kazoo_of().call(number, "2000", path="/account_balance").hears("Your balance is three dollars.")


def test_an_account_may_demand_its_pin_always(kazoo_of: Kazoo, seeded: Tables) -> None:
    """The number, which a caller can choose, opens nothing then; the PIN does, and a registered device."""
    open_account(seeded, "2007", "+14155550007", pin=hash_pin("8305"), require_pin=True, name="Ada")
    callers = DynamoDBCallers(seeded.client("dynamodb"), seeded.names["CallersTable"])
    callers.put(KAZOO_ACCOUNT, Caller(number=user_key("c" * 32), account_id="2007"))
    call = kazoo_of().call("+14155550007", "2000", path="/account_balance")
    call.hears("account number").presses("2007#").hears("PIN").presses("8305#").hears("Hello Ada.")
    call = kazoo_of().call("+14155550007", "2000", path="/account_balance", user_ids=("c" * 32,))
    call.hears("Hello Ada.")


@pytest.mark.parametrize(
    ("account_id", "number", "support", "target"),
    [
        ("2101", "+14155550011", {"kind": "device", "id": "d" * 32}, "d" * 32),
        ("2102", "+14155550012", {"kind": "group", "id": "9" * 32}, "9" * 32),
        ("2103", "+14155550013", {"kind": "ring_group", "ids": ["e" * 32, "f" * 32]}, "e" * 32),
        ("2104", "+14155550014", {"kind": "number", "id": "+14155550199"}, "+14155550199"),
    ],
)
def test_support_is_what_the_account_says(
    kazoo_of: Kazoo, seeded: Tables, account_id: str, number: str, support: dict[str, Any], target: str
) -> None:
    """User, device, group, ring group or number; when nobody answers the caller is told."""
    open_account(seeded, account_id, number, support=support)
    call = kazoo_of().call(number, "2000", path="/account_balance").hears("Your balance is three dollars.")
    call.rings(target).unanswered().hears("cannot take your call").ends()


def test_an_account_without_support_says_goodbye(kazoo_of: Kazoo, seeded: Tables) -> None:
    """The balance is useful by itself."""
    open_account(seeded, "2201", "+14155550021")
    call = kazoo_of().call("+14155550021", "2000", path="/account_balance")
    call.hears("Your balance is three dollars.").hears("Goodbye").ends()


def test_a_profile_nobody_can_use_is_an_apology(kazoo_of: Kazoo, seeded: Tables) -> None:
    """A broken support target is the operator's fault; the caller still hears a sentence."""
    open_account(seeded, "2202", "+14155550022", support={"kind": "telepathy", "id": "x"})
    kazoo_of().call("+14155550022", "2000", path="/account_balance").hears("something went wrong").ends()


def test_a_forged_account_variable_is_not_believed(kazoo_of: Kazoo) -> None:
    """A stranger's CAV of the name we use does not open an account."""
    call = kazoo_of("5").call("anonymous", "2000", path="/account_balance", variables={"account_id": "1001"})
    call.hears("enter your account number")


def test_a_wrong_token_is_told_nothing(kazoo_of: Kazoo) -> None:
    """403, and KAZOO runs its own wildcard child."""
    fallback = {"module": "tts", "data": {"text": "Our own fallback."}}
    call = kazoo_of(token="wrong").call(ADA, "2000", path="/account_balance", fallback=fallback)
    call.hears("Our own fallback.").ends()
