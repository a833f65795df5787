"""What the ledger decides: may this call be made, for how long, and what did it cost. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Literal

from pivot_app.ledger._account import (
    DAY_SECONDS,
    HOUR_SECONDS,
    Account,
    Entry,
    Hold,
    Leg,
    Posting,
    Window,
    hold_id_for,
    windows,
)
from pivot_app.ledger._destinations import Destination
from pivot_app.ledger._errors import HoldConflictError
from pivot_app.ledger._rates import MAX_MICROS, Rate, RateTable

Reason = Literal[
    "blocked",
    "invalid_number",
    "country_not_allowed",
    "prefix_denied",
    "no_rate",
    "too_many_calls",
    "hour_limit",
    "day_limit",
    "insufficient_funds",
]

EXPIRY_MARGIN_SECONDS: Final = 900
"""How long a hold outlives its held seconds: ringing, the prompts, and a call's end that arrives late."""


@dataclass(frozen=True, slots=True)
class CallRequest:
    """A call somebody wants to make; `destination` None is one that could not be read as a number."""

    call_id: str
    destination: Destination | None
    billed_leg: Leg = "b"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A call that may not be made, and the account as it was then."""

    reason: Reason
    account: Account


def authorize(
    account: Account,
    request: CallRequest,
    plan: RateTable | None,
    now: datetime,
    *,
    is_denied: bool = False,
) -> Hold | Refusal:
    """Decide one call: the hold to make (the one it already has, if it has one), or why not.

    The hold is for as many seconds as the controls allow and the money pays for, and never for more money
    than is available, credit limit included, or left in the hour's and the day's limit. `is_denied`: one of
    the account's deny lists has the destination.

    Raises:
        HoldConflictError: The Call-ID already holds money for another destination.

    """
    controls, destination = account.controls, request.destination
    if controls.blocked:
        return Refusal("blocked", account)
    if destination is None:
        return Refusal("invalid_number", account)
    hold_id = hold_id_for(account.kazoo_account_id, account.account_id, request.call_id)
    existing = account.holds.get(hold_id)
    if existing is not None and existing.counts(now):
        if existing.destination != destination.number:
            raise HoldConflictError(request.call_id, existing.destination, destination.number)
        return existing
    if controls.allowed_countries and destination.country not in controls.allowed_countries:
        return Refusal("country_not_allowed", account)
    if is_denied or any(destination.number.startswith(f"+{prefix}") for prefix in controls.denied_prefixes):
        return Refusal("prefix_denied", account)
    rate = rate_for(account, plan, destination.number, int(now.timestamp()))
    if rate is None:
        return Refusal("no_rate", account)
    if len(account.live_holds(now)) >= controls.max_live_calls:
        return Refusal("too_many_calls", account)
    most = controls.hold_seconds or controls.max_call_seconds
    seconds, refused = _affordable(account, rate, most, now)
    if refused:
        return Refusal(refused, account)
    at = int(now.timestamp())
    return Hold(
        hold_id=hold_id,
        call_id=request.call_id,
        destination=destination.number,
        hold_micros=rate.cost_micros(seconds),
        held_seconds=seconds,
        authorized_at=at,
        expires_at=at + seconds + EXPIRY_MARGIN_SECONDS,
        rate=rate,
        billed_leg=request.billed_leg,
    )


def extend(account: Account, hold: Hold, seconds: int, now: datetime) -> Hold | Refusal:
    """The hold made longer by up to `seconds`, as controls and money allow; one that expired is not."""
    if account.controls.blocked:
        return Refusal("blocked", account)
    if not hold.counts(now):
        return Refusal("insufficient_funds", account)
    most = min(hold.held_seconds + seconds, account.controls.max_call_seconds)
    longest, refused = _affordable(account, hold.rate, most, now, already=hold)
    if refused or longest <= hold.held_seconds:
        return Refusal(refused or "insufficient_funds", account)
    return replace(
        hold,
        hold_micros=max(hold.hold_micros, hold.rate.cost_micros(longest)),
        held_seconds=longest,
        expires_at=hold.expires_at + longest - hold.held_seconds,
    )


def rate_for(account: Account, plan: RateTable | None, number: str, at: int) -> Rate | None:
    """The rate with the longest matching prefix at an instant; of two as long, the account's own."""
    own = None
    if account.rates:
        own_rates = RateTable(account.rates, currency=account.currency, version=account.revision)
        own = own_rates.find(number, at)
    planned = plan.find(number, at) if plan is not None and plan.currency == account.currency else None
    if own is None or planned is None:
        return own or planned
    return own if len(own.prefix) >= len(planned.prefix) else planned


