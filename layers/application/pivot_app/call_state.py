"""The state of a call in DynamoDB: its CAVs, and which steps of its chain were taken.

One item a call, `pk = {kazoo_account_id}#{call_id}`:
    position    the furthest step taken, `{started_ms}.{step}`: grows within a chain and from chain to chain
    step#...    one attribute for each step taken: the fingerprint of its request
    answer      the answer of the last step, as long as it is the last: writes are paid by the item's size
    cav#NAME    a CAV
    expires_at  DynamoDB's time to live, epoch seconds
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kazoo_pivot import StateRefusedError, Step, StoreUnavailableError, Taken

KEEP_S = 6 * 3_600
MAX_ANSWER_BYTES = 8 * 1_024
_CAV = "cav#"


class DynamoDBCallStates:
    """The table of call states; every method is one DynamoDB request, StoreUnavailableError when it fails."""

    def __init__(self, client: Any, table: str) -> None:
        self._client = client
        self._table = table

    def read(self, account_id: str, call_id: str) -> dict[str, str]:
        """Return the CAVs of the call."""
        answer = self._request("get_item", account_id, call_id, ConsistentRead=True)
        return _cavs(answer.get("Item", {}))

    def take(self, step: Step, *, answer: str | None = None, cavs: Mapping[str, str] | None = None) -> Taken:
        """Take a step, once, and keep CAVs and, until the next step, its answer.

        StateRefusedError when a later step was taken, or this one with another request.
        """
        try:
            updated = self._update(
                step,
                {
                    step.attribute: {"M": {"fingerprint": {"S": step.fingerprint}}},
                    "position": {"S": f"{step.started_ms:013d}.{step.number:04d}"},
                    **_answer(step, answer),
                    **_cav_attributes(cavs or {}),
                },
                # The first two attributes above: the step, and the furthest position.
                ConditionExpression="attribute_not_exists(#0) AND (attribute_not_exists(#1) OR #1 <= :1)",
                ReturnValues="ALL_OLD",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except _ConditionFailedError as failure:
            before = failure.item.get(step.attribute, {}).get("M", {})
            if before.get("fingerprint", {}).get("S") != step.fingerprint:
                raise StateRefusedError("replayed") from None
            last = failure.item.get("answer", {}).get("M", {})
            kept = last if last.get("step", {}).get("S") == step.attribute else before
            return Taken(cavs=_cavs(failure.item), repeated=True, answer=kept.get("answer", {}).get("S"))
        return Taken(cavs=_cavs(updated.get("Attributes", {})))

    def keep(
        self, step: Step, *, answer: str | None, cavs: Mapping[str, str], for_good: bool = False
    ) -> None:
        """Keep CAVs, and the answer of a step already taken: until the next step, or `for_good`."""
        kept = _answer(step, answer)
        if for_good and kept:
            kept = {step.attribute: kept["answer"]}
        self._update(step, {**kept, **_cav_attributes(cavs)})

    def _update(self, step: Step, attributes: Mapping[str, Any], **conditions: Any) -> dict[str, Any]:
        attributes = {**attributes, "expires_at": {"N": str(step.now_s + KEEP_S)}}
        return self._request(
            "update_item",
            step.account_id,
            step.call_id,
            UpdateExpression="SET "
            + ", ".join(f"#{number} = :{number}" for number in range(len(attributes))),
            ExpressionAttributeNames={f"#{number}": name for number, name in enumerate(attributes)},
            ExpressionAttributeValues={
                f":{number}": value for number, value in enumerate(attributes.values())
            },
            **conditions,
        )

    def _request(self, operation: str, account_id: str, call_id: str, **arguments: Any) -> dict[str, Any]:
        key = {"pk": {"S": f"{account_id}#{call_id}"}}
        try:
            answer: dict[str, Any] = getattr(self._client, operation)(
                TableName=self._table, Key=key, **arguments
            )
        except Exception as error:
            response = getattr(error, "response", None) or {}
            if response.get("Error", {}).get("Code") == "ConditionalCheckFailedException":
                raise _ConditionFailedError(response.get("Item") or {}) from None
            raise StoreUnavailableError("the table of call states did not answer") from error
        return answer


class _ConditionFailedError(Exception):
    def __init__(self, item: Mapping[str, Any]) -> None:
        self.item = item


def _answer(step: Step, answer: str | None) -> dict[str, Any]:
    if answer is None or len(answer.encode()) > MAX_ANSWER_BYTES:
        return {}
    return {
        "answer": {
            "M": {
                "step": {"S": step.attribute},
                "fingerprint": {"S": step.fingerprint},
                "answer": {"S": answer},
            }
        }
    }


def _cav_attributes(cavs: Mapping[str, str]) -> dict[str, Any]:
    return {_CAV + name: {"S": value} for name, value in cavs.items()}


def _cavs(item: Mapping[str, Any]) -> dict[str, str]:
    return {
        name.removeprefix(_CAV): value["S"]
        for name, value in item.items()
        if name.startswith(_CAV) and "S" in value
    }
