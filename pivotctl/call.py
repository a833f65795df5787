"""`pivot call`: place one call from the terminal, by hand or by a script, and watch its ladder grow."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError
from rich.console import Console

from kazoo_simulator import (
    BUILDS,
    REDACTED,
    AnyEvent,
    Caller,
    CallMismatchError,
    HookPosted,
    LiveCall,
    Script,
    ScriptedCall,
    ScriptError,
    Session,
    Simulator,
    Target,
    Webhook,
)
from pivotctl import ladder
from pivotctl.targets import choose
from pivotctl.text import printable

HELP = "keys 0-9*#, [bold]h[/] hang up, [bold]Enter[/] let time pass"
HELP_RINGING = (
    "[bold]a[/] answers, [bold]b[/] busy, [bold]r[/] refuses, [bold]h[/] hang up, [bold]Enter[/] rings on"
)
HELP_TALKING = "[bold]x[/] the callee hangs up, [bold]h[/] hang up, [bold]Enter[/] talk on"
LEG_WORDS = {"a": "answers", "b": "busy", "r": "rejects", "x": "hangs_up"}

console = Console()
errors = Console(stderr=True)


def call(
    number: Annotated[
        str, typer.Argument(metavar="FROM", help="Who calls; `anonymous` withholds it.")
    ] = "+14155550100",
    dialled: Annotated[str, typer.Argument(metavar="TO", help="The number dialled.")] = "2000",
    path: Annotated[
        str, typer.Option(help="The callback that the dialled number uses.")
    ] = "/account_balance",
    url: Annotated[
        str | None, typer.Option(help="A deployed stack; default: what `make up` left running.")
    ] = None,
    token: Annotated[
        str | None, typer.Option(envvar="PIVOT_TOKEN", help="The KAZOO account's token on that stack.")
    ] = None,
    public_url: Annotated[
        str | None, typer.Option(help="The address the stack gives itself in voice_urls.")
    ] = None,
    kazoo: Annotated[
        str | None,
        typer.Option(help="The KAZOO version to play: 4.3, 4.3-2023-11 or 5; default: the script's, or 4.3."),
    ] = None,
    account_id: Annotated[
        str | None,
        typer.Option(
            "--kazoo-account",
            "--account-id",
            help="The KAZOO account; default: the script's, or the local stack's.",
        ),
    ] = None,
    name: Annotated[str, typer.Option(help="The caller's name.")] = "",
    user_id: Annotated[
        str | None, typer.Option(help="The owner of the calling device; default: a call from a carrier.")
    ] = None,
    language: Annotated[str, typer.Option(help="The account's prompt language.")] = "en-us",
    script: Annotated[
        Path | None, typer.Option(help="Play this YAML script instead of asking for keys.")
    ] = None,
    replay: Annotated[Path | None, typer.Option(help="Play a recorded call again and compare.")] = None,
    record: Annotated[Path | None, typer.Option(help="Record the call to this file, for --replay.")] = None,
    real_time: Annotated[bool, typer.Option("--real-time", help="Play prompts in real time.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON event a line.")] = False,
    flow_only: Annotated[
        bool, typer.Option("--flow-only", help="Print only the callflows of the answers, one JSON line each.")
    ] = False,
) -> None:
    """Place one call. Exit code: 0 it went well, 1 it deviated or KAZOO got no good answer, 2 wrong usage."""
    if kazoo not in (None, *BUILDS):
        raise typer.BadParameter(f"use one of {', '.join(BUILDS)}", param_hint="--kazoo")
    target = choose(url, token, public_url)
    if flow_only:
        show = _flows(target.token)
    else:
        show = _as_json(target.token) if as_json else ladder.Printer(console)
    if replay is not None:
        raise typer.Exit(_replay(replay, target, show))
    owners = (user_id,) if user_id else ()
    caller = Caller(
        number="" if number == "anonymous" else number, name=name, user_ids=owners, language=language
    )
    chosen: dict[str, Any] = {"kazoo": kazoo, "account_id": account_id}
    chosen = {name: value for name, value in chosen.items() if value is not None}
    if url is None:
        # Without the end of a prepaid call its money would stay held on the local stack.
        chosen["webhook"] = Webhook(f"{target.public_url}/call_events?token={target.token}")
    if script is not None:
        raise typer.Exit(_scripted(script, target, record, observer=show, path=path, **chosen))
    simulator = Simulator(target, path=path, observer=show, **chosen)
    if real_time:
        live = simulator.live(caller, dialled)
        _by_hand_live(live)
        played = ScriptedCall(live.interpreter, started=True)
    else:
        played = simulator.call(caller, dialled)
        _by_hand(played)
    raise typer.Exit(_finish(played, record))


def _scripted(file: Path, target: Target, record: Path | None, **settings: Any) -> int:
    try:
        script = Script.load(file)
    except ScriptError as error:
        errors.print(printable(str(error)), style="red", markup=False, highlight=False, soft_wrap=True)
        return 2
    placed = script.place(target, **settings)
    try:
        for _ in script.follow(placed):
            pass
    except CallMismatchError as mismatch:
        errors.print(
            printable(str(mismatch).partition("\n")[0]),
            style="bold red", markup=False, highlight=False, soft_wrap=True,
        )  # fmt: skip
        _finish(placed, record)
        return 1
    return _finish(placed, record)


def _replay(path: Path, target: object, show: Callable[[AnyEvent], None]) -> int:
    try:
        session = Session.load(path)
    except ValidationError as error:
        why = f"no recorded call: {error.errors()[0]['msg']}"
        errors.print(printable(f"{path}: {why}"), style="red", markup=False, highlight=False)
        return 2
    try:
        played = session.replay(target)  # type: ignore[arg-type]
    except ValueError as error:
        errors.print(
            printable(f"{path}: {error}"), style="red", markup=False, highlight=False, soft_wrap=True
        )
        return 2
    for event in played.events:
        show(event)
    differences = session.differences(played)
    for difference in differences:
        errors.print(
            printable(difference), style="red" if difference.startswith("-") else "green", markup=False
        )
    refused = [event for event in played.events if isinstance(event, HookPosted) and _is_refused(event)]
    for event in refused:
        became = f"answered {event.status}" if event.status else "no answer"
        errors.print(
            printable(f"{event.hook} of leg {event.leg} was not taken ({became}): the hold stays open"),
            style="red", markup=False, highlight=False, soft_wrap=True,
        )  # fmt: skip
    return 1 if differences or refused else 0


def _is_refused(event: HookPosted) -> bool:
    return event.fate == "sent" and event.hook != "cdr" and event.status not in (200, 201)


def _finish(played: ScriptedCall, record: Path | None) -> int:
    if record is not None:
        played.session().save(record)
        errors.print(f"recorded in {record}", style="dim")
    failed = (
        event.kind in ("request_failed", "fallback_taken")
        or (event.kind == "answer_judged" and event.outcome != "flow")
        for event in played.events
    )
    return 1 if any(failed) else 0


def _as_json(token: str | None) -> Callable[[AnyEvent], None]:
    """Print events as lines of JSON, without the token: such output ends up in logs."""

    def show(event: AnyEvent) -> None:
        line = json.dumps(event.to_dict(), ensure_ascii=False)
        print(line.replace(token, REDACTED) if token else line, flush=True)

    return show


def _flows(token: str | None) -> Callable[[AnyEvent], None]:
    """Print the callflow of each answer as a line of JSON, without the token; skip answers without JSON."""

    def show(event: AnyEvent) -> None:
        if event.kind != "answer_received":
            return
        try:
            line = json.dumps(json.loads(event.body), ensure_ascii=False)
        except ValueError:
            return
        print(line.replace(token, REDACTED) if token else line, flush=True)

    return show


def _by_hand(played: ScriptedCall) -> None:
    """Ask for keys whenever the flow waits for them; time passes only in between."""
    engine = played.interpreter
    while not engine.ended:
        waiting = engine.waits_for_keys not in ("", "prompt") or engine.rings or engine.next_due_ms is None
        if not waiting:
            engine.step()
            continue
        word = _ask(HELP_TALKING if engine.bridged_to else HELP_RINGING if engine.rings else HELP)
        if word in ("h", None):
            played.hangs_up()
        elif word in LEG_WORDS:
            engine.advance(1000)
            engine.leg(LEG_WORDS[word])
        elif word and set(word) <= set("0123456789*#"):
            engine.advance(600)
            for key in word:
                engine.press(key)
                engine.advance(250)
        elif word:
            errors.print(printable(f"not understood: {word!r}"), style="yellow", markup=False)
        elif engine.next_due_ms is None:
            errors.print("nothing more happens; h hangs up", style="yellow")
        else:
            engine.step()


def _by_hand_live(live: LiveCall) -> None:
    """Take commands from the terminal while the call runs; its ladder grows by itself."""
    errors.print(f"{HELP}; when it rings: {HELP_RINGING}; [bold]x[/] the callee hangs up", style="dim")
    while not live.wait(0.1):
        word = sys.stdin.readline()
        if not word:
            live.hang_up()
            live.wait(10)
            return
        word = word.strip()
        if word == "h":
            live.hang_up()
        elif word in LEG_WORDS:
            live.leg(LEG_WORDS[word])
        else:
            for key in word:
                if key in "0123456789*#":
                    live.press(key)


def _ask(help_line: str) -> str | None:
    try:
        if sys.stdin.isatty():
            return console.input(f"          [dim]{help_line}[/] > ").strip()
        line = sys.stdin.readline()
        return line.strip() if line else None
    except EOFError:
        return None
