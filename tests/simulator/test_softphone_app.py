"""The softphone's server: what it serves, whom it refuses, and what it tells its page."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any, cast

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect

import kazoo_callflow as callflow
from kazoo_simulator import InProcess, Session, Webhook
from kazoo_simulator.softphone import KnownCaller, Number, Settings, Softphone
from kazoo_simulator.softphone._app import MAX_PAGES, PAGE

TOKEN = "token-that-nobody-sees"


def answer(flow: callflow.Flow) -> dict[str, Any]:
    """What API Gateway gets from a function."""
    return {
        "statusCode": 200,
        "headers": {"Content-Type": "application/json"},
        "body": json.dumps(flow.to_dict()),
    }


def chained(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """A question whose next callback carries secrets in its address."""
    url = f"http://pivot.example.test/next?token={TOKEN}&state=signed-state&menu=main"
    question = callflow.tts("Press one.") >> callflow.collect_dtmf(collection_name="menu")
    return answer(
        question >> callflow.pivot(voice_url=url, method="post", req_body_format="json") >> callflow.hangup()
    )


def goodbye(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """The end of the chain."""
    return answer(callflow.tts("Goodbye.") >> callflow.hangup())


@dataclass(frozen=True, slots=True)
class Page:
    """The websocket of a page, in JSON."""

    socket: ClientConnection

    def say(self, message: dict[str, Any]) -> None:
        """Send a message."""
        self.socket.send(json.dumps(message))

    def hear(self) -> dict[str, Any]:
        """The next message."""
        message: dict[str, Any] = json.loads(self.socket.recv(30))
        return message


@dataclass(frozen=True, slots=True)
class Browser:
    """Asks a softphone as a browser would, or as one that is being used by another site."""

    port: int

    def get(self, path: str, **headers: str) -> tuple[int, dict[str, str], str]:
        """Status, headers and text of an answer."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request("GET", path, headers=headers)
        answered = connection.getresponse()
        text = answered.read().decode()
        connection.close()
        return answered.status, {name.lower(): value for name, value in answered.getheaders()}, text

    @contextmanager
    def page(self, origin: str | None = "") -> Iterator[Page]:
        """The page's websocket; an empty origin is the page's own."""
        own = f"http://127.0.0.1:{self.port}"
        url = f"ws://127.0.0.1:{self.port}/calls"
        with connect(url, origin=cast("Any", own if origin == "" else origin), proxy=None) as socket:
            yield Page(socket)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A softphone that calls two chained callbacks."""
    settings = Settings(
        InProcess({"/start": chained, "/next": goodbye}, token=TOKEN),
        "tests",
        numbers=(Number("2000", "/start"), Number("3000", "/next")),
        callers=(KnownCaller("+14155550123", "Ada"),),
    )
    with Softphone(settings) as softphone:
        yield Browser(softphone.port)


def place(page: Any, **changes: Any) -> None:
    """Place a call in which nobody waits."""
    message = {"type": "call", "caller": "+14155550123", "dialled": "2000", "speed": "instant"}
    page.say(message | changes)


def until(page: Any, kind: str) -> list[dict[str, Any]]:
    """Every message up to an event of that kind."""
    messages = []
    while True:
        messages.append(page.hear())
        if messages[-1].get("event", {}).get("kind") == kind:
            return messages


def test_the_page_loads_nothing_from_elsewhere_and_no_inline_code(browser: Browser) -> None:
    """A Caller ID can therefore never become a script, and nobody learns that the page was opened."""
    _, headers, text = browser.get("/")
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "require-trusted-types-for 'script'" in policy
    assert not re.search(r"https?://|\bon\w+=|\bstyle=|<style|<script(?![^>]* src=)", text)
    for asset in re.findall(r'(?:src|href)="(/[^"]+)"', text):
        assert browser.get(asset)[0] == 200


def test_the_modules_never_make_markup_of_text() -> None:
    """Text becomes text nodes."""
    for module in PAGE.glob("*.js"):
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function", module.read_text()
        )


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "10.0.0.5:80", "", "[::1"])
def test_another_host_name_is_refused(browser: Browser, host: str) -> None:
    """A name that resolves to 127.0.0.1 gets a foreign page nowhere: DNS rebinding."""
    assert browser.get("/config.json", Host=host)[0] == 403


@pytest.mark.parametrize(
    "origin", [None, "null", "https://evil.example", "http://127.0.0.1:1", "https://127.0.0.1"]
)
def test_only_the_own_page_may_place_calls(browser: Browser, origin: str | None) -> None:
    """Browsers let any site open a websocket to localhost; its Origin gives it away."""
    with pytest.raises(InvalidStatus), browser.page(origin):
        pass


def test_the_page_does_not_learn_the_token(browser: Browser) -> None:
    """Neither the settings nor anything said during a call holds it, on either version of KAZOO."""
    assert TOKEN not in browser.get("/config.json")[2]
    with browser.page() as page:
        for kazoo in ("4.3", "5"):
            place(page, kazoo=kazoo)
            messages = until(page, "collect_started")
            page.say({"type": "press", "key": "1"})
            messages += until(page, "call_ended")
            said = json.dumps(messages)
            assert "menu=main" in said
            assert TOKEN not in said
            assert "signed-state" not in said


def test_a_call_is_told_event_by_event(browser: Browser) -> None:
    """Request, answer, judgement, prompt, keys and end arrive in order, each with the ladder's words."""
    with browser.page() as page:
        place(page)
        messages = until(page, "collect_started")
        page.say({"type": "press", "key": "1"})
        messages += until(page, "call_ended")
    events = [message["event"] for message in messages if message["type"] == "event"]
    kinds = [
        event["kind"] for event in events if event["kind"] not in ("node_started", "child_taken", "answered")
    ]
    exchange = ["request_sent", "answer_received", "answer_judged"]
    prompt = ["audio_started", "audio_stopped"]
    keys = ["collect_started", "key_pressed", "collect_ended"]
    assert kinds == ["call_started", *exchange, *prompt, *keys, *exchange, *prompt, "call_ended"]
    spoken = next(message for message in messages if message.get("event", {}).get("kind") == "audio_started")
    assert "Press one." in spoken["lines"][0]["text"]


