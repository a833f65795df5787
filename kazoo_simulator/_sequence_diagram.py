"""Draws a call as text: what KAZOO sent, what came back, what the caller hears and presses."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import singledispatch
from typing import Literal, TypeAlias

from . import _events as ev
from ._targets import EXCEPTION_HEADER
from .text import visible

Side: TypeAlias = Literal["server", "kazoo", "caller", "mark", "wrong"]
_SECRETS = re.compile(r"([?&](?:token|state|s|t)=)[^&]+", re.IGNORECASE)
_SHOWN_CHARACTERS = 160


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the ladder; `side` says who is concerned."""

    at_ms: int
    side: Side
    sign: str
    text: str


def rows(events: Iterable[ev.AnyEvent]) -> list[Row]:
    """Return the lines of a ladder, in order; keys pressed in a row share one, silent events have none."""
    return [
        Row(event.at_ms, side, sign, visible(text))
        for event in _joined(events)
        for side, sign, text in _lines(event)
    ]


def _joined(events: Iterable[ev.AnyEvent]) -> Iterator[ev.AnyEvent]:
    keys: ev.KeyPressed | None = None
    for event in events:
        if isinstance(event, ev.KeyPressed) and keys is not None and event.heard_by == keys.heard_by:
            keys = replace(keys, key=keys.key + event.key)
            continue
        if keys is not None:
            yield keys
        keys = event if isinstance(event, ev.KeyPressed) else None
        if keys is None:
            yield event
    if keys is not None:
        yield keys


def draw(events: Sequence[ev.AnyEvent]) -> str:
    """Return the ladder as plain text, times in seconds since the call arrived."""
    lines = []
    for row in rows(events):
        time = f"{row.at_ms / 1000:8.3f}"
        lines.append(f"{time}  {row.sign:<2} {row.text}".rstrip())
    return "\n".join(lines)


_Line: TypeAlias = tuple[Side, str, str]


@singledispatch
def _lines(_event: ev.AnyEvent) -> list[_Line]:
    return []


@_lines.register
def _(event: ev.CallStarted) -> list[_Line]:
    name = f" ({event.caller_name})" if event.caller_name != "unknown" else ""
    return [
        ("kazoo", "☎", f"{event.caller}{name} calls {event.dialled}, KAZOO {event.kazoo}, {event.call_id}")
    ]


@_lines.register
def _(event: ev.RequestSent) -> list[_Line]:
    url = (
        hide_secrets(event.url.partition("To-Realm=")[0].rstrip("?&")) if event.method == "GET" else event.url
    )
    lines: list[_Line] = [("server", "→", f"{event.method} {hide_secrets(url)}")]
    shown = {
        name: event.parameters[name]
        for name in ("Digits", "Custom-Application-Vars", "User-ID")
        if event.parameters.get(name)
    }
    if shown:
        lines.append(
            ("server", "", "    " + " ".join(f"{name}={_json(value)}" for name, value in shown.items()))
        )
    return lines


@_lines.register
def _(event: ev.AnswerReceived) -> list[_Line]:
    lines: list[_Line] = [("server", "←", f"{event.status} in {event.took_ms} ms: {_modules_of(event.body)}")]
    raised = next((value for name, value in event.headers if name == EXCEPTION_HEADER), None)
    return lines if raised is None else [*lines, ("wrong", "", f"    {raised}")]


@_lines.register
def _(event: ev.RequestFailed) -> list[_Line]:
    return [("wrong", "✗", f"no answer after {event.took_ms} ms ({event.failure}): {event.message}")]


@_lines.register
def _(event: ev.AnswerJudged) -> list[_Line]:
    lines: list[_Line] = []
    if event.outcome != "flow":
        lines.append(("wrong", "✗", f"{event.outcome.replace('_', ' ')}: {event.rule}"))
    lines += [("wrong", "", f"    {problem}") for problem in event.problems]
    lines += [("mark", "!", warning) for warning in event.warnings]
    return lines


@_lines.register
def _(event: ev.FallbackTaken) -> list[_Line]:
    if event.by == "server":
        return [("wrong", "↷", f"the callback answers its fallback: {event.reason}")]
    what = "the wildcard child of the pivot runs" if event.has_child else "no wildcard child: hang-up"
    return [("wrong", "↷", f"FALLBACK: {what}")]


@_lines.register
def _(event: ev.NodeStarted) -> list[_Line]:
    return [("kazoo", "·", f"{event.module}{_data(event.data)}")] if event.module not in _HEARD else []


@_lines.register
def _(event: ev.Noted) -> list[_Line]:
    return [("kazoo", "·", event.text)]


