"""Numbers, wherever and however they are written: none is left in Live Debug or in a log."""

from __future__ import annotations

import json
import re
import unicodedata
import zlib
from urllib.parse import unquote

import pytest

from tests.attacks.attacker import Victim, client_of, eventually, new_call

pytestmark = pytest.mark.stack

CARD = "4111111111111111"
WRITTEN = (
    "+14155550123", "+1 (415) 555-0123", "415-555-0123", "415.555.0123", "(415)5550123", "415/555/0123",
    "u14155550123",
    "acct14155550123", "14155550123x", "415 555 0123", "4 1 5 5 5 5 0 1 2 3", "415\u00a0555\u00a00123",
    "415\u2013555\u20130123", "415\u2212555\u22120123", "415\u200b555\u200b0123", "415\t555\t0123",
    "415_555_0123",
    "415, 555, 0123", "tel:+1-415-555-0123", "sip:+14155550123@example.com", "+1415%205550123",
    "00 1 415 555 01 23",
    "４１５５５５０１２３", "٤١٥٥٥٥٠١٢٣", "४१५५५५०१२३", "415\uff0d555\uff0d0123", "[415] [555] [0123]",
    "+1.415.555.0123",
    "415|555|0123", "415~555~0123", "415;555;0123", "415:555:0123", "415'555'0123", "415#555#0123",
    "415\\555\\0123",
    "⁴¹⁵⁵⁵⁵⁰¹²³", "①①①④①⑤⑤⑤⑤⑥①②③", "4\ufe0f\u20e31\ufe0f\u20e35\ufe0f\u20e3555\ufe0f0123",
    "4111 1111 1111 1111", "4111-1111-1111-1111", "4111111111111111", "4111.1111.1111.1111",
    "my card is 4111 1111 11111111.",
)  # fmt: skip


def digits_in(text: str) -> str:
    """All digits of a text, of any script, in a row."""
    plain = unicodedata.normalize("NFKC", unquote(text))
    return "".join(str(unicodedata.digit(each)) for each in plain if each.isdigit())


def recorded(victim: Victim, call_id: str) -> str:
    """What Live Debug keeps of a call, unpacked."""
    found = client_of(victim.stack, "dynamodb").scan(
        TableName=victim.stack.outputs["ExchangesTable"], ConsistentRead=True
    )["Items"]
    texts = [
        json.dumps(item, default=str, ensure_ascii=False) + zlib.decompress(item["body"]["B"]).decode()
        for item in found
        if call_id in json.dumps(item, default=str) and "body" in item
    ]
    return "\n".join(texts)


@pytest.mark.parametrize("written", WRITTEN, ids=ascii)
def test_a_number_is_masked_however_it_is_written(victim: Victim, written: str) -> None:
    """In a name, a variable, a header, digits, an address: at most the last three digits are left."""
    call_id = new_call()
    victim.ask(
        "/account_balance",
        call_id,
        caller=written,
        dialled=written,
        query=victim.with_token(note=written),
        digits={"choice": written[:200]},
        headers={"x-note": written} if written.isascii() else {},
        **{
            "Caller-ID-Name": f"Ada {written} home",
            "Custom-Application-Vars": {"callback_number": written, "deep": {"a": [written]}},
            "Custom-SIP-Headers": {"X-Note": written},
            "From": written,
            "User-ID": [written],
        },
    )
    assert eventually(lambda: recorded(victim, call_id) != "", 15)
    kept = recorded(victim, call_id)
    assert written not in kept
    number = CARD if "1111" in written else digits_in(written)
    # Ids and times have digits of their own, so the row is looked for in each text between quotes.
    for text in re.findall(r'"((?:[^"\\]|\\.)*)"', kept):
        plain = json.loads(f'"{text}"') if "\\" in text else text
        assert number[-10:-3] not in digits_in(plain), plain


def test_no_number_is_in_a_log(victim: Victim) -> None:
    """What the functions logged of all of this."""
    logs = client_of(victim.stack, "logs")
    text = ""
    for page in logs.get_paginator("describe_log_groups").paginate():
        for group in page["logGroups"]:
            for events in logs.get_paginator("filter_log_events").paginate(
                logGroupName=group["logGroupName"]
            ):
                text += "\n".join(event["message"] for event in events["events"])
    assert "account_balance" in text
    for written in WRITTEN:
        assert written not in text
    assert victim.token not in text
    assert victim.webhook_token not in text
