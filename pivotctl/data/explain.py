"""`pivot explain`: which rule decides a call, and why the earlier ones do not."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from pivot_app.conditions import CallAttributes, KnownCallerRecord
from pivot_app.identity import e164
from pivot_app.routing import DEFAULT_ROUTE, RoutePage, decide
from pivotctl.data._callers_live import PublishError
from pivotctl.data._deployment import Deployment
from pivotctl.data._files import Source, read
from pivotctl.data._models import encode
from pivotctl.data._publish import live_document
from pivotctl.data.commands import plainly
from pivotctl.data.documents import RoutingDocument
from pivotctl.deployment import LOCAL, Stage
from pivotctl.options import KazooAccount

Pairs = Annotated[list[str] | None, typer.Option(metavar="NAME=VALUE")]


def explain(
    caller: Annotated[str, typer.Option("--from", help="The caller's number, as KAZOO sends it.")],
    dialled: Annotated[str, typer.Option("--to", help="The dialled number.")],
    file: Annotated[Path | None, typer.Option(help="Rules of a file instead of the live ones.")] = None,
    account: KazooAccount = "",
    stage: Stage = LOCAL,
    at: Annotated[
        str, typer.Option(help="When, as 2026-01-05T12:00 in the document's time zone; now if left out.")
    ] = "",
    region: Annotated[str, typer.Option(help="The country national numbers are read in.")] = "US",
    language: Annotated[str, typer.Option(help="The call's language.")] = "en-us",
    attribute: Pairs = None,
    variable: Pairs = None,
    header: Pairs = None,
    balance: Annotated[str, typer.Option(help="What the caller's account may spend, as 2.50.")] = "",
    every: Annotated[
        bool, typer.Option("--every", help="Every rule before the deciding one; else the last 20.")
    ] = False,
) -> None:
    """Say which routing rule decides a call, and of each earlier one why it does not."""
    with plainly():
        page = _page(file, account, stage, dialled)
        known = _known(attribute, caller, account, stage, region, live=file is None)
        available = round(float(balance) * 1_000_000) if balance else None
        decision = decide(
            page,
            CallAttributes(
                now=_moment(at, page.time_zone),
                caller_number=caller,
                dialled=dialled,
                region=region,
                language=language,
                variables=_pairs(variable),
                sip_headers=_pairs(header),
                find_caller=lambda: known,
                find_available_micros=lambda: available,
            ),
        )
        reasons = list(decision.reasons())
        shown = reasons if every else reasons[-20:]
        if len(shown) < len(reasons):
            typer.echo(f"  {len(reasons) - len(shown)} earlier rules do not apply (--every lists them)")
        for name, why in shown:
            typer.echo(f"  no   {name}: {why}")
        typer.secho(f"  yes  {decision.name}", fg="green")
        typer.echo(f"route {page.name}: {json.dumps(encode(decision.action), ensure_ascii=False)}")


def _page(file: Path | None, account: str, stage: str, dialled: str) -> RoutePage:
    if file is not None:
        return _route(read(file), dialled)
    if not account:
        raise PublishError("name a --file, or the --kazoo-account whose live rules are meant")
    live = live_document(Deployment.find(stage), account, "routing")
    if live is None:
        raise PublishError(f"no routing rules were pushed for {account}")
    return _route(live, dialled)


def _route(source: Source, dialled: str) -> RoutePage:
    document = source.document
    if not isinstance(document, RoutingDocument):
        raise PublishError(f"{source.file} holds {document.kind}, not routing rules")
    name = dialled if dialled in document.routes else DEFAULT_ROUTE
    if name not in document.routes:
        raise PublishError(f"{source.file} has no route for {dialled} and no default route")
    return document.page(name)


def _known(
    attributes: list[str] | None, caller: str, account: str, stage: str, region: str, *, live: bool
) -> KnownCallerRecord | None:
    if attributes is not None:
        return KnownCallerRecord("", "", _pairs(attributes))
    number = e164(caller, region)
    if not live or number is None:
        return None
    found = Deployment.find(stage).callers.find(account, number)
    return KnownCallerRecord(found.account_id, found.name, found.attributes) if found else None


def _moment(at: str, time_zone: str) -> datetime:
    if not at:
        return datetime.now(UTC)
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        raise PublishError(f"--at {at!r} is no time; write it like 2026-01-05T12:00") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(time_zone))


def _pairs(pairs: list[str] | None) -> dict[str, Any]:
    made = {}
    for pair in pairs or []:
        name, equals, value = pair.partition("=")
        if not equals:
            raise PublishError(f"{pair!r} is no NAME=VALUE")
        made[name] = value
    return made
