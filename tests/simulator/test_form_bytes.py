"""Form bodies of webhooks, to the byte: order, brackets, the separators empty objects leave, and escapes."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any
from urllib.parse import unquote_plus

import pytest

from kazoo_simulator import Webhook
from kazoo_simulator._request import encode_form

from .test_legs import Scenario, callee_for, place, prompted, ring_of, rows, simulator

KEPT = set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~")


def skeleton(body: str) -> str:
    """Leave the bytes of a form without its values."""
    return re.sub(r"=[^&]*", "=", body)


def escaped(value: str) -> str:
    """Escape a value as the description of KAZOO's encoder has it, byte by byte."""
    written = ""
    for byte in value.encode():
        sign = chr(byte)
        written += sign if sign in KEPT else "+" if sign == " " else f"%{byte:02X}"
    return written


@pytest.mark.parametrize("scenario", rows("form_bodies", "version_2_form"))
def test_every_byte_but_the_values_is_kazoos(scenario: Scenario) -> None:
    """And every value is written as KAZOO writes it."""
    (leg,) = scenario.b_legs
    version: Any = 2 if scenario.shape == "version_2_form" else 1
    hook = Webhook("http://pivot.example.test/hook", hook="all", version=version)
    kazoo, target = simulator(scenario, {scenario.number: callee_for(scenario, leg)}, webhook=hook)
    place(kazoo, scenario, prompted(scenario, ring_of(scenario.number))).ends()
    sent = [request.body.decode() for request in target.requests]
    assert Counter(map(skeleton, sent)) == Counter(map(skeleton, scenario.bodies))
    for body in sent:
        for pair in filter(None, body.split("&")):
            value = pair.partition("=")[2]
            assert value == escaped(unquote_plus(value))


def test_a_form_of_anything() -> None:
    """Names raw, values byte by byte, lists with empty brackets, empty objects only as their separator."""
    values = {"a": " +@*#é~", "b": {"c d": {"e": "1"}, "f": ["x", "y"]}, "g": {}, "h": [], "i": "", "j": True}
    assert encode_form(values) == "a=+%2B%40%2A%23%C3%A9~&b[c d][e]=1&b[f][]=x&b[f][]=y&&&i=&j=true"
