"""An outage has one name in every callback: alarms go by reason."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from kazoo_pivot import StateKeys
from kazoo_pivot._state_token import StateToken
from pivot_app.bootstrap import adapters, tenants
from pivotctl.events import event_v2
from pivotctl.local_stack.demo_data import KAZOO_ACCOUNT, STATE_KEY, TOKEN

CLOSED = "http://127.0.0.1:9"


def request(path: str, *, chained: bool) -> dict[str, Any]:
    """A request of KAZOO, the first of a call or a later one."""
    call_id = f"outage-{path}-{chained}"
    state = ""
    if chained:
        token = StateToken(path=path, started_ms=1, step=1, expires_s=2**40, nonce="n")
        state = f"&state={token.sign(StateKeys.of(STATE_KEY.encode()), KAZOO_ACCOUNT, call_id)}"
    sent = {
        "Account-ID": KAZOO_ACCOUNT,
        "Call-ID": call_id,
        "Caller-ID-Number": "+14155550777",
        "Request": "+442071838750",
        "Digits": {"account_number": "1001", "pin": "2468"},
    }
    return event_v2(
        "POST",
        path,
        query_string=f"token={TOKEN}{state}",
        headers={"Content-Type": "application/json"},
        body=json.dumps(sent),
    )


@pytest.mark.parametrize("knows_who_asks", [True, False], ids=["warm", "cold"])
@pytest.mark.parametrize("chained", [False, True], ids=["first", "chained"])
@pytest.mark.parametrize(
    "path",
    ["/account_balance", "/identify_caller", "/menu", "/menu_selection", "/call_routing", "/balance_gate"],
)
def test_a_table_that_is_away_is_called_store_unavailable(
    application: dict[str, Callable[..., Any]],
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    path: str,
    chained: bool,
    knows_who_asks: bool,
) -> None:
    """Whatever the callback asks of DynamoDB, and whether or not it was seen before."""
    if path == "/identify_caller" and not chained:
        pytest.skip("no call begins here")
    if path == "/balance_gate" and knows_who_asks:
        pytest.skip("the gate decides for itself what an outage means; see test_balance_gate.py")
    if knows_who_asks:
        tenants().authenticate(KAZOO_ACCOUNT, TOKEN)
    monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", CLOSED)
    answer = application[path](request(path, chained=chained), None)
    assert answer["statusCode"] == 200
    out = capfd.readouterr().out
    assert '"reason":"store_unavailable"' in out, out
    assert '"StoreUnavailable":1' in out
    assert adapters().call_states is not None
