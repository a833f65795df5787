"""The `pivot data` commands."""

from __future__ import annotations

import getpass
import json
from collections.abc import Collection
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from pivot_app.documents import DocumentError
from pivotctl.data._callers import CallersDocument
from pivotctl.data._callers_live import PublishError, live_callers
from pivotctl.data._deployment import Deployment
from pivotctl.data._files import Source, parse, read
from pivotctl.data._lint_command import lint_command
from pivotctl.data._models import encode, json_schema
from pivotctl.data._progress import progress
from pivotctl.data._publish import (
    callers_differences,
    differences,
    live_document,
    push,
)
from pivotctl.data.documents import KINDS, MenuDocument, RoutingDocument
from pivotctl.data.lint import lint, unknown_menus
from pivotctl.deployment import LOCAL, Stage
from pivotctl.errors import UsageError, user_errors
from pivotctl.options import AsJson, KazooAccount
from pivotctl.text import printable

app = typer.Typer(
    help="Menus, routing rules and callers: check, compare and publish them.",
    no_args_is_help=True,
    add_completion=False,
)

Kind = Literal["menus", "routing"]
Account = KazooAccount
File = Annotated[Path, typer.Argument(help="A document: YAML or JSON.", metavar="FILE")]
Files = Annotated[list[Path], typer.Argument(help="Documents: YAML or JSON.", metavar="FILE...")]
Kazoo = Annotated[Literal["4.3", "5"], typer.Option("--kazoo", help="The KAZOO version whose rules apply.")]
ACCOUNT_ID_CHARACTERS = 32


def checked(path: Path, kazoo: Any, *, quiet: bool = False) -> Source:
    """Read and lint a file; say what was found, and stop on errors."""
    with progress(f"reading {path.name}"):
        source = read(path)
    with progress(f"checking {path.name}") as advance:
        mistakes = [source.mistake(finding) for finding in lint(source.document, kazoo, advance)]
    errors = [mistake for mistake in mistakes if mistake.level == "error"]
    for mistake in sorted(mistakes, key=lambda each: (each.line, each.column)):
        if mistake.level == "error" or not quiet:
            typer.secho(printable(str(mistake)), err=True, fg="red" if mistake.level == "error" else "yellow")
    if errors:
        raise typer.Exit(1)
    return source


app.command("lint")(lint_command)


def _leads_nowhere(source: Source, menus: Collection[str]) -> bool:
    """Warn about rules that lead to a missing menu."""
    if not isinstance(source.document, RoutingDocument):
        return False
    found = [str(source.mistake(finding)) for finding in unknown_menus(source.document, menus)]
    for mistake in found:
        typer.secho(mistake, err=True, fg="red")
    return bool(found)


@app.command()
def diff(file: File, account: Account, stage: Stage = LOCAL, as_json: AsJson = False) -> None:
    """Show what a push would change."""
    with user_errors():
        source = read(file)
        deployment = Deployment.find(stage, account)
        if isinstance(source.document, CallersDocument):
            found = list(callers_differences(deployment, account, source.document))
            against = "the live callers; a PIN always counts as new, and accounts the file leaves out stay"
        else:
            live = live_document(deployment, account, source.kind)
            found = list(differences(live.document if live else None, source.document))
            against = live.file if live else "nothing"
        if as_json:
            rows = [{"path": path, "live": old, "file": new} for path, old, new in found]
            typer.echo(json.dumps(rows, indent=2, ensure_ascii=False))
            return
        for path, old, new in found:
            _show_difference(path, old, new)
        typer.echo(f"{len(found)} differences from {against}")


@app.command("push")
def push_command(
    file: File,
    account: Account,
    stage: Stage = LOCAL,
    kazoo: Kazoo = "4.3",
    note: Annotated[str, typer.Option("--note", "-m", help="The reason, for the history.")] = "",
    expected: Annotated[
        int | None,
        typer.Option(
            "--expected", help="Push only if this version is live, so that no other change is overwritten."
        ),
    ] = None,
) -> None:
    """Check a document and make it live. Calls in progress finish on their version."""
    with user_errors():
        source = checked(file, kazoo, quiet=True)
        deployment = Deployment.find(stage, account)
        _check_together(deployment, account, source)
        with progress(f"pushing {file.name}") as advance:
            version = push(
                deployment,
                account,
                source,
                author=getpass.getuser(),
                now=datetime.now(UTC),
                note=note,
                expected=expected,
                progress=advance,
            )
        typer.echo(f"{source.kind}, {source.size}, live" + (f" as version {version}" if version else ""))


def _check_together(deployment: Deployment, account: str, source: Source) -> None:
    """Refuse a push that would leave a live rule pointing to a missing menu."""
    if isinstance(source.document, RoutingDocument):
        live = live_document(deployment, account, "menus")
        names = live.document.menus if live and isinstance(live.document, MenuDocument) else ()
        if _leads_nowhere(source, names):
            raise typer.Exit(1)
    elif isinstance(source.document, MenuDocument):
        rules = live_document(deployment, account, "routing")
        if rules is None or not isinstance(rules.document, RoutingDocument):
            return
        lost = list(unknown_menus(rules.document, source.document.menus))
        if lost:
            places = ", ".join(f"{each.path} (line {rules.mistake(each).line})" for each in lost[:5])
            raise PublishError(
                f"{source.file} lacks a menu that live rules lead to: {places} of {rules.file}; "
                "keep the menu, or first push rules that do without it"
            )