def settle(
    account: Account, hold: Hold, seconds: int, now: datetime, *, leg: str = "", reference: str = ""
) -> Posting:
    """What a call that lasted `seconds` costs, and the end of its hold.

    A hold that is no longer in the account (it expired, and the money was given back) is billed all the same,
    flagged `overrun`; so is a call that cost more than was held for it.
    """
    cost = hold.rate.cost_micros(seconds)
    live = hold.hold_id in account.holds
    return _close(
        account,
        hold,
        Entry(
            number=account.entries + 1,
            kind="call" if seconds > 0 else "release",
            amount_micros=-cost,
            balance_micros=account.balance_micros - cost,
            at=int(now.timestamp()),
            reference=reference or hold.hold_id,
            call_id=hold.call_id,
            destination=hold.destination,
            seconds=seconds,
            billed_seconds=hold.rate.billed_seconds(seconds),
            held_micros=hold.hold_micros,
            leg=leg,
            overrun=cost > hold.hold_micros or not live,
        ),
        was_counted_micros=hold.hold_micros if live else 0,
    )


def expire(account: Account, hold: Hold, now: datetime) -> Posting:
    """Give a hold's money back, because its call's end never came; the call can still be settled."""
    entry = Entry(
        number=account.entries + 1,
        kind="expire",
        amount_micros=0,
        balance_micros=account.balance_micros,
        at=int(now.timestamp()),
        reference=hold.hold_id,
        call_id=hold.call_id,
        destination=hold.destination,
        held_micros=hold.hold_micros,
    )
    return _close(account, hold, entry, was_counted_micros=hold.hold_micros)


def _close(account: Account, hold: Hold, entry: Entry, *, was_counted_micros: int) -> Posting:
    change = -entry.amount_micros - was_counted_micros
    hour, day = windows(account, hold.authorized_at)
    return Posting(
        entry,
        closes=hold,
        hour_micros=change if hour.holds(hold.authorized_at, HOUR_SECONDS) else 0,
        day_micros=change if day.holds(hold.authorized_at, DAY_SECONDS) else 0,
    )


def _affordable(
    account: Account, rate: Rate, most: int, now: datetime, already: Hold | None = None
) -> tuple[int, Reason | None]:
    """The seconds that every limit allows, and which limit allows none."""
    controls, held = account.controls, already.hold_micros if already else 0
    at = already.authorized_at if already else int(now.timestamp())
    hour, day = windows(account, at)
    # A call's spend is that of the hour and the day it was authorized in: a later one's limit is others'.
    in_hour = already is None or hour.holds(at, HOUR_SECONDS)
    in_day = already is None or day.holds(at, DAY_SECONDS)
    budgets: tuple[tuple[Reason, int], ...] = (
        ("insufficient_funds", account.spendable_micros(now) + held),
        ("hour_limit", _room(controls.max_hour_micros if in_hour else None, hour) + held),
        ("day_limit", _room(controls.max_day_micros if in_day else None, day) + held),
    )
    for reason, micros in budgets:
        if micros < 0 or (seconds := rate.affordable_seconds(micros, most)) == 0:
            return 0, reason
        most = seconds
    return most, None


def _room(limit: int | None, window: Window) -> int:
    return MAX_MICROS if limit is None else limit - window.micros
