"""Live Debug's page in Chromium, over the emulator's table."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from pivot_app.live_debug.exchange import Exchange

pytestmark = pytest.mark.browser

Make = Callable[..., Exchange]
Put = Callable[..., None]

MENU = {
    "module": "tts",
    "data": {"text": "For your balance press one."},
    "children": {
        "_": {
            "module": "collect_dtmf",
            "data": {"max_digits": 1, "collection_name": "choice"},
            "children": {
                "_": {"module": "pivot", "data": {"voice_url": "https://x.example.com/menu_selection"}}
            },
        }
    },
}


@pytest.fixture
def now() -> int:
    """Milliseconds to add to the fixtures' fixed moment for the present."""
    return int(time.time() * 1000) - 1_790_000_000_000


@pytest.fixture
def chained(make: Make, put: Put, now: int) -> str:
    """A call of two exchanges, a minute ago."""
    started = now - 60_000
    put(
        make(
            "chained@10.0.0.1", started, callback="menu", path="/menu", flow=MENU,
            state_after={"menu": "main"},
            explanations=[{"kind": "menu_step", "facts": {"menu": "main", "try": 1}}],
            timings_us={"parse": 100, "handler": 6000, "total": 6300},
        ),
        make(
            "chained@10.0.0.1", started + 8500, started=started, step=1, callback="menu_selection",
            path="/menu_selection", parameters={"Digits": {"choice": "1"}},
            state_before={"menu": "main"}, state_after={"menu": "main", "choice": "1"},
            explanations=[{"kind": "hold", "facts": {"held_micros": 2_500_000, "seconds": 90}}],
        ),
    )  # fmt: skip
    return "chained@10.0.0.1"


def rows(page: Page) -> Any:
    """The list's rows."""
    return page.locator("#calls a.row")


def open_call(page: Page, number: int) -> None:
    """Open the call of that row and wait for it."""
    row = rows(page).nth(number)
    call_id = row.get_attribute("data-call") or ""
    row.click()
    expect(page.locator("#call .call-id")).to_contain_text(call_id[:20])


def open_everything(page: Page) -> None:
    """Open every box of the call."""
    boxes = page.locator("#call details")
    boxes.evaluate_all("boxes => boxes.forEach(box => { box.open = true; })")
    expect(page.locator("#call details:not(:has(> .inside))")).to_have_count(0)


def test_a_chained_call_is_followed(page: Page, page_url: str, chained: str) -> None:
    """A call opens as a ladder: both requests, why, what was answered, heard and pressed."""
    page.goto(page_url)
    expect(rows(page)).to_have_count(1)
    expect(rows(page).first).to_contain_text("menu › menu_selection")
    rows(page).first.click()
    call = page.locator("#call")
    expect(call.get_by_role("heading", level=2)).to_contain_text("+14155550100 called +14155550199")
    expect(call.locator(".arrow .label")).to_have_text(
        [
            re.compile("calls"),
            re.compile(r"asks menu\b.*POST /menu"),
            re.compile("answers 200"),
            re.compile("asks menu_selection"),
            re.compile("answers 200"),
        ]
    )
    expect(call.locator(".why").first).to_contain_text("menu step")
    expect(call.locator(".why").nth(1)).to_have_text("holdheld2.50seconds90")
    expect(call.locator(".told").first).to_contain_text("“For your balance press one.”")
    expect(call.locator(".pressed").first).to_have_text("presses 1 for choice")
    call.get_by_text("What was returned").first.click()
    expect(call.locator(".tree .module").first).to_have_text("tts")
    call.get_by_role("button", name="JSON").click()
    assert json.loads(call.locator("pre.json").inner_text()) == MENU
    call.get_by_text("State, before and after").nth(1).click()
    expect(call.locator(".diff .changed")).to_have_text(re.compile("choice—1"))


def test_a_fallback_is_found_by_its_reason(page: Page, page_url: str, make: Make, put: Put, now: int) -> None:
    """Filters narrow the list, stay in the address, and the call says why it fell back."""
    put(*(make(f"good-{number}", now - 1000 * number) for number in range(5)))
    put(
        make(
            "bad", now - 90_000, outcome="fallback", reason="store_unavailable",
            error="StoreUnavailableError: no answer",
            problems=[{"path": "children._", "rule": "required", "message": "is missing"}],
        )
    )  # fmt: skip
    page.goto(page_url)
    expect(rows(page)).to_have_count(6)
    page.get_by_text("More filters").click()
    page.get_by_label("Reason").fill("store")
    expect(rows(page)).to_have_count(1)
    assert "reason=store" in page.url
    rows(page).first.click()
    banner = page.locator("#call .banner")
    expect(banner).to_contain_text("Fallback: the store did not answer")
    expect(banner).to_contain_text("store_unavailable")
    expect(page.locator("#call .found")).to_contain_text("Validation problems (1)")
    page.reload()
    expect(rows(page)).to_have_count(1)
    expect(page.locator("#call .banner")).to_be_visible()
    page.get_by_role("button", name="Clear all").or_(page.get_by_text("More filters")).first.click()
    page.get_by_role("button", name="Clear all").click()
    expect(rows(page)).to_have_count(6)