def test_a_number_asks_its_own_callback(browser: Browser) -> None:
    """What is dialled chooses the pivot node; a number nobody knows goes to the first."""
    asked = {}
    with browser.page() as page:
        for dialled in ("2000", "3000", "9999"):
            place(page, dialled=dialled)
            event = until(page, "request_sent")[-1]["event"]
            asked[dialled] = event["url"].partition("?")[0]
            assert event["parameters"]["Request"] == dialled
            page.say({"type": "hang_up"})
            until(page, "call_ended")
            while not page.hear().get("ended"):
                pass
    assert asked == {
        "2000": "http://pivot.example.test/start",
        "3000": "http://pivot.example.test/next",
        "9999": "http://pivot.example.test/start",
    }


def test_a_call_is_saved_as_a_session_that_replays(browser: Browser) -> None:
    """What a person found by hand becomes a recording, without the token, at their own pace."""
    with browser.page() as page:
        place(page, speed="1")
        prompt = until(page, "audio_started")[-1]["event"]
        page.say({"type": "audio_finished", "audio": prompt["audio"]})
        until(page, "collect_started")
        page.say({"type": "press", "key": "1"})
        prompt = until(page, "audio_started")[-1]["event"]
        page.say({"type": "audio_finished", "audio": prompt["audio"]})
        until(page, "call_ended")
        while not page.hear().get("ended"):
            pass
        page.say({"type": "record"})
        saved = page.hear()["session"]
    assert TOKEN not in json.dumps(saved)
    session = Session.model_validate(saved)
    assert session.differences(session.replay()) == []


@pytest.mark.parametrize(
    "nonsense",
    [
        "no JSON",
        "{}",
        '{"type":"press","key":"12"}',
        '{"type":"press","key":"1","more":1}',
        '{"type":"call","caller":"1","dialled":"sip:x"}',
        json.dumps({"type": "call", "caller": "1" * 5000, "dialled": "1"}),
    ],
)
def test_what_it_does_not_understand_it_says(browser: Browser, nonsense: str) -> None:
    """A page of another version is told so, and the line stays up."""
    with browser.page() as page:
        page.socket.send(nonsense)
        assert page.hear()["type"] == "error"
        place(page)
        until(page, "call_started")


def test_one_call_at_a_time(browser: Browser) -> None:
    """A second call on the same page has to wait for the first one's end."""
    with browser.page() as page:
        place(page)
        until(page, "collect_started")
        place(page)
        while (message := page.hear())["type"] != "error":
            pass
        assert message["message"] == "a call is up already"


def test_who_closes_the_page_has_hung_up() -> None:
    """The call does not go on without its caller: KAZOO tells the account that it is over."""
    told = threading.Event()

    def hook(event: dict[str, Any], context: Any) -> dict[str, Any]:
        told.set()
        return {"statusCode": 200}

    waiting = Settings(
        InProcess({"/start": chained, "/hook": hook}),
        "tests",
        (Number("2000", "/start"),),
        webhook=Webhook("http://pivot.example.test/hook"),
    )
    with Softphone(waiting) as softphone:
        with Browser(softphone.port).page() as page:
            place(page)
            until(page, "collect_started")
        assert told.wait(30)


def test_pages_are_bounded(browser: Browser) -> None:
    """A script that opens pages for ever is turned away."""
    with ExitStack() as stack:
        for _ in range(MAX_PAGES):
            stack.enter_context(browser.page())
        with pytest.raises(InvalidStatus), browser.page():
            pass
