"""What the simulator sends, the application reads: any caller, any digits, any format, nothing lost."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kazoo_pivot import PivotRequest
from kazoo_simulator import InProcess, Simulator

# Text KAZOO can have: no control characters, no lone surrogates.
TEXT = st.text(st.characters(blacklist_categories=["Cc", "Cs"]), max_size=40)
NAMES = st.from_regex(r"[A-Za-z0-9_-]{1,20}", fullmatch=True)
FORMATS = [("get", "form"), ("post", "form"), ("post", "json")]


@pytest.mark.parametrize("version", ["4.3", "5"])
@pytest.mark.parametrize(("method", "body_format"), FORMATS)
@settings(max_examples=50, deadline=None)
@given(
    name=TEXT,
    number=st.one_of(
        st.just("anonymous"), st.from_regex(r"\+?[0-9]{2,15}", fullmatch=True), TEXT.filter(bool)
    ),
    users=st.lists(st.uuids().map(lambda uuid: uuid.hex), max_size=3, unique=True),
    variables=st.dictionaries(NAMES, TEXT, max_size=4),
    headers=st.dictionaries(NAMES.map(lambda name: f"X-{name}"), TEXT, max_size=3),
    digits=st.dictionaries(NAMES, st.text("0123456789*#", max_size=20), max_size=3),
)
def test_what_is_sent_is_what_is_read(
    version: Any,
    method: str,
    body_format: str,
    name: str,
    number: str,
    users: list[str],
    variables: dict[str, str],
    headers: dict[str, str],
    digits: dict[str, str],
) -> None:
    """Every field arrives as it was, through every method, body format and version."""
    read: list[PivotRequest] = []

    def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
        read.append(PivotRequest.from_event(event))
        return {"statusCode": 500}

    kazoo = Simulator(InProcess({"/voice": handler}), version)
    call = kazoo.call(
        number,
        "4155550199",
        flow=kazoo.pivot("/voice?menu=main&try=2", method=method, req_body_format=body_format),
        name=name,
        user_ids=tuple(users),
        variables=variables,
        sip_headers=headers,
    )
    call.interpreter.channel.collections = digits
    call.ends()
    request = read[0]
    assert request.caller_id_name == (name or "unknown")
    assert request.caller_id_number == number
    assert (request.to_user, request.request_user) == ("4155550199", "+14155550199")
    assert list(request.user_ids) == users
    assert dict(request.custom_application_vars) == variables
    assert dict(request.custom_sip_headers) == headers
    assert dict(request.digits) == digits
    assert (request.call_id, request.account_id) == (call.call_id, kazoo.config.account_id)
    assert dict(request.query) == {"menu": "main", "try": "2"}
    assert (request.method, request.path, request.language) == (method.upper(), "/voice", "en-us")
