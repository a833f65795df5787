"""The list and the detail, on the emulator's table."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from typing import Any

import pytest

from pivot_app.live_debug import ExchangeStore, FilterError, Filters
from pivot_app.live_debug.exchange import Exchange

from .conftest import START_MS

Make = Callable[..., Exchange]
Put = Callable[..., None]


def ids(page: Any) -> list[str]:
    """The Call-IDs of a page, in order."""
    return [call.call_id for call in page.calls]


def test_calls_are_listed_newest_first(store: ExchangeStore, account: str, make: Make, put: Put) -> None:
    """The list goes by the time of a call's first request, whatever order the writes arrive in."""
    put(make("b", 2000), make("a", 1000), make("c", 3000))
    assert ids(store.recent(account)) == ["c", "b", "a"]


def test_a_call_is_one_line(store: ExchangeStore, account: str, make: Make, put: Put) -> None:
    """All exchanges of a call are one line: the callbacks in order, the worst outcome, the last words."""
    put(
        make("long", 0, callback="menu", timings_us={"total": 500}),
        make("other", 5),
        make(
            "long",
            900,
            started=0,
            step=1,
            callback="menu_selection",
            outcome="fallback",
            reason="exception",
            timings_us={"total": 7000},
            problems=[{"path": "data", "rule": "required", "message": "m"}],
        ),
        make(
            "long",
            1800,
            started=0,
            step=2,
            callback="account_balance",
            flow={"module": "tts", "data": {"text": "Bye"}},
        ),
    )
    other, long = store.recent(account).calls
    assert other.call_id == "other"
    assert (long.exchanges, long.callbacks) == (3, ["menu", "menu_selection", "account_balance"])
    assert (long.outcome, long.reason, long.slowest_us, long.marks) == ("fallback", "exception", 7000, 1)
    assert (long.heard, long.started_ms, long.last_ms) == ("Bye", START_MS, START_MS + 1800)


def test_a_call_is_read_in_order(store: ExchangeStore, account: str, make: Make, put: Put) -> None:
    """The detail of a call has its exchanges in the order they happened, and nobody else's."""
    put(make("x", 20, started=0, step=1), make("x", 0), make("y", 5), make("x", 40, started=0, step=2))
    assert [exchange.step for exchange in store.call(account, "x")] == [0, 1, 2]
    assert store.call(account, "z") == []


def test_accounts_are_apart(store: ExchangeStore, account: str, make: Make, put: Put) -> None:
    """Another account's calls are neither listed nor found, with the same Call-ID too."""
    put(make("same"), make("same", kazoo_account_id=account[::-1], caller="+19995550000"))
    assert [call.caller for call in store.recent(account).calls] == ["+14155550100"]
    assert [exchange.caller for exchange in store.call(account[::-1], "same")] == ["+19995550000"]


def test_a_page_never_ends_inside_a_call(store: ExchangeStore, account: str, make: Make, put: Put) -> None:
    """However pages are cut, every call is listed once with all its exchanges."""
    chance = random.Random(3)
    sizes = {f"call-{number}": chance.randint(1, 9) for number in range(40)}
    for number, (call_id, size) in enumerate(sizes.items()):
        put(*(make(call_id, number * 10 + step * 50, started=number * 10, step=step) for step in range(size)))
    for limit in (1, 3, 7):
        seen = []
        cursor = ""
        while cursor is not None:
            page = store.recent(account, limit=limit, cursor=cursor)
            assert len(page.calls) <= limit
            seen += [(call.call_id, call.exchanges) for call in page.calls]
            cursor = page.next
        assert seen == list(reversed(sizes.items()))


