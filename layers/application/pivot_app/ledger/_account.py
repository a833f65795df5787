"""An account as its item holds it. Pure: time comes in as an argument."""

from __future__ import annotations

import hashlib
import re
import secrets
from base64 import b32encode
from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from typing import Any, Literal

from pivot_app.lazy_dataclass import dataclass
from pivot_app.ledger._errors import InvalidAmountError
from pivot_app.ledger._rates import MAX_MICROS, Rate

MAX_LIVE_CALLS = 100
HOUR_SECONDS = 3600
DAY_SECONDS = 86400
REPEAT_SECONDS = 10
"""How long the same request asked again gets the same hold: KAZOO waits 5 s, and our clocks differ."""

_WHOLE = (
    *("max_live_calls", "max_call_seconds", "hold_seconds", "unresolved_hours"),
    *("max_hour_micros", "max_day_micros", "low_balance_micros", "auto_top_up_micros"),
)
_COUNTRY = re.compile("[A-Z]{2}")
_PREFIX = re.compile("[0-9]{1,15}")

EntryKind = Literal["top_up", "adjust", "call", "release", "transfer", "correction", "expire"]
"""`expire` exists only in accounts from the time when holds without an end expired."""

BilledLeg = Literal["a", "b"]
UnresolvedPolicy = Literal["keep", "void", "held"]


@dataclass(frozen=True, slots=True)
class Controls:
    """The limits of an account, whatever its balance. `None` or empty means no such limit.

    A hold is made for `max_call_seconds`, or, where calls are extended while they last, for `hold_seconds` at
    first. `allowed_countries` are ISO 3166 regions ("US"), `denied_prefixes` digits without +, `deny_lists`
    names of shared lists of them. Spend is what calls cost in a calendar hour or day (UTC), and what is held
    in it for calls that live.

    A call whose end was never reported is decided `unresolved_hours` after it should have ended, by
    `unresolved_policy`: `void` charges the legs with a reported end, `held` the hold, `keep` waits for an
    operator.

    Below `low_balance_micros` the operator's system gets a notice, and may answer it with a top-up of
    `auto_top_up_micros` at most.
    """

    max_live_calls: int = 10
    max_call_seconds: int = 3600
    hold_seconds: int | None = None
    allowed_countries: tuple[str, ...] = ()
    denied_prefixes: tuple[str, ...] = ()
    deny_lists: tuple[str, ...] = ()
    max_hour_micros: int | None = None
    max_day_micros: int | None = None
    blocked: bool = False
    low_balance_micros: int | None = None
    auto_top_up_micros: int | None = None
    unresolved_policy: UnresolvedPolicy = "keep"
    unresolved_hours: int = 24

    def __post_init__(self) -> None:
        for name in _WHOLE:
            if type(number := getattr(self, name)) not in (int, type(None)):
                raise InvalidAmountError(name, number, "an integer")
        if not 1 <= self.max_live_calls <= MAX_LIVE_CALLS:
            raise InvalidAmountError("max_live_calls", self.max_live_calls, f"1 to {MAX_LIVE_CALLS}")
        if not 1 <= self.max_call_seconds <= DAY_SECONDS:
            raise InvalidAmountError("max_call_seconds", self.max_call_seconds, f"1 to {DAY_SECONDS}")
        if self.hold_seconds is not None and not 60 <= self.hold_seconds <= self.max_call_seconds:
            raise InvalidAmountError(
                "hold_seconds", self.hold_seconds, f"60 to {self.max_call_seconds}, or none"
            )
        for name in ("max_hour_micros", "max_day_micros", "low_balance_micros", "auto_top_up_micros"):
            micros = getattr(self, name)
            if micros is not None and not 0 <= micros <= MAX_MICROS:
                raise InvalidAmountError(name, micros, f"0 to {MAX_MICROS}, or none")
        if self.unresolved_policy not in {"keep", "void", "held"}:
            raise InvalidAmountError("unresolved_policy", self.unresolved_policy, "keep, void or held")
        if not 1 <= self.unresolved_hours <= 24 * 90:
            raise InvalidAmountError("unresolved_hours", self.unresolved_hours, f"1 to {24 * 90}")
        # One that could never match would be a limit that is set and not kept.
        for country in self.allowed_countries:
            if not _COUNTRY.fullmatch(country):
                raise InvalidAmountError("allowed_countries", country, "ISO 3166 regions, such as US")
        for prefix in self.denied_prefixes:
            if not _PREFIX.fullmatch(prefix):
                raise InvalidAmountError("denied_prefixes", prefix, "1 to 15 digits without +")


@dataclass(frozen=True, slots=True)
class Hold:
    """Money set aside for one call: what `held_seconds` of it cost at `rate`.

    It stays set aside until the call is settled, however long that takes.

    Args:
        hold_id: Minted for this authorization, and for no other.
        call_id: The Call-ID of the caller's leg. Other calls may have the same.
        destination: The number authorized.
        hold_micros: The money set aside.
        held_seconds: The seconds it pays for.
        authorized_at: In epoch seconds.
        expires_at: When the call should have ended and its end should have been told, in epoch seconds.
        rate: The rate the call was told.
        billed_leg: The legs to bill: `b`, those KAZOO made, or `a`, the caller's own.
        slot: Its place among the account's live calls; the same request asked again has the same.
        caller: The caller's number.
        unresolved_at: When it was found that no end was reported, in epoch seconds; 0 if it was not.

    """

    hold_id: str
    call_id: str
    destination: str
    hold_micros: int
    held_seconds: int
    authorized_at: int
    expires_at: int
    rate: Rate
    billed_leg: BilledLeg = "b"
    slot: str = ""
    caller: str = ""
    unresolved_at: int = 0

    @property
    def place(self) -> str:
        """Its key among the account's live calls: old holds had only their id."""
        return self.slot or self.hold_id

    def is_due(self, now: datetime) -> bool:
        """Return whether its call should have ended by now."""
        return now.timestamp() >= self.expires_at


