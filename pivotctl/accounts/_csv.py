"""Accounts, rates and deny lists from CSV files: every line is checked before the first one counts.

accounts: account_id,currency and, where wanted, balance, credit_limit, plan, name, language, max_live_calls,
max_call_seconds. rates: prefix,per_minute and, where wanted, connection_fee, first_increment, next_increment,
minimum, grace, valid_from, valid_until. deny lists: prefix. Amounts in whole units of the currency, such as
0.025; increments in seconds; dates in UTC, `valid_until` the first instant at which a rate counts no more.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pivot_app.ledger import Account, AccountExistsError, Controls, DynamoDBLedger, InvalidAmountError, Rate
from pivotctl.accounts._money import micros, plain
from pivotctl.accounts._times import instant
from pivotctl.errors import UserError

OPENING = "opening balance"
EVERYWHERE = "*"
MAX_CELL_CHARACTERS = 1_000
MAX_PROBLEMS = 50
_ACCOUNT_ID = re.compile(r"[0-9]{1,20}")
_CURRENCY = re.compile(r"[A-Z]{3}")
_INTEGER = re.compile(r"[0-9]{1,9}")
_DENIED = re.compile(r"[1-9][0-9]{0,14}")
_ACCOUNT_COLUMNS = (
    *("account_id", "currency", "balance", "credit_limit", "plan", "name", "language"),
    *("max_live_calls", "max_call_seconds"),
)
RATE_COLUMNS = (
    *("prefix", "per_minute", "connection_fee", "first_increment", "next_increment", "minimum", "grace"),
    *("valid_from", "valid_until"),
)

Row = TypeVar("Row")


class CsvError(UserError):
    """A file that cannot be loaded; `problems` say why, by line."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        shown = problems[:MAX_PROBLEMS]
        if len(problems) > len(shown):
            shown.append(f"and {len(problems) - len(shown)} more")
        super().__init__("\n".join(shown))


@dataclass(frozen=True, slots=True)
class NewAccount:
    """One line: the account, the money it begins with, and the columns the file gives it."""

    line: int
    account: Account
    opening_micros: int
    columns: frozenset[str] = frozenset(_ACCOUNT_COLUMNS)


def read_accounts(path: Path, kazoo_account_id: str) -> list[NewAccount]:
    """Return the accounts of a file.

    Raises:
        CsvError: Some lines are wrong, each is named; or there are none.
    """
    seen: dict[str, int] = {}

    def account(line: int, row: Mapping[str, str]) -> NewAccount:
        account_id = row["account_id"]
        if not _ACCOUNT_ID.fullmatch(account_id):
            raise ValueError(f"account_id {account_id[:40]!r}: 1 to 20 digits are needed")
        if account_id in seen:
            raise ValueError(f"account_id {account_id} is on line {seen[account_id]} already")
        seen[account_id] = line
        if not _CURRENCY.fullmatch(row["currency"]):
            raise ValueError(
                f"currency {row['currency'][:40]!r}: three capital letters are needed, such as USD"
            )
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
                    max_live_calls=_integer(row, "max_live_calls", 10),
                    max_call_seconds=_integer(row, "max_call_seconds", 3600),
                ),
                profile={name: row[name] for name in ("name", "language") if row.get(name)},
            ),
            opening,
            frozenset(name for name in row if row[name]),
        )

    return _read(path, ("account_id", "currency"), _ACCOUNT_COLUMNS, account)


def read_rates(path: Path) -> list[Rate]:
    """Return the rates of a file.

    Raises:
        CsvError: Some lines are wrong, each is named; or there are none.
    """
    seen: dict[str, list[tuple[int, Rate]]] = {}

    def rate(line: int, row: Mapping[str, str]) -> Rate:
        made = Rate(
            _prefix(row["prefix"]),
            micros(row["per_minute"]),
            micros(row.get("connection_fee") or "0"),
            _integer(row, "first_increment", 60),
            _integer(row, "next_increment", 60),
            _integer(row, "minimum", 0),
            _integer(row, "grace", 0),
            instant(row["valid_from"]) if row.get("valid_from") else 0,
            instant(row["valid_until"]) if row.get("valid_until") else 0,
        )
        before = seen.setdefault(made.prefix, [])
        for other_line, other in before:
            if not made.is_dated and not other.is_dated:
                raise ValueError(f"prefix {made.prefix} is on line {other_line} already")
            if made.is_dated and other.is_dated and _overlap(made, other):
                raise ValueError(f"prefix {made.prefix}: its dates overlap those of line {other_line}")
        before.append((line, made))
        return made

    return _read(path, ("prefix", "per_minute"), RATE_COLUMNS, rate)


def read_prefixes(path: Path) -> list[str]:
    """Return the prefixes of a deny list: a column `prefix`.

    Raises:
        CsvError: Some lines are wrong, each is named; or there are none.
    """

    def prefix(_line: int, row: Mapping[str, str]) -> str:
        text = row["prefix"].removeprefix("+")
        if not _DENIED.fullmatch(text):
            raise ValueError(f"prefix {text[:40]!r}: 1 to 15 digits as E.164 has them, 44 and not 0044")
        return text

    return _read(path, ("prefix",), ("prefix",), prefix)


def load_accounts(ledger: DynamoDBLedger, accounts: Iterable[NewAccount], at: int) -> Iterator[str | None]:
    """Create each account with its money in one step; None for one that is there now, else what is wrong.

    One that was loaded before is left as it is, so an import that was broken off is simply run again. Where
    it differs from the file, that is said.
    """
    for new in accounts:
        account = new.account
        try:
            ledger.create(account, opening_micros=new.opening_micros, reference=OPENING, at=at)
        except AccountExistsError:
            there = ledger.account(account.kazoo_account_id, account.account_id)
            differs = differences(new, there, opened_with(ledger, there)) if there else []
            yield (
                f"line {new.line}: account {account.account_id} exists, with {'; '.join(differs)}: "
                "`pivot accounts set` changes it"
                if differs
                else None
            )
        else:
            yield None


