"""The record of one exchange and the item it becomes."""

from __future__ import annotations

import json
import random
import uuid
import zlib
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pivot_app.live_debug.exchange import (
    MAX_ITEM_BYTES,
    RECENT_ATTRIBUTES,
    Exchange,
    Summary,
    clip,
    heard,
    partition_key,
    shard_of,
)

ACCOUNT = "0123456789abcdef0123456789abcdef"
SAMPLE = Exchange(
    kazoo_account_id=ACCOUNT,
    call_id="a3c1f0@10.1.2.3",
    received_ms=1_790_000_000_123,
    call_started_ms=1_790_000_000_123,
    step=0,
    request_id="8f5f4f3e-7d5b-4bb8-9f3d-0a6f6f0a9f11",
    callback="account_balance",
    method="POST",
    path="/account_balance",
    body_format="json",
    parameters={"Call-ID": "a3c1f0@10.1.2.3", "Digits": {"default": "2"}},
    caller="+14155550100",
    caller_name="Ann",
    dialled="+14155550199",
    status=200,
    outcome="answered",
    flow={"module": "tts", "data": {"text": "Your balance is two dollars."}, "children": {}},
    explanations=[{"kind": "balance", "facts": {"available_micros": 2_000_000}}],
    timings_us={"total": 812},
    state_after={"language": "en-us"},
)


def size_of(item: dict[str, Any], names: tuple[str, ...] | None = None) -> int:
    """DynamoDB's item size: the bytes of names and values; a number is at most 21 bytes."""
    return sum(
        len(name.encode()) + (21 if kind == "N" else len(value.encode() if kind == "S" else value))
        for name, typed in item.items()
        if names is None or name in names
        for kind, value in typed.items()
    )


def test_an_exchange_survives_the_table() -> None:
    """What is written is what is read."""
    assert Exchange.from_item(SAMPLE.to_item(expires_at=1)) == replace(
        SAMPLE, problems=[], lint=[], truncated=[]
    )


def test_the_summary_needs_only_what_the_index_projects() -> None:
    """A line of the list comes from the projected attributes alone."""
    item = SAMPLE.to_item(expires_at=1)
    projected = {
        name: item[name]
        for name in ("pk", "sk", "recent_pk", "recent_sk", *RECENT_ATTRIBUTES)
        if name in item
    }
    line = Summary.from_item(projected)
    assert (line.call_id, line.kazoo_account_id, line.step) == (SAMPLE.call_id, ACCOUNT, 0)
    assert (line.heard, line.outcome, line.total_us) == ("Your balance is two dollars.", "answered", 812)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=20,
)


@settings(max_examples=60, deadline=None)
@given(
    parameters=st.dictionaries(st.text(max_size=30), anything, max_size=8),
    name=st.text(max_size=300),
    call_id=st.text(min_size=1, max_size=300),
    step=st.integers(0, 99),
)
def test_any_text_is_stored_within_the_bounds(
    parameters: dict[str, Any], name: str, call_id: str, step: int
) -> None:
    """Whatever a stranger sends: the item is bounded, its line in the index one write unit."""
    long = {"callback": name, "caller": name, "caller_name": name, "dialled": name, "reason": name}
    flow = {"module": "tts", "data": {"text": name}, "children": {}}
    item = replace(
        SAMPLE,
        parameters=parameters,
        call_id=call_id,
        step=step,
        flow=flow,
        **long,  # type: ignore[arg-type]
    ).to_item(expires_at=4_000_000_000)
    assert size_of(item) <= MAX_ITEM_BYTES
    assert size_of(item, ("pk", "sk", "recent_pk", "recent_sk", *RECENT_ATTRIBUTES)) <= 1024
    assert Exchange.from_item(item).step == step