@_lines.register
def _(event: ev.AudioStarted) -> list[_Line]:
    about = ", ".join(word for word in (event.language, event.voice) if word)
    heard = f'"{event.text}"' if event.source == "speech" else event.text
    signs = {"speech": "♪", "hold_music": "♫"}
    kind = "" if event.source == "speech" else f"[{event.source.replace('_', ' ')}] "
    return [("caller", signs.get(event.source, "♪"), f"{kind}{heard}{f'  ({about})' if about else ''}")]


@_lines.register
def _(event: ev.KeyPressed) -> list[_Line]:
    unheard = "" if event.heard_by != "nobody" else "  (nobody listens)"
    return [("caller", "#", f"presses {event.key}{unheard}")]


@_lines.register
def _(event: ev.CollectStarted) -> list[_Line]:
    upto = "1 digit" if event.max_digits == 1 else f"up to {event.max_digits} digits"
    return [("caller", "…", f"silence: {upto} for {event.collection!r}, {event.timeout_ms / 1000:g} s")]


@_lines.register
def _(event: ev.CollectEnded) -> list[_Line]:
    return [
        ("kazoo", "·", f"collected {event.collection} = {event.digits!r} ({event.reason.replace('_', ' ')})")
    ]


@_lines.register
def _(event: ev.RingingStarted) -> list[_Line]:
    return [("caller", "☏", f"rings {', '.join(event.targets)}, {event.timeout_ms / 1000:g} s")]


@_lines.register
def _(event: ev.RingingEnded) -> list[_Line]:
    return [] if event.outcome == "answered" else [("kazoo", "·", f"{event.cause} (sip:{event.sip_code})")]


@_lines.register
def _(event: ev.Bridged) -> list[_Line]:
    return [("caller", "⇄", f"talks to {event.to}")]


@_lines.register
def _(event: ev.VariablesSet) -> list[_Line]:
    hidden = "" if event.visible else "  (KAZOO 4.3 does not send them back)"
    return [("kazoo", "·", f"variables {_json(event.variables)}{hidden}")]


@_lines.register
def _(event: ev.DeadAir) -> list[_Line]:
    return [("wrong", "∅", f"dead air: {event.reason}")]


@_lines.register
def _(event: ev.CallEnded) -> list[_Line]:
    code = f" sip:{event.sip_code}" if event.sip_code else ""
    return [("kazoo", "■", f"{event.cause}{code}: {event.reason} (after {event.duration_s} s)")]


@_lines.register
def _(event: ev.HandedOver) -> list[_Line]:
    return [("caller", "⇆", event.text)]


@_lines.register
def _(event: ev.HookPosted) -> list[_Line]:
    if event.fate != "sent":
        return [("wrong", "✗", f"{event.hook} of {event.leg}: {event.fate.replace('_', ' ')}")]
    result = "failed" if event.status is None else str(event.status)
    told = event.payload.get("data", event.payload)
    seconds = told.get("billing_seconds") if isinstance(told, dict) else None
    about = f" of {event.leg}" if event.leg else ""
    about += f", {seconds} s billed" if event.leg and seconds is not None else ""
    return [("server", "→", f"{event.hook}{about} to {hide_secrets(event.url)}: {result}")]


@_lines.register
def _(event: ev.ExpectationMet) -> list[_Line]:
    return [("mark", "✓", event.expectation)]


@_lines.register
def _(event: ev.ExpectationFailed) -> list[_Line]:
    return [("wrong", "✗", f"EXPECTED {event.expectation}"), ("wrong", "", f"  INSTEAD {event.instead}")]


_HEARD = frozenset(
    (
        "audio_macro", "collect_dtmf", "device", "group", "hangup", "language", "offnet", "pivot", "play",
        "resources", "response", "ring_group", "set_variables", "tones", "tts", "user",
    )
)  # fmt: skip


def hide_secrets(url: str) -> str:
    """Return a URL without the tokens in its query."""
    return _SECRETS.sub(r"\1…", url)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _data(data: ev.JsonObject) -> str:
    return f" {_shorten(_json(data))}" if data else ""


def _modules_of(body: str) -> str:
    """Name the modules of a flow along its wildcard children: `tts > collect_dtmf > pivot`."""
    try:
        node = json.loads(body)
        names = []
        while isinstance(node, dict) and "module" in node:
            others = [key for key in node.get("children") or {} if key != "_"]
            names.append(str(node["module"]) + (f"[{','.join(others)}]" if others else ""))
            node = (node.get("children") or {}).get("_")
        return " > ".join(names) if names else _shorten(body)
    except (ValueError, AttributeError):
        return _shorten(body) or "(empty)"


def _shorten(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _SHOWN_CHARACTERS else flat[: _SHOWN_CHARACTERS - 1] + "…"
