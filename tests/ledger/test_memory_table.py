"""The table in memory answers as the emulator does, to requests as the ledger makes them and wrong ones."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.ledger.simulation.memory_table import MemoryTable

PATHS = ["micros", "held", "#map.#key", "#map.#key.#inside", "#map", "extra"]
NAMES = {"#map": "holds", "#key": "one", "#inside": "micros"}
CHANCE = random.Random(20261125)


def answer(client: Any, operation: str, request: Mapping[str, Any]) -> Any:
    """What a request is answered: its result, or the code of its error and the item that came with it."""
    try:
        found = getattr(client, operation)(**request)
    except ClientError as error:
        response: Any = error.response
        reasons = [one.get("Code") for one in response.get("CancellationReasons", ())]
        return response["Error"]["Code"], response.get("Item"), reasons
    return {name: found[name] for name in ("Item", "Attributes", "Items") if name in found}


def used(text: str, pool: Mapping[str, Any]) -> dict[str, Any]:
    """The names or values that an expression has."""
    return {name: kept for name, kept in pool.items() if name in text}


def a_condition() -> str:
    """One condition on one of the paths."""
    path = CHANCE.choice(PATHS)
    return CHANCE.choice(
        [
            f"attribute_not_exists({path})",
            f"attribute_exists({path})",
            f"{path} = :n",
            f"{path} >= :n",
            f"{path} <= :n",
            f"{path} = :s",
            "size(#map) < :n",
            "(held = :n OR micros >= :n)",
        ]
    )


def an_update() -> str:
    """An update whose paths do not overlap: DynamoDB refuses those that do, the emulator does not."""
    if CHANCE.random() < 0.2:
        return f"REMOVE {CHANCE.choice(['micros', '#map.#key', '#map', 'extra'])}"
    target = CHANCE.choice(["micros", "#map.#key", "#map.#key.#inside", "#map", "extra"])
    clauses = [f"SET {target} = {CHANCE.choice([':n', ':m', ':s', 'held + :n', 'micros + :n'])}"]
    if CHANCE.random() < 0.5:
        clauses[0] += ", later = :s"
    if CHANCE.random() < 0.6:
        clauses.append(f"ADD {CHANCE.choice(['held', 'fresh'])} :n")
    if CHANCE.random() < 0.5:
        clauses.append("REMOVE gone")
    return " ".join(clauses)


POOL: dict[str, Any] = {":n": {"N": "3"}, ":m": {"M": {"micros": {"N": "1"}}}, ":s": {"S": "text"}}


def a_request(pk: str) -> tuple[str, dict[str, Any]]:
    """An operation and its request."""
    key = {"pk": {"S": pk}, "sk": {"S": CHANCE.choice(["a", "b", "c"])}}
    kind = CHANCE.choice(["put", "update", "update", "update", "get", "delete", "query", "transact"])
    number = {"N": str(CHANCE.randrange(6))}
    if kind == "get":
        return "get_item", {"Key": key, "ConsistentRead": True}
    if kind == "query":
        first, last = sorted((CHANCE.choice(["a", "b"]), CHANCE.choice(["b", "c", "\uffff"])))
        values = {":pk": {"S": pk}, ":first": {"S": first}, ":last": {"S": last}}
        more = CHANCE.choice([{}, {"ScanIndexForward": False, "Limit": 2}])
        condition = "pk = :pk AND sk BETWEEN :first AND :last"
        return "query", {
            "KeyConditionExpression": condition,
            "ExpressionAttributeValues": values,
            "ConsistentRead": True,
            **more,
        }
    if kind == "put":
        item = key | {
            "micros": number,
            "held": {"N": "3"},
            "holds": CHANCE.choice([{"M": {}}, {"M": {"one": {"M": {"micros": number}}}}]),
        }
        return "put_item", {"Item": item, **a_write("")}
    if kind == "delete":
        return "delete_item", {"Key": key, **a_write("")}
    if kind == "update":
        update = an_update()
        more = {"ReturnValues": "ALL_NEW", "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}
        return "update_item", {"Key": key, "UpdateExpression": update, **more, **a_write(update)}
    other = {"pk": {"S": pk}, "sk": {"S": "t"}}
    update = "ADD micros :n"
    writes: list[dict[str, Any]] = [
        {"Update": {"Key": key, "UpdateExpression": update, **a_write(update)}},
        {"Put": {"Item": other, **a_write("")}},
    ]
    return "transact_write_items", {"TransactItems": writes}


def a_write(update: str) -> dict[str, Any]:
    """The condition of a write, and the names and values that it and the update have."""
    conditions = [a_condition() for _ in range(CHANCE.randrange(3))]
    text = " AND ".join(conditions)
    found: dict[str, Any] = {"ConditionExpression": text} if text else {}
    names, values = used(f"{text} {update}", NAMES), used(f"{text} {update}", POOL)
    if names:
        found["ExpressionAttributeNames"] = names
    if values:
        found["ExpressionAttributeValues"] = values
    return found


def test_every_answer_is_the_emulator_s(emulator: Any, kazoo_account_id: str) -> None:
    """Four hundred requests, right and wrong, one after another on the same items."""
    table = emulator.names["AccountsTable"]
    client, memory = emulator.client("dynamodb"), MemoryTable(table)
    for number in range(400):
        operation, request = a_request(f"{kazoo_account_id}#{number // 40}")
        if operation == "transact_write_items":
            for entry in request["TransactItems"]:
                for write in entry.values():
                    write["TableName"] = table
        else:
            request["TableName"] = table
        real, ours = (answer(one, operation, request) for one in (client, memory))
        assert ours == real, (number, operation, request)


def test_the_index_holds_what_has_its_key(emulator: Any, kazoo_account_id: str) -> None:
    """An item is in the sparse index while it has the attribute."""
    table = emulator.names["AccountsTable"]
    client, memory = emulator.client("dynamodb"), MemoryTable(table)
    key = {"pk": {"S": f"{kazoo_account_id}#i"}, "sk": {"S": "account"}}
    query = {
        "TableName": table,
        "IndexName": "open",
        "KeyConditionExpression": "#key = :key",
        "ExpressionAttributeNames": {"#key": "open"},
        "ExpressionAttributeValues": {":key": {"S": kazoo_account_id}},
    }
    for step in ("put", "remove", "put", "delete"):
        for one in (client, memory):
            if step == "put":
                one.put_item(TableName=table, Item=key | {"open": {"S": kazoo_account_id}})
            elif step == "remove":
                one.update_item(
                    TableName=table,
                    Key=key,
                    UpdateExpression="REMOVE #open",
                    ExpressionAttributeNames={"#open": "open"},
                )
            else:
                one.delete_item(TableName=table, Key=key)
        found = [sorted(str(item) for item in one.query(**query)["Items"]) for one in (client, memory)]
        assert len(found[0]) == len(found[1]) == (step == "put")


ONE = {":n": {"N": "1"}}


@pytest.mark.parametrize(
    ("update", "values"),
    [
        ("SET held = :n", {**ONE, ":unused": {"N": "1"}}),
        ("SET held = :n, held = :n", ONE),
        ("SET held = :n SET micros = :n", ONE),
        ("SET held = absent + :n", ONE),
        ("SET no.map = :n", ONE),
    ],
)
def test_wrong_requests_are_refused(update: str, values: Mapping[str, Any]) -> None:
    """DynamoDB refuses them; an emulator may be kinder."""
    key = {"pk": {"S": "p"}, "sk": {"S": "s"}}
    request = {"Key": key, "UpdateExpression": update, "ExpressionAttributeValues": values}
    with pytest.raises(ClientError, match="ValidationException"):
        MemoryTable("t").update_item(TableName="t", **request)
