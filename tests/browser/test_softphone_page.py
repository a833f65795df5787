"""The softphone's page in Chromium: for every eye, hand and ear, and against whatever is sent to it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

import kazoo_callflow as callflow
from kazoo_simulator import Answer, Session
from kazoo_simulator.softphone import KnownCaller, Softphone
from tests.browser.softphones import USER, Dial, answering, call, dial, hears, open_phone, stands

__all__ = ["dial"]

pytestmark = pytest.mark.browser

CONTRAST = (Path(__file__).parent / "contrast.js").read_text()
VOICE = """
const spoken = [];
let current = null;
Object.defineProperty(window, "speechSynthesis", { value: {
  getVoices: () => [{ lang: "en-US", localService: true, name: "test" }],
  speak(utterance) { spoken.push([utterance.lang, utterance.text]); current = utterance; },
  cancel() { current = null; },
}});
window.SpeechSynthesisUtterance = class extends EventTarget {
  constructor(text) { super(); this.text = text; }
};
window.spoken = spoken;
window.finishSpeaking = () => current.dispatchEvent(new Event("end"));
"""


def test_an_answer_of_any_size_and_shape_is_shown(page: Page, dial: Dial) -> None:
    """Deep, wide and odd answers neither break the ladder nor hold the page up."""
    deep: Any = {}
    for _ in range(900):
        deep = {"_": deep}
    wide = {"module": "tts", "data": {"text": "x", "many": list(range(5000)), "long": "y" * 200_000}}
    odd = Answer(200, b'{"module": {"a": 1}, "children": "text"}', (("content-type", "application/json"),))
    for answer in (deep, wide, odd):
        open_phone(page, dial(answering(answer)))
        call(page)
        page.locator(".card > summary").click()
        expect(page.locator(".card .side").last.get_by_role("heading")).to_have_text("Answer")
        page.keyboard.press("Escape")
        stands(page, "Hung up")


def test_the_browsers_voice_paces_the_call(context: BrowserContext, dial: Dial) -> None:
    """Where there is a voice, a prompt ends when it was spoken; muted, when it would have been."""
    page = context.new_page()
    page.add_init_script(VOICE)
    flow = (
        callflow.tts("First.", language="en-us")
        >> callflow.tts("Second.", language="en-us")
        >> callflow.hangup()
    )
    open_phone(page, dial(answering(flow)), speed="1×")
    call(page)
    hears(page, "First.")
    assert page.evaluate("spoken") == [["en-US", "First."]]
    page.evaluate("finishSpeaking()")
    hears(page, "Second.")
    assert page.evaluate("spoken") == [["en-US", "First."], ["en-US", "Second."]]
    page.get_by_role("button", name="Sound").click()
    stands(page, "Hung up: NORMAL_CLEARING")


def test_without_a_voice_captions_take_their_time(page: Page, dial: Dial) -> None:
    """As in this browser: nothing is spoken, everything is shown."""
    open_phone(page, dial(answering(callflow.tts("A caption.") >> callflow.hangup())), speed="1×")
    call(page)
    stands(page, "Listening")
    hears(page, "A caption.")
    stands(page, "Hung up: NORMAL_CLEARING")


def test_what_callers_and_servers_send_is_never_markup(page: Page, dial: Dial) -> None:
    """Scripts in a name, a prompt, an answer and an error are shown as the text they are."""
    attack = '<img src=x onerror="alert(1)"><script>alert(2)</script>'
    caller = KnownCaller("+14155550123", attack[:60])
    answers = (
        callflow.tts(attack) >> callflow.pivot(voice_url="http://pivot.example.test/x", method="post"),
        Answer(200, attack.encode(), ()),
    )
    open_phone(page, dial(answering(*answers, callers=(caller,))))
    page.on("dialog", lambda dialog: pytest.fail(f"a script ran: {dialog.message}"))
    call(page)
    stands(page, "Hung up")
    page.get_by_role("button", name="Open all").click()
    expect(page.get_by_role("log", name="Captions")).to_contain_text(attack)
    expect(page.locator("#rows pre").first).to_contain_text("onerror")
    assert page.locator("img, body script").count() == 0


def test_a_call_without_a_mouse(page: Page, dial: Dial) -> None:
    """Tab and Enter reach everything; digits go to the call wherever the focus is; Escape hangs up."""
    flow = (
        callflow.tts("Press a key.")
        >> callflow.collect_dtmf(max_digits=4, collection_name="pin")
        >> callflow.user(id=USER)
    )
    page.goto(dial(answering(flow)))
    page.locator("body[data-ready]").wait_for()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the ladder")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_label("Number to call")).to_be_focused()
    page.keyboard.press("Control+A")
    page.keyboard.type("2000")
    page.keyboard.press("Enter")
    expect(page.locator("#party")).to_be_focused()
    page.keyboard.type("12")
    page.keyboard.type("3#")
    stands(page, "Ringing")
    expect(page.locator("#rows")).to_contain_text("collected pin = '123'")
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent") == "Answers":
            break
    page.keyboard.press("Enter")
    stands(page, "Talking to user")
    page.keyboard.press("Escape")
    stands(page, "Hung up")
    expect(page.get_by_role("button", name="Call again")).to_be_focused()
    page.keyboard.press("Enter")
    stands(page, "Listening|waits|Calling")


def test_every_control_has_a_name_and_news_is_announced(page: Page, dial: Dial) -> None:
    """What a screen reader gets: names, live regions, headings, and a list for the ladder."""
    open_phone(page, dial(answering(callflow.tts("Hello.") >> callflow.user(id=USER))))
    unnamed = page.evaluate(
        """() => [...document.querySelectorAll("button, input, select, a")]
            .filter((control) => control.checkVisibility({ visibilityProperty: true }))
            .filter((control) => !(control.getAttribute("aria-label") || control.textContent.trim()
                || [...(control.labels ?? [])].some((label) => label.textContent.trim())))
            .map((control) => control.outerHTML)"""
    )
    assert unnamed == []
    call(page)
    stands(page, "Ringing")
    expect(page.locator("#state")).to_have_attribute("role", "status")
    expect(page.get_by_role("log", name="Captions")).to_have_attribute("aria-live", "polite")
    expect(page.get_by_role("heading", name="Ladder")).to_be_visible()
    expect(
        page.get_by_role("list", name="What happened, in order").get_by_role("listitem").first
    ).to_be_visible()
    expect(page.get_by_role("group", name="Dial pad").get_by_role("button", name="pound")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 390, 1360])
def test_it_fits_and_can_be_read(browser: Browser, dial: Dial, width: int, scheme: Any) -> None:
    """On a phone and on a desk, in both schemes: nothing sticks out, all text has enough contrast."""
    long = "A sentence with averyveryveryverylongwordthatdoesnotfitonaphone" * 2
    flow = callflow.tts(long) >> callflow.user(id=USER)
    context = browser.new_context(
        viewport={"width": width, "height": 860}, color_scheme=scheme, has_touch=width < 500
    )
    page = context.new_page()
    open_phone(page, dial(answering(flow)))
    for _ in ("idle", "ringing"):
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(CONTRAST) == []
        if page.get_by_role("button", name="Call", exact=True).is_visible():
            call(page)
            stands(page, "Ringing")
            page.get_by_role("button", name="Open all").click()
    key = page.get_by_role("button", name="5", exact=True).bounding_box()
    assert key
    assert min(key["width"], key["height"]) >= 44
    context.close()


def test_the_keys_stay_where_they_are(page: Page, dial: Dial) -> None:
    """Nobody presses a wrong key because the page moved."""
    open_phone(page, dial(answering(callflow.tts("Hello.") >> callflow.user(id=USER))))
    key = page.get_by_role("button", name="5", exact=True)
    before = key.bounding_box()
    call(page)
    stands(page, "Ringing")
    assert key.bounding_box() == before
    page.keyboard.press("Escape")
    stands(page, "Hung up")
    assert key.bounding_box() == before


def test_a_saved_call_is_a_session(page: Page, dial: Dial, tmp_path: Path) -> None:
    """What was found by hand can be replayed by a test."""
    open_phone(page, dial(answering(callflow.tts("Hello.") >> callflow.hangup())))
    call(page)
    stands(page, "Hung up")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save").click()
    saved = tmp_path / "call.json"
    download.value.save_as(saved)
    session = Session.load(saved)
    assert session.differences(session.replay()) == []


def test_a_server_that_goes_away_is_said(browser: Browser) -> None:
    """The page says so and ends the call."""
    context = browser.new_context()
    page = context.new_page()
    settings = answering(callflow.tts("Hello.") >> callflow.user(id=USER))
    with Softphone(settings) as first:
        open_phone(page, first.url)
        call(page)
        stands(page, "Ringing")
    expect(page.locator("#connection")).to_contain_text("server is gone")
    stands(page, "The simulator failed")
    context.close()