def test_new_calls_appear_without_losing_the_place(
    page: Page, page_url: str, make: Make, put: Put, now: int
) -> None:
    """Someone reading further down keeps their row where it is; the new calls wait above."""
    put(*(make(f"call-{number}", now - 60_000 - 1000 * number) for number in range(30)))
    page.goto(page_url)
    expect(rows(page)).to_have_count(30)
    row = rows(page).nth(20)
    row.scroll_into_view_if_needed()
    row.focus()
    before = row.bounding_box()
    put(*(make(f"new-{number}", now + number) for number in range(3)))
    news = page.locator("#news")
    expect(news).to_have_text("↑ 3 new calls", timeout=10_000)
    after = page.locator("a.row[data-call='call-20']").bounding_box()
    assert before is not None
    assert after is not None
    assert abs(before["y"] - after["y"]) < 2
    expect(page.locator("a.row[data-call='call-20']")).to_be_focused()
    expect(page.get_by_role("status")).to_have_text("3 new calls")
    news.click()
    expect(rows(page).first).to_have_attribute("data-call", "new-2")
    expect(rows(page).first).to_be_in_viewport()
    expect(news).to_be_hidden()


def test_skipping_to_the_calls_keeps_them(page: Page, page_url: str, make: Make, put: Put, now: int) -> None:
    """The link moves the focus only; the page's own state behind # stays."""
    put(*(make(f"call-{number}", now - 1000 * number) for number in range(3)))
    page.goto(page_url)
    expect(rows(page)).to_have_count(3)
    state = page.evaluate("location.hash")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(rows(page).first).to_be_focused()
    expect(rows(page)).to_have_count(3)
    assert page.evaluate("location.hash") == state


def test_the_page_is_as_high_as_its_window(page: Page, page_url: str, make: Make, put: Put, now: int) -> None:
    """Many calls scroll in their own pane, and the arrow keys work from a fresh page."""
    put(*(make(f"call-{number}", now - 1000 * number) for number in range(50)))
    page.goto(page_url)
    expect(rows(page)).to_have_count(50)
    assert page.evaluate("document.documentElement.scrollHeight <= window.innerHeight")
    page.keyboard.press("ArrowDown")
    expect(rows(page).first).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(rows(page).nth(1)).to_be_focused()


def test_a_call_on_the_line_grows(page: Page, page_url: str, make: Make, put: Put, now: int) -> None:
    """The open call and its row get the next exchange as it happens; what was opened stays open."""
    put(make("live", now - 5000, callback="menu", flow=MENU))
    page.goto(page_url)
    rows(page).first.click()
    page.get_by_text("What was returned").click()
    put(make("live", now, started=now - 5000, step=1, parameters={"Digits": {"choice": "4"}}))
    expect(page.locator("#call .arrow")).to_have_count(5, timeout=10_000)
    expect(page.locator("#call .pressed").first).to_have_text("presses 4 for choice")
    expect(page.locator("#call .tree")).to_be_visible()
    expect(rows(page).first).to_contain_text("2 requests")


def test_paused_is_paused(page: Page, page_url: str, make: Make, put: Put, now: int) -> None:
    """Nothing moves while the list is paused, and it catches up afterwards."""
    put(make("one", now - 1000))
    page.goto(page_url)
    expect(rows(page)).to_have_count(1)
    live = page.locator("#live")
    live.click()
    expect(live).to_have_attribute("aria-pressed", "false")
    put(make("two", now))
    page.wait_for_timeout(2600)
    expect(rows(page)).to_have_count(1)
    live.click()
    expect(rows(page)).to_have_count(2)


def test_older_calls_are_paged(page: Page, page_url: str, make: Make, put: Put, now: int) -> None:
    """The button brings page after page, each call once, until there are no more."""
    put(*(make(f"call-{number}", now - 1000 * number) for number in range(130)))
    page.goto(page_url)
    older = page.get_by_role("button", name="Older calls")
    for count in (50, 100):
        expect(rows(page)).to_have_count(count)
        older.click()
    expect(rows(page)).to_have_count(130)
    expect(older).to_be_hidden()
    shown = rows(page).evaluate_all("rows => rows.map(row => row.dataset.call)")
    assert shown == [f"call-{number}" for number in range(130)]


