"""The initial data of the local stack: one KAZOO account, some customers, their numbers."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from pivot_app.identity import Caller, DynamoDBCallers, hash_pin
from pivot_app.ledger import Account, DynamoDBLedger, Rate
from pivot_app.tenants import DIGEST_SHOWN, TenantItem, TenantStore
from pivotctl.local_stack._emulator import ROOT, Emulator
from pivotctl.local_stack._stack import PARAMETER_PREFIX

KAZOO_ACCOUNT = "4c6f1e0a9b3d45c28e7f10a2b3c4d5e6"
"""The KAZOO account of the captured requests, so that the event files are its own."""

TOKEN = "local-stack-token"  # noqa: S105 - opens nothing but an emulator on this machine
STATE_KEY = "local-stack-key-that-signs-nothing-real"
TOKEN_KEY = "local-stack-key-that-makes-no-real-token"  # noqa: S105 - as above
EMULATOR_ROOT = "arn:aws:iam::000000000000:root"
"""The principal that the emulator uses for the placeholder credentials."""

SUPPORT_USER = "a1c7f2d8e4b04f6b9d3e5a7c1f2b8d60"
SUPPORT_DEVICE = "b2d8a3e9f5c15a7cae4f6b8d2a3c9e71"

ADA = "+14155550123"
LUIS = "+14155550142"
MARIE = "+33142685300"
GRACE = "+14155550164"

CUSTOMERS: tuple[dict[str, Any], ...] = (
    {
        "account_id": "1001",
        "currency": "USD",
        "micros": 12_500_000,
        "numbers": (ADA,),
        "profile": {
            "name": "Ada",
            "language": "en-us",
            "support": {"kind": "user", "id": SUPPORT_USER},
            "pin": "2468",
        },
    },
    {
        "account_id": "1002",
        "currency": "USD",
        "micros": 1_050_000,
        "numbers": (LUIS,),
        "profile": {
            "name": "Luis",
            "language": "es-mx",
            "support": {"kind": "device", "id": SUPPORT_DEVICE},
            "pin": "1357",
        },
    },
    {
        "account_id": "1003",
        "currency": "EUR",
        "micros": 40_000_000,
        "numbers": (MARIE,),
        "profile": {
            "name": "Marie",
            "language": "fr-fr",
            "support": {"kind": "number", "id": "+33142685301"},
            "pin": "8642",
        },
    },
    {
        "account_id": "1010",
        "currency": "USD",
        "micros": 12_500_000,
        "numbers": (GRACE,),
        # Prepaid calls: what a minute costs, by the first digits of the number called.
        "rates": (Rate("1", 250_000), Rate("33", 400_000)),
        "profile": {
            "name": "Grace",
            "language": "en-us",
            "support": {"kind": "user", "id": SUPPORT_USER},
            "pin": "9753",
        },
    },
)


def seed(emulator: Emulator, tables: Mapping[str, str], parameter_prefix: str = PARAMETER_PREFIX) -> None:
    """Write the demo's secrets, accounts and callers onto the emulator; existing ones stay.

    `tables` are the names of the tables by their logical ids in template.yaml.
    """
    write_secrets(emulator, tables, parameter_prefix)
    dynamodb = emulator.client("dynamodb")
    ledger = DynamoDBLedger(dynamodb, tables["AccountsTable"])
    callers = DynamoDBCallers(dynamodb, tables["CallersTable"])
    now = datetime.now(UTC)
    for customer in CUSTOMERS:
        account_id, profile = customer["account_id"], customer["profile"]
        if ledger.account(KAZOO_ACCOUNT, account_id) is not None:
            continue
        ledger.create(
            Account(
                kazoo_account_id=KAZOO_ACCOUNT,
                account_id=account_id,
                currency=customer["currency"],
                rates=customer.get("rates", ()),
                profile={**profile, "pin": hash_pin(profile["pin"])},
            )
        )
        ledger.top_up(KAZOO_ACCOUNT, account_id, customer["micros"], reference="opening-balance", now=now)
        for number in customer["numbers"]:
            callers.put(KAZOO_ACCOUNT, Caller(number=number, account_id=account_id, name=profile["name"]))
    push_documents(emulator, tables)


def push_documents(emulator: Emulator, tables: Mapping[str, str]) -> None:
    """Push menus and routing rules of two examples to the demo's KAZOO account; live documents stay."""
    from pivotctl.data import Deployment, push, read

    deployment = Deployment(
        emulator.client("dynamodb"), tables["DocumentsTable"], tables["CallersTable"], tables["AccountsTable"]
    )
    for example in ("balance_line/menus.yaml", "after_hours/routing.yaml"):
        source = read(ROOT / "examples" / example)
        if deployment.documents.head(KAZOO_ACCOUNT, source.kind) is None:
            push(deployment, KAZOO_ACCOUNT, source, author="demo", now=datetime.now(UTC))


def write_secrets(
    emulator: Emulator, tables: Mapping[str, str], parameter_prefix: str = PARAMETER_PREFIX
) -> None:
    """Write the KAZOO account with its token, and the key that signs chained state.

    The token is an old one, as existing deployments have: it has both scopes.
    """
    ssm = emulator.client("ssm")
    settings = {
        "kazoo_version": "4.3",
        "language": "en-us",
        "region": "US",
        "time_zone": "America/Los_Angeles",
        # Nobody here is real, so numbers need no masks, and a recorded call can be played again.
        "debug": {"enabled": True, "mask_numbers": False},
    }
    for name, value in (
        ("keys/state", json.dumps([{"id": "k1", "key": STATE_KEY, "from": 0}])),
        ("keys/tokens", json.dumps([{"id": "k1", "key": TOKEN_KEY, "from": 0}])),
        ("debug-access", json.dumps({EMULATOR_ROOT: ["*"]})),
    ):
        ssm.put_parameter(Name=f"{parameter_prefix}/{name}", Value=value, Type="SecureString", Overwrite=True)
    store = TenantStore(emulator.client("dynamodb"), tables["TenantsTable"])
    digest = hashlib.sha256(TOKEN.encode()).hexdigest()
    if store.get(KAZOO_ACCOUNT, consistent=True) is None:
        old = ({"sha256": digest, "created": "2026-01-01"},)
        store.put(TenantItem(account_id=KAZOO_ACCOUNT, settings=settings, old_tokens=old))
        store.put_old_tokens({digest[:DIGEST_SHOWN]: KAZOO_ACCOUNT})
