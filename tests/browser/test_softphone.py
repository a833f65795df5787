"""Whole calls on the softphone, in Chromium: what a person sees, presses and is told."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

import callflow
from kazoo_simulator import Answer, Http, InProcess, Scripted, Session, TransportError, Webhook
from kazoo_simulator.softphone import KnownCaller, Number, Settings, Softphone
from pivotctl import phone
from pivotctl.local_stack import PUBLIC_URL, Stack
from pivotctl.local_stack.demo_data import TOKEN
from tests.functions.conftest import application, seeded

__all__ = ["application", "seeded"]

pytestmark = pytest.mark.browser

CONTRAST = (Path(__file__).parent / "contrast.js").read_text()
USER = "a1c7f2d8e4b04f6b9d3e5a7c1f2b8d60"
QUEUE = "b7a1c0de5f6e4b1f9a2d3c4e5f607182"
Dial = Callable[[Settings], str]
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


@pytest.fixture(autouse=True)
def dial() -> Iterator[Dial]:
    """Start softphones; returns a softphone's address. They outlive the pages, which would complain."""
    with ExitStack() as running:
        yield lambda settings: running.enter_context(Softphone(settings)).url


@pytest.fixture
def ours(application: dict[str, Any], dial: Dial) -> str:
    """A softphone that calls the application, in this process, with the demo's callers."""
    return dial(phone.with_demo_data(InProcess(application, token=TOKEN), "the application"))


def answering(*flows: callflow.Flow | dict[str, Any] | Answer | TransportError, **more: Any) -> Settings:
    """A softphone whose calls are answered with these, in order."""
    answers = [
        flow
        if isinstance(flow, Answer | TransportError)
        else Answer(
            200,
            json.dumps(flow if isinstance(flow, dict) else flow.to_dict()).encode(),
            (("content-type", "application/json"),),
        )
        for flow in flows
    ]
    known = (KnownCaller("+14155550123", "Ada"),)
    return Settings(
        Scripted(answers), "tests", (Number("2000", "/flow", "Test line"),), **({"callers": known} | more)
    )


def open_phone(page: Page, url: str, speed: str = "Instant") -> None:
    """Open the page and choose how fast time passes."""
    page.goto(url)
    page.locator("body[data-ready]").wait_for()
    page.get_by_role("radio", name=speed).check()


def call(page: Page) -> None:
    """Place the call."""
    page.get_by_role("button", name="Call", exact=True).click()


def stands(page: Page, text: str) -> None:
    """The state line says this."""
    expect(page.locator("#state-text")).to_have_text(re.compile(text))


def hears(page: Page, text: str) -> None:
    """The newest spoken caption says this."""
    expect(page.locator(".caption:not(.keys)").last).to_contain_text(text)


def test_a_known_caller_hears_the_balance_and_talks_to_support(page: Page, ours: str) -> None:
    """Prompt, ringing, conversation, and the other side's hang-up, as the caller lives them."""
    open_phone(page, ours)
    call(page)
    stands(page, "Ringing customer support")
    expect(page.get_by_role("log", name="Captions")).to_contain_text(
        "Hello Ada. Your balance is twelve dollars, fifty cents."
    )
    page.get_by_role("button", name="Answers").click()
    stands(page, "Talking to customer support")
    page.get_by_role("button", name="Other side hangs up").click()
    stands(page, "Hung up: NORMAL_CLEARING")
    expect(page.locator("#detail")).to_contain_text("The other side hung up")


def test_the_ladder_shows_each_exchange(page: Page, ours: str) -> None:
    """Request and answer as trees that fold, the verdict, the time it took; and not the token."""
    open_phone(page, ours)
    call(page)
    stands(page, "Ringing")
    card = page.locator(".card").first
    expect(card.locator("> summary")).to_contain_text("POST/account_balance200")
    expect(card.locator(".chip.good")).to_have_text("valid")
    expect(card.locator(".modules")).to_contain_text("tts › tts › user")
    expect(card.get_by_text("Caller-ID-Number", exact=True)).to_be_hidden()
    card.locator("> summary").click()
    expect(card.get_by_text('"+14155550123"', exact=True).first).to_be_visible()
    answer = card.locator(".side").last
    expect(answer.get_by_text('"user"', exact=True)).to_be_visible()
    answer.locator(".json summary").first.click()
    expect(answer.get_by_text('"user"', exact=True)).to_be_hidden()
    expect(page.locator("body")).not_to_contain_text(TOKEN)
    expect(page.locator("#summary")).to_contain_text("1 request")


