"""Calls whose end was never reported: listed, resolved by hand, or settled from KAZOO's CDRs."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from pivot_app.aws import Parameters
from pivot_app.call_events import CrossbarCalls
from pivot_app.crossbar import CrossbarError, Crossbars
from pivot_app.ledger import InvalidWebhookError, LegEvent, Settlement, Unresolved, end_of_cdr
from pivotctl.accounts._books import Books, books
from pivotctl.accounts._console import progress, show_json
from pivotctl.accounts._console import show as echo
from pivotctl.accounts._money import plain
from pivotctl.accounts._times import instant, moment
from pivotctl.deployment import LOCAL, parameter_prefix
from pivotctl.errors import UsageError, UserError
from pivotctl.options import AsJson, KazooAccount, Stage

MAX_FILE_BYTES = 200_000_000
SHOWN_PROBLEMS = 10


def unresolved(as_json: AsJson = False, tenant: KazooAccount = "", stage: Stage = LOCAL) -> None:
    """List calls that should have ended but have no end. Their money stays held."""
    with books(stage, tenant) as here:
        settlement = Settlement(here.ledger)
        found = settlement.unresolved(here.kazoo_account_id, here.now)
        if as_json:
            show_json([_facts(one) for one in found])
            return
        table = Table("hold", "authorized (UTC)", "destination", "caller", "Call-ID", "why")
        table.add_column("held", justify="right")
        for one in found:
            hold = one.hold
            table.add_row(
                hold.hold_id,
                moment(hold.authorized_at),
                escape(hold.destination),
                escape(hold.caller),
                escape(hold.call_id),
                escape(one.reason),
                plain(hold.hold_micros),
            )
        echo(table if found else "no call is unresolved")
        if found:
            _show_last_end(settlement.legs.heard_at(here.kazoo_account_id), found)


def _show_last_end(heard_at: int, found: list[Unresolved]) -> None:
    """Say when an end arrived last, and whether that is before the newest of these calls."""
    last = f"the last end of a call arrived at {moment(heard_at)} UTC" if heard_at else "no end ever arrived"
    is_silent = heard_at < found[-1].hold.authorized_at
    echo(f"{last}: the webhook may be off, run `pivot doctor`" if is_silent else last)


def resolve(
    hold: Annotated[str, typer.Argument(help="The hold's id, as `pivot accounts unresolved` lists it.")],
    seconds: Annotated[int | None, typer.Option(help="The seconds of talk to charge.", min=0)] = None,
    void: Annotated[bool, typer.Option("--void", help="Charge nothing.")] = False,
    note: Annotated[str, typer.Option(help="Why, for the statement.")] = "",
    as_json: AsJson = False,
    tenant: KazooAccount = "",
    stage: Stage = LOCAL,
) -> None:
    """Settle a call by hand. An end that arrives later books only the difference."""
    with books(stage, tenant) as here:
        if (seconds is None) is not void:
            raise UsageError("say how the call went: --seconds N, or --void")
        booked = Settlement(here.ledger).resolve(
            here.kazoo_account_id, hold, here.now, seconds=seconds or 0, note=note
        )
        charged = booked.record.micros
        if as_json:
            show_json({"hold_id": hold, "seconds": seconds or 0, "charged_micros": charged})
        else:
            echo(f"hold {hold}: {seconds or 0} s, {plain(charged)} charged")


def import_cdrs(
    file: Annotated[
        Path | None,
        typer.Argument(help="CDRs as Crossbar gives them: JSON (`data` or a list), JSON lines or CSV."),
    ] = None,
    since: Annotated[str, typer.Option(help="Read from Crossbar: calls that ended from this time on.")] = "",
    until: Annotated[str, typer.Option(help="Up to this time; default: now.")] = "",
    as_json: AsJson = False,
    tenant: KazooAccount = "",
    stage: Stage = LOCAL,
) -> None:
    """Settle calls from KAZOO's CDRs. Calls that are already settled are not charged again."""
    with books(stage, tenant) as here:
        if (file is None) is not bool(since):
            raise UsageError("name a file of CDRs, or a span of time with --since")
        settlement = Settlement(here.ledger)
        problems: list[str] = []
        if file is not None:
            ends = _ends_of_file(file, problems)
        else:
            ends = _ends_of_crossbar(here, settlement, stage, since, until)
        counts = Counter[str]()
        for end in progress(ends, "importing CDRs"):
            for one in settlement.told(here.kazoo_account_id, end, here.now):
                counts[one.outcome] += 1
            counts["cdrs"] += 1
        # What names no hold is found from the calls that are held.
        for tenant_id, number in here.ledger.with_holds():
            account = here.ledger.account(tenant_id, number) if tenant_id == here.kazoo_account_id else None
            for one in settlement.sweep(account, here.now) if account else ():
                counts[one.outcome] += 1
        _show_counts(counts, problems, as_json=as_json)