def test_incompressible_parts_are_cut_and_named() -> None:
    """Noise in every part still fits, and the record says what is missing."""
    chance = random.Random(7)

    def noise(size: int) -> str:
        return "".join(chr(chance.randint(0x4E00, 0x9FFF)) for _ in range(size))

    exchange = replace(
        SAMPLE,
        parameters={noise(5): noise(200) for _ in range(40)},
        explanations=[{"kind": "rule", "facts": {"x": noise(300)}} for _ in range(20)],
        flow={"module": "tts", "data": {"text": noise(4000)}, "children": {}},
        state_before={noise(4): noise(200) for _ in range(20)},
    )
    item = exchange.to_item(expires_at=1)
    assert size_of(item) <= MAX_ITEM_BYTES
    read = Exchange.from_item(item)
    assert {"parameters", "explanations", "flow", "state_before"} <= set(read.truncated)


def test_a_long_prompt_is_cut_and_the_flow_keeps_its_shape() -> None:
    """A flow too large for its words alone keeps its nodes."""
    flow = {
        "module": "tts",
        "data": {"text": "a" * 20_000},
        "children": {"_": {"module": "hangup", "data": {}, "children": {}}},
    }
    read = Exchange.from_item(replace(SAMPLE, flow=flow).to_item(expires_at=1))
    assert list(read.truncated) == ["flow"]
    assert read.flow is not None
    assert read.flow["children"]["_"]["module"] == "hangup"


def test_flows_deeper_than_dynamodb_nests_are_kept() -> None:
    """A flow of sixty nodes in a row is stored whole."""
    flow: dict[str, Any] = {"module": "hangup", "data": {}, "children": {}}
    for _ in range(60):
        flow = {"module": "sleep", "data": {"duration": 1}, "children": {"_": flow}}
    assert Exchange.from_item(replace(SAMPLE, flow=flow).to_item(expires_at=1)).flow == flow


def test_a_later_version_of_the_record_can_be_read() -> None:
    """Fields this version does not know are left out."""
    item = SAMPLE.to_item(expires_at=1)
    body = json.loads(zlib.decompress(item["body"]["B"])) | {"weather": "fine"}
    item["body"]["B"] = zlib.compress(json.dumps(body).encode())
    assert Exchange.from_item(item).call_id == SAMPLE.call_id


@pytest.mark.parametrize("shards", [1, 4, 16])
def test_calls_spread_over_the_shards(shards: int) -> None:
    """No shard of an account's list gets much more than its share of the calls."""
    counts = [0] * shards
    for number in range(4000):
        counts[shard_of(f"call-{number}", shards)] += 1
    assert max(counts) <= 1.25 * 4000 / shards


def test_a_thousand_calls_a_second_stay_below_what_a_partition_takes() -> None:
    """Three exchanges a call, one account, four shards: no key of table or index is hot."""
    table: Counter[str] = Counter()
    index: Counter[str] = Counter()
    for number in range(1000):
        for step in range(3):
            item = replace(SAMPLE, call_id=str(uuid.UUID(int=number * 7919)), step=step).to_item(
                expires_at=1, shards=4
            )
            names = ("pk", "sk", "recent_pk", "recent_sk", *RECENT_ATTRIBUTES)
            table[item["pk"]["S"]] += -(-size_of(item) // 1024)
            index[item["recent_pk"]["S"]] += -(-size_of(item, names) // 1024)
    assert len(table) == 1000
    assert max(table.values()) < 20
    assert len(index) == 4
    assert max(index.values()) < 1000


def test_the_first_words_are_found_behind_quick_nodes() -> None:
    """The line of the list shows the first thing said on the wildcard chain."""
    flow = {"module": "answer", "data": {}, "children": {"_": SAMPLE.flow}}
    assert heard(flow) == "Your balance is two dollars."
    assert heard({"module": "user", "data": {}, "children": {}}) == ""


def test_long_call_ids_stay_apart() -> None:
    """Call-IDs that differ only behind what a key keeps are two calls, found by the whole or the stored."""
    one, other = "c" * 600 + "1", "c" * 600 + "2"
    assert partition_key(ACCOUNT, one) != partition_key(ACCOUNT, other)
    stored = Exchange.from_item(replace(SAMPLE, call_id=one).to_item(expires_at=1)).call_id
    assert partition_key(ACCOUNT, stored) == partition_key(ACCOUNT, one)


def test_clipping_never_splits_a_character() -> None:
    """A cut text is valid UTF-8 within its limit, and says that it was cut."""
    assert clip("é" * 50, 21) == "é" * 9 + "…"