def test_keys_choose_in_a_menu_with_mouse_and_keyboard(page: Page, ours: str) -> None:
    """One key from the dial pad, one from the keyboard; the menu comes again, then the caller leaves."""
    open_phone(page, ours)
    page.get_by_role("button", name="Main menu").click()
    call(page)
    stands(page, "waits for keys")
    hears(page, "For your balance, press 1")
    page.get_by_role("group", name="Dial pad").get_by_role("button", name="1", exact=True).click()
    expect(page.get_by_role("log", name="Captions")).to_contain_text(
        "Your balance is twelve dollars, fifty cents."
    )
    expect(page.locator(".card")).to_have_count(2)
    stands(page, "waits for keys")
    page.keyboard.press("2")
    stands(page, "Ringing customer support")
    expect(page.locator(".caption.keys")).to_have_text(["You pressed 1", "You pressed 2"])
    page.keyboard.press("Escape")
    stands(page, "Hung up: NORMAL_CLEARING")
    expect(page.locator("#detail")).to_contain_text("You hung up")


def test_a_wrong_pin_is_asked_for_again(page: Page, ours: str) -> None:
    """Somebody unknown: account number, a wrong PIN, then the right one, then the balance."""
    open_phone(page, ours)
    page.get_by_label("Call as").select_option(label="Somebody unknown, +14155550177")
    expect(page.locator("#note")).to_contain_text("1001")
    call(page)
    for pin in ("9999", "2468"):
        hears(page, "account number")
        stands(page, "waits for keys")
        page.keyboard.type("1001#")
        hears(page, "PIN")
        stands(page, "waits for keys")
        page.keyboard.type(f"{pin}#")
    stands(page, "Ringing customer support")
    captions = page.get_by_role("log", name="Captions")
    expect(captions).to_contain_text("do not match")
    expect(captions).to_contain_text("Your balance is twelve dollars, fifty cents.")
    expect(page.locator(".card")).to_have_count(4)


@pytest.mark.parametrize(
    ("news", "cause"), [("Busy", "USER_BUSY"), ("Declines", "CALL_REJECTED"), ("No answer", "NO_ANSWER")]
)
def test_the_other_side_does_what_the_person_says(page: Page, ours: str, news: str, cause: str) -> None:
    """Luis's support is not reached, and he hears so in his language."""
    open_phone(page, ours)
    page.get_by_label("Call as").select_option(label="Luis, +14155550142")
    expect(page.get_by_label("Language")).to_have_value("es-mx")
    call(page)
    stands(page, "Ringing customer support's desk phone")
    page.get_by_role("button", name=news, exact=True).click()
    expect(page.get_by_role("log", name="Captions")).to_contain_text("no puede atenderle")
    stands(page, "Hung up: NORMAL_CLEARING")
    expect(page.locator("#rungs")).to_contain_text(cause)
    assert page.locator(".caption").first.get_attribute("lang") == "es-mx"


def test_a_decision_made_beforehand_needs_no_click(page: Page, ours: str) -> None:
    """Chosen once, every phone that rings does it."""
    open_phone(page, ours)
    page.get_by_label("A phone that rings").select_option("is busy")
    call(page)
    stands(page, "Hung up")
    expect(page.locator("#rungs")).to_contain_text("USER_BUSY")


def test_dead_air_is_shown_and_explained(page: Page, dial: Dial) -> None:
    """An invalid flow on 4.3: silence for the caller, the rule and the problem for the developer."""
    open_phone(page, dial(answering({"module": "tts", "data": {"text": 5}})))
    call(page)
    stands(page, "Silence: the caller hears nothing")
    card = page.locator(".card")
    expect(card.locator(".chip.bad")).to_have_text("dead air")
    expect(card.locator(".marks")).to_contain_text("the flow is invalid")
    expect(card.locator(".marks")).to_contain_text("must be a string")
    page.get_by_role("button", name="Hang up").click()
    stands(page, "Hung up")


