"""Accounts, holds and entries as DynamoDB items, and back: the shapes of the accounts table.

    pk `{kazoo_account_id}#{account_id}`
    sk `account`              the money, the live holds, the configuration, and `profile` (never touched)
    sk `entry#{number:012d}`  one entry of the ledger
    sk `hold#{hold_id}`       how a call's hold ended: what makes its settlement happen once
    sk `ref#{reference}`      the entry an operator's reference was posted as: what makes a top-up happen once

    pk `{kazoo_account_id}#call:{call_id}` of the a-leg
    sk `leg#{call_id}`        how one leg of a call ended, until `purge_at`

    pk `{kazoo_account_id}#plan:{name}`
    sk `plan`                 the version of its rates that counts
    sk `rates#{version:08d}#{checksum}#{part:04d}`  the rates, compressed

`open` is on what somebody has to look at: accounts that may have holds (`{kazoo_account_id}#holds`) and legs
nobody could be charged for (`{kazoo_account_id}#unmatched`). It is the key of the sparse index `open`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

from pivot_app.aws.codec import from_attribute as plain
from pivot_app.aws.codec import to_attribute as value
from pivot_app.ledger._account import Account, Controls, Entry, Hold, Window
from pivot_app.ledger._rates import Rate
from pivot_app.ledger._reconcile import Totals

__all__ = ["plain", "value"]

Item = dict[str, dict[str, Any]]


def partition(kazoo_account_id: str, account_id: str) -> str:
    """The partition key of everything one account has."""
    return f"{kazoo_account_id}#{account_id}"


def account_key(kazoo_account_id: str, account_id: str) -> Item:
    """The key of the account's own item."""
    return {"pk": {"S": partition(kazoo_account_id, account_id)}, "sk": {"S": "account"}}


def account_to_item(account: Account) -> Item:
    """A whole account, as it is created."""
    item = {
        "currency": account.currency,
        "credited_micros": account.credited_micros,
        "spent_micros": account.spent_micros,
        "held_micros": account.held_micros,
        "available_micros": account.balance_micros - account.held_micros,
        "holds": {hold.hold_id: hold_to_map(hold) for hold in account.holds.values()},
        "hour": account.hour.start,
        "hour_micros": account.hour.micros,
        "day": account.day.start,
        "day_micros": account.day.micros,
        "entries": account.entries,
        "profile": account.profile,
        **configuration(account),
    }
    return account_key(account.kazoo_account_id, account.account_id) | {k: value(v) for k, v in item.items()}


def configuration(account: Account) -> dict[str, Any]:
    """The attributes an operator sets, apart from the money."""
    controls = {name: setting for name, setting in asdict(account.controls).items() if setting is not None}
    return {
        "credit_limit_micros": account.credit_limit_micros,
        "plan": account.plan,
        "rates": [rate.to_map() for rate in account.rates],
        "controls": controls,
        "revision": account.revision,
    }


def account_from_item(item: Mapping[str, Any]) -> Account:
    """An account as stored."""
    kazoo_account_id, _, account_id = item["pk"]["S"].partition("#")
    stored = {name: plain(attribute) for name, attribute in item.items() if name not in {"pk", "sk"}}
    controls = stored["controls"]
    for name in ("allowed_countries", "denied_prefixes", "deny_lists"):
        controls[name] = tuple(controls.get(name, ()))
    return Account(
        kazoo_account_id=kazoo_account_id,
        account_id=account_id,
        currency=stored["currency"],
        credited_micros=stored["credited_micros"],
        spent_micros=stored["spent_micros"],
        credit_limit_micros=stored["credit_limit_micros"],
        plan=stored["plan"],
        rates=tuple(Rate.from_map(rate) for rate in stored["rates"]),
        controls=Controls(**controls),
        holds={key: hold_from_map(hold) for key, hold in stored["holds"].items()},
        hour=Window(stored["hour"], stored["hour_micros"]),
        day=Window(stored["day"], stored["day_micros"]),
        entries=stored["entries"],
        revision=stored["revision"],
        profile=stored.get("profile", {}),
    )


def totals_from_item(item: Mapping[str, Any]) -> Totals:
    """The sums of an account as stored, to be held against its holds and entries."""
    return Totals(plain(item["available_micros"]), plain(item["held_micros"]))


def hold_to_map(hold: Hold) -> dict[str, Any]:
    """A hold inside the account's item."""
    return {name: getattr(hold, name) for name in Hold.__slots__ if name != "rate"} | {
        "rate": hold.rate.to_map()
    }


def hold_from_map(stored: Mapping[str, Any]) -> Hold:
    """A hold as `hold_to_map` gave it."""
    return Hold(**{**stored, "rate": Rate.from_map(stored["rate"])})


def entry_key(kazoo_account_id: str, account_id: str, number: int) -> Item:
    """The key of one entry."""
    return {"pk": {"S": partition(kazoo_account_id, account_id)}, "sk": {"S": f"entry#{number:012d}"}}


def open_holds(kazoo_account_id: str) -> dict[str, Any]:
    """The index key of accounts that may have holds."""
    return {"S": f"{kazoo_account_id}#holds"}


def open_unmatched(kazoo_account_id: str) -> dict[str, Any]:
    """The index key of legs that matched no hold."""
    return {"S": f"{kazoo_account_id}#unmatched"}


_ENTRY_DEFAULTS = {f.name: f.default for f in fields(Entry)}


def entry_to_item(account: Account, entry: Entry) -> Item:
    """An entry of an account; what is empty is left out."""
    stored = {name: kept for name, kept in asdict(entry).items() if kept != _ENTRY_DEFAULTS[name]}
    key = entry_key(account.kazoo_account_id, account.account_id, entry.number)
    return key | {name: value(kept) for name, kept in stored.items()}


def entry_from_item(item: Mapping[str, Any]) -> Entry:
    """An entry as stored."""
    return Entry(**{name: plain(item[name]) for name in Entry.__slots__ if name in item})
