"""An account as its item holds it, and how a posting changes it. Pure: time comes in as an argument."""

from __future__ import annotations

import hashlib
import re
from base64 import b32encode
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from pivot_app.ledger._errors import InvalidAmountError
from pivot_app.ledger._rates import MAX_MICROS, Rate

MAX_LIVE_CALLS = 100
HOUR_SECONDS = 3600
DAY_SECONDS = 86400

_COUNTRY = re.compile("[A-Z]{2}")
_PREFIX = re.compile("[0-9]{1,15}")

EntryKind = Literal["top_up", "adjust", "call", "release", "expire"]
Leg = Literal["a", "b"]


@dataclass(frozen=True, slots=True)
class Controls:
    """What an account may not do, whatever its balance. `None` or empty means no such limit.

    A hold is made for `max_call_seconds`, or, where calls are extended while they last, for `hold_seconds` at
    first. `allowed_countries` are ISO 3166 regions ("US"), `denied_prefixes` digits without +, `deny_lists`
    names of shared lists of them. Spend is what calls cost or, while they live, may still cost, in the hour
    and day (UTC) they were authorized in.

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

    def __post_init__(self) -> None:
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
        # One that could never match would be a limit that is set and not kept.
        for country in self.allowed_countries:
            if not _COUNTRY.fullmatch(country):
                raise InvalidAmountError("allowed_countries", country, "ISO 3166 regions, such as US")
        for prefix in self.denied_prefixes:
            if not _PREFIX.fullmatch(prefix):
                raise InvalidAmountError("denied_prefixes", prefix, "1 to 15 digits without +")


@dataclass(frozen=True, slots=True)
class Hold:
    """Money set aside for one live call: what `held_seconds` of it cost at `rate`.

    It counts until it is settled or `expires_at` (epoch seconds) has passed, whichever is first.
    """

    hold_id: str
    call_id: str
    destination: str
    hold_micros: int
    held_seconds: int
    authorized_at: int
    expires_at: int
    rate: Rate
    billed_leg: Leg = "b"

    def counts(self, now: datetime) -> bool:
        """Whether the money is still set aside."""
        return now.timestamp() < self.expires_at


def hold_id_for(kazoo_account_id: str, account_id: str, call_id: str) -> str:
    """The one hold a Call-ID can have on an account: the account's number, a dot, a digest of the call."""
    digest = hashlib.sha256(f"{kazoo_account_id}\0{account_id}\0{call_id}".encode()).digest()
    return f"{account_id}.{b32encode(digest)[:24].decode().lower()}"


@dataclass(frozen=True, slots=True)
class Window:
    """Spend within one calendar hour or day: `start` in epoch seconds."""

    start: int = 0
    micros: int = 0

    def holds(self, at: int, seconds: int) -> bool:
        """Whether an instant is in this window of `seconds`."""
        return self.start <= at < self.start + seconds

    def with_spend(self, micros: int, at: int, seconds: int) -> Window:
        """The window after a spend that belongs to an instant; one that is over is left to the past."""
        return replace(self, micros=self.micros + micros) if self.holds(at, seconds) else self

    def moved(self, start: int) -> Window:
        """The window at a later start: empty if it is another one. It never moves back."""
        return Window(start) if start > self.start else self


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of an account's ledger; never changed, never removed, numbered without gaps from 1.

    `amount_micros` is the change of the balance: positive for credit, negative for a charge.
    """

    number: int
    kind: EntryKind
    amount_micros: int
    balance_micros: int
    at: int
    reference: str
    note: str = ""
    call_id: str = ""
    destination: str = ""
    seconds: int = 0
    billed_seconds: int = 0
    held_micros: int = 0
    leg: str = ""
    overrun: bool = False


@dataclass(frozen=True, slots=True)
class Posting:
    """An entry with what else changes with it, in one step: a hold that ends, the spend windows."""

    entry: Entry
    closes: Hold | None = None
    hour_micros: int = 0
    day_micros: int = 0


@dataclass(frozen=True, slots=True)
class Account:
    """A customer's prepaid account: available + held + spent = credited, always.

    Args:
        credited_micros: Everything ever paid in, adjustments included.
        spent_micros: Everything calls ever cost.
        credit_limit_micros: How far below zero the balance may be held or spent.
        revision: Grows with every change of plan, rates, controls or credit limit.
        entries: How many entries the account has; the next one's number is one more.
        profile: What the `callers` package keeps beside the money, untouched.

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
    entries: int = 0
    revision: int = 1
    profile: Mapping[str, Any] = field(default_factory=dict)

    @property
    def balance_micros(self) -> int:
        """What is left of the money paid in; holds are part of it."""
        return self.credited_micros - self.spent_micros

    @property
    def held_micros(self) -> int:
        """What all holds set aside, those that expired and were not yet removed included."""
        return sum(hold.hold_micros for hold in self.holds.values())

    def live_holds(self, now: datetime) -> tuple[Hold, ...]:
        """The holds that count at `now`."""
        return tuple(hold for hold in self.holds.values() if hold.counts(now))

    def available_micros(self, now: datetime) -> int:
        """The balance less what live calls may still cost."""
        return self.balance_micros - sum(hold.hold_micros for hold in self.live_holds(now))

    def spendable_micros(self, now: datetime) -> int:
        """What a new call may hold at most: available plus the credit limit."""
        return self.available_micros(now) + self.credit_limit_micros

    def with_hold(self, hold: Hold) -> Account:
        """The account after a hold, or a longer one in its place: money moves from available to held."""
        before = self.holds.get(hold.hold_id)
        more = hold.hold_micros - (before.hold_micros if before else 0)
        hour, day = windows(self, hold.authorized_at)
        return replace(
            self,
            holds={**self.holds, hold.hold_id: hold},
            hour=hour.with_spend(more, hold.authorized_at, HOUR_SECONDS),
            day=day.with_spend(more, hold.authorized_at, DAY_SECONDS),
        )

    def after(self, posting: Posting) -> Account:
        """The account after a posting."""
        entry, closed = posting.entry, posting.closes
        is_credit = entry.kind in {"top_up", "adjust"}
        return replace(
            self,
            credited_micros=self.credited_micros + (entry.amount_micros if is_credit else 0),
            spent_micros=self.spent_micros - (0 if is_credit else entry.amount_micros),
            holds={key: hold for key, hold in self.holds.items() if closed is None or key != closed.hold_id},
            hour=replace(self.hour, micros=self.hour.micros + posting.hour_micros),
            day=replace(self.day, micros=self.day.micros + posting.day_micros),
            entries=entry.number,
        )


def windows(account: Account, at: int) -> tuple[Window, Window]:
    """The account's calendar hour and day (UTC) at an instant in epoch seconds."""
    return account.hour.moved(at - at % HOUR_SECONDS), account.day.moved(at - at % DAY_SECONDS)
