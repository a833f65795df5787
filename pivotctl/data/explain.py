"""`pivot explain`: which rule decides a call, and why the earlier ones do not."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from pivot_app.actions import DocumentSettings, Step, choose
from pivot_app.conditions import (
    CallAttributes,
    Condition,
    EvaluationContext,
    KnownCallerRecord,
    why_not,
)
from pivot_app.documents import Values, parse_amount
from pivot_app.http_source import SourceUnavailableError
from pivot_app.identity import e164
from pivot_app.look_ups import StaticLookUps
from pivot_app.routing import DEFAULT_ROUTE, RoutePage, decide, scope_of
from pivot_app.schedules import Schedule, state
from pivotctl.data._callers_live import PublishError
from pivotctl.data._deployment import Deployment
from pivotctl.data._files import Source, read
from pivotctl.data._models import encode
from pivotctl.data._publish import live_document
from pivotctl.data.documents import RoutingDocument
from pivotctl.data.lint import PreviewContext
from pivotctl.deployment import LOCAL, Stage
from pivotctl.errors import UsageError, user_errors
from pivotctl.options import AsJson, KazooAccount

Pairs = Annotated[list[str] | None, typer.Option(metavar="NAME=VALUE")]


def explain(
    caller: Annotated[str, typer.Option("--from", help="The caller's number, as KAZOO sends it.")],
    dialled: Annotated[str, typer.Option("--to", help="The dialled number.")],
    file: Annotated[
        Path | None, typer.Option(help="Use the rules of a file instead of the live ones.")
    ] = None,
    account: KazooAccount = "",
    stage: Stage = LOCAL,
    at: Annotated[
        str,
        typer.Option(help="The time, such as 2026-01-05T12:00 in the document's time zone; default: now."),
    ] = "",
    region: Annotated[str, typer.Option(help="The country of national numbers.")] = "US",
    language: Annotated[str, typer.Option(help="The call's language.")] = "en-us",
    name: Annotated[str, typer.Option(help="The caller's name, as the network gives it.")] = "",
    user: Annotated[list[str] | None, typer.Option(help="The KAZOO user whose phone calls.")] = None,
    device: Annotated[str, typer.Option(help="The SIP username of the phone that calls.")] = "",
    realm: Annotated[str, typer.Option(help="The realm of the caller's SIP address.")] = "",
    query: Pairs = None,
    attribute: Pairs = None,
    variable: Pairs = None,
    header: Pairs = None,
    look_up: Annotated[
        list[str] | None,
        typer.Option(metavar="SOURCE=FILE", help="The JSON that a look-up source answers."),
    ] = None,
    balance: Annotated[str, typer.Option(help="What the caller's account may spend, such as 2.50.")] = "",
    every: Annotated[
        bool, typer.Option("--every", help="Show every rule before the deciding one; default: the last 20.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Show which routing rule decides a call, and why each earlier one does not."""
    with user_errors():
        page = _page(file, account, stage, dialled)
        known = _known(attribute, caller, account, stage, region, live=file is None)
        available = parse_amount(balance) if balance else None
        call = ExplainedCall(_answers(look_up), _pairs(query))
        call.attributes = CallAttributes(
            now=_moment(at, page.time_zone),
            caller_number=caller,
            caller_name=name,
            dialled=dialled,
            region=region,
            language=language,
            variables=_pairs(variable),
            sip_headers=_headers(header),
            user_ids=user or (),
            from_user=device,
            from_realm=realm,
            query=_pairs(query),
            find_caller=lambda: known,
            find_available_micros=lambda: available,
            value=call.value,
        )
        decision = decide(page, call.attributes)
        reasons = list(decision.reasons())
        step = Step(version=0, menu="", language=language, number=0)
        chosen = choose(decision.action, scope_of(page, step, call, path=decision.path))
        action = encode(chosen.action)
        if as_json:
            facts = {
                "route": page.name,
                "rule": decision.name,
                "earlier": [{"rule": rule, "why_not": why} for rule, why in reasons],
                "decisions": call.decisions,
                "action": action,
            }
            typer.echo(json.dumps(facts, indent=2, ensure_ascii=False))
            return
        shown = reasons if every else reasons[-20:]
        if len(shown) < len(reasons):
            typer.echo(f"  {len(reasons) - len(shown)} earlier rules do not apply (--every lists them)")
        for rule, why in shown:
            typer.echo(f"  no   {rule}: {why}")
        typer.secho(f"  yes  {decision.name}", fg="green")
        for each in call.decisions:
            typer.echo(f"       {each}")
        typer.echo(f"route {page.name}: {json.dumps(action, ensure_ascii=False)}")


