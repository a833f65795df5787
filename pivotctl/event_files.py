"""`pivot events`: the files in events/, what API Gateway hands each function, from captured KAZOO requests.

They are for `sam local invoke` and for tests. Their tokens open the local stack only.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any

import typer

from kazoo_pivot import StateKeys, StateToken
from pivotctl.errors import UsageError
from pivotctl.events import Event, event_of_request
from pivotctl.local_stack.demo_data import STATE_KEY, TOKEN

ROOT = Path(__file__).resolve().parents[1]
CAPTURED = ROOT / "tests" / "vectors" / "requests"

# A GET query, a form body and a JSON body of each: how KAZOO may ask.
FIRST_REQUESTS = {
    "get": "get_form_anonymous_caller",
    "form": "post_form_carrier_call",
    "json": "post_json_unicode_caller_name",
}
WITH_DIGITS = {
    "get": "get_form_digits_default",
    "form": "post_form_digits_three_collections",
    "json": "post_json_cavs_nested_kazoo5",
}
FAR_FUTURE_S = 4_102_444_800
STARTED_MS = 1_767_225_600_000


def write(
    callback: Annotated[str, typer.Argument(help="The function's folder in functions/.")],
    chained: Annotated[
        bool, typer.Option(help="Sign a state token, as if another callback led here.")
    ] = False,
) -> None:
    """Write events/CALLBACK/{get,form,json}.json."""
    known = sorted(path.parent.name for path in ROOT.glob("functions/*/app.py"))
    if callback not in known:
        near = get_close_matches(callback, known, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(known)}"
        raise UsageError(f"functions/{callback} is not there; {hint} `pivot new` makes one")
    folder = ROOT / "events" / callback
    folder.mkdir(parents=True, exist_ok=True)
    for form, event in events(callback, chained=chained):
        path = folder / f"{form}.json"
        path.write_text(json.dumps(event, indent=2, ensure_ascii=False) + "\n")
        typer.echo(path.relative_to(ROOT))


def events(callback: str, *, chained: bool = False, call: str = "") -> Iterator[tuple[str, Event]]:
    """Yield the events of a callback, each with the name of its form; `call` is the Call-ID's beginning."""
    path = f"/{callback}"
    for form, name in (WITH_DIGITS if chained else FIRST_REQUESTS).items():
        captured = _as_call((CAPTURED / f"{name}.json").read_text(), f"{call or callback}-{form}")
        state = _state(path, captured["parsed_parameters"]) if chained else ""
        yield form, event_of_request(captured, path, token=TOKEN, state=state)


def _as_call(captured: str, name: str) -> dict[str, Any]:
    """Return the captured request as one of a call of its own: a step of a call can be taken once."""
    call_id = json.loads(captured)["parsed_parameters"]["Call-ID"]
    renamed: dict[str, Any] = json.loads(captured.replace(call_id.partition("@")[0], name))
    for header in renamed["headers"]:
        if header["name"] == "content-length":
            header["value"] = str(len(renamed["body"].encode()))
    return renamed


def _state(path: str, parameters: dict[str, Any]) -> str:
    """Return a state token of the local stack, for the second request of a call; it does not expire."""
    token = StateToken(path=path, started_ms=STARTED_MS, step=1, expires_s=FAR_FUTURE_S)
    return token.sign(StateKeys.of(STATE_KEY.encode()), parameters["Account-ID"], parameters["Call-ID"])
