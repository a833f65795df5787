"""The scheduled comparison with KAZOO's CDRs, with nothing but the rights that template.yaml gives it."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from functions.compare_cdrs import app
from kazoo_simulator.crossbar import Cluster, CrossbarServer
from pivot_app import call_wiring
from pivot_app.crossbar import to_gregorian
from pivot_app.ledger import Account, Authorized, CallRequest, Destination, DynamoDBLedger, Rate
from pivotctl.local_stack.demo_data import KAZOO_ACCOUNT
from tests.conftest import Tables
from tests.functions.test_doctor import NAME

LONDON = "+442071838750"


def test_a_call_whose_webhooks_were_lost_is_settled_by_its_cdrs(
    seeded: Tables, application: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once, to its own seconds; the next run finds nothing."""
    call_wiring.forget()
    now = datetime.now(UTC)
    books = DynamoDBLedger(seeded.client("dynamodb"), seeded.names["AccountsTable"])
    number, call_id = str(uuid.uuid4().int % 10**15), uuid.uuid4().hex
    account = Account(KAZOO_ACCOUNT, number, "USD", rates=(Rate("44", 60_000_000, 0, 1, 1),))
    books.create(account, opening_micros=10**12)
    made = books.authorize(
        KAZOO_ACCOUNT, number, CallRequest(call_id, Destination(LONDON, "GB")), now - timedelta(minutes=40)
    )
    assert isinstance(made, Authorized)
    cluster = Cluster(sleep=lambda _: None)
    kazoo = cluster.add_account(account_id=KAZOO_ACCOUNT)
    ended = now - timedelta(minutes=30)
    for leg, other, direction in (
        (call_id, f"{call_id}-b", "inbound"),
        (f"{call_id}-b", call_id, "outbound"),
    ):
        kazoo.cdrs[f"{ended:%Y%m}-{leg}"] = {
            "id": f"{ended:%Y%m}-{leg}",
            "call_id": leg,
            "other_leg_call_id": other,
            "call_direction": direction,
            "timestamp": to_gregorian(ended),
            "duration_seconds": 95,
            "billing_seconds": 90,
            "hangup_cause": "NORMAL_CLEARING",
            "interaction_id": f"1-{call_id}",
            "channel_created_time": 1,
            "callee_id_number": LONDON if direction == "outbound" else "",
            "custom_application_vars": {"hold_id": made.hold.hold_id},
            "custom_channel_vars": {},
        }
    ssm = seeded.client("ssm")
    monkeypatch.setattr(app, "accounts_with_access", lambda: [KAZOO_ACCOUNT])
    with CrossbarServer(cluster) as server:
        access = json.dumps({"url": server.url, "api_key": kazoo.api_key})
        ssm.put_parameter(Name=NAME, Value=access, Type="SecureString", Overwrite=True)
        first, again = app.handler({}), app.handler({})
    ssm.delete_parameter(Name=NAME)
    call_wiring.forget()
    assert (first["never_told"], first["repaired"], first["failed"]) == (2, 1, 0)
    assert (again["never_told"], again["repaired"], again["failed"]) == (0, 0, 0)
    settled = books.account(KAZOO_ACCOUNT, number)
    assert settled is not None
    assert not settled.holds
    assert settled.spent_micros == 90 * 1_000_000
