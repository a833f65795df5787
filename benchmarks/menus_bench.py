"""A step of a call among much data beside one among little, and the cost of deciding among 10,000 rules.

PIVOT_BENCH_CALLERS sets how many callers the large tables hold: 20,000 by default, as seeding a million takes
the emulator some minutes; menus and rules are 10,000 always.
"""

from __future__ import annotations

import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from benchmarks.figure import Figure
from pivot_app.conditions import CallAttributes
from pivot_app.documents import DocumentStore, PageCache
from pivot_app.menus import _calls as menus_in_calls
from pivot_app.routing import _calls as routing_in_calls
from pivot_app.routing import decide, read_page
from pivot_app.settings import settings
from pivotctl.data import MenuDocument, RoutingDocument, load, pages_of
from pivotctl.data._models import encode
from pivotctl.events import event_v2
from pivotctl.local_stack import Emulator, create_tables, function_environment
from pivotctl.local_stack.demo_data import KAZOO_ACCOUNT, TOKEN, seed

CALLERS = int(os.environ.get("PIVOT_BENCH_CALLERS", "20000"))
MANY, FEW = 10_000, 100
ROUNDS = 250
NOW = datetime(2026, 1, 5, 17, tzinfo=UTC)


def figures() -> Iterator[Figure]:
    """Yield the cost of rules in this process, then of steps on a small and a large emulator in turn."""
    yield from _rules()
    with tempfile.TemporaryDirectory() as folder:
        little, much = (Emulator.start(Path(folder) / f"{name}.log") for name in ("little", "much"))
        try:
            yield from _steps(_Place(little, FEW, FEW), _Place(much, CALLERS, MANY))
        finally:
            little.stop()
            much.stop()


def rules(count: int) -> RoutingDocument:
    """Rules that all miss: each asks for one caller and one weekday; ten of the numbers in turn."""
    listed = [
        {
            "name": f"rule {n}",
            "when": [
                {"test": "caller_number", "one_of": f"+1650{n:07d}"},
                {"test": "weekday", "days": "mon-fri"},
            ],
            "then": {"do": "callflow", "id": "a" * 32},
        }
        for n in range(count)
    ]
    route = {"rules": listed, "otherwise": "hang_up"}
    return _routing({"default": route})


def _routing(routes: dict[str, Any]) -> RoutingDocument:
    made = load({"kind": "routing", "routes": routes})
    if not isinstance(made, RoutingDocument):
        raise TypeError(made.kind)
    return made


def _rules() -> Iterator[Figure]:
    per_rule_ns = {}
    for count in (1_000, MANY):
        stored = pages_of(rules(count))["default"]
        page = read_page(stored)
        per_rule_ns[count] = _decide_ns(page) / count
    cache = PageCache(read_page)
    start = time.process_time()
    cache.add("", 1, "default", stored)
    yield Figure(
        "routing: read 10,000 rules, once for each version", (time.process_time() - start) * 1e3, "ms"
    )
    yield Figure("routing: decide among 10,000 rules that all miss", per_rule_ns[MANY] * MANY / 1e6, "ms")
    yield Figure(
        "routing: one rule among 10,000", per_rule_ns[MANY], "ns", per_rule_ns[1_000], "one rule among 1,000"
    )


def _decide_ns(page: Any) -> int:
    """Return the least processor time of a decision: other work on the machine only adds to it."""
    took = []
    for _ in range(15):
        start = time.process_time_ns()
        decide(page, CallAttributes(now=NOW, caller_number="+14155550100"))
        took.append(time.process_time_ns() - start)
    return min(took)


def menus(count: int) -> MenuDocument:
    """Menus that each lead to the next."""
    made = load(
        {
            "kind": "menus",
            "start": "m0",
            "menus": {
                f"m{n}": {
                    "prompt": "Hello {caller.name}. For the next menu, press 1. For your balance, press 2.",
                    "keys": {"1": {"do": "menu", "menu": f"m{(n + 1) % count}"}, "2": {"do": "balance"}},
                }
                for n in range(count)
            },
        }
    )
    if not isinstance(made, MenuDocument):
        raise TypeError(made.kind)
    return made


