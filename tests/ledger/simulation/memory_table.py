"""DynamoDB in memory: as much of it as the ledger uses, and strict about that.

`test_memory_table.py` holds it against the emulator, request by request. One process, one thread: a request
is atomic because nothing happens beside it.
"""

from __future__ import annotations

import re
from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from botocore.exceptions import ClientError

Item = dict[str, Any]
Key = tuple[str, str]
Names = Mapping[str, str]
Values = Mapping[str, Any]

MAX_ITEM_BYTES = 400 * 1024
PAGE_BYTES = 1024 * 1024
MAX_TRANSACTION = 100

_TOKEN = re.compile(r"\s*(<>|<=|>=|[=<>(),.+-]|[#:A-Za-z_][A-Za-z0-9_]*)")


def refused(code: str, message: str, **more: Any) -> ClientError:
    """Return the error botocore raises for a refused request."""
    return ClientError({"Error": {"Code": code, "Message": message}, **more}, "MemoryTable")


def _invalid(message: str) -> ClientError:
    return refused("ValidationException", message)


class MemoryTable:
    """A client of one table with the keys `pk` and `sk`, and a sparse index that holds keys only.

    Args:
        name: The table.
        index: The name of the index, and of the attribute it is on.

    """

    def __init__(self, name: str = "accounts", index: str = "open") -> None:
        self.name = name
        self.index = index
        self.items: dict[str, dict[str, Item]] = {}
        self.order: dict[str, list[str]] = {}
        self.indexed: dict[Key, str] = {}
        self.sizes: dict[Key, int] = {}
        self.requests: Counter[str] = Counter()

    # --- Requests -------------------------------------------------------------------------------

    def get_item(self, *, TableName: str, Key: Item, ConsistentRead: bool = False) -> dict[str, Any]:  # noqa: N803
        """Return one item."""
        self._begin("get_item", TableName)
        del ConsistentRead
        found = self._get(_key(Key))
        return {"Item": found} if found is not None else {}

    def put_item(self, **request: Any) -> dict[str, Any]:
        """Write one item, on a condition."""
        self._begin("put_item", request["TableName"])
        self._check(request, self._get(_key(request["Item"])))
        self._put(request["Item"])
        return {}

    def update_item(self, **request: Any) -> dict[str, Any]:
        """Change one item, on a condition; return it."""
        self._begin("update_item", request["TableName"])
        after = self._updated(request)
        self._put(after)
        return {"Attributes": after} if request.get("ReturnValues") == "ALL_NEW" else {}

    def delete_item(self, **request: Any) -> dict[str, Any]:
        """Remove one item."""
        self._begin("delete_item", request["TableName"])
        self._check(request, self._get(_key(request["Key"])))
        self._remove(_key(request["Key"]))
        return {}

    def transact_write_items(self, *, TransactItems: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803
        """Do all of the writes, or none of them."""
        self._begin("transact_write_items", self.name)
        if not 1 <= len(TransactItems) <= MAX_TRANSACTION:
            raise _invalid("1 to 100 writes make a transaction")
        keys = [
            _key(write.get("Item") or write["Key"]) for entry in TransactItems for write in entry.values()
        ]
        if len(set(keys)) < len(keys):
            raise _invalid("Transaction request cannot include multiple operations on one item")
        writes: list[tuple[Key, Item | None]] = []
        reasons: list[dict[str, Any]] = []
        for entry, key in zip(TransactItems, keys, strict=True):
            ((kind, write),) = entry.items()
            try:
                if kind == "Put":
                    self._check(write, self._get(key))
                    writes.append((key, write["Item"]))
                elif kind == "Update":
                    writes.append((key, self._updated(write)))
                elif kind == "Delete":
                    self._check(write, self._get(key))
                    writes.append((key, None))
                else:
                    self._check(write, self._get(key))
            except ClientError as error:
                if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                    raise
                reasons.append({"Code": "ConditionalCheckFailed"})
            else:
                reasons.append({"Code": "None"})
        if any(reason["Code"] != "None" for reason in reasons):
            raise refused("TransactionCanceledException", "cancelled", CancellationReasons=reasons)
        for key, item in writes:
            self._remove(key) if item is None else self._put(item)
        return {}

    def query(self, **request: Any) -> dict[str, Any]:
        """Return a page of one partition, or of one value of the index."""
        self._begin("query", request["TableName"])
        if request.get("IndexName"):
            wanted = request["ExpressionAttributeValues"][":key"]["S"]
            keys = sorted(key for key, kept in self.indexed.items() if kept == wanted)
            return {"Items": [self._projected(key) for key in keys]}
        if request["KeyConditionExpression"] != "pk = :pk AND sk BETWEEN :first AND :last":
            raise _invalid("this key condition is not known here")
        values = request["ExpressionAttributeValues"]
        pk, first, last = (values[name]["S"] for name in (":pk", ":first", ":last"))
        if not (pk and first and last):
            raise _invalid("One or more parameter values are not valid: an empty string is not a key")
        if first > last:
            raise _invalid(
                "The BETWEEN operator requires upper bound to be greater than or equal to lower bound"
            )
        order = self.order.get(pk, [])
        low, high = bisect_left(order, first), bisect_left(order, last)
        if high < len(order) and order[high] == last:
            high += 1
        keys_in = order[low:high]
        if not request.get("ScanIndexForward", True):
            keys_in.reverse()
        if start := request.get("ExclusiveStartKey"):
            sk = start["sk"]["S"]
            keys_in = [
                one for one in keys_in if (one > sk if request.get("ScanIndexForward", True) else one < sk)
            ]
        return self._page(pk, keys_in, request.get("Limit"))

    def scan(self, **request: Any) -> dict[str, Any]:
        """Return all of the index, or of the table."""
        self._begin("scan", request["TableName"])
        if request.get("IndexName"):
            return {"Items": [self._projected(key) for key in sorted(self.indexed)]}
        found = [item for sks in self.items.values() for item in sks.values()]
        names, values = request.get("ExpressionAttributeNames", {}), request["ExpressionAttributeValues"]
        condition = _condition(request["FilterExpression"])
        return {"Items": [item for item in found if condition(item, names, values)]}

    # --- The table ------------------------------------------------------------------------------

    def purge(self, now: int) -> int:
        """Remove what is past its `purge_at`, as TTL does; return how many."""
        old = [
            (pk, sk)
            for pk, sks in self.items.items()
            for sk, item in sks.items()
            if "purge_at" in item and int(item["purge_at"]["N"]) < now
        ]
        for key in old:
            self._remove(key)
        return len(old)

    def _begin(self, operation: str, table: str) -> None:
        self.requests[operation] += 1
        if table != self.name:
            raise refused("ResourceNotFoundException", "no such table")

    def _get(self, key: Key) -> Item | None:
        return self.items.get(key[0], {}).get(key[1])

    def _put(self, item: Item) -> None:
        pk, sk = key = _key(item)
        size = _size(item)
        if size > MAX_ITEM_BYTES:
            raise _invalid("Item size has exceeded the maximum allowed size")
        sks = self.items.setdefault(pk, {})
        if sk not in sks:
            insort(self.order.setdefault(pk, []), sk)
        sks[sk] = item
        self.sizes[key] = size
        if self.index in item:
            self.indexed[key] = item[self.index]["S"]
        else:
            self.indexed.pop(key, None)

    def _remove(self, key: Key) -> None:
        pk, sk = key
        if self.items.get(pk, {}).pop(sk, None) is not None:
            order = self.order[pk]
            del order[bisect_left(order, sk)]
            if not order:
                del self.order[pk], self.items[pk]
        self.indexed.pop(key, None)
        self.sizes.pop(key, None)

    def _projected(self, key: Key) -> Item:
        return {"pk": {"S": key[0]}, "sk": {"S": key[1]}, self.index: {"S": self.indexed[key]}}

    def _page(self, pk: str, sks: Iterable[str], limit: int | None) -> dict[str, Any]:
        kept: list[Item] = []
        size = 0
        for sk in sks:
            item = self.items[pk][sk]
            kept.append(item)
            size += self.sizes[pk, sk]
            if (limit and len(kept) >= limit) or size > PAGE_BYTES:
                return {"Items": kept, "LastEvaluatedKey": {"pk": {"S": pk}, "sk": {"S": sk}}}
        return {"Items": kept}

    @staticmethod
    def _check(request: Mapping[str, Any], item: Item | None) -> None:
        text = request.get("ConditionExpression")
        names = request.get("ExpressionAttributeNames", {})
        values = request.get("ExpressionAttributeValues", {})
        _all_used(request)
        if text is None or _condition(text)(item or {}, names, values):
            return
        more: dict[str, Any] = {}
        if request.get("ReturnValuesOnConditionCheckFailure") == "ALL_OLD" and item is not None:
            more["Item"] = item
        raise refused("ConditionalCheckFailedException", "The conditional request failed", **more)

    def _updated(self, request: Mapping[str, Any]) -> Item:
        key = _key(request["Key"])
        before = self._get(key)
        self._check(request, before)
        item: Item = dict(before) if before is not None else dict(request["Key"])
        names = request.get("ExpressionAttributeNames", {})
        values = request.get("ExpressionAttributeValues", {})
        _apply(request["UpdateExpression"], item, names, values)
        if _key(item) != key:
            raise _invalid("Cannot update attribute pk. This attribute is part of the key")
        return item


def _key(item: Item) -> Key:
    try:
        pk, sk = item["pk"]["S"], item["sk"]["S"]
    except (KeyError, TypeError):
        raise _invalid("One of the required keys was not given a value") from None
    if not pk or not sk:
        raise _invalid("One or more parameter values are not valid: an empty string is not a key")
    return pk, sk


def _size(value: Any) -> int:
    """About what DynamoDB counts: names, and values as they are."""
    if isinstance(value, Mapping):
        return sum(len(name) + _size(kept) for name, kept in value.items())
    if isinstance(value, list):
        return 3 + sum(map(_size, value))
    return len(value) if isinstance(value, str | bytes) else 1


# --- Expressions ------------------------------------------------------------------------------------

Condition = Callable[[Item, Names, Values], bool]
Operand = Callable[[Item, Names, Values], Any]
_ABSENT = object()


def _all_used(request: Mapping[str, Any]) -> None:
    """Refuse names and values that no expression uses, and expressions that use others, as DynamoDB does."""
    text = " ".join(
        str(request.get(name, "")) for name in ("ConditionExpression", "UpdateExpression", "FilterExpression")
    )
    used = _placeholders(text)
    given = {*request.get("ExpressionAttributeNames", {}), *request.get("ExpressionAttributeValues", {})}
    if used != given:
        raise _invalid(f"placeholders that are not used or not given: {sorted(used ^ given)}")


@lru_cache(4096)
def _placeholders(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"[#:][A-Za-z0-9_]+", text))


