"""`pivot new NAME`: everything a new callback needs, ready to be changed; `make check` passes at once."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Annotated

import typer

from pivotctl.event_files import events

ROOT = Path(__file__).resolve().parents[1]
NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
MAX_NAME = 40

CALLBACKS = "  # --- The callbacks, one function each"
NEXT_SECTION = "\n  # ---"

APP = '''"""{title}: {description}."""

from __future__ import annotations

from kazoo_callflow import Flow, hangup, tts
from kazoo_pivot import Call
from pivot_app import speech
from pivot_app.bootstrap import callback


@callback(fallback=speech.try_again_later)
def handler(call: Call) -> Flow:
    """What the caller hears next."""
    call.explain("{name}", language=call.language)
    return tts("This is {words}.") >> hangup()
'''

TEST = '''"""{title}, as a caller lives it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kazoo_simulator import Simulator


@pytest.mark.parametrize("version", ["4.3", "5"])
def test_the_caller_is_greeted(kazoo_of: Callable[..., Simulator], version: str) -> None:
    """The callback answers on both versions of KAZOO."""
    call = kazoo_of(version).call("+14155550123", "2000", path="/{name}")
    call.hears("This is {words}.")
'''

FUNCTION = """
  {logical_id}Function:
    Type: AWS::Serverless::Function
    Metadata: {{SkipBuild: true}}
    Properties:
      AutoPublishAliasAllProperties: true
      CodeUri: functions/{name}
      Description: {description}
      LoggingConfig: {{LogGroup: !Ref {logical_id}Logs}}
      ProvisionedConcurrencyConfig: *Warm
      ReservedConcurrentExecutions: *Reserve
      Policies:
        - Version: "2012-10-17"
          Statement:
            - *ReadKeys
            - *ReadTenant
            - *KeepCallState
            - *RecordExchange
      Events:
        Get: {{Type: HttpApi, Properties: {{ApiId: !Ref Api, Path: /{name}, Method: GET}}}}
        Post: {{Type: HttpApi, Properties: {{ApiId: !Ref Api, Path: /{name}, Method: POST}}}}
  {logical_id}Logs:
    Type: AWS::Logs::LogGroup
    Properties:
      RetentionInDays: !Ref LogRetentionDays
"""


class NewError(Exception):
    """The callback cannot be made; the message says what to do instead."""


def scaffold(name: str, description: str, root: Path = ROOT) -> list[Path]:
    """Write a new callback's files under `root`; return what was written."""
    if not NAME.fullmatch(name) or len(name) > MAX_NAME:
        raise NewError(f"{name!r}: use lower-case words joined by underscores, {MAX_NAME} characters at most")
    if (root / "functions" / name).exists():
        raise NewError(f"functions/{name} is there already")
    words = name.replace("_", " ")
    values = {
        "name": name,
        "words": words,
        "title": words.capitalize(),
        "logical_id": "".join(word.capitalize() for word in name.split("_")),
        "description": description or f"Answers calls to {words}",
    }
    template = root / "template.yaml"
    taken = re.search(rf"^  {values['logical_id']}(Function|Logs):", template.read_text(), re.MULTILINE)
    if taken or (root / "tests" / "functions" / f"test_{name}.py").exists():
        raise NewError(f"{name!r} is taken in template.yaml or tests/functions; choose another name")
    written = {
        root / "functions" / name / "app.py": APP.format_map(values),
        root / "tests" / "functions" / f"test_{name}.py": TEST.format_map(values),
        template: _with_function(template.read_text(), FUNCTION.format_map(values)),
        root / "docs" / "callbacks.md": _with_row(
            (root / "docs" / "callbacks.md").read_text(), f"| `/{name}` | {values['description']} |"
        ),
    }
    for form, event in events(name):
        text = json.dumps(event, indent=2, ensure_ascii=False) + "\n"
        written[root / "events" / name / f"{form}.json"] = text
    for path, text in written.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return list(written)


def _with_function(template: str, function: str) -> str:
    """The template with one function more, the last of the callbacks."""
    begin = template.find(CALLBACKS)
    end = template.find(NEXT_SECTION, begin + len(CALLBACKS))
    if begin < 0 or end < 0:
        raise NewError(
            f"template.yaml has no section {CALLBACKS.strip()!r}: put it back, or add the function there"
        )
    return template[:end].rstrip("\n") + "\n" + function + template[end:]


def _with_row(page: str, row: str) -> str:
    """The page with one row more in its table."""
    lines = page.splitlines()
    last = max(number for number, line in enumerate(lines) if line.startswith("|"))
    return "\n".join([*lines[: last + 1], row, *lines[last + 1 :]]) + "\n"


def new(
    name: Annotated[
        str, typer.Argument(help="Lower-case words joined by underscores, such as opening_hours.")
    ],
    description: Annotated[str, typer.Option(help="What it does, for the template and the docs.")] = "",
) -> None:
    """Make a new callback: its function, route, events, test and line in the docs."""
    try:
        written = scaffold(name, description)
    except NewError as error:
        typer.secho(str(error), err=True, fg="red")
        raise typer.Exit(1) from None
    for path in written:
        typer.echo(path.relative_to(ROOT))
    typer.echo(f"Now write what callers hear in functions/{name}/app.py, and run `make check`.")
