"""The short flows everyone needs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import kazoo_callflow as callflow
from kazoo_callflow import VERSIONS, split_text, validate


def modules(flow: callflow.Flow) -> list[str]:
    """Name the modules of a flow, from the root down."""
    return [each.module for _, each in flow.walk()]


def test_prompt_and_collect_lets_the_caller_barge_in_on_this_question_only() -> None:
    """Stale digits are flushed first; a key pressed over the prompt is then the first of the answer."""
    flow = callflow.prompt_and_collect("Your account number?", "account", max_digits=8)
    assert modules(flow) == ["flush_dtmf", "flush_dtmf", "tts", "collect_dtmf"]
    assert flow.data["collection_name"] == "default"
    played = callflow.prompt_and_collect(callflow.play("media-id"), "default")
    assert modules(played) == ["flush_dtmf", "play", "collect_dtmf"]
    assert all(validate(one, kazoo) == [] for one in (flow, played) for kazoo in VERSIONS)


def test_pivot_or_has_a_fallback_of_its_own() -> None:
    """The pivot uses the safe settings and keeps the fallback as its wildcard child."""
    flow = callflow.pivot_or("https://voice.example.com", callflow.tts("Try again later."))
    assert flow.data["method"] == "post"
    assert flow.children["_"].module == "tts"
    headers = callflow.pivot_or("https://voice.example.com", callflow.hangup(), headers={"X-Token": "t"})
    assert headers.versions == ("4.3", "5")


def test_ring_has_a_branch_for_each_failure() -> None:
    """Phones fall back to the wildcard child, carriers to a child under each cause they report."""
    sorry, busy = callflow.tts("Nobody is there."), callflow.tts("The line is busy.")
    phone = callflow.ring(callflow.user("u"), otherwise=sorry, busy=busy)
    assert set(phone.children) == {"USER_BUSY", "sip:486", "_"}
    carrier = callflow.ring(callflow.resources("+14155550100"), otherwise=sorry, busy=busy)
    assert carrier.children["USER_BUSY"] == busy
    assert carrier.children["NO_ANSWER"] == carrier.children["UNALLOCATED_NUMBER"] == sorry
    assert "_" not in carrier.children


def test_long_texts_become_several_nodes() -> None:
    """A text beyond 1,000 characters is spoken by several tts nodes, split between sentences."""
    sentence = "This sentence is spoken as a whole. "
    flow = callflow.say_long(sentence * 60, voice="male")
    texts = [each.data["text"] for _, each in flow.walk()]
    assert len(texts) == 3
    assert all(text.endswith("whole.") and len(text) <= 1000 for text in texts)
    assert validate(flow, "4.3") == []


@given(text=st.text(st.characters(exclude_categories=["Cs"]), max_size=400), limit=st.integers(1, 50))
def test_splitting_keeps_every_word(text: str, limit: int) -> None:
    """Pieces are within the limit and hold the same characters, gaps aside."""
    pieces = split_text(text, limit)
    assert all(len(piece) <= limit for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())


def test_a_chain_of_carrier_calls_says_what_to_do_before_it_explodes() -> None:
    """Each failure of a carrier copies the rest; a pivot to the rest grows by one step for each."""

    def hunt(numbers: int) -> callflow.Flow:
        chain = callflow.hangup()
        for number in range(numbers):
            chain = callflow.ring(callflow.resources(to_did=f"+141555501{number:02}"), otherwise=chain)
        return chain

    assert hunt(2).problems("4.3") == []
    with pytest.raises(callflow.BuildError, match="pivot_or"):
        hunt(12)
    rest = callflow.pivot_or("https://pivot.example.com/next", callflow.hangup())
    assert callflow.ring(callflow.resources(to_did="+14155550100"), otherwise=rest).problems("4.3") == []
    phones = callflow.hangup()
    for _ in range(40):
        phones = callflow.ring(callflow.user(id="a" * 32), otherwise=phones)
    assert len(phones.to_json()) < 6_000