@lru_cache(4096)
def _tokens(text: str) -> tuple[str, ...]:
    found, at = [], 0
    stripped = text.rstrip()
    while at < len(stripped):
        token = _TOKEN.match(stripped, at)
        if token is None:
            raise _invalid(f"Invalid expression: syntax error at {stripped[at : at + 20]!r}")
        found.append(token.group(1))
        at = token.end()
    return tuple(found)


class _Parser:
    def __init__(self, text: str) -> None:
        self.left = list(reversed(_tokens(text)))

    def peek(self) -> str:
        return self.left[-1] if self.left else ""

    def take(self, *wanted: str) -> str:
        token = self.left.pop() if self.left else ""
        if wanted and token.upper() not in wanted:
            raise _invalid(f"Invalid expression: {token!r} instead of {' or '.join(wanted)}")
        return token

    def path(self) -> tuple[str, ...]:
        parts = [self.take()]
        while self.peek() == ".":
            self.take(".")
            parts.append(self.take())
        return tuple(parts)


@lru_cache(4096)
def _condition(text: str) -> Condition:
    parser = _Parser(text)
    found = _any(parser)
    if parser.left:
        raise _invalid(f"Invalid ConditionExpression: {parser.peek()!r}")
    return found


def _any(parser: _Parser) -> Condition:
    parts = [_all(parser)]
    while parser.peek().upper() == "OR":
        parser.take("OR")
        parts.append(_all(parser))
    return lambda item, names, values: any(part(item, names, values) for part in parts)