def test_everything_by_keyboard(page: Page, page_url: str, make: Make, put: Put, now: int) -> None:
    """Search, move, open, go back: no mouse."""
    put(*(make(f"call-{number}", now - 1000 * number) for number in range(3)))
    page.goto(page_url)
    expect(rows(page)).to_have_count(3)
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("call-1")
    expect(rows(page)).to_have_count(1)
    page.get_by_role("searchbox").fill("")
    expect(rows(page)).to_have_count(3)
    rows(page).first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    expect(rows(page).nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#call h2")).to_be_focused()
    expect(rows(page).nth(1)).to_have_attribute("aria-current", "true")
    page.keyboard.press("Escape")
    expect(page.get_by_text("No call chosen")).to_be_visible()
    expect(rows(page).nth(1)).to_be_focused()


def test_copies_and_downloads(
    page: Page, page_url: str, make: Make, put: Put, now: int, tmp_path: Path
) -> None:
    """What the buttons give is what the service made: curl, event, test, session."""
    put(make("c/1", now - 1000, parameters={"Account-ID": "a", "Caller-ID-Name": "O'Hara"}))
    page.goto(page_url)
    rows(page).first.click()

    def clipboard() -> str:
        text: str = page.evaluate("navigator.clipboard.readText()")
        return text

    page.get_by_role("button", name="Copy as a test").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert "kazoo.call('+14155550100', '+14155550199'" in clipboard()
    page.get_by_text("What was received").click()
    page.get_by_role("button", name="Copy as curl").click()
    expect(page.get_by_role("button", name="Copied").first).to_be_visible()
    page.wait_for_function("navigator.clipboard.readText().then(text => text.startsWith('curl '))")
    page.get_by_role("button", name="Copy event").click()
    page.wait_for_function("navigator.clipboard.readText().then(text => text.startsWith('{'))")
    assert json.loads(clipboard())["rawPath"] == "/account_balance"
    with page.expect_download() as download:
        page.get_by_role("button", name="Download session").click()
    session = json.loads(download.value.path().read_text())
    assert session["call"]["from"] == "+14155550100"
    assert download.value.suggested_filename == "call.session.json"


def test_a_phone_shows_one_thing_at_a_time(
    browser: Browser, page_url: str, chained: str, make: Make, put: Put, now: int
) -> None:
    """At phone width the list gives way to the call and back again, and nothing is wider than the screen."""
    put(make("wide", now, callback="c" * 48, caller_name="W" * 64, parameters={"x" * 200: "y" * 500}))
    context = browser.new_context(viewport={"width": 360, "height": 780}, has_touch=True)
    page = context.new_page()
    page.goto(page_url)
    expect(rows(page)).to_have_count(2)
    fits = "document.documentElement.scrollWidth <= innerWidth"
    assert page.evaluate(fits)
    for number in range(2):
        open_call(page, number)
        expect(page.locator("#list")).to_be_hidden()
        open_everything(page)
        assert page.evaluate(fits)
        assert page.locator("#call").evaluate("box => box.scrollWidth <= box.clientWidth")
        page.get_by_role("link", name="All calls").click()
        expect(page.locator("#list")).to_be_visible()
    context.close()


CONTRAST = (Path(__file__).parent / "contrast.js").read_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_can_be_read(
    browser: Browser, page_url: str, chained: str, make: Make, put: Put, now: int, scheme: Any
) -> None:
    """Every word on the page has a contrast of 4.5 to 1 with what is behind it, in both colour schemes."""
    for number, outcome in enumerate(("fallback", "refused", "repeated")):
        put(
            make(outcome, now - 70_000 - number, outcome=outcome, reason="exception", lint=[{"message": "m"}])
        )
    context = browser.new_context(color_scheme=scheme)
    page = context.new_page()
    page.goto(page_url)
    expect(rows(page)).to_have_count(4)
    for number in range(4):
        open_call(page, number)
        open_everything(page)
        assert page.evaluate(CONTRAST) == []
    context.close()


def test_every_control_has_a_name(page: Page, page_url: str, chained: str) -> None:
    """A screen reader can name every field, button and link, and the landmarks around them."""
    page.goto(page_url)
    rows(page).first.click()
    page.get_by_text("More filters").click()
    nameless = page.locator("button, input, select, summary, a, section").evaluate_all(
        """all => all.filter(each => each.checkVisibility() && !(each.ariaLabel || each.textContent.trim()
          || (each.labels && each.labels.length))).map(each => each.outerHTML)"""
    )
    assert nameless == []
    for role in ("banner", "main", "search"):
        expect(page.get_by_role(role)).to_have_count(1)  # type: ignore[arg-type]
    expect(page.get_by_role("region", name="Recent calls")).to_be_visible()
