"""The balance gate as a caller lives it: admitted with minutes, or refused with the reason."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest

from functions.balance_gate import app
from kazoo_pivot import MisconfiguredError
from kazoo_simulator import InProcess, ScriptedCall, Simulator
from pivot_app import aws
from pivot_app.balance_gate import GateParameters, deployed
from pivot_app.balance_gate._parameters import typed_number
from pivot_app.bootstrap import tenants
from pivot_app.identity import Caller, DynamoDBCallers
from pivot_app.ledger import Account, Controls, DynamoDBLedger, Rate
from pivotctl.local_stack.demo_data import KAZOO_ACCOUNT, TOKEN
from pivotctl.tokens import TenantAdmin
from tests.conftest import Tables

Kazoo = Callable[..., Simulator]
LONDON = "+442071838750"
RATES = (Rate("44", 30_000, first_increment_seconds=60, next_increment_seconds=60),)
BOTH = pytest.mark.parametrize("version", ["4.3", "4.3-2023-11", "5"])


@pytest.fixture(autouse=True)
def fresh_instance(application: dict[str, Any]) -> None:
    """A function instance that remembers nothing."""
    deployed.cache_clear()


@pytest.fixture
def books(seeded: Tables) -> DynamoDBLedger:
    """The ledger as an operator sees it."""
    return DynamoDBLedger(seeded.client("dynamodb"), seeded.names["AccountsTable"])


@pytest.fixture
def open_account(books: DynamoDBLedger, request: pytest.FixtureRequest) -> Callable[..., str]:
    """Open an account with some money; its number is one of its own."""

    def create(micros: int = 3_000_000, **settings: Any) -> str:
        account_id = str(abs(hash((request.node.nodeid, micros, str(settings)))) % 10**15)
        books.create(Account(KAZOO_ACCOUNT, account_id, "USD", **({"rates": RATES} | settings)))
        if micros:
            books.top_up(KAZOO_ACCOUNT, account_id, micros, reference="first", now=datetime.now(UTC))
        return account_id

    return create


def gate(**query: str) -> str:
    """The gate's path with the operator's query."""
    return f"/balance_gate?{urlencode(query)}"


def stored(books: DynamoDBLedger, account_id: str) -> Account:
    """The account as it is in the table."""
    account = books.account(KAZOO_ACCOUNT, account_id)
    assert account is not None
    return account


@BOTH
def test_a_caller_with_money_hears_the_minutes_and_gets_through(
    kazoo_of: Kazoo, books: DynamoDBLedger, open_account: Callable[..., str], version: str
) -> None:
    """Balance and minutes are spoken, the money is held, and the call goes on to its number."""
    account_id = open_account()
    call = kazoo_of(version).call("+14155550123", LONDON, path=gate(account=account_id))
    call.hears("Your balance is three dollars.").hears("You have sixty minutes for this call.")
    call.rings(LONDON).answered(talk_s=5).ends()
    account = stored(books, account_id)
    assert account.available_micros(datetime.now(UTC)) == 3_000_000 - 60 * 30_000
    assert [hold.call_id for hold in account.holds.values()] == [call.call_id]


def test_the_hold_is_named_in_a_cav(
    kazoo_of: Kazoo, books: DynamoDBLedger, open_account: Callable[..., str]
) -> None:
    """Webhooks show a call's CAVs, so the end of the call leads back to its hold."""
    account_id = open_account()
    call = kazoo_of().call("+14155550123", LONDON, path=gate(account=account_id, announce="none"))
    call.rings(LONDON)
    (hold,) = stored(books, account_id).holds.values()
    assert call.heard == []
    assert call.interpreter.channel.stored_variables == {"hold_id": hold.hold_id}


def test_short_money_means_fewer_minutes(kazoo_of: Kazoo, open_account: Callable[..., str]) -> None:
    """The minutes are those the balance pays for, and never more than it has is held."""
    account_id = open_account(95_000)
    call = kazoo_of().call("+14155550123", LONDON, path=gate(account=account_id))
    call.hears("three minutes").rings(LONDON)


def test_the_caller_s_number_finds_the_account(
    kazoo_of: Kazoo, seeded: Tables, open_account: Callable[..., str]
) -> None:
    """Without a word from the operator it is the caller's own account."""
    account_id = open_account()
    callers = DynamoDBCallers(seeded.client("dynamodb"), seeded.names["CallersTable"])
    callers.put(KAZOO_ACCOUNT, Caller(number="+14155550998", account_id=account_id))
    kazoo_of().call("+14155550998", LONDON, path="/balance_gate").hears("three dollars").rings(LONDON)
    kazoo_of().call("+14155550997", LONDON, path="/balance_gate").hears("do not know an account").ends()


