"""The state of a call in DynamoDB: its CAVs, and which steps of its chain were taken.

One item for each Call-ID, `pk = {kazoo_account_id}#call#{call_id}`. A device chooses its Call-ID and may
choose one again, so everything in the item belongs to a call key by its nonce:
    NONCE#position  the furthest step taken, `{started_ms}.{step}`; it only grows
    NONCE#step#...  one attribute for each step taken: the fingerprint of its request
    NONCE#answer    the answer of the last step, as long as it is the last: writes are paid by the item's size
    NONCE#cav#NAME  a CAV
    first#...       a first request of a callback that works once: it comes before there is a nonce
    ended_ms        calls started until then are over: their steps are refused
    expires_at      DynamoDB's time to live, epoch seconds; an item past it counts as none when it is read
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from kazoo_pivot import KEEP_S, StateRefusedError, Step, StoreUnavailableError, Taken

MAX_ANSWER_BYTES = 8 * 1_024


class DynamoDBCallStates:
    """The table of call states; `take` and `keep` are one request, StoreUnavailableError when it fails."""

    def __init__(self, client: Any, table: str) -> None:
        self._client = client
        self._table = table

    def take(self, step: Step, *, answer: str | None = None, cavs: Mapping[str, str] | None = None) -> Taken:
        """Take a step, once, and keep CAVs and, until the next step, its answer.

        StateRefusedError when a later step was taken, this one with another request, or the call has ended.
        """
        taken = {"fingerprint": {"S": step.fingerprint}, "started_ms": {"N": str(step.key.started_ms)}}
        try:
            updated = self._update(
                step,
                {
                    _step(step): {"M": taken},
                    _position(step): {"S": f"{step.key.started_ms:013d}.{step.number:04d}"},
                    **_answer(step, answer),
                    **_cav_attributes(step, cavs or {}),
                },
                # The first two attributes above: the step, and the furthest position.
                ConditionExpression="attribute_not_exists(#0) AND (attribute_not_exists(#1) OR #1 <= :1)"
                " AND (attribute_not_exists(ended_ms) OR ended_ms < :started_ms)",
                ReturnValues="ALL_OLD",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except _ConditionFailedError as failure:
            return _before(step, failure.item)
        return Taken(cavs=_cavs(step, updated.get("Attributes", {})))

    def keep(
        self, step: Step, *, answer: str | None, cavs: Mapping[str, str], for_good: bool = False
    ) -> None:
        """Keep CAVs, and the answer of a step already taken: until the next step, or `for_good`."""
        kept = _answer(step, answer)
        if for_good and kept:
            kept = {_step(step): kept[_name(step, "answer")]}
        position = {"S": f"{step.key.started_ms:013d}.{step.number:04d}"}
        self._update(step, {**kept, **_cav_attributes(step, cavs)}, started={_position(step): position})

    def forget(self, account_id: str, call_id: str, *, until_ms: int) -> None:
        """Forget the calls with this Call-ID that began until then; what still asks in their name is refused.

        until_ms: epoch milliseconds, such as the end of the call; a call that began later keeps its state.
        Two requests: one reads what to remove.
        """
        found = self._request("get_item", account_id, call_id, ConsistentRead=True).get("Item", {})
        names = {f"#{number}": name for number, name in enumerate(_of_calls_until(found, until_ms))}
        removed = f" REMOVE {', '.join(names)}" if names else ""
        try:
            self._request(
                "update_item",
                account_id,
                call_id,
                UpdateExpression=f"SET ended_ms = :until, expires_at = :expires{removed}",
                ConditionExpression="attribute_not_exists(ended_ms) OR ended_ms < :until",
                ExpressionAttributeValues={
                    ":until": {"N": str(until_ms)},
                    ":expires": {"N": str(int(time.time()) + KEEP_S)},
                },
                **({"ExpressionAttributeNames": names} if names else {}),
            )
        except _ConditionFailedError:
            return  # a later end was reported before

    def _update(
        self,
        step: Step,
        attributes: Mapping[str, Any],
        started: Mapping[str, Any] | None = None,
        **conditions: Any,
    ) -> dict[str, Any]:
        attributes = {**attributes, "expires_at": {"N": str(step.now_s + KEEP_S)}}
        assignments = [f"#{number} = :{number}" for number in range(len(attributes))]
        for name, value in (started or {}).items():
            number = len(attributes)
            attributes[name] = value
            assignments.append(f"#{number} = if_not_exists(#{number}, :{number})")
        values = {f":{number}": value for number, value in enumerate(attributes.values())}
        if "ConditionExpression" in conditions:
            values[":started_ms"] = {"N": str(step.key.started_ms)}
        return self._request(
            "update_item",
            step.key.account_id,
            step.key.call_id,
            UpdateExpression="SET " + ", ".join(assignments),
            ExpressionAttributeNames={f"#{number}": name for number, name in enumerate(attributes)},
            ExpressionAttributeValues=values,
            **conditions,
        )

    def _request(self, operation: str, account_id: str, call_id: str, **arguments: Any) -> dict[str, Any]:
        # Whatever a device chose as its Call-ID: `#call#` keeps it from the other items of this table.
        key = {"pk": {"S": f"{account_id}#call#{call_id}"}}
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


def _before(step: Step, item: Mapping[str, Any]) -> Taken:
    """Return what this request got before; StateRefusedError when it did not come before."""
    if int(item.get("ended_ms", {}).get("N", "0")) >= step.key.started_ms:
        raise StateRefusedError("ended")
    if _is_expired(step, item):
        raise StateRefusedError("expired")
    before = item.get(_step(step), {}).get("M", {})
    if before.get("fingerprint", {}).get("S") != step.fingerprint:
        raise StateRefusedError("replayed")
    last = item.get(_name(step, "answer"), {}).get("M", {})
    kept = last if last.get("step", {}).get("S") == _step(step) else before
    return Taken(cavs=_cavs(step, item), repeated=True, answer=kept.get("answer", {}).get("S"))


def _name(step: Step, name: str) -> str:
    return f"{step.key.nonce}#{name}"


def _position(step: Step) -> str:
    return _name(step, "position")


def _step(step: Step) -> str:
    """Return where a step is kept. A first request may come again with other digits: the caller looped."""
    if step.number == 0:
        return f"first#{step.path}#{step.fingerprint}"
    return _name(step, f"step#{step.number}#{step.path}")


def _answer(step: Step, answer: str | None) -> dict[str, Any]:
    if answer is None or len(answer.encode()) > MAX_ANSWER_BYTES:
        return {}
    return {
        _name(step, "answer"): {
            "M": {
                "step": {"S": _step(step)},
                "fingerprint": {"S": step.fingerprint},
                "started_ms": {"N": str(step.key.started_ms)},
                "answer": {"S": answer},
            }
        }
    }


def _cav_attributes(step: Step, cavs: Mapping[str, str]) -> dict[str, Any]:
    return {_name(step, f"cav#{name}"): {"S": value} for name, value in cavs.items()}


def _cavs(step: Step, item: Mapping[str, Any]) -> dict[str, str]:
    if _is_expired(step, item):
        return {}
    prefix = _name(step, "cav#")
    return {
        name.removeprefix(prefix): value["S"]
        for name, value in item.items()
        if name.startswith(prefix) and "S" in value
    }


def _is_expired(step: Step, item: Mapping[str, Any]) -> bool:
    # DynamoDB removes an expired item within days, not at once.
    return int(item.get("expires_at", {}).get("N", "0")) <= step.now_s if item else False


def _of_calls_until(item: Mapping[str, Any], until_ms: int) -> list[str]:
    """Return the names of the attributes of calls that began until then."""
    positions = {name: value["S"] for name, value in item.items() if name.endswith("#position")}
    over = tuple(
        name.removesuffix("position")
        for name, position in positions.items()
        if int(position.partition(".")[0]) <= until_ms
    )
    return [
        name
        for name, value in item.items()
        if (over and name.startswith(over))
        or (name.startswith("first#") and int(value["M"].get("started_ms", {}).get("N", "0")) <= until_ms)
    ]