def test_kazoo_5_hangs_up_where_4_3_leaves_dead_air(page: Page, dial: Dial) -> None:
    """The version chosen on the page is the one that is played."""
    open_phone(page, dial(answering({"module": "tts", "data": {"text": 5}})))
    page.get_by_role("radio", name="5", exact=True).check()
    call(page)
    stands(page, "Hung up")
    expect(page.locator(".chip.bad")).to_have_text("hang-up")
    expect(page.locator("#rungs")).to_contain_text("KAZOO 5")


def test_a_failing_application_means_the_fallback(page: Page, dial: Dial) -> None:
    """No answer: the node's wildcard child runs, and the caller hears it."""
    sorry = callflow.tts("Please call again later.").to_dict()
    failing = answering(TransportError("timeout", "no answer within 5000 ms", 5000), fallback=sorry)
    open_phone(page, dial(failing))
    call(page)
    hears(page, "Please call again later.")
    expect(page.locator(".card .chip.bad").first).to_have_text("timeout")
    stands(page, "Hung up")


def test_lint_marks_are_shown_without_opening_anything(page: Page, dial: Dial) -> None:
    """A valid flow that a caller will regret."""
    no_way_on = callflow.pivot(voice_url="http://pivot.example.test/next", method="post")
    open_phone(page, dial(answering(callflow.tts("One moment.") >> no_way_on, callflow.tts("Done."))))
    call(page)
    stands(page, "Hung up")
    expect(page.locator(".card").first.locator(".chip.doubt")).to_contain_text("warning")
    expect(page.locator(".card").first.locator(".marks .doubt").first).to_be_visible()


def test_hold_music_recordings_and_silence_have_words(page: Page, dial: Dial) -> None:
    """A queue: on hold until somebody answers."""
    flow = callflow.play(id="http://media.example.test/welcome.mp3") >> callflow.acdc_member(id=QUEUE)
    open_phone(page, dial(answering(flow)))
    call(page)
    stands(page, "On hold")
    expect(page.get_by_role("log", name="Captions")).to_contain_text(
        "media: http://media.example.test/welcome.mp3"
    )
    page.get_by_role("button", name="Answers").click()
    stands(page, "Talking to queue")
    page.get_by_role("button", name="Hang up", exact=True).click()
    stands(page, "Hung up")


def test_a_transfer_has_words(page: Page, dial: Dial) -> None:
    """The caller is somewhere else now."""
    open_phone(page, dial(answering(callflow.tts("One moment.") >> callflow.transfer(target="1001"))))
    call(page)
    stands(page, "Transferred to 1001")
    page.keyboard.press("Escape")
    stands(page, "Hung up")


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
    expect(page.locator("#rungs pre").first).to_contain_text("onerror")
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
    expect(page.locator("#rungs")).to_contain_text("collected pin = '123'")
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


def test_the_webhook_of_the_end_is_on_the_ladder(page: Page, dial: Dial) -> None:
    """What KAZOO tells the account when a call is over, and what was answered."""
    hook = Webhook("http://pivot.example.test/call_ended?token=secret-of-the-hook")
    flow = callflow.tts("Hello.") >> callflow.hangup()
    open_phone(page, dial(answering(flow, Answer(200), webhook=hook)))
    call(page)
    told = page.locator("[data-kind=hook_posted]")
    expect(told).to_contain_text("channel_destroy")
    expect(told).to_contain_text("token=…: 200")
    expect(page.locator("body")).not_to_contain_text("secret-of-the-hook")
    told.get_by_text("What it said").click()
    expect(told.get_by_text('"NORMAL_CLEARING"').first).to_be_visible()


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


@pytest.mark.stack
def test_the_deployed_stack_is_called(page: Page, stack: Stack, dial: Dial) -> None:
    """The same call against what SAM deployed."""
    target = Http(stack.url, TOKEN, public_url=PUBLIC_URL)
    open_phone(page, dial(phone.with_demo_data(target, "the local stack", hook=True)))
    call(page)
    stands(page, "Ringing customer support")
    expect(page.get_by_role("log", name="Captions")).to_contain_text(
        "Hello Ada. Your balance is twelve dollars, fifty cents."
    )
    page.get_by_role("button", name="Hang up", exact=True).click()
    stands(page, "Hung up")
    expect(page.locator("[data-kind=hook_posted]").last).to_contain_text(": 200", timeout=30_000)
