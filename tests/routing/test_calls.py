"""Rules in whole calls: which version and page answers, what is read for it, and what Live Debug is told."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from kazoo_callflow import Flow
from kazoo_pivot import Call, KazooAccount, StoreUnavailableError, testing
from pivot_app.identity import Caller
from pivot_app.menus import handle_menu
from pivot_app.routing import RoutingError, _calls, route_call
from tests.fakes import FailingCallers, FailingDocuments, MemoryCallers, MemoryDocuments, person

CALLER, DIALLED = "+14155550100", "+14155550199"
RULES = """\
kind: routing
routes:
  default:
    rules:
      - name: strangers
        when: {{test: "not", of: known_caller}}
        then: {{do: hang_up, say: "{word} stranger."}}
    otherwise: {{do: hang_up, say: "{word} default."}}
  "+14155550199":
    rules: []
    otherwise: {{do: hang_up, say: "{word} dialled."}}
"""
HUNT = """\
kind: routing
routes:
  default:
    otherwise:
      do: hunt
      entries: [{number: "+14155550111"}, {number: "+14155550112"}]
      failed: {do: hang_up, say: WORD}
"""


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    """Every test begins as a new instance does."""
    _calls._pages.clear()
    yield
    _calls._pages.clear()


@pytest.fixture
def account() -> KazooAccount:
    """A KAZOO account of its own."""
    return KazooAccount(id=uuid.uuid4().hex)


def call_of(account: KazooAccount, dialled: str = "2000", **given: Any) -> Call:
    """A first request."""
    return testing.call(account=account, request_user=dialled, caller_id_number=CALLER, **given)


def said(flow: Flow) -> list[str]:
    """The sentences of a flow, in the order they are heard."""
    return [node.data["text"] for _, node in flow.walk() if node.module == "tts"]


def routed(call: Call, documents: MemoryDocuments, **ports: Any) -> list[str]:
    """What the caller hears."""
    return said(route_call(call, documents, person(call, **ports)))


def test_the_route_of_the_dialled_number_else_the_default_one(account: KazooAccount) -> None:
    """The rules of one number never answer another."""
    documents = MemoryDocuments()
    documents.push(account.id, RULES.format(word="The"))
    known = MemoryCallers({account.id: {CALLER: Caller(CALLER, "1001")}})
    assert routed(call_of(account, DIALLED), documents, callers=known) == ["The dialled."]
    assert routed(call_of(account), documents, callers=known) == ["The default."]
    assert routed(call_of(account), documents) == ["The stranger."]


def test_a_second_call_reads_the_head_alone(account: KazooAccount) -> None:
    """Each page is read once in a version, and so is the answer that a number has no route of its own."""
    documents = MemoryDocuments()
    documents.push(account.id, RULES.format(word="The"))
    for dialled, read in (("2000", ["head", "2000"]), (DIALLED, ["head", DIALLED])):
        documents.read.clear()
        first = routed(call_of(account, dialled), documents)
        assert documents.read == read
        documents.read.clear()
        assert routed(call_of(account, dialled), documents) == first
        assert documents.read == ["head"]


def test_a_push_counts_with_the_next_call_and_in_no_other_account(account: KazooAccount) -> None:
    """What is kept of a version is of that version and KAZOO account alone."""
    documents, other = MemoryDocuments(), KazooAccount(id=uuid.uuid4().hex)
    documents.push(account.id, RULES.format(word="Old"))
    documents.push(other.id, RULES.format(word="Other"))
    assert routed(call_of(account, DIALLED), documents) == ["Old dialled."]
    assert routed(call_of(other, DIALLED), documents) == ["Other dialled."]
    documents.push(account.id, RULES.format(word="New"))
    assert routed(call_of(account, DIALLED), documents) == ["New dialled."]
    assert routed(call_of(other, DIALLED), documents) == ["Other dialled."]


@pytest.mark.parametrize("is_new_instance", [False, True])
def test_a_hunt_goes_on_in_the_version_the_call_began_with(
    account: KazooAccount, is_new_instance: bool
) -> None:
    """Whatever is pushed meanwhile, and on whichever instance it goes on."""
    documents = MemoryDocuments()
    entries = ", ".join(f'{{number: "+1415555{number}"}}' for number in range(2000, 2040))
    text = HUNT.replace('{number: "+14155550111"}, {number: "+14155550112"}', entries)
    documents.push(account.id, text.replace("WORD", "Old."))
    before = call_of(account)
    flow = route_call(before, documents, person(before))
    documents.push(account.id, text.replace("WORD", "New."))
    rounds = 0
    while not said(flow):
        if is_new_instance:
            _calls._pages.clear()
        before = testing.following(flow, before)
        flow = route_call(before, documents, person(before))
        rounds += 1
    assert rounds
    assert set(said(flow)) == {"Old."}
    # The instance that began the call reads no page again.
    assert is_new_instance or documents.read == ["head", "2000"]


def test_a_version_without_the_route_is_named(account: KazooAccount) -> None:
    """The state is signed, so only a store that lost a page leads here."""
    documents = MemoryDocuments()
    documents.push(account.id, HUNT.replace("WORD", "Nobody."))
    call = call_of(account, step=1, signed={"version": 1, "menu": "", "route": "gone", "at": "otherwise"})
    with pytest.raises(RoutingError, match="version 1 has no route 'gone'"):
        route_call(call, documents, person(call))


def test_what_is_missing_is_named(account: KazooAccount) -> None:
    """Nothing pushed, and no route that fits."""
    documents = MemoryDocuments()
    call = call_of(account)
    with pytest.raises(RoutingError, match=r"no routing rules were pushed.*pivot data push"):
        route_call(call, documents, person(call))


def test_a_store_that_is_away_is_no_missing_document(account: KazooAccount) -> None:
    """The callback answers its fallback, and the reason in its metric is the store."""
    call = call_of(account)
    with pytest.raises(StoreUnavailableError, match="documents"):
        route_call(call, FailingDocuments(), person(call))
    documents = MemoryDocuments()
    documents.push(account.id, RULES.format(word="The"))
    with pytest.raises(StoreUnavailableError, match="callers"):
        route_call(call, documents, person(call, callers=FailingCallers()))


def test_live_debug_is_told_which_rule_decided_and_why_the_last_ones_did_not(account: KazooAccount) -> None:
    """With the route, the version and the number of rules before it."""
    documents = MemoryDocuments()
    rules = "".join(
        f"      - {{name: rule {number}, when: known_caller, then: hang_up}}\n" for number in range(25)
    )
    text = f"kind: routing\nroutes:\n  default:\n    rules:\n{rules}    otherwise: {{do: park}}\n"
    documents.push(account.id, text)
    documents.push(account.id, text)
    call = call_of(account)
    route_call(call, documents, person(call))
    *missed, decided = [each for each in call._session.explanations if each["kind"].startswith("rule")]
    assert decided == {
        "kind": "rule",
        "facts": {
            "rule": "otherwise",
            "route": "default",
            "version": 2,
            "action": "park",
            "missed_before": 25,
        },
    }
    assert [each["facts"]["rule"] for each in missed] == [f"rule {number}" for number in range(5, 25)]
    assert all(each["facts"]["why"] for each in missed)


def test_a_known_callers_language_is_spoken_where_a_rule_looked_them_up(account: KazooAccount) -> None:
    """Otherwise the call's own: nobody is looked up for a language alone."""
    documents = MemoryDocuments()
    documents.push(
        account.id,
        "kind: routing\nlanguages: [en, fr]\nroutes:\n  default:\n    rules:\n"
        "      - {name: strangers, when: {test: not, of: known_caller}, then: hang_up}\n"
        "    otherwise: {do: hang_up, say: {en: Hello., fr: Bonjour.}}\n",
    )
    known = MemoryCallers({account.id: {CALLER: Caller(CALLER, "1001", attributes={"language": "fr"})}})
    assert routed(call_of(account), documents, callers=known) == ["Bonjour."]


def test_a_rule_leads_to_the_menus_that_are_live_then(account: KazooAccount) -> None:
    """The version of the rules says nothing of the menus."""
    documents = MemoryDocuments()
    for word in ("Old", "New"):
        documents.push(
            account.id,
            f"kind: menus\nstart: main\nmenus:\n  main: {{prompt: {word} menu., keys: {{1: hang_up}}}}\n",
        )
    documents.push(account.id, "kind: routing\nroutes:\n  default:\n    otherwise: {do: menu, menu: main}\n")
    before = call_of(account)
    call = testing.following(route_call(before, documents, person(before)), before)
    assert said(handle_menu(call, documents, person(call))) == ["New menu."]
