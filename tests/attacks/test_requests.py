"""Requests no KAZOO sends: bombs, oddities of HTTP, names and values with everything in them.

With a live token, which every reader of a callflow has. Each is answered in time, with a valid flow or the
plain refusal, and the function behind it answers the next call.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest

from tests.attacks.attacker import FORM, JSON, KAZOO_WAITS_S, Victim, new_call, send

pytestmark = pytest.mark.stack

ROUTES = (
    "/account_balance",
    "/menu",
    "/call_routing",
    "/balance_gate",
    "/menu_selection",
    "/identify_caller",
)
ESCAPES = "\x1b]0;owned\x07\x1b[31m\x00\u202e\ud800"


@pytest.fixture(autouse=True)
def still_answers(victim: Victim) -> Iterator[None]:
    """Nothing that was sent is left behind in the instance."""
    yield
    assert victim.ask("/account_balance").status == 200


def bodies(victim: Victim) -> dict[str, bytes]:
    """JSON bodies that cost much to read, or hold what nobody expects."""
    usual = json.dumps(victim.parameters(new_call(), "+14155550100", "2000"))
    inside = usual[:-1]
    return {
        "no end of lists": b'{"Account-ID": ' + b"[" * 400_000,
        "lists in lists": f'{inside}, "Digits": {"[" * 900}{"]" * 900}}}'.encode(),
        "objects in objects": (inside + ', "a": ' + '{"a":' * 900 + "1" + "}" * 901).encode(),
        "forty thousand names": (
            inside + "," + ",".join(f'"n{number}": 1' for number in range(40_000)) + "}"
        ).encode(),
        "a number beyond all": (inside + ', "Digits": {"a": 1e999999}}').encode(),
        "a number of 100,000 digits": (inside + ', "Digits": {"a": ' + "9" * 100_000 + "}}").encode(),
        "not a number": (inside + ', "Digits": {"a": NaN}}').encode(),
        "half a pair": (inside + ', "Caller-ID-Name": "\\ud800"}').encode(),
        "a name of 100 KB": (inside + f', "Caller-ID-Name": "{"x" * 100_000}"}}').encode(),
        "the account twice": (inside + ', "Account-ID": "' + "0" * 32 + '"}').encode(),
        "a list of accounts": usual.replace(f'"{victim.account}"', f'["{victim.account}"]').encode(),
        "five megabytes": b'{"a": "' + b"x" * 5_000_000 + b'"}',
        "nothing": b"",
        "null": b"null",
        "a text": b'"x"',
        "UTF-16": usual.encode("utf-16"),
        "no UTF-8": b"\xff\xfe\xfd",
        "two documents": usual.encode() * 2,
        "an alias bomb": b"a: &a [x]\nb: [*a, *a]",
        "XML": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
    }


@pytest.mark.parametrize("name", sorted(bodies(Victim(None, "a" * 32, "", ""))))  # type: ignore[arg-type]
def test_a_bomb_or_an_oddity_in_the_body(victim: Victim, name: str) -> None:
    """As JSON, as a form, and without saying what it is."""
    for headers in (JSON, FORM, {"content-type": "text/yaml"}, {}):
        body = bodies(victim)[name]
        answer = send(victim.stack.url, "POST", f"/account_balance?{victim.with_token()}", body, headers)
        assert answer.is_harmless(), answer
        assert answer.seconds < KAZOO_WAITS_S


@pytest.mark.parametrize(
    "form",
    [
        "&".join(f"a{number}=b" for number in range(20_000)),
        "Digits" + "[a]" * 5_000 + "=1",
        "&".join(f"Digits[{number}]=1" for number in range(5_000)),
        "Digits[a=1&Digits]b[=2&[]=3&Digits[]=4&Digits[a]=5&Digits=6",
        "%" * 50_000,
        "%FF%FE%00=%00&" * 1_000,
        "Call-ID=" + "a%0d%0aSet-Cookie:%20x" + "&" * 30_000,
        "User-ID[]=" + "&User-ID[]=".join(map(str, range(2_000))),
        "=" * 60_000,
    ],
    ids=["names", "depth", "entries", "brackets", "percent", "zero bytes", "line ends", "lists", "equals"],
)
def test_a_bomb_in_a_form(victim: Victim, form: str) -> None:
    """In a body and in a query."""
    who = urlencode({"Account-ID": victim.account})
    body = f"{who}&{form}".encode()
    assert send(victim.stack.url, "POST", f"/menu?{victim.with_token()}", body, FORM).is_harmless()
    for length in (1_500, 60_000):
        target = f"/menu?{victim.with_token()}&{who}&{form[:length]}"
        assert send(victim.stack.url, "GET", target).is_harmless()


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "BREW"])
@pytest.mark.parametrize(
    "route", ["/account_balance", "/debug/calls", "/keys", "/..%2f..", "//menu", "/menu/"]
)
def test_a_verb_or_a_route_nobody_made(victim: Victim, method: str, route: str) -> None:
    """No route is open by accident, and none tells what stands behind it."""
    answer = send(victim.stack.url, method, f"{route}?{victim.with_token()}")
    assert answer.status in (200, 204, 400, 401, 403, 404, 405, 501)
    assert answer.status != 200 or method in ("GET", "HEAD", "OPTIONS")
    assert "Traceback" not in answer.text
    if answer.status == 200 and answer.text:
        assert answer.is_harmless()


@pytest.mark.parametrize(
    "account",
    ["", "..", "../../keys/tokens", "#old-tokens", "{v}#call#x", "{v}/", "{v}%00", "{V}", " {v}", "{v}\n",
     "*",
     "１" * 32, "{v}" * 40],
)  # fmt: skip
def test_an_account_that_is_a_path_a_key_or_a_pattern(victim: Victim, account: str) -> None:
    """An Account-ID becomes part of keys and of parameters' names: nothing but an id is one."""
    named = account.replace("{v}", victim.account).replace("{V}", victim.account.upper())
    for route in ROUTES:
        answer = victim.ask(route, **{"Account-ID": named})
        assert answer.is_forbidden, answer