def _show_counts(counts: Mapping[str, int], problems: list[str], *, as_json: bool) -> None:
    if as_json:
        show_json({**counts, "unreadable": problems})
    else:
        settled = sum(counts.get(name, 0) for name in ("settled", "released", "overrun"))
        corrected, cdrs = counts.get("corrected", 0), counts.get("cdrs", 0)
        echo(
            f"{cdrs} CDRs: {settled} calls settled, {corrected} corrected, the rest was known or not prepaid"
        )
        for problem in problems[:SHOWN_PROBLEMS]:
            echo(problem)
    if problems:
        raise UserError(f"{len(problems)} CDRs could not be read; the others are imported")


def _ends_of_file(file: Path, problems: list[str]) -> Iterator[LegEvent]:
    for number, row in enumerate(_rows(file), start=1):
        try:
            yield end_of_cdr(row)
        except InvalidWebhookError as error:
            problems.append(f"CDR {number}: {error}")


def _rows(file: Path) -> list[Mapping[str, Any]]:
    """Return the CDRs of a file."""
    try:
        if file.stat().st_size > MAX_FILE_BYTES:
            raise UserError(f"{file} is longer than {MAX_FILE_BYTES // 1_000_000} MB; give it in parts")
        text = file.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise UserError(f"{file} is not UTF-8 text") from None
    try:
        found = _parse(text)
    except (ValueError, csv.Error) as error:
        raise UserError(f"{file} is neither JSON, JSON lines nor CSV: {error}") from None
    if not found or not all(isinstance(row, Mapping) for row in found):
        raise UserError(f"{file} has no CDRs; Crossbar's `GET cdrs` gives them under `data`")
    return found


def _parse(text: str) -> list[Any]:
    start = text.lstrip()[:1]
    if start not in {"{", "["}:
        return list(csv.DictReader(text.splitlines()))
    try:
        document = json.loads(text)
    except ValueError:
        return [json.loads(line) for line in text.splitlines() if line.strip()]
    if isinstance(document, dict):
        document = document.get("data", [document])
    return document if isinstance(document, list) else [document]


def _ends_of_crossbar(
    here: Books, settlement: Settlement, stage: str, since: str, until: str
) -> Iterator[LegEvent]:
    begin = datetime.fromtimestamp(instant(since), UTC)
    end = datetime.fromtimestamp(instant(until), UTC) if until else here.now + timedelta(minutes=1)
    parameters = Parameters(lambda: here.client("ssm"), parameter_prefix(stage))
    with Crossbars(parameters) as crossbars:
        calls = CrossbarCalls(crossbars)
        if calls.of(here.kazoo_account_id) is None:
            raise UserError(
                "no Crossbar key of this KAZOO account is configured: `pivot provision` stores it; "
                "or name a file"
            )

        def is_known(call_id: str, at: int) -> bool:
            return settlement.legs.has_end(here.kazoo_account_id, call_id, at)

        try:
            yield from calls.ends_between(here.kazoo_account_id, begin, end, is_known)
        except CrossbarError as error:
            raise UserError(f"Crossbar: {error}; what was read before is imported, run it again") from None


def _facts(one: Unresolved) -> dict[str, Any]:
    hold = one.hold
    return {
        "hold_id": hold.hold_id,
        "account_id": one.account_id,
        "call_id": hold.call_id,
        "caller": hold.caller,
        "destination": hold.destination,
        "held_micros": hold.hold_micros,
        "authorized_at": hold.authorized_at,
        "expires_at": hold.expires_at,
        "unresolved_at": hold.unresolved_at or None,
        "reason": one.reason,
    }