@pytest.mark.parametrize("shards", [1, 4])
def test_ten_thousand_exchanges_page_while_new_ones_arrive(
    store: ExchangeStore, account: str, make: Make, emulator: Any, shards: int
) -> None:
    """Every call there when paging began is listed exactly once, though new ones are written meanwhile."""
    table = emulator.names["ExchangesTable"]
    client = emulator.client("dynamodb")

    def write(exchanges: list[Exchange]) -> None:
        for start in range(0, len(exchanges), 25):
            items = [
                {"PutRequest": {"Item": each.to_item(expires_at=4_000_000_000, shards=shards)}}
                for each in exchanges[start : start + 25]
            ]
            assert not client.batch_write_item(RequestItems={table: items})["UnprocessedItems"]

    # Four exchanges a call, twenty calls in each millisecond's neighbourhood.
    there = [f"old-{number}" for number in range(2500)]
    write(
        [
            make(call_id, number // 20 + step * 700, started=number // 20, step=step)
            for number, call_id in enumerate(there)
            for step in range(4)
        ]
    )
    stop = threading.Event()

    def arrive() -> None:
        number = 0
        while not stop.wait(0.02):
            write([make(f"new-{number}-{each}", 10_000 + number) for each in range(25)])
            number += 1

    writer = threading.Thread(target=arrive)
    writer.start()
    try:
        seen: list[tuple[str, int]] = []
        cursor: str | None = ""
        while cursor is not None:
            page = store.recent(account, limit=100, cursor=cursor, shards=shards)
            seen += [(call.call_id, call.exchanges) for call in page.calls]
            cursor = page.next
    finally:
        stop.set()
        writer.join()
    assert len(seen) == len(set(seen)), "a call was listed twice"
    assert {call for call, _ in seen} >= set(there), "a call was skipped"
    assert {exchanges for call, exchanges in seen if call in set(there)} == {4}


def test_a_page_and_a_call_are_one_query_each(
    store: ExchangeStore, account: str, make: Make, put: Put, dynamodb: Any
) -> None:
    """The first page of a busy account is one query, and so is a whole call."""
    put(*(make(f"call-{number}", number) for number in range(300)))
    asked = []
    dynamodb.meta.events.register("before-call.dynamodb", lambda model, **_: asked.append(model.name))
    store.recent(account, limit=50)
    assert asked == ["Query"]
    asked.clear()
    store.call(account, "call-7")
    assert asked == ["Query"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"callback": "menu"}, {"menu"}),
        ({"outcome": "fallback"}, {"failed"}),
        ({"reason": "store"}, {"failed"}),
        ({"number": "5550 123"}, {"menu"}),
        ({"number": "0199"}, {"menu", "failed", "plain"}),
        ({"caller": "+14155550100"}, {"failed", "plain"}),
        ({"dialled": "0100"}, set()),
        ({"text": "ZÜRICH"}, {"plain"}),
        ({"text": "pla"}, {"plain"}),
        ({"text": "sorry"}, {"failed"}),
        ({"from": str(START_MS + 1500)}, {"plain"}),
        ({"to": str(START_MS + 1000)}, {"menu"}),
        ({"from": "2026-09-21T14:13:21Z", "to": "2026-09-21T15:13:22+01:00"}, {"failed"}),
        ({"outcome": "fallback", "callback": "menu"}, set()),
    ],
)
def test_filters(
    store: ExchangeStore, account: str, make: Make, put: Put, query: dict[str, str], found: set[str]
) -> None:
    """Each filter finds its calls, and several narrow down."""
    put(
        make("menu", 0, callback="menu", caller="+14155550123"),
        make(
            "failed",
            1000,
            outcome="fallback",
            reason="store_unavailable",
            flow={"module": "tts", "data": {"text": "Sorry"}},
        ),
        make("plain", 2000, caller_name="Beat aus Zürich"),
    )
    assert set(ids(store.recent(account, Filters.parse(query)))) == found


def test_a_filter_that_matches_little_goes_on_with_its_cursor(
    store: ExchangeStore, account: str, make: Make, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page looks at a bounded number of exchanges; following the cursor finds the one call that matches."""
    monkeypatch.setattr("pivot_app.live_debug._store.MAX_SCANNED", 30)
    put(make("needle", 0, outcome="fallback"), *(make(f"hay-{number}", 10 + number) for number in range(100)))
    pages = 0
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = store.recent(account, Filters(outcome="fallback"), cursor=cursor)
        assert page.scanned <= 31
        pages, cursor, seen = pages + 1, page.next, seen + ids(page)
    assert seen == ["needle"]
    assert pages == 4


def test_masked_numbers_are_found_by_the_whole_number(
    store: ExchangeStore, account: str, make: Make, put: Put
) -> None:
    """Where an account masks numbers, someone who knows one still finds its calls."""
    put(make("masked", caller="+1415•••0100"), make("other", caller="+1415•••0177"))
    assert ids(store.recent(account, Filters(caller="+14155550100"))) == ["masked"]


@pytest.mark.parametrize(
    "query",
    [{"outcome": "good"}, {"from": "yesterday"}, {"text": "x" * 201}],
    ids=lambda query: next(iter(query)),
)
def test_bad_filters_name_the_parameter(query: dict[str, str]) -> None:
    """A filter that is not understood is refused by name, with what would be accepted."""
    with pytest.raises(FilterError, match=next(iter(query))):
        Filters.parse(query)


@pytest.mark.parametrize("cursor", ["!", "aGVsbG8", "MDAwMDAwMDAwMDAwMCMwMDAwMDAwMCM", "é"])
def test_foreign_cursors_are_refused(store: ExchangeStore, account: str, cursor: str) -> None:
    """A cursor that this list never gave is an error, not an empty page."""
    with pytest.raises(FilterError, match="cursor"):
        store.recent(account, cursor=cursor)
