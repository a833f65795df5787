"""Accounts, holds and entries as DynamoDB items, and back: the shapes of the accounts table.

    pk `{kazoo_account_id}#{account_id}`
    sk `account`              the money, the live holds, the configuration, and `profile` (never touched)
    sk `entry#{entry_id}`     one entry of the ledger; entries are ordered by time, without a counter
    sk `hold#{hold_id}`       what a call was settled with so far: what makes each charge happen once
    sk `ref#{reference}`      the entry an operator's reference was posted as: what makes a top-up happen once

    pk `{kazoo_account_id}#call:{call_id}`, of every leg that KAZOO reported, until `purge_at`
    sk `{at:010d}#event#{kind}#{digest}`      one event of the leg
    sk `{at:010d}#link#{call_id}#{kind}`      another leg that named this one
    sk `{authorized_at:010d}#hold#{hold_id}`  a hold whose caller's leg has this Call-ID

    pk `{kazoo_account_id}#plan:{name}`
    sk `plan`                 the live version of its rates
    sk `rates#{version:08d}#{checksum}#{part:04d}`  the rates, compressed

    pk `{kazoo_account_id}#problems`
    sk `{kind}#{call_id}`     what KAZOO told and could not be booked

`open` is on what somebody has to look at: accounts that may have holds (`{kazoo_account_id}#holds`) and what
could not be booked (`{kazoo_account_id}#unmatched`). It is the key of the sparse index `open`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

from pivot_app.aws.codec import from_attribute as plain
from pivot_app.aws.codec import to_attribute as value
from pivot_app.ledger._account import Account, Controls, Entry, Hold, LegCharge, Window
from pivot_app.ledger._rates import Rate
from pivot_app.ledger._reconcile import Totals

__all__ = ["plain", "value"]

Item = dict[str, dict[str, Any]]


def partition(kazoo_account_id: str, account_id: str) -> str:
    """Return the partition key of everything one account has."""
    return f"{kazoo_account_id}#{account_id}"


def account_key(kazoo_account_id: str, account_id: str) -> Item:
    """Return the key of the account's own item."""
    return {"pk": {"S": partition(kazoo_account_id, account_id)}, "sk": {"S": "account"}}


def account_to_item(account: Account) -> Item:
    """Return a whole account, as it is created."""
    key = account_key(account.kazoo_account_id, account.account_id)
    return key | {name: value(kept) for name, kept in account_to_map(account).items()}


def account_to_map(account: Account) -> dict[str, Any]:
    """Return the attributes of an account's item, without its key."""
    return {
        "currency": account.currency,
        "credited_micros": account.credited_micros,
        "spent_micros": account.spent_micros,
        "held_micros": account.held_micros,
        "available_micros": account.balance_micros - account.held_micros,
        "holds": {hold.place: hold_to_map(hold) for hold in account.holds.values()},
        "hour": account.hour.start,
        "hour_micros": account.hour.micros,
        "day": account.day.start,
        "day_micros": account.day.micros,
        "profile": account.profile,
        **configuration(account),
    }


def configuration(account: Account) -> dict[str, Any]:
    """Return the attributes an operator sets, apart from the money."""
    controls = {name: setting for name, setting in asdict(account.controls).items() if setting is not None}
    return {
        "credit_limit_micros": account.credit_limit_micros,
        "plan": account.plan,
        "rates": [rate.to_map() for rate in account.rates],
        "controls": controls,
        "revision": account.revision,
    }


def account_from_item(item: Mapping[str, Any]) -> Account:
    """Return an account as stored."""
    kazoo_account_id, _, account_id = item["pk"]["S"].partition("#")
    stored = {name: plain(attribute) for name, attribute in item.items() if name not in {"pk", "sk"}}
    return account_from_map(kazoo_account_id, account_id, stored)


def account_from_map(kazoo_account_id: str, account_id: str, stored: Mapping[str, Any]) -> Account:
    """Return an account from the attributes of its item."""
    controls = dict(stored["controls"])
    for name in ("allowed_countries", "denied_prefixes", "deny_lists"):
        controls[name] = tuple(controls.get(name, ()))
    holds = [hold_from_map(hold) for hold in stored["holds"].values()]
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
        holds={hold.place: hold for hold in holds},
        hour=Window(stored["hour"], stored["hour_micros"]),
        day=Window(stored["day"], stored["day_micros"]),
        revision=stored["revision"],
        profile=stored.get("profile", {}),
    )


def totals_from_item(item: Mapping[str, Any]) -> Totals:
    """Return the sums of an account as stored, to be held against its holds and entries."""
    return Totals(plain(item["available_micros"]), plain(item["held_micros"]))


def hold_to_map(hold: Hold) -> dict[str, Any]:
    """Return a hold inside the account's item."""
    return {name: getattr(hold, name) for name in Hold.__slots__ if name != "rate"} | {
        "rate": hold.rate.to_map()
    }


def hold_from_map(stored: Mapping[str, Any]) -> Hold:
    """Return a hold as `hold_to_map` wrote it, or as earlier versions did, with fewer fields."""
    known = {name: stored[name] for name in Hold.__slots__ if name in stored}
    return Hold(**{**known, "rate": Rate.from_map(stored["rate"])})


def entry_key(kazoo_account_id: str, account_id: str, entry_id: str) -> Item:
    """Return the key of one entry."""
    return {"pk": {"S": partition(kazoo_account_id, account_id)}, "sk": {"S": f"entry#{entry_id}"}}


def open_holds(kazoo_account_id: str) -> dict[str, Any]:
    """Return the index key of accounts that may have holds."""
    return {"S": f"{kazoo_account_id}#holds"}


def open_unmatched(kazoo_account_id: str) -> dict[str, Any]:
    """Return the index key of legs that matched no hold."""
    return {"S": f"{kazoo_account_id}#unmatched"}


_ENTRY_DEFAULTS = {f.name: f.default for f in fields(Entry)}
_COUNTED_WHEN_READ = frozenset({"entry_id", "number", "balance_micros"})


def entry_to_item(account_key: tuple[str, str], entry: Entry) -> Item:
    """Return an entry of an account; what is empty is left out."""
    return entry_key(*account_key, entry.entry_id) | {
        name: value(kept) for name, kept in entry_to_map(entry).items()
    }


def entry_to_map(entry: Entry) -> dict[str, Any]:
    """Return an entry as stored, without its key."""
    stored = {
        name: getattr(entry, name)
        for name in Entry.__slots__
        if name not in _COUNTED_WHEN_READ and getattr(entry, name) not in (_ENTRY_DEFAULTS[name], {}, ())
    }
    if entry.legs:
        stored["legs"] = [
            {name: kept for name, kept in asdict(leg).items() if kept or name == "seconds"}
            for leg in entry.legs
        ]
    return stored


def entry_from_map(entry_id: str, stored: Mapping[str, Any]) -> Entry:
    """Return an entry as stored, also by earlier versions, which stored its number and balance."""
    known = {
        name: stored[name] for name in Entry.__slots__ if name in stored and name not in _COUNTED_WHEN_READ
    }
    if "legs" in known:
        blank = {"call_id": "", "billed_seconds": 0, "micros": 0}
        known["legs"] = tuple(LegCharge(**{**blank, **leg}) for leg in known["legs"])
    return Entry(**known, entry_id=entry_id)


def entry_from_item(item: Mapping[str, Any]) -> Entry:
    """Return an entry as stored."""
    stored = {name: plain(attribute) for name, attribute in item.items() if name not in {"pk", "sk"}}
    return entry_from_map(item["sk"]["S"].removeprefix("entry#"), stored)
