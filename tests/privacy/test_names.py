"""What is kept of a webhook holds no people's names."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from pivot_app.privacy import without_names

EVENT = {
    "hook_event": "channel_destroy",
    "name": "channel_destroy",
    "caller_id_name": "Ada Lovelace",
    "Caller-ID-Name": "Ada Lovelace",
    "callee_id_name": "Ada Lovelace",
    "caller_id_number": "+14155550123",
    "custom_channel_vars": {"owner_name": "Ada Lovelace", "account_id": "a" * 32},
    "custom_sip_headers": {"x-display-name": "Ada Lovelace"},
    "legs": [{"from_display_name": "Ada Lovelace", "call_id": "x"}],
    "call_id": "x",
}


def test_names_go_and_what_bills_a_leg_stays() -> None:
    """Of every spelling, however deep."""
    kept = without_names(EVENT)
    assert "Ada" not in json.dumps(kept)
    assert kept["hook_event"] == kept["name"] == "channel_destroy"
    assert kept["caller_id_number"] == "+14155550123"
    assert kept["custom_channel_vars"] == {"account_id": "a" * 32}
    assert kept["legs"] == [{"call_id": "x"}]


@given(st.recursive(st.text() | st.integers(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)))
def test_any_webhook_can_be_kept(value: object) -> None:
    """And what was kept is kept again."""
    kept = without_names(value)
    assert without_names(kept) == kept
