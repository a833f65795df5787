"""Finds and deletes one caller's data in the tables.

callers    the row of the number or user: deleted
accounts   the profile of the account: its name, language, attributes and PIN go if the caller was its only
identity;
           holds, legs and statements keep amounts and times, and lose the number
call state calls and tries of PINs that name the caller: deleted
exchanges  Live Debug's records of the caller's calls: deleted
documents  menus, rules and callers of every version: only named, as they are an operator's own text
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pivot_app import aws
from pivotctl.privacy._person import Person

Way = Literal["delete", "strip", "report"]
PROFILE = frozenset({"name", "language", "attributes", "pin"})


@dataclass(frozen=True, slots=True)
class Tables:
    """A client of DynamoDB and the names of the tables."""

    dynamodb: Any
    callers: str
    accounts: str
    call_states: str
    exchanges: str
    documents: str


@dataclass(frozen=True, slots=True)
class Record:
    """One item that names the caller.

    way: what erasing does to it. content: what it says, opened where it is compressed. is_sure: False where
    only a masked number was compared, which others may share.
    """

    table: str
    key: Mapping[str, Any]
    way: Way
    content: Mapping[str, Any]
    is_sure: bool = True

    def as_json(self) -> dict[str, Any]:
        """Return the record for an export."""
        content = _without_pins(self.content)
        return {"table": self.table, "erase": self.way, "certain": self.is_sure, "content": content}


def _without_pins(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _without_pins(each) for name, each in value.items() if name != "pin"}
    return [_without_pins(each) for each in value] if isinstance(value, list | tuple) else value


def find(tables: Tables, kazoo_account_id: str, who: Person) -> Iterator[Record]:
    """Yield every item of one KAZOO account that names the caller; each table is read from end to end."""
    account_ids, others = set[str](), set[str]()
    for item in _scan(tables.dynamodb, tables.callers, kazoo_account_id):
        content = aws.from_item(item)
        if content["pk"].partition("#")[2] == who.key or who.is_in(content["pk"].partition("#")[2]):
            account_ids.add(str(content["account_id"]))
            yield Record("callers", _key(item), "delete", content)
        else:
            others.add(str(content["account_id"]))
    alone = account_ids - others
    for item in _scan(tables.dynamodb, tables.accounts, kazoo_account_id):
        yield from _of_accounts(item, who, alone)
    for item in _scan(tables.dynamodb, tables.call_states, kazoo_account_id):
        content = aws.from_item(item)
        rest = content["pk"].partition("#")[2]
        if who.is_in(content) or any(rest == f"pin#{each}" for each in alone):
            yield Record("call states", _key(item), "delete", content)
    for item in _scan(tables.dynamodb, tables.exchanges, kazoo_account_id):
        yield from _of_exchanges(item, who)
    for item in _scan(tables.dynamodb, tables.documents, kazoo_account_id):
        content = {name: _opened(value) for name, value in aws.from_item(item).items()}
        if who.is_in(content):
            yield Record(
                "documents", _key(item), "report", {"pk": content["pk"], "sk": content.get("sk", "")}
            )


def erase(tables: Tables, records: Iterator[Record], who: Person) -> Iterator[tuple[Record, bool]]:
    """Erase records; yield each with whether it is gone: one that changed meanwhile waits for another run."""
    client = tables.dynamodb
    names = {"callers": tables.callers, "accounts": tables.accounts}
    names |= {"call states": tables.call_states, "exchanges": tables.exchanges}
    for record in records:
        if record.way == "report":
            yield record, False
        elif record.way == "delete":
            client.delete_item(TableName=names[record.table], Key=dict(record.key))
            yield record, True
        else:
            yield record, _strip(client, names[record.table], record, who)


def _of_accounts(item: Mapping[str, Any], who: Person, alone: set[str]) -> Iterator[Record]:
    content = aws.from_item(item)
    account_id = content["pk"].partition("#")[2]
    profile = content.get("profile") or {}
    is_owner = content.get("sk") == "account" and account_id in alone
    if is_owner and any(profile.get(name) for name in PROFILE):
        yield Record("accounts", _key(item), "strip", {"account_id": account_id, "profile": profile})
    if who.is_in([content["pk"], content.get("sk", "")]):
        # A key cannot change: a reference of a top-up is what makes it happen once.
        yield Record("accounts", _key(item), "report", {"pk": content["pk"], "sk": content.get("sk", "")})
    named = {name: value for name, value in content.items() if name not in ("pk", "sk") and who.is_in(value)}
    if named and not (is_owner and set(named) == {"profile"}):
        yield Record("accounts", _key(item), "strip", {"pk": content["pk"], "sk": content["sk"], **named})


def _of_exchanges(item: Mapping[str, Any], who: Person) -> Iterator[Record]:
    plain = {name: value for name, value in aws.from_item(item).items() if name != "body"}
    body = _opened(item.get("body", {}).get("B", b""))
    if who.is_in(body) or who.is_in(plain):
        yield Record("exchanges", _key(item), "delete", body if isinstance(body, dict) else plain)
    elif {str(plain.get("caller", "")), str(plain.get("dialled", ""))} & who.masked:
        yield Record("exchanges", _key(item), "delete", plain, is_sure=False)


def _opened(value: Any) -> Any:
    """Return what a compressed attribute holds, as JSON or text; other values as they are."""
    if not isinstance(value, bytes | bytearray):
        return value
    for window_bits in (zlib.MAX_WBITS, zlib.MAX_WBITS | 16, None):
        try:
            text = (value if window_bits is None else zlib.decompress(value, window_bits)).decode()
        except (zlib.error, UnicodeDecodeError):
            continue
        try:
            return json.loads(text)
        except ValueError:
            return text
    return ""


def _strip(client: Any, table: str, record: Record, who: Person) -> bool:
    """Replace the attributes that name the caller, if they are still what they were."""
    current = client.get_item(TableName=table, Key=dict(record.key), ConsistentRead=True).get("Item")
    if current is None:
        return True
    is_profile = "account_id" in record.content
    change: Callable[[str, Any], Any] = (
        (lambda _, value: {name: each for name, each in value.items() if name not in PROFILE})
        if is_profile
        else (lambda _, value: who.removed_from(value))
    )
    names = ["profile"] if is_profile else [name for name in record.content if name not in ("pk", "sk")]
    attributes = {f"#{at}": name for at, name in enumerate(names)}
    old = {f":o{at}": current[name] for at, name in enumerate(names)}
    new = {
        f":n{at}": aws.to_attribute(change(name, aws.from_attribute(current[name])))
        for at, name in enumerate(names)
    }
    places = range(len(names))
    try:
        client.update_item(
            TableName=table,
            Key=dict(record.key),
            UpdateExpression="SET " + ", ".join(f"#{at} = :n{at}" for at in places),
            ConditionExpression=" AND ".join(f"#{at} = :o{at}" for at in places),
            ExpressionAttributeNames=attributes,
            ExpressionAttributeValues=old | new,
        )
    except client.exceptions.ConditionalCheckFailedException:
        return False
    return True


def _key(item: Mapping[str, Any]) -> dict[str, Any]:
    return {name: item[name] for name in ("pk", "sk") if name in item}


def _scan(client: Any, table: str, kazoo_account_id: str) -> Iterator[dict[str, Any]]:
    pages = client.get_paginator("scan").paginate(
        TableName=table,
        FilterExpression="begins_with(pk, :pk)",
        ExpressionAttributeValues={":pk": {"S": f"{kazoo_account_id}#"}},
        ConsistentRead=True,
    )
    for page in pages:
        yield from page["Items"]
