"""Versioned documents on the emulator: a switch of version is atomic, and calls finish on what they began
with."""

from __future__ import annotations

import threading
import uuid
from datetime import UTC, datetime
from typing import Any

import pytest

from pivot_app.documents import DocumentError, DocumentStore, PageCache, PushConflictError
from tests.conftest import Tables

NOW = datetime(2026, 1, 5, 17, tzinfo=UTC)


@pytest.fixture
def store(emulator: Tables) -> DocumentStore:
    """The emulator's documents."""
    return DocumentStore(emulator.client("dynamodb"), emulator.names["DocumentsTable"])


@pytest.fixture
def account() -> str:
    """A KAZOO account nobody else uses."""
    return uuid.uuid4().hex


def push(store: DocumentStore, account: str, text: str, **more: Any) -> int:
    """Push three pages that all hold `text`."""
    pages = {name: text.encode() for name in ("main", "a", "b")}
    return store.push(
        account, "menus", pages=pages, start="main", source=f"# {text}\n", author="Ada", now=NOW, **more
    )


def test_nothing_pushed_is_nothing_live(store: DocumentStore, account: str) -> None:
    """A new KAZOO account has no documents."""
    assert store.head(account, "menus") is None
    assert store.history(account, "menus") == []
    with pytest.raises(DocumentError, match="no version 1"):
        store.source(account, "menus", 1)


def test_a_push_is_live_with_its_first_page_beside_the_pointer(store: DocumentStore, account: str) -> None:
    """One read begins a call, one more for any other menu."""
    assert push(store, account, "one") == 1
    head = store.head(account, "menus")
    assert head is not None
    assert (head.version, head.start, head.page) == (1, "main", b"one")
    assert store.page(account, "menus", 1, "a") == b"one"
    assert store.page(account, "menus", 1, "nowhere") is None
    assert sorted(store.pages(account, "menus", 1)) == [("a", b"one"), ("b", b"one"), ("main", b"one")]


def test_an_older_version_stays_as_it_was_and_can_come_back(store: DocumentStore, account: str) -> None:
    """Calls in progress go on reading it; a rollback only moves the pointer."""
    push(store, account, "one")
    push(store, account, "two", note="better words")
    assert store.page(account, "menus", 1, "a") == b"one"
    assert store.source(account, "menus", 1) == "# one\n"
    newest, oldest = store.history(account, "menus")
    assert (newest.number, newest.live, newest.note, newest.author) == (2, True, "better words", "Ada")
    assert (oldest.number, oldest.live, oldest.pages) == (1, False, 3)
    store.roll_back(account, "menus", 1)
    head = store.head(account, "menus")
    assert head is not None
    assert (head.version, head.page) == (1, b"one")
    with pytest.raises(DocumentError, match="no version 9"):
        store.roll_back(account, "menus", 9)


def test_kazoo_accounts_are_kept_apart(store: DocumentStore, account: str) -> None:
    """The same document under another KAZOO account, or of another kind, is another document."""
    push(store, account, "mine")
    for other, kind in ((uuid.uuid4().hex, "menus"), (account, "routing"), (account[:-1], "menus")):
        assert store.head(other, kind) is None
        assert store.page(other, kind, 1, "main") is None
        assert list(store.pages(other, kind, 1)) == []


def test_a_push_on_top_of_what_was_not_seen_is_refused(store: DocumentStore, account: str) -> None:
    """Nobody's work is overwritten unseen, and the live data stays as it was."""
    push(store, account, "one")
    push(store, account, "two", expected=1)
    with pytest.raises(PushConflictError, match="version 2 of menus is live, not 1"):
        push(store, account, "three", expected=1)
    head = store.head(account, "menus")
    assert head is not None
    assert head.page == b"two"


def test_of_pushes_at_once_all_or_none_of_each_is_live(store: DocumentStore, account: str) -> None:
    """Eight authors push together: the live version is one of them, whole; the losers are told."""
    push(store, account, "start")
    told: list[str] = []
    lock = threading.Lock()
    begin = threading.Barrier(8)

    def author(number: int) -> None:
        begin.wait()
        try:
            push(store, account, f"author {number}")
            word = "live"
        except PushConflictError:
            word = "conflict"
        with lock:
            told.append(word)

    threads = [threading.Thread(target=author, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(told) == 8
    assert "live" in told
    head = store.head(account, "menus")
    assert head is not None
    assert {page for _, page in store.pages(account, "menus", head.version)} == {head.page}
    versions = [version.number for version in store.history(account, "menus")]
    assert len(set(versions)) == 9


def test_readers_never_see_a_mixture(store: DocumentStore, account: str) -> None:
    """While versions are pushed, head and page of the version it names always belong together."""
    push(store, account, "0")
    done = threading.Event()
    mixtures: list[tuple[bytes, bytes | None]] = []

    def read() -> None:
        while not done.is_set():
            head = store.head(account, "menus")
            assert head is not None
            page = store.page(account, "menus", head.version, "b")
            if page != head.page:
                mixtures.append((head.page, page))

    reader = threading.Thread(target=read)
    reader.start()
    for number in range(1, 15):
        push(store, account, str(number))
    done.set()
    reader.join()
    assert mixtures == []


def test_a_push_that_breaks_off_changes_nothing_live(store: DocumentStore, account: str) -> None:
    """Rows without a pointer to them are never read."""
    push(store, account, "one")

    def break_off(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        push(store, account, "two", progress=break_off)
    head = store.head(account, "menus")
    assert head is not None
    assert head.version == 1
    assert push(store, account, "three") == 3
    with pytest.raises(DocumentError):
        store.roll_back(account, "menus", 4)


def test_a_page_larger_than_a_row_is_refused_before_anything_is_written(
    store: DocumentStore, account: str
) -> None:
    """The limit is said, and nothing was touched."""
    import random

    noise = random.Random(1).randbytes(400_000)
    with pytest.raises(DocumentError, match="over the 350,000"):
        store.push(account, "menus", pages={"main": noise}, start="main", source="", author="Ada", now=NOW)
    assert store.history(account, "menus") == []


def test_the_cache_is_bounded_by_what_it_holds() -> None:
    """The pages used last stay."""
    cache: PageCache[str] = PageCache(bytes.decode, max_bytes=4_000)
    for number in range(100):
        cache.add("k", 1, str(number), b"x" * 500)
        cache.get("k", 1, "0")
    assert cache.get("k", 1, "0") == "x" * 500
    assert sum(cache.get("k", 1, str(number)) is not None for number in range(100)) == 4
    assert cache.get("k", 2, "0") is None
    assert cache.get("other", 1, "0") is None
