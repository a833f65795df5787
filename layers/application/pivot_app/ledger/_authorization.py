"""Decides whether a call is allowed, and for how long. Pure functions."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final, Literal

from pivot_app.lazy_dataclass import dataclass
from pivot_app.ledger._account import (
    REPEAT_SECONDS,
    Account,
    BilledLeg,
    Hold,
    Window,
    mint_hold_id,
    slot_for,
    windows,
)
from pivot_app.ledger._destinations import Destination
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
    """A call somebody wants to make.

    Args:
        call_id: The Call-ID of the caller's leg.
        destination: Where to; None is one that could not be read as a number.
        billed_leg: The legs to bill: `b`, those KAZOO makes, or `a`, the caller's own.
        request_key: What tells this request from every other; the same request asked again has the same.
        caller: The caller's number, for the statement.

    """

    call_id: str
    destination: Destination | None
    billed_leg: BilledLeg = "b"
    request_key: str = ""
    caller: str = ""


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
    """Decide one call: the hold to make, or why not.

    The same request asked again within ten seconds gets the hold it has. Any other is a call of its own, also
    with the Call-ID of one that lives: a caller who dials on in one channel.

    The hold is for as many seconds as the controls allow and the money pays for, and never for more money
    than is available, credit limit included, or left in the hour's and the day's limit.

    Args:
        account: The account as it is known.
        request: The call.
        plan: The rates of the account's plan.
        now: The time.
        is_denied: One of the account's deny lists has the destination.

    """
    controls, destination = account.controls, request.destination
    if controls.blocked:
        return Refusal("blocked", account)
    if destination is None:
        return Refusal("invalid_number", account)
    at = int(now.timestamp())
    slot = slot_for(request.call_id, destination.number, request.request_key)
    same = [hold for place, hold in account.holds.items() if place.partition("-")[0] == slot]
    for hold in same:
        if abs(at - hold.authorized_at) <= REPEAT_SECONDS:
            return hold
    if controls.allowed_countries and destination.country not in controls.allowed_countries:
        return Refusal("country_not_allowed", account)
    if is_denied or any(destination.number.startswith(f"+{prefix}") for prefix in controls.denied_prefixes):
        return Refusal("prefix_denied", account)
    rate = rate_for(account, plan, destination.number, at)
    if rate is None:
        return Refusal("no_rate", account)
    if len(account.holds) >= controls.max_live_calls:
        return Refusal("too_many_calls", account)
    most = controls.hold_seconds or controls.max_call_seconds
    seconds, refused = _affordable(account, rate, most, now)
    if refused:
        return Refusal(refused, account)
    # A free place next to those of the same request that still live.
    places = (slot, *(f"{slot}-{number}" for number in range(len(same) + 1)))
    return Hold(
        hold_id=mint_hold_id(account.account_id),
        call_id=request.call_id,
        destination=destination.number,
        hold_micros=rate.cost_micros(seconds),
        held_seconds=seconds,
        authorized_at=at,
        expires_at=at + seconds + EXPIRY_MARGIN_SECONDS,
        rate=rate,
        billed_leg=request.billed_leg,
        slot=next(place for place in places if place not in account.holds),
        caller=request.caller,
    )


def extend(account: Account, hold: Hold, seconds: int, now: datetime) -> Hold | Refusal:
    """Return the hold made longer by up to `seconds`, as controls and money allow; one that is due is not."""
    if account.controls.blocked:
        return Refusal("blocked", account)
    if hold.is_due(now):
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
    """Return the rate with the longest matching prefix at an instant; of two as long, the account's own."""
    own = None
    if account.rates:
        own_rates = RateTable(account.rates, currency=account.currency, version=account.revision)
        own = own_rates.find(number, at)
    planned = plan.find(number, at) if plan is not None and plan.currency == account.currency else None
    if own is None or planned is None:
        return own or planned
    return own if len(own.prefix) >= len(planned.prefix) else planned


def _affordable(
    account: Account, rate: Rate, most: int, now: datetime, already: Hold | None = None
) -> tuple[int, Reason | None]:
    """Return the seconds that every limit allows, and which limit allows none."""
    controls, held = account.controls, already.hold_micros if already else 0
    hour, day = windows(account, int(now.timestamp()))
    if rate.cost_micros(most) == 0:
        return most, None  # What costs nothing needs no money.
    budgets: tuple[tuple[Reason, int], ...] = (
        ("insufficient_funds", account.spendable_micros(now) + held),
        ("hour_limit", _room(controls.max_hour_micros, hour) + held),
        ("day_limit", _room(controls.max_day_micros, day) + held),
    )
    for reason, micros in budgets:
        if micros < 0 or (seconds := rate.affordable_seconds(micros, most)) == 0:
            return 0, reason
        most = seconds
    return most, None


def _room(limit: int | None, window: Window) -> int:
    return MAX_MICROS if limit is None else limit - window.micros
