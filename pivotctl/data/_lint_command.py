"""`pivot data lint`: for people, for editors and CI (JSON), and as annotations of a GitHub pull request."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

import typer

from pivotctl.data._files import FileError, Mistake, Source, read
from pivotctl.data._progress import progress
from pivotctl.data.documents import MenuDocument, RoutingDocument
from pivotctl.data.lint import lint, unknown_menus
from pivotctl.data.lint._ids import Ids, unknown_ids
from pivotctl.deployment import LOCAL, Stage
from pivotctl.errors import FAILED
from pivotctl.options import AsJson, KazooAccount
from pivotctl.text import printable

Kazoo = Annotated[Literal["4.3", "5"], typer.Option("--kazoo", help="The KAZOO version whose rules apply.")]
Format = Annotated[
    Literal["text", "json", "github"],
    typer.Option("--format", "-f", help="json for editors and CI; github for annotations of a workflow."),
]


def lint_command(
    files: Annotated[list[Path], typer.Argument(help="Documents: YAML or JSON.", metavar="FILE...")],
    kazoo: Kazoo = "4.3",
    form: Format = "text",
    account: KazooAccount = "",
    stage: Stage = LOCAL,
    as_json: AsJson = False,
) -> None:
    """Check documents, and every callflow they can produce.

    With a KAZOO account whose API access is configured, ids are checked against KAZOO too.
    """
    form = "json" if as_json else form
    sources: list[Source] = []
    mistakes: list[Mistake] = []
    status = 0
    for path in files:
        try:
            source = _read(path)
        except FileError as error:
            mistakes += error.mistakes
            status = max(status, error.exit_code)
            continue
        sources.append(source)
        with progress(f"checking {path.name}") as advance:
            mistakes += [source.mistake(each) for each in lint(source.document, kazoo, advance)]
    menus = {
        name for each in sources if isinstance(each.document, MenuDocument) for name in each.document.menus
    }
    for source in sources:
        if menus and isinstance(source.document, RoutingDocument):
            mistakes += [source.mistake(each) for each in unknown_menus(source.document, menus)]
    if account and (ids_of := _ids_of(account, stage)) is not None:
        for source in sources:
            mistakes += [source.mistake(each) for each in unknown_ids(source.document, ids_of)]
    failed = {mistake.file for mistake in mistakes if mistake.level == "error"}
    _show(mistakes, form)
    if form == "text":
        for source in sources:
            if source.file not in failed:
                typer.echo(f"{source.file}: {source.kind}, {source.size}: fit to go live on KAZOO {kazoo}")
    if failed:
        raise typer.Exit(status or FAILED)


def _read(path: Path) -> Source:
    with progress(f"reading {path.name}"):
        return read(path)


def _show(mistakes: list[Mistake], form: str) -> None:
    ordered = sorted(set(mistakes), key=lambda each: (each.file, each.line, each.column, each.message))
    match form:
        case "json":
            fields = ("file", "line", "column", "level", "message")
            typer.echo(
                json.dumps([{name: getattr(each, name) for name in fields} for each in ordered], indent=2)
            )
        case "github":
            for each in ordered:
                where = f"file={_escaped(each.file, True)},line={each.line},col={each.column}"
                typer.echo(f"::{each.level} {where}::{_escaped(each.message, False)}")
        case _:
            for each in ordered:
                typer.secho(printable(str(each)), err=True, fg="red" if each.level == "error" else "yellow")


def _escaped(text: str, is_property: bool) -> str:
    """Return a text as GitHub's workflow commands want it."""
    text = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return text.replace(":", "%3A").replace(",", "%2C") if is_property else text


def _ids_of(account: str, stage: str) -> Ids | None:
    """Return what reads the ids of a collection of the account, once; None without access to KAZOO."""
    from pivot_app.aws import Parameters
    from pivot_app.crossbar import Crossbar, CrossbarError, Crossbars
    from pivotctl.deployment import Deployment, DeploymentError, parameter_prefix

    try:
        ssm = Deployment.find(stage, quiet=True).client("ssm")
        crossbar: Crossbar = Crossbars(Parameters(lambda: ssm, parameter_prefix(stage))).of(account)
    except (DeploymentError, CrossbarError) as error:
        typer.secho(f"ids are not checked against KAZOO: {error}", err=True, dim=True)
        return None

    @cache
    def ids(collection: str) -> frozenset[str] | None:
        try:
            rows = crossbar.collection(collection).rows()
        except CrossbarError as error:
            typer.secho(f"the {collection} cannot be checked: {error}", err=True, fg="yellow")
            return None
        return frozenset(str(row["id"]) for row in rows if "id" in row)

    return ids