@dataclass
class ExplainedCall(PreviewContext):
    """A call described on the command line; every decision inside its action is kept in words."""

    answers: StaticLookUps = field(default_factory=lambda: StaticLookUps({}))
    decisions: list[str] = field(default_factory=list)

    def __init__(self, answers: StaticLookUps, query: dict[str, str]) -> None:
        super().__init__()
        self.answers, self.decisions = answers, []
        self.values = {f"query.{name}": value for name, value in query.items()}
        self.attributes = CallAttributes(now=self.now)

    def value(self, name: str, language: str) -> str | None:  # noqa: ARG002
        """Return the value of a placeholder, as far as it was described."""
        attributes = self.attributes
        caller = attributes.caller
        owner, _, key = name.partition(".")
        if owner == "lookup":
            return self.look_up(key, self.value)
        if owner == "caller" and caller is not None and key != "number":
            return caller.name if key == "name" else str(caller.attributes.get(key) or "") or None
        known = {
            "caller.number": attributes.caller_number,
            "call.number": attributes.caller_number,
            "call.name": attributes.caller_name,
            "call.dialled": attributes.dialled,
            "call.user": next(iter(attributes.user_ids), ""),
            "call.device": attributes.from_user,
            "call.realm": attributes.from_realm,
            **self.values,
        }
        return known.get(name) or None

    def look_up(self, key: str, value: Values) -> str | None:
        """Return what the file of the source says."""
        source, _, path = key.partition(".")
        try:
            return self.answers.value("", source, path, lambda name: value(name, "en"), self.attributes.now)
        except SourceUnavailableError:
            return None

    def mismatch(
        self, conditions: Sequence[Condition], settings: DocumentSettings, value: Values
    ) -> str | None:
        """Return why the first condition that does not hold does not."""
        context = EvaluationContext(self.attributes, settings.time_zone, settings.schedules, value)
        return why_not(conditions, context)

    def schedule_state(self, schedule: Schedule) -> str:
        """Return whether a business is open at the moment asked about."""
        return state(schedule, self.attributes.now)

    def available_micros(self) -> int | None:
        """Return the balance that was described."""
        return self.attributes.available_micros

    def explain(self, rule: str, **facts: str | int) -> None:
        """Keep a decision."""
        self.decisions.append(f"{rule}: " + ", ".join(f"{name} {value}" for name, value in facts.items()))


def _answers(files: list[str] | None) -> StaticLookUps:
    answers = {}
    for source, path in _pairs(files).items():
        try:
            answers[source] = json.loads(Path(path).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise UsageError(f"--look-up {source}: {path} is not a JSON file: {error}") from None
    return StaticLookUps(answers)


def _headers(pairs: list[str] | None) -> dict[str, list[str]]:
    """Headers given several times are lists, as KAZOO sends Diversions."""
    made: dict[str, list[str]] = {}
    for pair in pairs or []:
        name, _, value = pair.partition("=")
        made.setdefault(name, []).append(value)
    return made


def _page(file: Path | None, account: str, stage: str, dialled: str) -> RoutePage:
    if file is not None:
        return _route(read(file), dialled)
    if not account:
        raise UsageError("name a --file, or the --kazoo-account whose live rules are meant")
    live = live_document(Deployment.find(stage, account), account, "routing")
    if live is None:
        raise PublishError(f"no routing rules were pushed for {account}")
    return _route(live, dialled)


def _route(source: Source, dialled: str) -> RoutePage:
    document = source.document
    if not isinstance(document, RoutingDocument):
        raise UsageError(f"{source.file} holds {document.kind}, not routing rules")
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
    found = Deployment.find(stage, account).callers.find(account, number)
    return KnownCallerRecord(found.account_id, found.name, found.attributes) if found else None


def _moment(at: str, time_zone: str) -> datetime:
    if not at:
        return datetime.now(UTC)
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        raise UsageError(f"--at {at!r} is not a time; write it like 2026-01-05T12:00") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(time_zone))


def _pairs(pairs: list[str] | None) -> dict[str, Any]:
    made = {}
    for pair in pairs or []:
        name, equals, value = pair.partition("=")
        if not equals:
            raise UsageError(f"{pair!r} is not NAME=VALUE")
        made[name] = value
    return made