def _all(parser: _Parser) -> Condition:
    parts = [_one(parser)]
    while parser.peek().upper() == "AND":
        parser.take("AND")
        parts.append(_one(parser))
    return lambda item, names, values: all(part(item, names, values) for part in parts)


def _one(parser: _Parser) -> Condition:
    if parser.peek() == "(":
        parser.take("(")
        inner = _any(parser)
        parser.take(")")
        return inner
    word = parser.peek().lower()
    if word in {"attribute_exists", "attribute_not_exists"}:
        parser.take()
        parser.take("(")
        path = parser.path()
        parser.take(")")
        wanted = word == "attribute_exists"
        return lambda item, names, values: (_find(item, path, names) is not _ABSENT) is wanted
    if word == "begins_with":
        parser.take()
        parser.take("(")
        whole = _operand(parser)
        parser.take(",")
        start = _operand(parser)
        parser.take(")")
        return lambda item, names, values: bool(
            whole(item, names, values) is not _ABSENT
            and whole(item, names, values)["S"].startswith(start(item, names, values)["S"])
        )
    left = _operand(parser)
    comparison = parser.take("=", "<", "<=", ">", ">=", "<>")
    right = _operand(parser)
    return lambda item, names, values: _compare(
        left(item, names, values), comparison, right(item, names, values)
    )


