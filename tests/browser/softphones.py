"""Softphones for the browser tests, and what a person does and sees there."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Page, expect

import kazoo_callflow as callflow
from kazoo_simulator import Answer, InProcess, Scripted, TransportError
from kazoo_simulator.softphone import KnownCaller, Number, Settings, Softphone
from pivotctl import phone
from pivotctl.local_stack.demo_data import TOKEN
from tests.functions.conftest import application, seeded

__all__ = ["application", "seeded"]


USER = "a1c7f2d8e4b04f6b9d3e5a7c1f2b8d60"
QUEUE = "b7a1c0de5f6e4b1f9a2d3c4e5f607182"
Dial = Callable[[Settings], str]


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
