"""Whole calls on the softphone, in Chromium: what a person sees, presses and is told."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

import kazoo_callflow as callflow
from kazoo_simulator import Answer, Http, TransportError, Webhook
from pivotctl import phone
from pivotctl.local_stack import PUBLIC_URL, Stack
from pivotctl.local_stack.demo_data import TOKEN
from tests.browser.softphones import (
    QUEUE,
    Dial,
    answering,
    application,
    call,
    dial,
    hears,
    open_phone,
    ours,
    seeded,
    stands,
)

__all__ = ["application", "dial", "ours", "seeded"]

pytestmark = pytest.mark.browser


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


def test_a_prepaid_call_is_announced_and_made(page: Page, ours: str) -> None:
    """A number outside: the balance, the minutes it pays for, then ringing and the conversation."""
    open_phone(page, ours)
    page.get_by_label("Call as").select_option(label="Grace, +14155550164")
    page.get_by_role("button", name="Prepaid call").click()
    call(page)
    stands(page, re.escape("Ringing +12125550188"))
    captions = page.get_by_role("log", name="Captions")
    expect(captions).to_contain_text("Your balance is twelve dollars, fifty cents.")
    expect(captions).to_contain_text("You have fifty minutes for this call.")
    page.get_by_role("button", name="Answers").click()
    stands(page, re.escape("Talking to +12125550188"))
    page.get_by_role("button", name="Hang up", exact=True).click()
    stands(page, "Hung up")


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
    expect(page.locator("#rows")).to_contain_text(cause)
    assert page.locator(".caption").first.get_attribute("lang") == "es-mx"


def test_a_decision_made_beforehand_needs_no_click(page: Page, ours: str) -> None:
    """Chosen once, every phone that rings does it."""
    open_phone(page, ours)
    page.get_by_label("A phone that rings").select_option("is busy")
    call(page)
    stands(page, "Hung up")
    expect(page.locator("#rows")).to_contain_text("USER_BUSY")


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
    expect(page.locator("#rows")).to_contain_text("KAZOO 5")


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