def opened_with(ledger: DynamoDBLedger, account: Account) -> int:
    """Return the money an account began with, in micro-units."""
    first = next(ledger.entries(account.kazoo_account_id, account.account_id), None)
    return first.amount_micros if first and first.reference == OPENING else 0


def differences(new: NewAccount, there: Account, opening_micros: int) -> list[str]:
    """Return where a file differs from an existing account, its first balance included."""
    asked = new.account
    pairs: dict[str, tuple[object, object]] = {
        "currency": (there.currency, asked.currency),
        "plan": (there.plan or "none", asked.plan or "none"),
        "balance": (f"{plain(opening_micros)} at first", f"{plain(new.opening_micros)} at first"),
        "credit_limit": (plain(there.credit_limit_micros), plain(asked.credit_limit_micros)),
        "max_live_calls": (there.controls.max_live_calls, asked.controls.max_live_calls),
        "max_call_seconds": (there.controls.max_call_seconds, asked.controls.max_call_seconds),
        "name": (there.profile.get("name", ""), asked.profile.get("name", "")),
        "language": (there.profile.get("language", ""), asked.profile.get("language", "")),
    }
    return [
        f"{column} {before}, the file says {now}"
        for column, (before, now) in pairs.items()
        if column in new.columns and before != now
    ]


def _prefix(text: str) -> str:
    if text == EVERYWHERE:
        return ""
    if not text:
        raise ValueError(f"prefix is empty; write {EVERYWHERE} for the rate of every other number")
    prefix = text.removeprefix("+")
    if prefix.startswith("0"):
        raise ValueError(
            f"prefix {prefix[:40]!r}: begins with the 0 that is dialled before a number; write it as E.164 "
            "has it, 44 and not 0044 or 01144"
        )
    return prefix


def _overlap(one: Rate, other: Rate) -> bool:
    starts_before_end = not other.valid_until or one.valid_from < other.valid_until
    return starts_before_end and (not one.valid_until or other.valid_from < one.valid_until)


def _integer(row: Mapping[str, str], name: str, default: int) -> int:
    text = row.get(name) or ""
    if not text:
        return default
    if not _INTEGER.fullmatch(text):
        raise ValueError(f"{name} {text[:40]!r}: a whole number is needed")
    return int(text)


def _read(
    path: Path, needed: Iterable[str], known: Iterable[str], make: Callable[[int, Mapping[str, str]], Row]
) -> list[Row]:
    rows: list[Row] = []
    problems: list[str] = []
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file, strict=True)
        columns: list[str] = []
        while True:
            try:
                cells = next(reader, None)
            except csv.Error as error:
                # The lines that follow can no longer be told apart.
                problems.append(f"line {reader.line_num}: no CSV: {error}")
                break
            except UnicodeDecodeError as error:
                problems.append(f"{path} is not UTF-8 text: {error}")
                break
            if cells is None:
                break
            if not any(cell.strip() for cell in cells):
                continue
            if not columns:
                columns = _header(cells, needed, known)
                continue
            try:
                rows.append(make(reader.line_num, _row(columns, cells)))
            except (ValueError, InvalidAmountError) as error:
                problems.append(f"line {reader.line_num}: {error}")
    if problems:
        raise CsvError(problems)
    if not rows:
        what = "there is only a header" if columns else "the file is empty"
        raise CsvError([f"{path}: {what}; nothing was changed"])
    return rows


def _header(cells: list[str], needed: Iterable[str], known: Iterable[str]) -> list[str]:
    columns = [cell.strip()[:40] for cell in cells]
    if doubled := sorted({column for column in columns if columns.count(column) > 1}):
        raise CsvError([f"line 1: column {', '.join(doubled)} appears more than once"])
    if missing := sorted(set(needed) - set(columns)):
        raise CsvError([f"line 1: column {', '.join(missing)} is missing; separate columns by commas"])
    if unknown := sorted(set(columns) - set(known)):
        raise CsvError([f"line 1: column {', '.join(unknown)} is not known; use {', '.join(known)}"])
    return columns


def _row(columns: list[str], cells: list[str]) -> dict[str, str]:
    if len(cells) != len(columns):
        raise ValueError(f"{len(cells)} columns, and line 1 has {len(columns)}")
    for column, cell in zip(columns, cells, strict=True):
        if len(cell) > MAX_CELL_CHARACTERS:
            raise ValueError(f"{column}: {len(cell)} characters, {MAX_CELL_CHARACTERS} at most")
    return {column: cell.strip() for column, cell in zip(columns, cells, strict=True)}


def rate_row(rate: Rate) -> dict[str, Any]:
    """Return a rate as the columns of a file that `read_rates` reads."""
    from pivotctl.accounts._times import moment

    def date(at: int) -> str:
        return f"{moment(at).replace(' ', 'T')}Z" if at else ""

    values = (
        rate.prefix or EVERYWHERE,
        plain(rate.per_minute_micros),
        plain(rate.connection_fee_micros),
        rate.first_increment_seconds,
        rate.next_increment_seconds,
        rate.minimum_seconds,
        rate.grace_seconds,
        date(rate.valid_from),
        date(rate.valid_until),
    )
    return dict(zip(RATE_COLUMNS, values, strict=True))
