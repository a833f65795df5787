"""`pivot new NAME`: everything a new callback needs, ready to be changed; `make check` passes at once."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from pivotctl.errors import UsageError, user_errors
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
{imports}
from pivot_app.bootstrap import callback{more_imports}


@callback(fallback=speech.try_again_later)
def handler(call: Call) -> Flow:
    """Return what the caller hears next."""
{reads}    call.explain("{name}", {facts})
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
{policies}      Events:
        Get: {{Type: HttpApi, Properties: {{ApiId: !Ref Api, Path: /{name}, Method: GET}}}}
        Post: {{Type: HttpApi, Properties: {{ApiId: !Ref Api, Path: /{name}, Method: POST}}}}
  {logical_id}Logs:
    Type: AWS::Logs::LogGroup
    Properties:
      RetentionInDays: !Ref LogRetentionDays
"""

TABLES = {"callers": "CallersTable", "accounts": "AccountsTable", "documents": "DocumentsTable"}
"""The tables that a callback can read, by the value of `--reads`: logical ids in template.yaml."""

POLICY = "            - {{Effect: Allow, Action: [dynamodb:GetItem], Resource: *{table}Arn}}\n"
# How each table is read; documents are read by the packages `menus` and `routing` only.
IMPORTS = {
    "callers": "from pivot_app.identity import DynamoDBCallers",
    "accounts": "from pivot_app.ledger import DynamoDBLedger",
}
READS = {
    "callers": """\
    callers = DynamoDBCallers(aws.client("dynamodb"), settings().callers_table)
    caller = callers.find(call.account_id, call.caller_id_number)
""",
    "accounts": """\
    accounts = DynamoDBLedger(aws.client("dynamodb"), settings().accounts_table)
    account = accounts.account(call.account_id, "1001")
""",
}
FACTS = {"callers": "known=caller is not None", "accounts": "found=account is not None"}


class NewError(UsageError):
    """The callback cannot be made; the message says what to do instead."""


def scaffold(name: str, description: str, root: Path = ROOT, reads: Sequence[str] = ()) -> list[Path]:
    """Write a new callback's files under `root`; return what was written.

    `reads` are tables by the words of TABLES: the function's role gets a policy for each.
    """
    for table in reads:
        if table not in TABLES:
            raise NewError(f"--reads {table}: it is one of {', '.join(TABLES)}")
    if not NAME.fullmatch(name) or len(name) > MAX_NAME:
        raise NewError(f"{name!r}: use lower-case words joined by underscores, {MAX_NAME} characters at most")
    if (root / "functions" / name).exists():
        raise NewError(f"functions/{name} already exists")
    words = name.replace("_", " ")
    values = {
        "name": name,
        "words": words,
        "title": words.capitalize(),
        "logical_id": "".join(word.capitalize() for word in name.split("_")),
        "description": description or f"Answers calls to {words}",
        **_reading([table for table in TABLES if table in reads]),
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


def _reading(tables: Sequence[str]) -> dict[str, str]:
    """Return what a callback that reads these tables has more: imports, lines and policies."""
    used = [table for table in tables if table in READS]
    more = [IMPORTS[table] for table in used]
    if used:
        more.append("from pivot_app.settings import settings")
    return {
        "imports": "from pivot_app import aws, speech" if used else "from pivot_app import speech",
        "more_imports": "".join(f"\n{line}" for line in more),
        "reads": "".join(READS[table] for table in used),
        "facts": ", ".join(FACTS[table] for table in used) or "language=call.language",
        "policies": "".join(POLICY.format(table=TABLES[table]) for table in tables),
    }


def _with_function(template: str, function: str) -> str:
    """Return the template with one function more, the last of the callbacks."""
    begin = template.find(CALLBACKS)
    end = template.find(NEXT_SECTION, begin + len(CALLBACKS))
    if begin < 0 or end < 0:
        raise NewError(
            f"template.yaml has no section {CALLBACKS.strip()!r}: put it back, or add the function there"
        )
    return template[:end].rstrip("\n") + "\n" + function + template[end:]


def _with_row(page: str, row: str) -> str:
    """Return the page with one row more in its table."""
    lines = page.splitlines()
    last = max(number for number, line in enumerate(lines) if line.startswith("|"))
    return "\n".join([*lines[: last + 1], row, *lines[last + 1 :]]) + "\n"


def new(
    name: Annotated[
        str, typer.Argument(help="Lower-case words joined by underscores, such as opening_hours.")
    ],
    description: Annotated[str, typer.Option(help="What it does, for the template and the docs.")] = "",
    reads: Annotated[
        list[str] | None,
        typer.Option(help="A table it reads: callers, accounts or documents; repeatable."),
    ] = None,
) -> None:
    """Create a callback: function, route, events, test and a line in the docs."""
    with user_errors():
        written = scaffold(name, description, reads=reads or ())
    for path in written:
        typer.echo(path.relative_to(ROOT))
    typer.echo(f"Now write what callers hear in functions/{name}/app.py, and run `make check`.")