NAMES = (
    "Call-ID", "Caller-ID-Number", "Caller-ID-Name", "Request", "Language", "From",
    "Custom-Application-Vars", "Digits",
    "User-ID",
)  # fmt: skip
VALUES: tuple[object, ...] = (
    ESCAPES, "x" * 5_000, {"a": {"b": ["c"] * 50}}, ["a"] * 200, True, -1, 1e308, "{{7*7}}", "$(id)",
    "'; --",
    "<script>alert(1)</script>",
)  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_value_with_everything_in_it(victim: Victim, name: str) -> None:
    """What a caller's device chooses is text that stays text."""
    for value in VALUES:
        for route in ("/account_balance", "/balance_gate"):
            answer = victim.ask(route, **{name: value})
            assert answer.is_harmless(), answer
            if isinstance(value, str) and name not in ("Call-ID", "Language"):
                assert "<script>" not in answer.text
                assert "\x1b" not in answer.text


@pytest.mark.parametrize(
    "headers",
    [
        {"content-encoding": "gzip"},
        {"content-type": "application/json; charset=utf-7"},
        {"content-type": "multipart/form-data; boundary=x"},
        {"content-type": "x" * 5_000},
        {"x-forwarded-for": "127.0.0.1"},
        {"x-origin-check": "x"},
        {"x-amzn-trace-id": "Root=" + "x" * 2_000},
        {"x-http-method-override": "DELETE"},
        {"x-account-id": "0" * 32},
        {"host": "169.254.169.254"},
        {"expect": "100-continue"},
    ],
    ids=str,
)
def test_a_header_changes_nothing(victim: Victim, headers: dict[str, str]) -> None:
    """Neither who asks nor what they may."""
    answer = victim.ask("/account_balance", headers=headers)
    assert answer.is_harmless() or answer.status in (415, 417)
    assert "169.254.169.254" not in answer.text
