"""Numbers that are not quite numbers: what is rated is what is dialled, or nothing is."""

from __future__ import annotations

import pytest

from tests.attacks.attacker import Victim, new_call

pytestmark = pytest.mark.stack

PREMIUM = "19005550123"
NO_EMERGENCIES = (
    f"911/x{PREMIUM}", "abc911", "911abc", "*911", "911.", "x911", "９１１", f"(911){PREMIUM}",
    f"911;{PREMIUM}",
    "911#", "#911", "911,,1", "9 1 1", "911\u200b", "\u202e911", "٩١١", "911\x00", "911\n", "+911",
    "+1911", "1911",
    "911@sip.example.com", "sip:911", "911%20", "0911", "9110", "11", "911911", "911+", f"911{PREMIUM}",
    "112x", "①①②",
)  # fmt: skip
TAILS = (
    "+12125550188/x33899123456", "+12125550188,,33899", "+12125550188;ext=5", "+12125550188x9999",
    "+12125550188#33899123456", "abc+12125550188", "12125550188;phone-context=+33", "+12125550188w1",
    "+1２125550188",
    "+12125550188\t33", "+12125550188@33899", "+12125550188&to_did=+33899123456", "+12125550188\u202e33",
    "%2B12125550188x",
    "+12125550188 ext. 12", "tel:+12125550188;isub=33", "++12125550188", "+1+2125550188", "+12125550188p33",
)  # fmt: skip


@pytest.fixture(scope="module")
def customer(victim: Victim) -> str:
    """A customer who pays for what they call."""
    return victim.customer(micros=50_000_000)


@pytest.mark.parametrize("dialled", NO_EMERGENCIES, ids=ascii)
def test_only_the_number_itself_is_an_emergency(victim: Victim, dialled: str) -> None:
    """Whatever else is in it is not a free call, and what is dialled is never the raw text."""
    answer = victim.ask("/balance_gate", dialled=dialled, query=victim.with_token(announce="none"))
    assert answer.is_harmless()
    if answer.status == 200:
        assert answer.connects_to is None
    # Nor as digits that a caller keyed.
    query = victim.with_token(announce="none", to_collection="n")
    keyed = victim.ask("/balance_gate", dialled="2000", query=query, digits={"n": dialled})
    assert keyed.status != 200 or keyed.connects_to is None


@pytest.mark.parametrize("number", ["911", "112", "988", "933"])
def test_a_number_for_help_connects_without_an_account(victim: Victim, number: str) -> None:
    """Exactly itself is what is dialled."""
    answer = victim.ask("/balance_gate", dialled=number, query=victim.with_token(announce="none"))
    assert answer.connects_to == number


@pytest.mark.parametrize("dialled", TAILS, ids=ascii)
def test_what_is_rated_is_what_is_dialled(victim: Victim, customer: str, dialled: str) -> None:
    """A number with a tail is refused; one that is read as a number is pinned to just that number."""
    query = victim.with_token(announce="none", account=customer)
    before = victim.held(customer)
    answer = victim.ask("/balance_gate", dialled=dialled, query=query)
    assert answer.is_harmless()
    if answer.status == 200 and answer.connects_to is not None:
        assert answer.connects_to == "+12125550188"
    else:
        assert victim.held(customer) == before


def test_a_directory_number_is_refused_in_words_that_say_so(victim: Victim, customer: str) -> None:
    """411 is a number, only not one of this service."""
    query = victim.with_token(announce="none", account=customer)
    answer = victim.ask("/balance_gate", dialled="411", query=query)
    assert answer.connects_to is None
    assert "cannot be called" in answer.said


@pytest.mark.parametrize(
    "query",
    [
        {"account": "{a}", "connect": "callflow", "id": "../../x"},
        {"account": "{a}", "connect": "device", "id": "*"},
        {"account": "{a}", "to": "+12125550188/x33899123456"},
        {"account": "{a}", "to": f"911{PREMIUM}"},
        {"account": "../{a}"},
        {"account": "{a}#hold"},
        {"account": "{a}", "bill": "none"},
        {"account": "{a}", "hold": "0"},
    ],
    ids=str,
)
def test_a_parameter_of_the_gate_is_what_it_says_or_nothing(
    victim: Victim, customer: str, query: dict[str, str]
) -> None:
    """The voice_url is the operator's: a slip in it makes no call and holds no money."""
    before = victim.held(customer)
    given = {name: value.format(a=customer) for name, value in query.items()}
    answer = victim.ask("/balance_gate", new_call(), dialled="+12125550188", query=victim.with_token(**given))
    assert answer.is_harmless()
    assert answer.connects_to is None
    assert victim.held(customer) == before
