"""Signatures of version 2 webhooks, as KAZOO 5 makes them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pivot_app.ledger import signature_of

BODIES = json.loads((Path(__file__).parents[1] / "vectors" / "hmac.json").read_text())["bodies"]


@pytest.mark.parametrize("signed", BODIES, ids=lambda signed: signed["name"])
def test_signed_by_kazoo(signed: Mapping[str, Any]) -> None:
    """Control characters, floats, big integers, other scripts: the bytes are verified, not their meaning."""
    body = signed["body"].encode("utf-8", "surrogatepass")
    found = signature_of(body, signed["headers"]["content-type"], ["another key", signed["key"]])
    assert (found == "right") is signed["valid"]


def test_the_documented_signature() -> None:
    """KAZOO 5 documents one signature with its key, timestamp and data."""
    signature = "z481V/jZHAnFEjNCMORc2FgX03CyzxV+fLV6BWhnY6U="
    body = f'{{"data":{{"foo":"bar"}},"hmac":"{signature}","timestamp":63834206532}}'.encode()
    assert signature_of(body, "application/json", ["123"]) == "right"
    assert signature_of(body, "application/json", ["124"]) == "wrong"
    assert signature_of(body.replace(b"bar", b"baz"), "application/json", ["123"]) == "wrong"


@pytest.mark.parametrize(
    ("body", "content_type", "found"),
    [
        (b"name=CHANNEL_DESTROY&data[call_id]=x&hmac=abc", "application/x-www-form-urlencoded", "form"),
        (b'{"hook_event":"channel_destroy","call_id":"x"}', "application/json", "none"),
        (b'{"data":{"hmac":"x"},"timestamp":1}', "application/json", "none"),
        (b"", "application/json", "none"),
    ],
)
def test_what_is_not_signed_is_named(body: bytes, content_type: str, found: str) -> None:
    """A form body cannot be verified, a version 1 body is not signed: the operator is told which it is."""
    assert signature_of(body, content_type, ["key"]) == found


KEY, SECOND = "a key", 63_834_206_532


def signed(data: str, second: int = SECOND) -> str:
    """Sign a text of `data` as KAZOO does."""
    digest = hmac.digest(KEY.encode(), f"{second}{data}".encode("utf-8", "surrogatepass"), hashlib.sha256)
    return base64.b64encode(digest).decode()


# Texts that a re-encoding would change: floats, exponents, escapes, order, equal keys, big numbers.
NAMES = st.sampled_from(["data", "hmac", "timestamp", "é", "a", ""])
TEXTS = st.recursive(
    st.sampled_from(
        ["null", "true", "1.0e16", "5.0e-324", "-0.0", "1E+2", "9" * 30, r'"\u001F"', r'"\ud83d"']
    )
    | st.sampled_from(
        [r'"\/"', r'"\ud83d\ude00"', '"é"', '"\x7f"', '"日本"', r'"\"hmac\":\"x\""', '","', '"}"']
    )
    | st.text(st.characters(exclude_categories=["Cs"])).map(json.dumps),
    lambda inner: (
        st.lists(inner, max_size=4).map(lambda each: f"[{','.join(each)}]")
        | st.lists(st.tuples(NAMES, inner), max_size=4).map(
            lambda each: "{" + ",".join(f'"{name}":{value}' for name, value in each) + "}"
        )
    ),
    max_leaves=12,
)


@given(data=TEXTS, late=st.sampled_from([0, 1]), name=TEXTS, blank=st.sampled_from(["", " ", "\n"]))
def test_any_text_of_data_is_verified_as_it_stands(data: str, late: int, name: str, blank: str) -> None:
    """Whatever KAZOO's encoder writes, and whatever stands beside it; one other byte is another text."""
    sent = (
        f'{{"action":"event","data":{blank}{data}{blank},"hmac":"{signed(data, SECOND + late)}",'
        f'"name":{name},"timestamp":{SECOND}}}'
    )
    assert signature_of(sent.encode(), "application/json", ["other", KEY]) == "right"
    assert signature_of(sent.encode(), "application/json", ["other"]) == "wrong"
    changed = sent.replace(f'"timestamp":{SECOND}}}', f'"timestamp":{SECOND + 7}}}')
    assert signature_of(changed.encode(), "application/json", [KEY]) == "wrong"


def test_a_signed_text_proves_no_other_data() -> None:
    """A body that was seen once cannot carry another `data` past the check."""
    good, evil = '{"call_id":"a"}', '{"call_id":"b"}'
    fields = f'"data":{good},"hmac":"{signed(good)}","timestamp":{SECOND}'
    for body in (
        f'{{"x":{{{fields}}},"data":{evil}}}',
        f'{{{fields},"data":{evil}}}',
        f'{{"data":{evil},{fields}}}',
        f'{{"data":{evil},"x":{{{fields}}},"hmac":"{signed(good)}","timestamp":{SECOND}}}',
        f'{{{fields}}}{{"data":{evil}}}',
    ):
        assert signature_of(body.encode(), "application/json", [KEY]) != "right", body


@pytest.mark.parametrize(
    "body", ["[" * 100_000, '{"data":' * 50_000, '{"data":' + "9" * 10_000 + "}", "{", "{}"]
)
def test_bodies_that_cannot_be_read_are_not_signed(body: str) -> None:
    """Deep, endless or cut."""
    assert signature_of(body.encode(), "application/json", [KEY]) == "none"
