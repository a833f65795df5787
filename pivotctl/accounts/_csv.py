"""Accounts and rates from CSV files: every line is checked before the first one is written.

accounts: account_id,currency and, where wanted, balance, credit_limit, plan, name, language, max_live_calls,
max_call_seconds. rates: prefix,per_minute and, where wanted, connection_fee, first_increment, next_increment,
minimum, grace. Amounts in whole units of the currency, such as 0.025; increments in seconds.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pivot_app.ledger import Account, AccountExistsError, Controls, DynamoDBLedger, InvalidAmountError, Rate
from pivotctl.accounts._money import micros

OPENING = "opening balance"
_ACCOUNT_ID = re.compile(r"[0-9]{1,20}")
_CURRENCY = re.compile(r"[A-Z]{3}")
_ACCOUNT_COLUMNS = {
    "account_id",
    "currency",
    "balance",
    "credit_limit",
    "plan",
    "name",
    "language",
    "max_live_calls",
    "max_call_seconds",
}
_RATE_COLUMNS = {
    "prefix",
    "per_minute",
    "connection_fee",
    "first_increment",
    "next_increment",
    "minimum",
    "grace",
}

Row = TypeVar("Row")


class CsvError(Exception):
    """A file that can not be loaded; `problems` say why, by line."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


@dataclass(frozen=True, slots=True)
class NewAccount:
    """One line: the account, and the money it begins with."""

    line: int
    account: Account
    opening_micros: int


def read_accounts(path: Path, kazoo_account_id: str) -> list[NewAccount]:
    """The accounts of a file.

    Raises:
        CsvError: Some lines are wrong; each is named.
    """
    seen: dict[str, int] = {}

    def account(line: int, row: Mapping[str, str]) -> NewAccount:
        account_id = row["account_id"]
        if not _ACCOUNT_ID.fullmatch(account_id):
            raise ValueError(f"account_id {account_id!r}: 1 to 20 digits are needed")
        if account_id in seen:
            raise ValueError(f"account_id {account_id} is on line {seen[account_id]} already")
        seen[account_id] = line
        if not _CURRENCY.fullmatch(row["currency"]):
            raise ValueError(f"currency {row['currency']!r}: three capital letters are needed, such as USD")
        opening = micros(row.get("balance") or "0")
        if opening < 0:
            raise ValueError("balance: an account begins with no debt")
        return NewAccount(
            line,
            Account(
                kazoo_account_id,
                account_id,
                row["currency"],
                credit_limit_micros=micros(row.get("credit_limit") or "0"),
                plan=row.get("plan") or "",
                controls=Controls(
                    max_live_calls=int(row.get("max_live_calls") or 10),
                    max_call_seconds=int(row.get("max_call_seconds") or 3600),
                ),
                profile={name: row[name] for name in ("name", "language") if row.get(name)},
            ),
            opening,
        )

    return _read(path, {"account_id", "currency"}, _ACCOUNT_COLUMNS, account)


def read_rates(path: Path) -> list[Rate]:
    """The rates of a file.

    Raises:
        CsvError: Some lines are wrong; each is named.
    """
    seen: dict[str, int] = {}

    def rate(line: int, row: Mapping[str, str]) -> Rate:
        prefix = row["prefix"].removeprefix("+")
        if prefix in seen:
            raise ValueError(f"prefix {prefix} is on line {seen[prefix]} already")
        seen[prefix] = line
        return Rate(
            prefix,
            micros(row["per_minute"]),
            micros(row.get("connection_fee") or "0"),
            int(row.get("first_increment") or 60),
            int(row.get("next_increment") or 60),
            int(row.get("minimum") or 0),
            int(row.get("grace") or 0),
        )

    return _read(path, {"prefix", "per_minute"}, _RATE_COLUMNS, rate)


def load_accounts(ledger: DynamoDBLedger, accounts: Iterable[NewAccount], at: int) -> Iterator[str | None]:
    """Create each account with its money in one step; None for one that is there now, else what is wrong.

    One that was loaded before is left as it is, so an import that was broken off is simply run again.
    """
    for new in accounts:
        account = new.account
        try:
            ledger.create(account, opening_micros=new.opening_micros, reference=OPENING, at=at)
        except AccountExistsError:
            there = ledger.account(account.kazoo_account_id, account.account_id)
            same = there is not None and there.currency == account.currency and there.plan == account.plan
            yield None if same else f"line {new.line}: account {account.account_id} exists and is another"
        else:
            yield None


def _read(
    path: Path, needed: set[str], known: set[str], make: Callable[[int, Mapping[str, str]], Row]
) -> list[Row]:
    rows: list[Row] = []
    problems: list[str] = []
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        columns = set(reader.fieldnames or ())
        if missing := needed - columns:
            raise CsvError([f"line 1: column {', '.join(sorted(missing))} is missing"])
        if unknown := columns - known:
            raise CsvError([f"line 1: column {', '.join(sorted(map(str, unknown)))} is not known"])
        for row in reader:
            line = reader.line_num
            try:
                rows.append(make(line, _stripped(row)))
            except (ValueError, InvalidAmountError) as error:
                problems.append(f"line {line}: {error}")
    if problems:
        raise CsvError(problems)
    return rows


def _stripped(row: Mapping[Any, Any]) -> dict[str, str]:
    if None in row or any(cell is None for cell in row.values()):
        raise ValueError("the number of columns is not that of line 1")
    return {name: cell.strip() for name, cell in row.items()}
