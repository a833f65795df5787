"""`pivot accounts price`: what a call to a number costs, and by which rate."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from pivot_app.ledger import (
    Account,
    CallRequest,
    Controls,
    Destination,
    Hold,
    Rate,
    RateTable,
    Refusal,
    authorize,
    free_call,
)
from pivotctl.accounts import _csv
from pivotctl.accounts._books import books
from pivotctl.accounts._console import show, show_json
from pivotctl.accounts._money import plain
from pivotctl.accounts._times import instant, moment
from pivotctl.deployment import LOCAL
from pivotctl.errors import UsageError
from pivotctl.options import AsJson, KazooAccount, Stage

RICH_MICROS = 10**21
"""More than any call can cost: a price does not depend on the balance."""


def price(
    number: Annotated[
        str, typer.Argument(help="The dialled number, such as +442071838750 or 411.", metavar="NUMBER")
    ],
    account: Annotated[
        str, typer.Option("--for", help="The calling account; its limits are shown too.", metavar="ACCOUNT")
    ] = "",
    plan: Annotated[str, typer.Option(help="A plan, instead of an account's.")] = "",
    seconds: Annotated[int, typer.Option(help="How long the call lasts.", min=1, max=86_400)] = 60,
    at: Annotated[str, typer.Option(help="The time of the call, such as 2026-12-01; default: now.")] = "",
    region: Annotated[
        str, typer.Option(help="The country of the caller, such as GB; default: the KAZOO account's region.")
    ] = "",
    as_json: AsJson = False,
    tenant: KazooAccount = "",
    stage: Stage = LOCAL,
) -> None:
    """Show the price of a call to a number, and the rate that sets it."""
    with books(stage, tenant) as here:
        if bool(account) is bool(plan):
            raise UsageError("name who pays: --for ACCOUNT, or --plan PLAN")
        region = region.upper() or here.region
        dialled = "".join(each for each in number if each not in " -().")
        when = datetime.fromtimestamp(instant(at) if at else here.at, UTC)
        payer = here.account(account) if account else Account(here.kazoo_account_id, "", "", plan=plan)
        rates = here.ledger.plans.version(here.kazoo_account_id, payer.plan) if payer.plan else None
        if rates and not account:
            payer = replace(payer, currency=rates.currency)
        destination = Destination.parse(dialled, region)
        is_denied = bool(destination) and here.ledger.deny_lists.denies(
            here.kazoo_account_id, payer.controls.deny_lists, destination.number if destination else ""
        )
        rate, refused = judge(payer, destination, rates, when, is_denied=is_denied)
        free = free_call(dialled, region)
        quote = Quote(dialled, destination, payer.currency, seconds, rate, refused, free)
        if as_json:
            show_json(quote.to_map())
        else:
            show(str(quote))


@dataclass(frozen=True, slots=True)
class Quote:
    """A price: the rate of a call, and why the call is refused whatever the balance ("" if it is not)."""

    dialled: str
    destination: Destination | None
    currency: str
    seconds: int
    rate: Rate | None
    refused: str
    free: str | None

    def to_map(self) -> dict[str, Any]:
        """Return the price for JSON; money in micro-units."""
        rate = None if self.free else self.rate
        return {
            "number": self.destination.number if self.destination else None,
            "country": self.destination.country if self.destination else None,
            "free": self.free,
            "refused": None if self.free else self.refused or None,
            "currency": self.currency,
            "seconds": self.seconds,
            "billed_seconds": rate.billed_seconds(self.seconds) if rate else 0,
            "cost_micros": rate.cost_micros(self.seconds) if rate else 0 if self.free else None,
            "rate": _csv.rate_row(rate) | {"plan": rate.plan, "version": rate.version} if rate else None,
        }

    def __str__(self) -> str:
        if self.free:
            return f"{self.dialled} is free for its callers ({self.free}), and never refused"
        where = self.dialled
        if self.destination:
            where = f"{self.destination.number} ({self.destination.country or 'of no country'})"
        lines = []
        if self.rate is not None:
            rate, cost = self.rate, plain(self.rate.cost_micros(self.seconds))
            billed = rate.billed_seconds(self.seconds)
            lines.append(f"{where}: {cost} {self.currency} for {self.seconds} s, billed as {billed} s")
            lines.append(rate_in_words(rate))
        if self.refused:
            lines.append(f"{where}: the call is refused, {self.refused}")
        return "\n".join(lines)


def rate_in_words(rate: Rate) -> str:
    """Return a rate, where it was found, and how it counts."""
    found = f"plan {rate.plan}, version {rate.version}" if rate.plan else "the account's own rates"
    text = f"rate of prefix {rate.prefix or '(any)'} in {found}: {plain(rate.per_minute_micros)} a minute"
    if rate.connection_fee_micros:
        text += f" and {plain(rate.connection_fee_micros)} for the connection"
    text += f", in increments of {rate.first_increment_seconds}/{rate.next_increment_seconds} s"
    if rate.minimum_seconds:
        text += f", {rate.minimum_seconds} s at least"
    if rate.grace_seconds:
        text += f", free up to {rate.grace_seconds} s"
    text += ", rounded up to a millionth"
    if rate.is_dated:
        begin = f" from {moment(rate.valid_from)}" if rate.valid_from else ""
        end = f" until {moment(rate.valid_until)}" if rate.valid_until else ""
        text += f"; valid{begin}{end} (UTC)"
    return text


def judge(
    payer: Account,
    destination: Destination | None,
    rates: RateTable | None,
    now: datetime,
    *,
    is_denied: bool,
) -> tuple[Rate | None, str]:
    """Return the rate of a call, and why it is refused whatever the balance: as the gate decides it."""
    request = CallRequest("price", destination)
    rich = replace(payer, credited_micros=RICH_MICROS, spent_micros=0, holds={})
    limits = replace(payer.controls, max_hour_micros=None, max_day_micros=None)
    decided = authorize(replace(rich, controls=limits), request, rates, now, is_denied=is_denied)
    refused = decided.reason if isinstance(decided, Refusal) else ""
    unlimited = authorize(replace(rich, controls=Controls(max_call_seconds=1)), request, rates, now)
    return unlimited.rate if isinstance(unlimited, Hold) else None, refused