def mint_hold_id(account_id: str) -> str:
    """Return a new hold's id: the account's number, a dot, 24 random characters."""
    return f"{account_id}.{b32encode(secrets.token_bytes(15)).decode().lower()}"


def slot_for(call_id: str, destination: str, request_key: str) -> str:
    """Return the place of a request among an account's live calls."""
    digest = hashlib.sha256(f"{call_id}\0{destination}\0{request_key}".encode()).digest()
    return b32encode(digest[:10]).decode().lower()


@dataclass(frozen=True, slots=True)
class Window:
    """One calendar hour or day, from `start` in epoch seconds: what was spent in it and what is held."""

    start: int = 0
    micros: int = 0

    def at(self, start: int, held_micros: int) -> Window:
        """Return the window at a later start: what is held then counts in it too. It never moves back."""
        return Window(start, held_micros) if start > self.start else self


@dataclass(frozen=True, slots=True)
class LegCharge:
    """One leg on an entry: what it was, its seconds, and what they cost.

    `rate` is that of its own number where it is another than the entry's; empty where the entry's priced it.
    """

    call_id: str
    why: str
    seconds: int
    billed_seconds: int
    micros: int
    number: str = ""
    prefix: str = ""
    per_minute_micros: int = 0
    is_estimate: bool = False
    is_cut: bool = False
    started_at: int = 0
    ended_at: int = 0
    rate: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of an account's ledger; never changed and never removed.

    Args:
        kind: What it is for. `transfer` is a leg made after a call was transferred, to another number than
            the one authorized; `correction` is what became known after a call was settled.
        amount_micros: The change of the balance: positive for credit, negative for a charge.
        at: When it was posted, in epoch seconds.
        reference: The operator's reference, or the hold's id.
        seconds: The seconds of talk in all its legs.
        number: Its place in the statement, from 1. Counted when the entries are read.
        balance_micros: The balance after it. Counted when the entries are read.
        entry_id: Its key: entries are ordered by it.

    """

    kind: EntryKind
    amount_micros: int
    at: int
    reference: str
    note: str = ""
    call_id: str = ""
    destination: str = ""
    caller: str = ""
    seconds: int = 0
    billed_seconds: int = 0
    held_micros: int = 0
    leg: str = ""
    overrun: bool = False
    is_estimate: bool = False
    authorized_at: int = 0
    started_at: int = 0
    ended_at: int = 0
    rate: Mapping[str, Any] = field(default_factory=dict)
    legs: tuple[LegCharge, ...] = ()
    entry_id: str = ""
    number: int = 0
    balance_micros: int = 0


def mint_entry_id(at_ms: int, place: int = 0) -> str:
    """Return a new entry's id: ordered by time, then by `place` and by chance. Nobody counts."""
    return f"{at_ms:013d}#{place}{secrets.token_hex(6)}"


@dataclass(frozen=True, slots=True)
class Account:
    """A customer's prepaid account: available + held + spent = credited, always.

    Args:
        credited_micros: Everything ever paid in, adjustments included.
        spent_micros: Everything calls ever cost.
        credit_limit_micros: How far below zero the balance may be held or spent.
        holds: The calls that live, or whose end is not known, by their slot.
        hour: What was spent this hour, and what is held.
        day: What was spent this day, and what is held.
        revision: Grows with every change of plan, rates, controls or credit limit.
        profile: What the `identity` package keeps beside the money, untouched.

    """

    kazoo_account_id: str
    account_id: str
    currency: str
    credited_micros: int = 0
    spent_micros: int = 0
    credit_limit_micros: int = 0
    plan: str = ""
    rates: tuple[Rate, ...] = ()
    controls: Controls = Controls()
    holds: Mapping[str, Hold] = field(default_factory=dict)
    hour: Window = Window()
    day: Window = Window()
    revision: int = 1
    profile: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("credited_micros", "spent_micros", "credit_limit_micros"):
            if type(micros := getattr(self, name)) is not int:
                raise InvalidAmountError(name, micros, "an integer, in millionths of the currency")

    @property
    def key(self) -> tuple[str, str]:
        """The KAZOO account and the account's number."""
        return self.kazoo_account_id, self.account_id

    @property
    def balance_micros(self) -> int:
        """The remainder of the money paid in, holds included."""
        return self.credited_micros - self.spent_micros

    @property
    def held_micros(self) -> int:
        """The sum of the holds of all calls that are live or whose end is not known."""
        return sum(hold.hold_micros for hold in self.holds.values())

    def live_holds(self, now: datetime) -> tuple[Hold, ...]:  # noqa: ARG002 - a hold counts until it is settled
        """Return the holds that count: all of them."""
        return tuple(self.holds.values())

    def hold(self, hold_id: str) -> Hold | None:
        """Return a hold by its id, if its call is not settled."""
        return next((hold for hold in self.holds.values() if hold.hold_id == hold_id), None)

    def available_micros(self, now: datetime) -> int:  # noqa: ARG002 - as `live_holds`
        """Return the balance less what live calls may still cost."""
        return self.balance_micros - self.held_micros

    def spendable_micros(self, now: datetime) -> int:
        """Return what a new call may hold at most: available plus the credit limit."""
        return self.available_micros(now) + self.credit_limit_micros


def windows(account: Account, at: int) -> tuple[Window, Window]:
    """Return the account's calendar hour and day (UTC) at an instant in epoch seconds."""
    held = account.held_micros
    return account.hour.at(at - at % HOUR_SECONDS, held), account.day.at(at - at % DAY_SECONDS, held)