class _Place:
    """An emulator with so many callers and menus, and rules spread over routes of a hundred."""

    def __init__(self, emulator: Emulator, callers: int, documents: int) -> None:
        self.tables = create_tables(emulator)
        seed(emulator, self.tables)
        self.environment = function_environment(emulator, self.tables)
        self.callers, self.documents = callers, documents
        store = DocumentStore(emulator.client("dynamodb"), self.tables["DocumentsTable"])
        for document in (menus(documents), self._routes(documents // FEW)):
            store.push(
                KAZOO_ACCOUNT,
                document.kind,
                pages=pages_of(document),
                start=document.start,
                source="",
                author="benchmark",
                now=NOW,
            )
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda first: self._write(emulator, first), range(0, callers, 5_000)))

    @staticmethod
    def _routes(count: int) -> RoutingDocument:
        ring = {
            "name": "known",
            "when": [{"test": "known_caller"}],
            "then": {"do": "callflow", "id": "b" * 32},
        }
        body = encode(rules(FEW).routes["default"])
        body["rules"].append(ring)
        names = ["default", *(f"+1212555{n:04d}" for n in range(1, count))]
        return _routing(dict.fromkeys(names, body))

    def _write(self, emulator: Emulator, first: int) -> None:
        client = emulator.client("dynamodb")
        for begin in range(first, min(first + 5_000, self.callers), 25):
            items = [
                {
                    "pk": {"S": f"{KAZOO_ACCOUNT}#+1415{n:07d}"},
                    "account_id": {"S": "1001"},
                    "name": {"S": "Ada"},
                }
                for n in range(begin, min(begin + 25, self.callers))
            ]
            client.batch_write_item(
                RequestItems={self.tables["CallersTable"]: [{"PutRequest": {"Item": item}} for item in items]}
            )

    def use(self) -> None:
        """Let the handlers of this process work here."""
        os.environ.update(self.environment)
        settings.cache_clear()


def _steps(little: _Place, much: _Place) -> Iterator[Figure]:
    from functions.call_routing import app as call_routing
    from functions.menu import app as menu
    from functions.menu_selection import app as menu_selection

    for app in (call_routing, menu, menu_selection):
        app.handler.debug = False
    # A Lambda that has few menus soon has them all in memory: without its cache, like is compared with like.
    forget = (menus_in_calls._pages.clear, routing_in_calls._pages.clear)  # noqa: SLF001

    def present(place: _Place, n: int) -> Callable[[], object]:
        event = _event("/menu", n, place, query=f"token={TOKEN}&menu=m{n * 37 % place.documents}")
        return lambda: menu.handler(event, None)

    def select(place: _Place, n: int) -> Callable[[], object]:
        answer = json.loads(present(place, n)()["body"])  # type: ignore[index]
        collection = answer["children"]["_"]
        url = urlsplit(collection["children"]["_"]["data"]["voice_url"])
        digits = f"&Digits[{collection['data']['collection_name']}]=1"
        event = _event(url.path, n, place, query=url.query, digits=digits)
        return lambda: menu_selection.handler(event, None)

    def route(place: _Place, n: int) -> Callable[[], object]:
        event = _event("/call_routing", n, place, query=f"token={TOKEN}")
        return lambda: call_routing.handler(event, None)

    much_of = f"{much.callers:,} callers, {much.documents:,} menus and rules"
    for name, prepare in (("menu", present), ("menu_selection", select), ("call_routing", route)):
        took: dict[_Place, list[float]] = {little: [], much: []}
        for n in range(ROUNDS):
            for place in (little, much):
                place.use()
                step = prepare(place, n)
                for clear in forget:
                    clear()
                start = time.perf_counter()
                answer: Any = step()
                took[place].append((time.perf_counter() - start) * 1e3)
                if json.loads(answer["body"])["data"].get("text", "").startswith("We are sorry"):
                    raise RuntimeError(f"{name} failed: {answer['body'][:300]}")
        value, baseline = (statistics.median(took[place][10:]) for place in (much, little))
        yield Figure(f"{name}: a step among {much_of}", value, "ms", baseline, "100 of each")


def _event(path: str, n: int, place: _Place, *, query: str, digits: str = "") -> dict[str, Any]:
    caller = n * 7919 % place.callers
    dialled = n % (place.documents // FEW)
    body = (
        "A"
        f"ccount-ID={KAZOO_ACCOUNT}&Call-ID=bench-{id(place)}-{path[1:5]}-{n}&Caller-ID-Number=%2B1415{caller:07d}"
        f"&Request=%2B1212555{dialled:04d}{digits}"
    )
    headers = {"content-type": "application/x-www-form-urlencoded"}
    return event_v2("POST", path, query_string=query, headers=headers, body=body)