def test_the_customer_s_own_language(kazoo_of: Kazoo, open_account: Callable[..., str]) -> None:
    """The profile's language is spoken, admitted or refused."""
    spanish = {"language": "es-mx"}
    call = kazoo_of().call("+14155550123", LONDON, path=gate(account=open_account(profile=spanish)))
    call.hears("Tiene sesenta minutos").rings(LONDON)
    poor = open_account(0, profile=spanish)
    kazoo_of().call("+14155550123", LONDON, path=gate(account=poor)).hears("No es suficiente").ends()


REFUSED = {
    "insufficient_funds": ({"micros": 20_000}, LONDON, "Your balance is two cents. That is not enough"),
    "blocked": ({"controls": Controls(blocked=True)}, LONDON, "cannot make calls"),
    "invalid_number": ({}, "2030", "is not valid"),
    "country": ({"controls": Controls(allowed_countries=("US", "CA"))}, LONDON, "cannot call that country"),
    "prefix": ({"controls": Controls(denied_prefixes=("4420",))}, LONDON, "cannot call that number"),
    "no_rate": ({}, "+33142685301", "cannot be called with this service"),
    "hour": ({"controls": Controls(max_hour_micros=10_000)}, LONDON, "limit for this hour"),
    "day": ({"controls": Controls(max_day_micros=10_000)}, LONDON, "limit for today"),
}


@pytest.mark.parametrize("reason", REFUSED)
def test_a_refusal_says_why_and_holds_nothing(
    kazoo_of: Kazoo, books: DynamoDBLedger, open_account: Callable[..., str], reason: str
) -> None:
    """Each control has its sentence, and no money stays behind."""
    settings, dialled, sentence = REFUSED[reason]
    account_id = open_account(**settings)
    kazoo_of().call("+14155550123", dialled, path=gate(account=account_id)).hears(sentence).ends()
    assert not stored(books, account_id).holds


def test_one_call_more_than_allowed_is_refused(kazoo_of: Kazoo, open_account: Callable[..., str]) -> None:
    """The bound on live calls is a control of its own, whatever the balance."""
    account_id = open_account(90_000_000, controls=Controls(max_live_calls=1))
    kazoo = kazoo_of()
    kazoo.call("+14155550123", LONDON, path=gate(account=account_id)).rings(LONDON)
    kazoo.call("+14155550123", LONDON, path=gate(account=account_id)).hears("too many calls").ends()


@BOTH
def test_a_call_for_help_is_never_refused(
    kazoo_of: Kazoo, books: DynamoDBLedger, open_account: Callable[..., str], version: str
) -> None:
    """Without money, blocked, or unknown: an emergency number rings at once, and nothing is held."""
    account_id = open_account(0, controls=Controls(blocked=True))
    for query in (gate(account=account_id), gate(account="404404404")):
        call = kazoo_of(version).call("+14155550123", "911", path=query)
        call.rings("911").answered(talk_s=5).ends()
    assert not stored(books, account_id).holds


