"""Signatures of version 2 webhooks, as KAZOO 5 makes them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

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
