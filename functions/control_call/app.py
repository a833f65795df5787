"""Control call: at the second a call's money ends, extends its hold or ends the call through Crossbar.

Deployed only where the template's CallControl is on. `{prefix}/crossbar/{kazoo_account_id}` in SSM holds
{"url": "https://crossbar.example.com:8443", "api_key": 64 characters} of the KAZOO account.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any
from urllib.parse import quote

import httpx

from kazoo_pivot import aws
from kazoo_pivot.observability import emit_metrics, logger
from kazoo_pivot.settings import settings
from pivot_app.ledger import CallControl, DynamoDBLedger, RunsOut

TIMEOUT_S = 5.0


class Crossbar:
    """KAZOO's API, as far as ending a call needs it.

    KAZOO 4.3: `PUT /v2/api_auth` with the account's key gives a token for an hour; `POST` of the action
    `hangup` to a channel answers 202, and 404 once the channel is gone.
    """

    def __init__(self, client: httpx.Client | None = None) -> None:
        self._http = client or httpx.Client(timeout=TIMEOUT_S)
        self._tokens: dict[str, str] = {}

    def hang_up(self, kazoo_account_id: str, call_id: str) -> None:
        """End a call; raises httpx.HTTPError if Crossbar does not take it."""
        access = self._access(kazoo_account_id)
        for is_retry in (False, True):
            token = self._token(kazoo_account_id, access, renew=is_retry)
            answer = self._http.post(
                f"{access['url']}/v2/accounts/{kazoo_account_id}/channels/{quote(call_id, safe='')}",
                json={"data": {"action": "hangup"}},
                headers={"X-Auth-Token": token},
            )
            if answer.status_code != httpx.codes.UNAUTHORIZED:
                break
        if answer.status_code != httpx.codes.NOT_FOUND:
            answer.raise_for_status()

    def _token(self, kazoo_account_id: str, access: Mapping[str, str], *, renew: bool) -> str:
        if renew or kazoo_account_id not in self._tokens:
            key = {"data": {"api_key": access["api_key"]}}
            answer = self._http.put(f"{access['url']}/v2/api_auth", json=key)
            self._tokens[kazoo_account_id] = answer.raise_for_status().json()["auth_token"]
        return self._tokens[kazoo_account_id]

    @staticmethod
    def _access(kazoo_account_id: str) -> Mapping[str, str]:
        name = f"{settings().parameter_prefix}/crossbar/{kazoo_account_id}"
        found = aws.client("ssm").get_parameters(Names=[name], WithDecryption=True)["Parameters"]
        if not found:
            raise LookupError(f"parameter {name} is missing: no call of this KAZOO account can be ended")
        access: Mapping[str, str] = json.loads(found[0]["Value"])
        return access


def handler(event: Mapping[str, Any], context: Any = None) -> dict[str, Any]:  # noqa: ARG001 - Lambda's signature
    """The messages to deliver again."""
    failed = []
    for record in event["Records"]:
        try:
            done = control().run_out(RunsOut(**json.loads(record["body"])), crossbar(), datetime.now(UTC))
            emit_metrics("control_call", {"CallsControlled": 1}, {}, done)
        except Exception:  # noqa: BLE001 - whatever is wrong with this one, the others are controlled
            logger().exception("a call could not be controlled", extra={"message_id": record["messageId"]})
            emit_metrics("control_call", {"ControlFailed": 1}, {})
            failed.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failed}


@cache
def control() -> CallControl:
    """The call control of this instance."""
    return CallControl(DynamoDBLedger(aws.client("dynamodb"), settings().accounts_table, budget_seconds=5))


@cache
def crossbar() -> Crossbar:
    """The Crossbar of this instance, with its tokens."""
    return Crossbar()
