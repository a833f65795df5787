"""Live Debug against the deployed local stack: calls are played, seen, opened, copied and played again."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import httpx
import pytest
from botocore.credentials import Credentials
from playwright.sync_api import Page, expect
from starlette.applications import Starlette

from kazoo_simulator import Http, Script, ScriptedCall, Simulator
from pivotctl.debug._deployed import Deployment
from pivotctl.debug._server import make_app
from pivotctl.local_stack import PUBLIC_URL, Stack
from pivotctl.local_stack.demo_data import ADA, KAZOO_ACCOUNT, TOKEN

pytestmark = [pytest.mark.stack, pytest.mark.browser]


@pytest.fixture(scope="module")
def target(stack: Stack) -> Http:
    """The deployed callbacks, warm: how long a cold start takes on a busy machine does not matter here."""
    target = Http(stack.url, token=TOKEN, public_url=PUBLIC_URL)
    for path in ("/account_balance", "/identify_caller", "/debug/access"):
        for _ in range(5):
            with suppress(httpx.TimeoutException):
                httpx.get(stack.url + path, headers={"authorization": "none"}, timeout=30)
                break
    return target


@pytest.fixture
def kazoo_deployed(target: Http) -> Simulator:
    """A KAZOO that asks the deployed callbacks."""
    return Simulator(target, account_id=KAZOO_ACCOUNT)


@pytest.fixture(scope="module")
def debug_url(stack: Stack, target: Http, serve: Callable[[Starlette], int]) -> str:
    """Where `pivot debug` serves the page for the stack."""
    deployment = Deployment(stack.url, "us-east-1", Credentials("test", "test"), KAZOO_ACCOUNT)
    word = secrets.token_urlsafe(8)
    return f"http://127.0.0.1:{serve(make_app(deployment, word))}/{word}/debug"


def call_id(call: ScriptedCall) -> str:
    """The Call-ID KAZOO gave the call."""
    started = next(event for event in call.events if event.kind == "call_started")
    return started.call_id


def flows(call: ScriptedCall) -> list[dict[str, Any]]:
    """The answers of a call, without what differs each time: the signed state."""
    answers = [event.body for event in call.events if event.kind == "answer_received"]
    return [json.loads(re.sub(r"state=[^\"&]*", "state=", body)) for body in answers]


def row(page: Page, call: ScriptedCall) -> Any:
    """The list's row of a call."""
    return page.locator(f"a.row[data-call='{call_id(call)}']")


def test_a_played_call_appears_and_opens(page: Page, debug_url: str, kazoo_deployed: Simulator) -> None:
    """A call shows up by itself within seconds, and opens as a ladder with what the caller heard."""
    page.goto(debug_url)
    expect(page.locator("#account")).to_have_value(KAZOO_ACCOUNT)
    call = (
        kazoo_deployed.call(ADA, "2000", path="/account_balance", name="Ada")
        .hears("twelve dollars")
        .hangs_up()
    )
    expect(row(page, call)).to_contain_text("Hello Ada", timeout=15_000)
    row(page, call).click()
    expect(page.locator("#call .told")).to_contain_text(
        "“Hello Ada. Your balance is twelve dollars, fifty cents.”"
    )
    page.get_by_text("What was returned").click()
    page.get_by_role("button", name="JSON", exact=True).click()
    assert json.loads(page.locator("pre.json").inner_text()) == flows(call)[0]


def test_a_chained_call_is_followed_and_replayed(
    page: Page, debug_url: str, kazoo_deployed: Simulator, target: Http
) -> None:
    """An identified caller's call is one ladder without the PIN; its session plays to the same answers."""
    call = kazoo_deployed.call("+14155550177", "2000", path="/account_balance")
    call.hears("account number").presses("1001#").hears("PIN").presses("2468#").hears(
        "twelve dollars"
    ).hangs_up()
    page.goto(debug_url)
    row(page, call).click()
    ladder = page.locator("#call .ladder")
    expect(ladder.locator(".kazoo-callback .label")).to_have_text(
        [
            re.compile("asks account_balance"),
            re.compile("asks identify_caller"),
            re.compile("asks account_balance"),
        ]
    )
    page.locator("#call details").evaluate_all("boxes => boxes.forEach(box => { box.open = true; })")
    expect(ladder).to_contain_text("1001")
    assert "2468" not in page.locator("#call").inner_text()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download session").click()
    session = json.loads(download.value.path().read_text())
    assert "2468" not in json.dumps(session)
    assert "digits that are not stored" in session["title"]
    pin = next(step for step in session["steps"] if step == {"presses": "0"})
    pin["presses"] = "2468"
    replayed = Script.parse(json.dumps(session)).play(target)
    assert flows(replayed) == flows(call)


def test_a_fallback_is_found_and_its_event_invoked(
    page: Page, debug_url: str, kazoo_deployed: Simulator, stack: Stack
) -> None:
    """A call that met broken data is found by its reason; its copied event makes the function fail alike."""
    broken = "+14155550666"
    stack.emulator.client("dynamodb").put_item(
        TableName=stack.outputs["CallersTable"], Item={"pk": {"S": f"{KAZOO_ACCOUNT}#{broken}"}}
    )
    call = kazoo_deployed.call(broken, "2000", path="/account_balance").hears("").hangs_up()
    page.goto(debug_url)
    page.get_by_label("Outcome").select_option("fallback")
    expect(row(page, call)).to_contain_text("Fallback")
    page.get_by_text("More filters").click()
    page.get_by_label("Reason").fill("exception")
    row(page, call).click()
    expect(page.locator("#call .banner .reason")).to_have_text("exception")
    page.get_by_text("What was received").click()
    page.get_by_role("button", name="Copy event").click()
    page.wait_for_function("navigator.clipboard.readText().then(text => text.startsWith('{'))")
    event = page.evaluate("navigator.clipboard.readText()").replace("$PIVOT_TOKEN", TOKEN)
    functions = stack.emulator.client("lambda").list_functions()["Functions"]
    name = next(each["FunctionName"] for each in functions if "AccountBalance" in each["FunctionName"])
    invoked = stack.emulator.client("lambda").invoke(FunctionName=name, Payload=event.encode())
    answer = json.loads(invoked["Payload"].read())
    assert answer["statusCode"] == 200
    assert json.loads(answer["body"]) == flows(call)[0]
