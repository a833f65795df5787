"""The state of a call in DynamoDB: its CAVs, and which steps of its chain were taken.

One item a call, `pk = {kazoo_account_id}#{call_id}`:
    position    the furthest step taken, `{started_ms}.{step}`: grows within a chain and from chain to chain
    step#...    one attribute for each step taken: the fingerprint of its request and, where kept, its answer
    cav#NAME    a CAV
    expires_at  DynamoDB's time to live, epoch seconds
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pivot._errors import StateRefused, StoreUnavailable

KEEP_S = 6 * 3_600
MAX_ANSWER_BYTES = 8 * 1_024
_CAV = "cav#"


@dataclass(frozen=True, slots=True)
class Claim:
    """A step that may be taken: the call's CAVs, and the answer a repeated request already got."""

    cavs: Mapping[str, str] = field(default_factory=dict)
    repeated: bool = False
    answer: str | None = None


class CallStates:
    """The table of call states; every method is one DynamoDB request, StoreUnavailable when it fails."""

    def __init__(self, client: Any, table: str) -> None:
        self._client = client
        self._table = table

    def read(self, account_id: str, call_id: str) -> dict[str, str]:
        """Return the CAVs of the call."""
        answer = self._request("get_item", account_id, call_id, ConsistentRead=True)
        return _cavs(answer.get("Item", {}))

    def claim(
        self,
        account_id: str,
        call_id: str,
        *,
        started_ms: int,
        step: int,
        route: str,
        fingerprint: str,
        now_s: int,
    ) -> Claim:
        """Take a step, once. StateRefused when a later one was taken, or this one with another request.

        A first request (step 0) may come again with other digits, as the caller may pass the node twice.
        """
        name = f"step#0#{route}#{fingerprint}" if step == 0 else f"step#{started_ms}#{step}#{route}"
        try:
            answer = self._request(
                "update_item",
                account_id,
                call_id,
                UpdateExpression="SET #step = :step, #position = :position, expires_at = :expires_at",
                ConditionExpression=(
                    "attribute_not_exists(#step) AND "
                    "(attribute_not_exists(#position) OR #position <= :position)"
                ),
                ExpressionAttributeNames={"#step": name, "#position": "position"},
                ExpressionAttributeValues={
                    ":step": {"M": {"fingerprint": {"S": fingerprint}}},
                    ":position": {"S": f"{started_ms:013d}.{step:04d}"},
                    ":expires_at": {"N": str(now_s + KEEP_S)},
                },
                ReturnValues="ALL_NEW",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except _ConditionFailed as failure:
            item = failure.item
        else:
            return Claim(_cavs(answer.get("Attributes", {})))
        taken = item.get(name, {}).get("M", {})
        if taken.get("fingerprint", {}).get("S") != fingerprint:
            raise StateRefused("replayed")
        return Claim(_cavs(item), repeated=True, answer=taken.get("answer", {}).get("S"))

    def finish(
        self,
        account_id: str,
        call_id: str,
        *,
        started_ms: int,
        step: int,
        route: str,
        fingerprint: str,
        answer: str | None,
        cavs: Mapping[str, str],
        now_s: int,
    ) -> None:
        """Keep the CAVs and, for a claimed step, the answer."""
        names: dict[str, str] = {}
        values: dict[str, Any] = {":expires_at": {"N": str(now_s + KEEP_S)}}
        changes = ["expires_at = :expires_at"]
        if answer is not None and len(answer.encode()) <= MAX_ANSWER_BYTES:
            names["#step"] = (
                f"step#0#{route}#{fingerprint}" if step == 0 else f"step#{started_ms}#{step}#{route}"
            )
            values[":step"] = {"M": {"fingerprint": {"S": fingerprint}, "answer": {"S": answer}}}
            changes.append("#step = :step")
        for index, (name, value) in enumerate(cavs.items()):
            names[f"#c{index}"] = _CAV + name
            values[f":c{index}"] = {"S": value}
            changes.append(f"#c{index} = :c{index}")
        arguments: dict[str, Any] = {"ExpressionAttributeNames": names} if names else {}
        self._request(
            "update_item",
            account_id,
            call_id,
            UpdateExpression="SET " + ", ".join(changes),
            ExpressionAttributeValues=values,
            **arguments,
        )

    def _request(self, operation: str, account_id: str, call_id: str, **arguments: Any) -> dict[str, Any]:
        key = {"pk": {"S": f"{account_id}#{call_id}"}}
        try:
            answer = getattr(self._client, operation)(TableName=self._table, Key=key, **arguments)
        except Exception as error:
            response = getattr(error, "response", None) or {}
            if response.get("Error", {}).get("Code") == "ConditionalCheckFailedException":
                raise _ConditionFailed(response.get("Item") or {}) from None
            raise StoreUnavailable("the table of call states did not answer") from error
        return answer if isinstance(answer, dict) else {}


class _ConditionFailed(Exception):  # noqa: N818
    def __init__(self, item: Mapping[str, Any]) -> None:
        self.item = item


def _cavs(item: Mapping[str, Any]) -> dict[str, str]:
    return {
        name.removeprefix(_CAV): value["S"]
        for name, value in item.items()
        if name.startswith(_CAV) and "S" in value
    }
