"""A file with everything of a KAZOO account or a stage: one JSON object a line, items as DynamoDB has them.

The first line says what it is. Then come items, {"table": logical id, "item": {...}}, the part of one
KAZOO account in the list of old tokens, {"old_tokens": {...}}, and, where they were asked for, parameters of
SSM, {"parameter": name below the stage's prefix, "value": text}.
"""

from __future__ import annotations

import gzip
import json
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, cast

from pivot_app.tenants import TenantStore
from pivotctl.deployment import Deployment, parameter_prefix
from pivotctl.errors import UsageError, UserError

FORMAT = "pivot-lambda export"
VERSION = 1
# What is worth keeping; the state of calls and Live Debug's exchanges end by themselves.
KEPT = ("TenantsTable", "AccountsTable", "CallersTable", "DocumentsTable")
PASSING = ("CallStateTable", "ExchangesTable")
BATCH = 25


class ArchiveError(UserError):
    """The file or the stage does not allow it; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Archive:
    """The items and parameters of a stage."""

    deployment: Deployment

    def items(
        self, account_id: str = "", tables: Iterable[str] = KEPT
    ) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield every item of these tables, of one KAZOO account or of all."""
        dynamodb = self.deployment.client("dynamodb")
        for table in tables:
            if table not in self.deployment.outputs:
                continue
            arguments: dict[str, Any] = {"TableName": self.deployment.outputs[table], "ConsistentRead": True}
            for page in dynamodb.get_paginator("scan").paginate(**arguments):
                for item in page["Items"]:
                    if not account_id or belongs_to(item, account_id):
                        yield table, item

    def parameters(self, account_id: str = "") -> Iterator[tuple[str, str]]:
        """Yield every parameter of the stage, or those of one KAZOO account, by the name below the prefix."""
        prefix = parameter_prefix(self.deployment.stage)
        pages = self.deployment.client("ssm").get_paginator("get_parameters_by_path")
        for page in pages.paginate(Path=prefix, Recursive=True, WithDecryption=True):
            for parameter in page["Parameters"]:
                name = parameter["Name"].removeprefix(f"{prefix}/")
                if not account_id or name.endswith(f"/{account_id}"):
                    yield name, parameter["Value"]

    def old_tokens(self, account_id: str) -> dict[str, str]:
        """Return the part of the list of old tokens that is a KAZOO account's: without it they open nothing.

        Empty without an account: the list is an item like any, and a stage's export has it whole.
        """
        listed = self._tenants.old_tokens() or {} if account_id else {}
        return {digest: owner for digest, owner in listed.items() if owner == account_id}

    def export(self, file: Path, account_id: str = "", *, with_keys: bool = False) -> Counter[str]:
        """Write a file only its owner can read; return how many lines of each kind it has."""
        if file.exists():
            raise ArchiveError(f"{file} already exists: name another file")
        counts: Counter[str] = Counter()
        head = {
            "format": FORMAT,
            "version": VERSION,
            "stage": self.deployment.stage,
            "kazoo_account": account_id,
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        with _opened(file, "w") as out:
            out.write(json.dumps(head) + "\n")
            for table, item in self.items(account_id):
                counts[table] += 1
                out.write(json.dumps({"table": table, "item": item}, default=_binary) + "\n")
            if old := self.old_tokens(account_id):
                out.write(json.dumps({"old_tokens": old}) + "\n")
            for name, text in self.parameters(account_id) if with_keys else ():
                counts["parameters"] += 1
                out.write(json.dumps({"parameter": name, "value": text}) + "\n")
        return counts

    def restore(self, file: Path, *, overwrite: bool) -> Counter[str]:
        """Write the data of a file; return how many lines of each kind were written.

        Raises:
            ArchiveError: The file is not an export, or the stage already holds data.
        """
        head, lines = read(file)
        account_id = head["kazoo_account"]
        self._make_room(account_id, overwrite=overwrite)
        counts: Counter[str] = Counter()
        dynamodb, ssm = self.deployment.client("dynamodb"), self.deployment.client("ssm")
        waiting: list[tuple[str, dict[str, Any]]] = []
        for line in lines:
            if "old_tokens" in line:
                self._list_old_tokens(line["old_tokens"])
                continue
            if "parameter" in line:
                name = f"{parameter_prefix(self.deployment.stage)}/{line['parameter']}"
                ssm.put_parameter(Name=name, Value=line["value"], Type="SecureString", Overwrite=True)
                counts["parameters"] += 1
                continue
            waiting.append((self.deployment.output(line["table"]), line["item"]))
            counts[line["table"]] += 1
            if len(waiting) == BATCH:
                _write(dynamodb, waiting)
                waiting = []
        _write(dynamodb, waiting)
        return counts

    def remove(self, account_id: str) -> Counter[str]:
        """Delete everything of a KAZOO account, parameters too; return how much of each kind."""
        counts: Counter[str] = Counter()
        dynamodb, ssm = self.deployment.client("dynamodb"), self.deployment.client("ssm")
        for table, item in self.items(account_id, (*KEPT, *PASSING)):
            key = {name: item[name] for name in ("pk", "sk") if name in item}
            dynamodb.delete_item(TableName=self.deployment.outputs[table], Key=key)
            counts[table] += 1
        if old := self.old_tokens(account_id):
            left = dict(self._tenants.old_tokens() or {})
            self._tenants.put_old_tokens({name: left[name] for name in left if name not in old})
        for name, _ in list(self.parameters(account_id)):
            ssm.delete_parameter(Name=f"{parameter_prefix(self.deployment.stage)}/{name}")
            counts["parameters"] += 1
        return counts

    @property
    def _tenants(self) -> TenantStore:
        return TenantStore(self.deployment.client("dynamodb"), self.deployment.output("TenantsTable"))

    def _list_old_tokens(self, tokens: Mapping[str, str]) -> None:
        """Put old tokens back on the stage's list.

        Raises:
            ArchiveError: The stage has none yet: with one, no function would look for a token in SSM.
        """
        listed = self._tenants.old_tokens()
        if listed is None and any(name.startswith("accounts/") for name, _ in self.parameters()):
            raise ArchiveError(
                f"stage {self.deployment.stage} still has tokens in SSM: run `pivot token migrate --stage "
                f"{self.deployment.stage}` first, then restore with --overwrite"
            )
        self._tenants.put_old_tokens({**(listed or {}), **tokens})

    def _make_room(self, account_id: str, *, overwrite: bool) -> None:
        found = next(iter(self.items(account_id)), None)
        if found is None:
            return
        whose = f"KAZOO account {account_id}" if account_id else "other KAZOO accounts"
        if not overwrite:
            raise ArchiveError(
                f"stage {self.deployment.stage} has items of {whose}, such as one in {found[0]}: --overwrite "
                "deletes them first"
            )
        dynamodb = self.deployment.client("dynamodb")
        for table, item in self.items(account_id):
            key = {name: item[name] for name in ("pk", "sk") if name in item}
            dynamodb.delete_item(TableName=self.deployment.outputs[table], Key=key)


def belongs_to(item: Mapping[str, Any], account_id: str) -> bool:
    """Return whether an item is a KAZOO account's: the first part of every key is whose it is."""
    return str(item["pk"]["S"]).partition("#")[0] == account_id


def read(file: Path) -> tuple[dict[str, Any], Iterator[dict[str, Any]]]:
    """Return the first line of an export, and the others one by one.

    Raises:
        UsageError: It is none.
    """
    lines = _lines(file)
    head = next(lines, {})
    if head.get("format") != FORMAT or head.get("version") != VERSION:
        raise UsageError(f"{file} is not an export of this version: `pivot export` writes one")
    return head, lines


def _lines(file: Path) -> Iterator[dict[str, Any]]:
    with _opened(file, "r") as source:
        for number, line in enumerate(source, start=1):
            try:
                found: dict[str, Any] = json.loads(line, object_hook=_from_binary)
            except ValueError:
                raise UsageError(f"{file}, line {number}: this is not JSON") from None
            yield found


def _opened(file: Path, mode: str) -> IO[str]:
    if mode == "w":
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    if file.suffix == ".gz":
        return cast("IO[str]", gzip.open(file, f"{mode}t", encoding="utf-8"))
    return file.open(mode, encoding="utf-8")


def _binary(value: Any) -> Any:
    import base64

    if isinstance(value, bytes):
        return {"$bytes": base64.b64encode(value).decode()}
    raise TypeError(type(value).__name__)


def _from_binary(value: dict[str, Any]) -> Any:
    import base64

    return base64.b64decode(value["$bytes"]) if set(value) == {"$bytes"} else value


def _write(dynamodb: Any, items: list[tuple[str, dict[str, Any]]]) -> None:
    requests: dict[str, list[Any]] = {}
    for table, item in items:
        requests.setdefault(table, []).append({"PutRequest": {"Item": item}})
    while requests:
        requests = dynamodb.batch_write_item(RequestItems=requests).get("UnprocessedItems") or {}