def _operand(parser: _Parser) -> Operand:
    if parser.peek().lower() == "size":
        parser.take()
        parser.take("(")
        path = parser.path()
        parser.take(")")

        def size(item: Item, names: Names, values: Values) -> Any:
            found = _find(item, path, names)
            return _ABSENT if found is _ABSENT else {"N": str(len(next(iter(found.values()))))}

        return size
    path = parser.path()
    if path[0].startswith(":"):
        return lambda item, names, values: values[path[0]]
    return lambda item, names, values: _find(item, path, names)


def _find(item: Item, path: tuple[str, ...], names: Names) -> Any:
    found: Any = {"M": item}
    for part in path:
        inside = found.get("M")
        name = names[part] if part.startswith("#") else part
        if inside is None or name not in inside:
            return _ABSENT
        found = inside[name]
    return found


def _compare(left: Any, comparison: str, right: Any) -> bool:
    if left is _ABSENT or right is _ABSENT:
        return False
    ((kind, one),), ((other_kind, other),) = left.items(), right.items()
    if kind != other_kind:
        return comparison == "<>"
    if kind == "N":
        one, other = int(one), int(other)
    found: dict[str, bool] = {
        "=": one == other,
        "<>": one != other,
        "<": one < other,
        "<=": one <= other,
        ">": one > other,
        ">=": one >= other,
    }
    return found[comparison]


Action = tuple[str, tuple[str, ...], tuple[tuple[int, Operand], ...]]


@lru_cache(4096)
def _actions(text: str) -> tuple[Action, ...]:
    parser = _Parser(text)
    found: list[Action] = []
    seen: set[str] = set()
    while parser.left:
        clause = parser.take("SET", "ADD", "REMOVE").upper()
        if clause in seen:
            raise _invalid(f"The {clause} section can only be used once in an update expression")
        seen.add(clause)
        while True:
            path = parser.path()
            terms: list[tuple[int, Operand]] = []
            if clause == "SET":
                parser.take("=")
                terms.append((1, _operand(parser)))
                if parser.peek() in {"+", "-"}:
                    sign = 1 if parser.take() == "+" else -1
                    terms.append((sign, _operand(parser)))
            elif clause == "ADD":
                terms.append((1, _operand(parser)))
            found.append((clause, path, tuple(terms)))
            if parser.peek() != ",":
                break
            parser.take(",")
    return tuple(found)


def _apply(text: str, item: Item, names: Names, values: Values) -> None:
    before = dict(item)
    actions = _actions(text)
    full = [tuple(names[part] if part.startswith("#") else part for part in path) for _, path, _ in actions]
    for number, one in enumerate(full):
        for other in full[number + 1 :]:
            if one[: len(other)] == other or other[: len(one)] == one:
                raise _invalid("Two document paths overlap with each other")
    for (clause, _, terms), path in zip(actions, full, strict=True):
        parent = _parent(item, path)
        if clause == "REMOVE":
            if parent is not None:
                parent.pop(path[-1], None)
            continue
        if parent is None:
            raise _invalid("The document path provided in the update expression is invalid for update")
        operands = [(sign, operand(before, names, values)) for sign, operand in terms]
        if any(operand is _ABSENT for _, operand in operands):
            raise _invalid("The provided expression refers to an attribute that does not exist in the item")
        if clause == "ADD":
            operands.append((1, parent.get(path[-1], {"N": "0"})))
        parent[path[-1]] = _sum(operands)


def _sum(operands: list[tuple[int, Any]]) -> Any:
    if len(operands) == 1:
        return operands[0][1]
    if any("N" not in operand for _, operand in operands):
        raise _invalid("An operand in the update expression has an incorrect data type")
    return {"N": str(sum(sign * int(operand["N"]) for sign, operand in operands))}


def _parent(item: Item, path: tuple[str, ...]) -> Item | None:
    """The map a path ends in, copied on the way: what was read before stays as it was."""
    inside = item
    for name in path[:-1]:
        found = inside.get(name)
        if found is None or "M" not in found:
            return None
        copied = dict(found["M"])
        inside[name] = {"M": copied}
        inside = copied
    return inside


def every_item(table: MemoryTable) -> Iterator[Item]:
    """Yield all that a table holds."""
    for sks in table.items.values():
        yield from sks.values()