@pytest.mark.parametrize("account_id", ["call:x", "1001#y", "\U0001f600" * 300, "1" * 21])
def test_an_account_that_can_be_none_is_unknown(
    kazoo_of: Kazoo, account_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A number that is none is not a failure of the table, which might let the call through unbilled."""
    monkeypatch.setenv("GATE_STORE_DOWN_CALLS", "5")
    call = kazoo_of().call("+14155550123", LONDON, path=gate(account=account_id))
    call.hears("We do not know an account")


def test_the_kill_switch_works_at_once(
    kazoo_of: Kazoo, books: DynamoDBLedger, open_account: Callable[..., str]
) -> None:
    """An instance that remembers the account as it was still refuses the very next call."""
    account_id = open_account(90_000_000)
    kazoo = kazoo_of()
    kazoo.call("+14155550123", LONDON, path=gate(account=account_id)).rings(LONDON)
    books.configure(
        KAZOO_ACCOUNT, account_id, lambda a: replace(a, controls=replace(a.controls, blocked=True))
    )
    kazoo.call("+14155550123", LONDON, path=gate(account=account_id)).hears("cannot make calls").ends()


def test_who_can_not_pay_is_offered_a_menu(kazoo_of: Kazoo, open_account: Callable[..., str]) -> None:
    """With a top-up menu the refusal goes on there instead of ending the call."""
    account_id = open_account(0)
    call = kazoo_of().call("+14155550123", LONDON, path=gate(account=account_id, top_up="top_up"))
    call.hears("not enough for this call").asks("/menu")


@pytest.mark.parametrize(("outcome", "sentence"), [("busy", "is busy"), ("unanswered", "does not answer")])
def test_a_number_that_can_not_be_reached(
    kazoo_of: Kazoo, open_account: Callable[..., str], outcome: str, sentence: str
) -> None:
    """`resources` runs no wildcard child, so each cause has one of its own."""
    call = kazoo_of().call("+14155550123", LONDON, path=gate(account=open_account()))
    getattr(call.rings(LONDON), outcome)().hears(sentence).ends()


@pytest.mark.parametrize("kind", ["user", "device"])
def test_the_call_may_go_to_a_user_or_device(
    kazoo_of: Kazoo, open_account: Callable[..., str], kind: str
) -> None:
    """Where the call goes on is the operator's choice."""
    target = "a1c7f2d8e4b04f6b9d3e5a7c1f2b8d60"
    query = {"account": open_account(), "connect": kind, "id": target}
    kazoo_of().call("+14155550123", LONDON, path=gate(**query)).rings(target).busy().hears("busy").ends()


def test_a_voice_url_that_goes_nowhere_holds_nothing(
    kazoo_of: Kazoo, books: DynamoDBLedger, open_account: Callable[..., str]
) -> None:
    """An operator's mistake is found before money is held, and the caller hears the apology."""
    account_id = open_account()
    call = kazoo_of().call("+14155550123", LONDON, path=gate(account=account_id, connect="user"))
    call.hears("something went wrong on our side").ends()
    assert not stored(books, account_id).holds


def test_a_failure_after_the_hold_gives_the_money_back(
    kazoo_of: Kazoo,
    books: DynamoDBLedger,
    open_account: Callable[..., str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """When the answer cannot be made, the call is not made, and the hold is voided at once."""
    account_id = open_account()
    monkeypatch.setattr("pivot_app.balance_gate._flows.admit", lambda *_: 1 / 0)
    kazoo_of().call("+14155550123", LONDON, path=gate(account=account_id)).hears("went wrong").ends()
    account = stored(books, account_id)
    assert not account.holds
    assert account.available_micros(datetime.now(UTC)) == 3_000_000


def test_a_repeated_request_has_one_hold(
    application: dict[str, Any], books: DynamoDBLedger, open_account: Callable[..., str]
) -> None:
    """The same request on another instance finds its hold; another number is a second call in the channel."""
    account_id = open_account(90_000_000)

    def call_again(dialled: str, **more: Any) -> ScriptedCall:
        app.handler.forget()
        deployed.cache_clear()
        same = Simulator(InProcess(application, token=TOKEN), account_id=KAZOO_ACCOUNT, seed=7)
        return same.call("+14155550123", dialled, path=gate(account=account_id), **more)

    call_again(LONDON).rings(LONDON)
    held = stored(books, account_id).holds
    assert len(held) == 1
    call_again(LONDON).rings(LONDON)
    assert stored(books, account_id).holds == held
    call_again("+442071838751").rings("+442071838751")
    assert len(stored(books, account_id).holds) == 2
    call_again(LONDON, name="Another phone with the same Call-ID").rings(LONDON)
    assert len(stored(books, account_id).holds) == 3


@pytest.mark.parametrize("allowed", [0, 1])
def test_what_happens_while_the_store_is_down(
    kazoo_of: Kazoo, monkeypatch: pytest.MonkeyPatch, allowed: int
) -> None:
    """By default nobody gets through; where the operator says so, so many an hour do, unbilled."""
    monkeypatch.setenv("GATE_STORE_DOWN_CALLS", str(allowed))
    kazoo = kazoo_of()
    # The KAZOO account was seen before; its old token proves nothing to an instance that starts now.
    tenants().authenticate(KAZOO_ACCOUNT, TOKEN)
    monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", "http://127.0.0.1:9")
    app.handler.debug = False
    for _ in range(allowed):
        kazoo.call("+14155550123", LONDON, path=gate(account="1001")).rings(LONDON)
    kazoo.call("+14155550123", LONDON, path=gate(account="1001")).hears("went wrong").ends()


@pytest.mark.parametrize("allowed", [0, 1])
def test_an_instance_that_starts_while_the_store_is_down(
    kazoo_of: Kazoo, seeded: Tables, monkeypatch: pytest.MonkeyPatch, allowed: int
) -> None:
    """It knows nobody, and the token itself says whose call it is: help is reached, a stranger is refused."""
    monkeypatch.setenv("GATE_STORE_DOWN_CALLS", str(allowed))
    admin = TenantAdmin.at(seeded.client, seeded.names["TenantsTable"], "/pivot-lambda/local")
    token = admin.rotate(KAZOO_ACCOUNT, "pivot")
    kazoo, forged = kazoo_of(token=token), kazoo_of(token=token[:-4] + "AAAA")
    monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", "http://127.0.0.1:9")
    app.handler.debug = False
    kazoo.call("+14155550123", "911", path=gate()).rings("911")
    for _ in range(allowed):
        kazoo.call("+14155550123", LONDON, path=gate(account="1001")).rings(LONDON)
    kazoo.call("+14155550123", LONDON, path=gate(account="1001")).hears("went wrong").ends()
    refused = forged.call("+14155550123", "911", path=gate())
    refused.ends()
    assert "403" in refused.ladder()
    assert "resources" not in refused.ladder()


def test_a_known_account_costs_one_request(
    kazoo_of: Kazoo, seeded: Tables, open_account: Callable[..., str]
) -> None:
    """The hot path, an account this instance has seen, is exactly one request to DynamoDB."""
    account_id = open_account(90_000_000)
    kazoo = kazoo_of()
    kazoo.call("+14155550123", LONDON, path=gate(account=account_id)).rings(LONDON)
    asked: list[str] = []
    client = aws.client("dynamodb")

    def count(model: Any, **_: Any) -> None:
        asked.append(model.name)

    client.meta.events.register("before-call.dynamodb", count)
    app.handler.debug = False
    try:
        kazoo.call("+14155550123", LONDON, path=gate(account=account_id)).rings(LONDON)
    finally:
        client.meta.events.unregister("before-call.dynamodb", count)
        app.handler.debug = True
    assert asked == ["UpdateItem"]


@BOTH
def test_what_is_judged_is_what_is_dialled(
    kazoo_of: Kazoo, open_account: Callable[..., str], version: str
) -> None:
    """The answer names the number; a dial string behind it is refused, and holds nothing."""
    path = gate(account=open_account(), announce="none")
    call = kazoo_of(version).call("+14155550123", LONDON, path=path)
    call.rings(LONDON)
    (body,) = [event.body for event in call.events if event.kind == "answer_received"]
    assert json.loads(body)["children"]["_"]["data"] == {"to_did": LONDON}
    for tail in ("/x33899123456", ",,33", ";ext=5"):
        kazoo_of(version).call("+14155550123", LONDON + tail, path=path).hears("is not valid").ends()


@pytest.mark.parametrize(
    "dialled", ["911/x19005550123", "abc911", "911abc", "*911", "911.", "x911", "９１１"]
)
def test_what_merely_looks_like_an_emergency_needs_money(
    kazoo_of: Kazoo, open_account: Callable[..., str], dialled: str
) -> None:
    """Nothing but the number itself goes on without an account."""
    path = gate(account=open_account(0), announce="none")
    kazoo_of().call("+19999999999", dialled, path=path).hears("is not valid").ends()


def test_a_help_line_is_free_and_another_short_code_is_rated(
    kazoo_of: Kazoo, books: DynamoDBLedger, open_account: Callable[..., str]
) -> None:
    """988 and 933 connect like emergencies; 411 costs what the plan says, and needs a rate of its own."""
    poor = gate(account=open_account(0))
    for free in ("988", "933"):
        kazoo_of().call("+14155550123", free, path=poor).rings(free).answered(talk_s=5).ends()
    rated = open_account(rates=(Rate("short:411", 1_000_000),))
    kazoo_of().call("+14155550123", "411", path=gate(account=rated)).hears("three minutes").rings("411")
    (hold,) = stored(books, rated).holds.values()
    assert (hold.destination, hold.hold_micros) == ("411", 3_000_000)
    switzerland = gate(account=open_account(rates=(Rate("41", 1),)))
    kazoo_of().call("+14155550123", "411", path=switzerland).hears(
        "cannot be called with this service"
    ).ends()


def test_a_calling_card_calls_the_number_that_was_typed(
    kazoo_of: Kazoo, books: DynamoDBLedger, open_account: Callable[..., str]
) -> None:
    """`to` is judged, held for and dialled instead of the access number; a country's code needs no plus."""
    account_id = open_account()
    path = gate(account=account_id, to="442071838750", announce="none")
    kazoo_of().call("+14155550123", "+18005550100", path=path).rings(LONDON)
    (hold,) = stored(books, account_id).holds.values()
    assert hold.destination == LONDON
    for wrong in ("", "12", "442071838750,,5"):
        path = gate(account=account_id, to=wrong)
        kazoo_of().call("+14155550123", "+18005550100", path=path).hears("is not valid").ends()
    emergency = gate(account="404404404", to="911")
    kazoo_of().call("+14155550123", "+18005550100", path=emergency).rings("911")


def test_the_number_may_be_among_the_digits_collected() -> None:
    """A collection of the operator's choice; one that the caller left empty is not a number at all."""
    assert typed_number({"to_collection": "number"}, {"number": "442071838750", "pin": "1"}) == "442071838750"
    assert typed_number({"to_collection": "number"}, {}) == ""
    assert typed_number({}, {"number": "1"}) is None
    with pytest.raises(MisconfiguredError, match="connect=resources"):
        GateParameters.read({"to": "1", "connect": "callflow", "id": "0" * 32})


def test_the_caller_hears_what_other_calls_reserve(kazoo_of: Kazoo, open_account: Callable[..., str]) -> None:
    """The balance is the whole of it; what another call holds is named, admitted or refused."""
    kazoo = kazoo_of()
    path = gate(account=open_account(3_000_000))
    kazoo.call("+14155550123", LONDON, path=path).rings(LONDON)
    call = kazoo.call("+14155550123", LONDON, path=path)
    call.hears("three dollars. Reserved for other calls: one dollar, eighty cents.")
    call.hears("You have forty minutes").rings(LONDON)
    call = kazoo.call("+14155550123", LONDON, path=path)
    call.hears("three dollars. Reserved for other calls: three dollars. What is left is not enough").ends()


def test_the_balance_line_says_what_is_reserved_too(
    kazoo_of: Kazoo, seeded: Tables, open_account: Callable[..., str]
) -> None:
    """While another call holds all of it, the balance is not zero."""
    account_id = open_account(1_000_000)
    callers = DynamoDBCallers(seeded.client("dynamodb"), seeded.names["CallersTable"])
    callers.put(KAZOO_ACCOUNT, Caller(number="+14155550996", account_id=account_id))
    kazoo_of().call("+14155550996", LONDON, path=gate(announce="none")).rings(LONDON)
    call = kazoo_of().call("+14155550996", "+18005550100", path="/account_balance")
    call.hears("Your balance is one dollar. Reserved for other calls: ninety-nine cents.")


def test_the_caller_hears_the_minutes_the_money_buys(
    kazoo_of: Kazoo, open_account: Callable[..., str]
) -> None:
    """Where calls are extended while they last, the first hold's seconds are not what is promised."""
    controls = Controls(hold_seconds=300)
    for micros, sentence in ((1_000_000_000, "You have sixty minutes"), (300_000, "You have ten minutes")):
        path = gate(account=open_account(micros, controls=controls))
        kazoo_of().call("+14155550123", LONDON, path=path).hears(sentence).rings(LONDON)


@pytest.mark.parametrize(
    ("name", "value", "remedy"),
    [
        ("conect", "user", r"did you mean connect\?"),
        ("to_number", "911", "unknown"),
        ("announce", "balance;minutes", "announce"),
        ("bill", "c", "use a or b"),
        ("failed", "x", "32 hexadecimal digits"),
        ("connect", "fax", "use one of resources"),
        ("to", "{call.digits}", "placeholder"),
    ],
)
def test_a_voice_url_the_gate_does_not_understand_is_the_operator_s_error(
    kazoo_of: Kazoo,
    books: DynamoDBLedger,
    open_account: Callable[..., str],
    capsys: pytest.CaptureFixture[str],
    name: str,
    value: str,
    remedy: str,
) -> None:
    """It is told and counted, and holds nothing; a call for help goes on all the same."""
    account_id = open_account()
    path = gate(account=account_id, **{name: value})
    kazoo_of().call("+14155550123", LONDON, path=path).hears("something went wrong on our side").ends()
    assert not stored(books, account_id).holds
    printed = capsys.readouterr().out
    assert '"reason":"misconfigured"' in printed
    assert '"GateMisconfigured":1' in printed
    assert f"voice_url parameter {name}" in printed
    with pytest.raises(MisconfiguredError, match=remedy):
        GateParameters.read({name: value})
    kazoo_of().call("+14155550123", "911", path=path).rings("911")


def test_parameters_that_kazoo_adds_are_none_of_the_gate_s() -> None:
    """A GET carries KAZOO's own, and a newer KAZOO may add more."""
    assert GateParameters.read({"account": "1001", "New-In-Kazoo-6": "x"}).account == "1001"
