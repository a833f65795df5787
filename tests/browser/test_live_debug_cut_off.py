"""Live Debug's page while nobody answers it, and when somebody does again."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from pivot_app.live_debug.exchange import Exchange
from tests.browser.test_live_debug import now, rows

__all__ = ["now"]

pytestmark = pytest.mark.browser

Make = Callable[..., Exchange]
Put = Callable[..., None]
CALLS = re.compile(r"/debug/calls")


@pytest.fixture
def lonely(browser: Browser) -> Iterator[Page]:
    """A page whose console may say that a request failed; time passes as the test says."""
    context = browser.new_context(viewport={"width": 1280, "height": 860}, locale="en-GB", timezone_id="UTC")
    page = context.new_page()
    yield page
    context.close()


def cut(page: Page) -> None:
    """Let every connection fail."""

    def away(route: Route) -> None:
        route.abort("connectionrefused")

    page.route(CALLS, away)


def mend(page: Page) -> None:
    """Let them through again."""
    page.unroute(CALLS)


def test_a_list_that_stands_is_connected_again(
    lonely: Page, page_url: str, make: Make, put: Put, now: int
) -> None:
    """The rows stay, the label says what is, and both the error and the label go when it is over."""
    put(make("one", now - 1_000))
    lonely.goto(page_url)
    expect(rows(lonely)).to_have_count(1)
    expect(lonely.locator("#live-text")).to_have_text("Live")
    cut(lonely)
    expect(lonely.locator("#problem")).to_have_text("Live Debug does not answer. Trying again.")
    expect(lonely.locator("#live-text")).to_have_text("Not connected")
    expect(rows(lonely)).to_have_count(1)
    put(make("two", now))
    mend(lonely)
    expect(rows(lonely)).to_have_count(2, timeout=40_000)
    expect(lonely.locator("#problem")).to_be_hidden()
    expect(lonely.locator("#live-text")).to_have_text("Live")


@pytest.mark.parametrize("first", [CALLS, re.compile(r"/debug/access"), re.compile(r"config\.json")])
def test_a_page_that_never_began_begins(
    lonely: Page, page_url: str, make: Make, put: Put, now: int, first: re.Pattern[str]
) -> None:
    """Whichever of its first requests failed."""
    put(make("one", now - 1_000))
    lonely.route(first, lambda route: route.abort("connectionrefused"))
    lonely.goto(page_url)
    expect(lonely.locator("#problem")).to_contain_text("Trying again")
    expect(lonely.locator("#live-text")).to_have_text("Not connected")
    lonely.unroute(first)
    expect(rows(lonely)).to_have_count(1, timeout=40_000)
    expect(lonely.locator("#problem")).to_be_hidden()


@pytest.mark.parametrize("is_live", [True, False], ids=["live", "paused"])
def test_a_call_whose_request_failed_is_asked_for_again(
    lonely: Page, page_url: str, make: Make, put: Put, now: int, is_live: bool
) -> None:
    """Its place says so, and then has the call."""
    put(make("one", now - 1_000))
    lonely.goto(page_url)
    expect(rows(lonely)).to_have_count(1)
    if not is_live:
        lonely.locator("#live").click()
    one = re.compile(r"/debug/calls/~")
    lonely.route(one, lambda route: route.abort("connectionrefused"))
    rows(lonely).first.click()
    expect(lonely.locator("#call .problem")).to_contain_text("Trying again")
    lonely.unroute(one)
    expect(lonely.locator("#call .one-call")).to_be_visible(timeout=40_000)


def test_the_pauses_grow(lonely: Page, page_url: str, make: Make, put: Put, now: int) -> None:
    """Nobody who comes back is met by a crowd of pages."""
    put(make("one", now - 1_000))
    lonely.clock.install()
    asked: list[float] = []
    lonely.goto(page_url)
    expect(rows(lonely)).to_have_count(1)
    lonely.route(CALLS, lambda route: (asked.append(lonely.evaluate("Date.now()")), route.abort())[1])
    for _ in range(60):
        lonely.clock.run_for(1_000)
        lonely.wait_for_timeout(20)
    # 2 s at first, then 4, 8, 16: some five requests in a minute.
    assert 3 <= len(asked) <= 7