@app.command()
def pull(
    kind: Literal["menus", "routing", "callers"],
    account: Account,
    stage: Stage = LOCAL,
    version: Annotated[int | None, typer.Option(help="An earlier version instead of the live one.")] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="A file; default: the terminal.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Fetch a document as it was pushed, with comments; callers as they are now, without PINs."""
    with user_errors():
        deployment = Deployment.find(stage, account)
        if kind == "callers":
            if version is not None:
                raise UsageError("callers have no versions; leave --version out")
            what, text = "callers", _callers_text(deployment, account)
        else:
            documents = deployment.documents
            if version is None:
                head = documents.head(account, kind)
                if head is None:
                    raise DocumentError(f"no {kind} were pushed for {account}")
                version = head.version
            what, text = f"version {version} of {kind}", documents.source(account, kind, version)
        if as_json:
            text = json.dumps(encode(parse(text, what).document), indent=2, ensure_ascii=False) + "\n"
        if output is None:
            typer.echo(text, nl=not text.endswith("\n"))
        else:
            output.write_text(text, encoding="utf-8")
            typer.echo(f"{what} is in {output}")


def _callers_text(deployment: Deployment, account: str) -> str:
    from io import StringIO

    from ruamel.yaml import YAML

    with progress("reading callers"):
        accounts = live_callers(deployment, account)
    if not accounts:
        raise DocumentError(f"there are no callers of {account}")
    text = StringIO()
    YAML().dump({"kind": "callers", "accounts": accounts}, text)
    return "# PINs cannot be read back; a push without `pin` leaves them as they are.\n" + text.getvalue()


@app.command()
def history(kind: Kind, account: Account, stage: Stage = LOCAL, as_json: AsJson = False) -> None:
    """List the versions, newest first."""
    with user_errors():
        found = Deployment.find(stage, account).documents.history(account, kind)
        if as_json:
            rows = [
                {
                    "version": each.number,
                    "live": each.live,
                    "created": each.created.isoformat(timespec="seconds"),
                    "pages": each.pages,
                    "author": each.author,
                    "note": each.note,
                }
                for each in found
            ]
            typer.echo(json.dumps(rows, indent=2, ensure_ascii=False))
            return
        for each in found:
            mark = "live" if each.live else "    "
            when = each.created.strftime("%Y-%m-%d %H:%M")
            typer.echo(f"{each.number:>6} {mark} {when} {each.pages:>6} pages  {each.author}  {each.note}")


@app.command()
def rollback(
    kind: Kind,
    version: Annotated[int, typer.Argument(help="The version to make live again.")],
    account: Account,
    stage: Stage = LOCAL,
) -> None:
    """Make an earlier version live again."""
    with user_errors():
        deployment = Deployment.find(stage, account)
        text = deployment.documents.source(account, kind, version)
        _check_together(deployment, account, parse(text, f"{kind} version {version}"))
        deployment.documents.roll_back(account, kind, version)
        typer.echo(f"version {version} of {kind} is live")


@app.command()
def schema(
    kind: Annotated[Literal["menus", "routing", "callers"], typer.Argument(help="Which kind of document.")],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="A file; default: the terminal.")
    ] = None,
    as_json: AsJson = True,  # noqa: ARG001 - a schema is JSON in any case
) -> None:
    """Print the JSON Schema of a kind of document, for editors that complete and check YAML."""
    text = json.dumps(json_schema(KINDS[kind]), indent=2, ensure_ascii=False)
    if output is None:
        typer.echo(text)
    else:
        output.write_text(text + "\n", encoding="utf-8")
        typer.echo(f"the schema of {kind} is in {output}")


@app.command()
def graph(
    file: File,
    form: Annotated[
        Literal["mermaid", "svg", "png"], typer.Option("--format", "-f", help="A PNG needs Chromium.")
    ] = "mermaid",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="A file; default: the terminal.")
    ] = None,
) -> None:
    """Draw the menus or the rules of a document."""
    from pivotctl import chromium
    from pivotctl.data._graph import graph_of, mermaid, svg

    with user_errors():
        source = read(file)
        if isinstance(source.document, CallersDocument):
            raise UsageError("callers are a list; there is nothing to draw")
        drawing = graph_of(source.document)
        text = mermaid(drawing) if form == "mermaid" else svg(drawing)
        try:
            picture = chromium.png(text) if form == "png" else text.encode()
        except RuntimeError as error:
            raise PublishError(str(error)) from None
        if output is None:
            typer.echo(picture, nl=False)
        else:
            output.write_bytes(picture)
            typer.echo(f"{len(drawing.boxes)} boxes in {output}")


def _show_difference(path: str, old: Any, new: Any) -> None:
    if old is None:
        typer.secho(f"+ {path}: {_brief(new)}", fg="green")
    elif new is None:
        typer.secho(f"- {path}: {_brief(old)}", fg="red")
    else:
        typer.secho(f"~ {path}: {_brief(old)} -> {_brief(new)}", fg="yellow")


def _brief(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 100 else f"{text[:97]}..."
