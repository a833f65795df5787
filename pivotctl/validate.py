"""`pivot validate`: validates callflow documents as KAZOO does."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import IO, Annotated, Any, NamedTuple

import typer

import kazoo_callflow as callflow
from kazoo_callflow import BlockedHosts, KazooVersion, NotJsonError, Problem, loads, validate
from pivotctl.text import printable

STDIN = "-"


class Kazoo(StrEnum):
    """The KAZOO versions whose verdict can be asked for."""

    V4_3 = "4.3"
    V5 = "5"


def command(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="JSON files; - is standard input.")],
    kazoo: Annotated[Kazoo, typer.Option(help="The KAZOO version to validate for.")] = Kazoo.V5,
    lint: Annotated[
        bool,
        typer.Option("--lint", help="Also warn about data that KAZOO accepts but that fails for callers."),
    ] = False,
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help='One flow per line: the flow itself, or {"flow": ...}.')
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object per document.")] = False,
    any_host: Annotated[
        bool, typer.Option("--any-host", help="Accept URLs of any host, including black-listed ones.")
    ] = False,
) -> None:
    """Validate callflow documents as KAZOO does; exit 1 if any is rejected."""
    version: KazooVersion = "4.3" if kazoo is Kazoo.V4_3 else "5"
    raise typer.Exit(run(files, Options(version, lint, jsonl, as_json, any_host)))


@dataclass(frozen=True, slots=True)
class Options:
    """The options for reading and validating documents."""

    kazoo: KazooVersion
    lint: bool
    jsonl: bool
    as_json: bool
    any_host: bool


def run(files: list[str], options: Options) -> int:
    """Judge every document in turn and print the verdicts; return the exit code: 1 when any is rejected."""
    counts = {True: 0, False: 0}
    blocked = BlockedHosts.none() if options.any_host else None
    for name, raw in _documents(files, options.jsonl):
        verdict = _judge(raw, options, blocked)
        counts[not verdict.problems] += 1
        if options.as_json:
            sys.stdout.write(_json_line(verdict, with_lint=options.lint))
        else:
            _print(name, verdict, quiet=options.jsonl)
    if not options.as_json:
        total = sum(counts.values())
        print(f"KAZOO {options.kazoo}: {total} checked, {counts[True]} accepted, {counts[False]} rejected")
    return 1 if counts[False] else 0


def _documents(files: list[str], jsonl: bool) -> Iterator[tuple[str, bytes]]:
    """Yield each document's name and bytes; one line at a time is in memory with `jsonl`."""
    for file in files:
        with _opened(file) as stream:
            if not jsonl:
                yield file, stream.read()
                continue
            for number, line in enumerate(stream, 1):
                if line.strip():
                    yield f"{file}:{number}", line


def _opened(file: str) -> IO[bytes]:
    return open(0, "rb", closefd=False) if file == STDIN else Path(file).open("rb")


class Verdict(NamedTuple):
    """KAZOO's verdict on a document, the warnings, and the kind of document if that matters."""

    problems: list[Problem]
    advice: list[Problem]
    note: str | None = None


def _judge(raw: bytes, options: Options, blocked: BlockedHosts | None) -> Verdict:
    try:
        document: Any = loads(raw)
    except NotJsonError as error:
        return Verdict([Problem("$", "json", str(error).removesuffix(".") + ".")], [])
    note = None
    whole = callflow.as_document(document)
    if options.jsonl and isinstance(document, dict) and "flow" in document and "module" not in document:
        document = document["flow"]
    elif whole is not None:
        document, note = (
            whole.flow,
            f"{whole.sentence} The flow is validated here.",
        )
    problems = validate(document, options.kazoo, blocked=blocked)
    return Verdict(problems, callflow.lint(document, options.kazoo) if options.lint else [], note)


def _json_line(verdict: Verdict, *, with_lint: bool) -> str:
    result: dict[str, Any] = {
        "verdict": "rejected" if verdict.problems else "accepted",
        "problems": [problem._asdict() for problem in verdict.problems],
    }
    if with_lint:
        result["lint"] = [problem._asdict() for problem in verdict.advice]
    if verdict.note is not None:
        result["note"] = verdict.note
    return json.dumps(result) + "\n"


def _print(name: str, verdict: Verdict, *, quiet: bool) -> None:
    if verdict.problems or verdict.advice or verdict.note or not quiet:
        print(f"{printable(name)}: {'rejected' if verdict.problems else 'accepted'}")
    if verdict.note is not None:
        print(f"  {verdict.note}")
    for problem in verdict.problems:
        print(printable(f"  {problem.path}  {problem.message} [{problem.rule}]"))
    for problem in verdict.advice:
        print(printable(f"  {problem.path}  {problem.message} [lint: {problem.rule}]"))
