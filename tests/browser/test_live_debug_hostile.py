"""What strangers sent, in every place Live Debug shows it, in Chromium."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from pivot_app.live_debug.exchange import Exchange
from tests.browser.test_live_debug import open_call, open_everything, rows

pytestmark = pytest.mark.browser


def hostile(mark: str) -> str:
    """Markup, a script, an attribute's end, a template and direction overrides, with a mark to find it by."""
    return (
        f"{mark}<img src=x onerror=\"window.pwned='{mark}'\"><script>window.pwned=1</script>"
        f"\"'><svg/onload=window.pwned=2> javascript:window.pwned=3 ${{7*7}} </title> \u202egnp.exe"
    )


def test_what_strangers_sent_is_text(
    page: Page, page_url: str, make: Callable[..., Exchange], put: Callable[..., None]
) -> None:
    """Hostile names, variables, headers, digits, flows and errors in every place they are shown stay text."""
    now = int(time.time() * 1000) - 1_790_000_000_000
    flow = {
        "module": hostile("module"),
        "data": {hostile("data-name"): hostile("data-value"), "list": [hostile("list")]},
        "children": {
            hostile("child"): {"module": "tts", "data": {"text": hostile("tts")}},
            "_": {
                "module": "tts",
                "data": {"text": hostile("spoken")},
                "children": {
                    "_": {
                        "module": "play",
                        "data": {"id": hostile("media")},
                        "children": {
                            "_": {"module": "pivot", "data": {"voice_url": "javascript:" + hostile("url")}}
                        },
                    }
                },
            },
        },
    }
    record = {
        "caller": hostile("caller"),
        "caller_name": hostile("name"),
        "dialled": hostile("dialled"),
        "callback": hostile("callback"),
        "path": "/" + hostile("path"),
        "query": {hostile("query-name"): hostile("query-value")},
        "headers": {hostile("header-name"): hostile("header-value")},
        "parameters": {
            "Caller-ID-Name": hostile("cid"),
            "Custom-Application-Vars": {hostile("cav-name"): hostile("cav-value")},
            "Custom-SIP-Headers": {hostile("sip-name"): [hostile("sip-value")]},
            "Digits": {hostile("collection"): hostile("digits")},
        },
        "language": hostile("language"),
        "kazoo_version": hostile("version"),
        "reason": hostile("reason"),
        "error": hostile("error"),
        "explanations": [{"kind": hostile("kind"), "facts": {hostile("fact-name"): hostile("fact-value")}}],
        "problems": [
            {"path": hostile("problem-path"), "rule": hostile("rule"), "message": hostile("message")}
        ],
        "lint": [{"path": hostile("lint-path"), "rule": hostile("lint-rule"), "message": hostile("lint")}],
        "state_before": {hostile("before-name"): hostile("before-value")},
        "state_after": {hostile("after-name"): hostile("after-value")},
        "timings_us": {hostile("phase"): 5, "total": 10},
        "outcome": "fallback",
        "flow": flow,
        "masked": True,
    }
    call_id = hostile("call-id")[:120]
    put(
        make(call_id, now - 2000, **record),
        make(call_id, now - 1000, started=now - 2000, step=1, **record),
        make(hostile("odd-outcome")[:120], now - 3000, outcome=hostile("outcome")),
    )
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.goto(page_url)
    expect(rows(page)).to_have_count(2)
    for number in (1, 0):
        open_call(page, number)
        open_everything(page)
        for button in page.get_by_role("button", name="JSON", exact=True).all():
            button.click()
        for button in page.get_by_role("button", name="Tree", exact=True).all():
            button.click()
    page.get_by_role("searchbox").fill(hostile("typed"))
    page.wait_for_timeout(400)
    assert dialogs == []
    assert page.evaluate("window.pwned") is None
    made = page.evaluate("Array.from(document.querySelectorAll('*'), each => each.localName)")
    assert made.count("script") == 1
    assert made.count("img") == 1
    assert not {"iframe", "svg", "object", "embed", "style", "base", "form"} & set(made) - {"form"}
    assert page.evaluate(
        """Array.from(document.querySelectorAll('*')).every(each => Array.from(each.attributes)
          .every(({ name, value }) => !name.startsWith('on') && !/^\\s*javascript:/i.test(value)))"""
    )
    shown = page.locator("#call").inner_text()
    for mark in re.findall(r'hostile\\("([a-z-]+)"\\)', Path(__file__).read_text()):
        if mark not in {"typed", "odd-outcome", "outcome", "call-id"}:
            assert f"{mark}<img src=x onerror=" in shown, mark
    assert "\\u202egnp.exe" in shown
    assert "\u202e" not in shown
