"""One exchange as a curl command, as an event for `sam local invoke`, and a call as a test or as a script.

None of them carries a secret, for none is stored: where KAZOO's token belongs stands `$PIVOT_TOKEN`.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote, urlencode

from pivot_app.live_debug._narration import Step, script_steps
from pivot_app.live_debug.exchange import Exchange

TOKEN_PLACEHOLDER: Final = "$PIVOT_TOKEN"  # noqa: S105 - says where a secret goes
_TOKEN_HEADER: Final = "x-pivot-token"  # noqa: S105
_KEYS: Final = re.compile(r"[0-9*#]{1,64}")
# What stands where digits were that Live Debug never had; one key, so that the collection ends as it did.
_UNKNOWN_KEYS: Final = "0"


def as_curl(exchange: Exchange, base_url: str) -> str:
    """Return the request as a shell command; `base_url` is the deployment's address without a slash."""
    method, target, body, content_type = _wire(exchange)
    lines = [
        f"curl -sS -X {method} {shlex.quote(base_url + target)}",
        f'-H "{_TOKEN_HEADER}: {TOKEN_PLACEHOLDER}"',
    ]
    if body:
        lines += [f"-H {shlex.quote(f'content-type: {content_type}')}", f"--data-binary {shlex.quote(body)}"]
    return " \\\n  ".join(lines)


def as_event(exchange: Exchange) -> dict[str, Any]:
    """Return the event API Gateway (HTTP API, payload 2.0) hands to the function.

    `envsubst '$PIVOT_TOKEN' < event.json | sam local invoke -e - FunctionName` fills in the token.
    """
    method, target, body, content_type = _wire(exchange)
    path, _, query = target.partition("?")
    headers = {
        **{name.lower(): value for name, value in exchange.headers.items()},
        _TOKEN_HEADER: TOKEN_PLACEHOLDER,
    }
    if body:
        headers["content-type"] = content_type
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": f"{method} {path}",
        "rawPath": path,
        "rawQueryString": query,
        "headers": headers,
        "requestContext": {
            "accountId": "000000000000",
            "apiId": "local",
            "domainName": "pivot.example.test",
            "http": {
                "method": method,
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": "192.0.2.1",
                "userAgent": "",
            },
            "requestId": exchange.request_id,
            "routeKey": f"{method} {path}",
            "stage": "$default",
            "timeEpoch": exchange.received_ms,
        },
        "isBase64Encoded": False,
    }
    if body:
        event["body"] = body
    return event


def as_test(exchanges: Sequence[Exchange]) -> str:
    """Return a pytest function for the `kazoo` fixture that hears and presses what the caller did."""
    first = exchanges[0]
    name = "".join(
        character if character.isascii() and character.isalnum() else "_" for character in first.callback
    )
    placed = [_text(first.caller), _text(first.dialled)]
    placed += [f"path={_text(first.path)}", f"name={_text(first.caller_name)}"]
    lines = [
        f"def test_{name}_replayed(kazoo):",
        f'    """The call of {_plain(first.caller)} to {_plain(first.dialled)} is answered as it was."""',
        f"    call = kazoo.call({', '.join(placed)})",
        *(f"    call.{verb}({_text(value)})" for verb, value in script_steps(exchanges)),
    ]
    if first.masked:
        lines.insert(2, "    # The account masks telephone numbers: put the caller's own here.")
    return "\n".join(lines) + "\n"


def _wire(exchange: Exchange) -> tuple[str, str, str, str]:
    """Return method, path with query, body and content type as KAZOO sent them, except for their order."""
    target = quote(exchange.path, safe="/$~!*'(),;:@&=+")
    query = dict(exchange.query)
    if exchange.method == "GET":
        # A GET has one query for both, so KAZOO's parameters hold the voice_url's own too.
        asked = {name: value for name, value in exchange.parameters.items() if name not in query}
        return "GET", f"{target}?{urlencode([*query.items(), *_form(asked)])}", "", ""
    if query:
        target += "?" + urlencode(query)
    if exchange.body_format == "json":
        return "POST", target, json.dumps(exchange.parameters, ensure_ascii=False), "application/json"
    return "POST", target, urlencode(_form(exchange.parameters)), "application/x-www-form-urlencoded"


def _form(value: Any, name: str = "") -> list[tuple[str, str]]:
    """Nested values in KAZOO's form: `a[b]=c`, lists as repeated `a[]`; empty objects leave nothing."""
    if isinstance(value, Mapping):
        return [
            pair
            for key, member in value.items()
            for pair in _form(member, f"{name}[{key}]" if name else str(key))
        ]
    if isinstance(value, list | tuple):
        return [pair for member in value for pair in _form(member, f"{name}[]")]
    if value is None:
        return []
    return [(name, str(value).lower() if isinstance(value, bool) else str(value))]


def _text(text: str) -> str:
    """Return an ASCII Python literal, so that nothing a stranger sent can end it or hide in it."""
    return ascii(text)


def _plain(text: str) -> str:
    return "".join(
        character for character in text if (character.isascii() and character.isalnum()) or character in "+*"
    )


def as_script(exchanges: Sequence[Exchange]) -> dict[str, Any]:
    """Return the script of a call's exchanges, in order; JSON, which is YAML too.

    `kazoo_simulator.Script.load` reads it. Its title says what a person has to put in first: numbers the
    account masks, and digits of sensitive collections, which are never stored.
    """
    first = exchanges[0]
    script = list(script_steps(exchanges))
    missing = [
        *(["the caller's number, which is masked"] if first.masked else []),
        *(
            ["the digits that are not stored, written as 0"]
            if any(verb == "presses" and not _KEYS.fullmatch(value) for verb, value in script)
            else []
        ),
    ]
    title = f"Recorded call {first.call_id}"
    variables, headers = (
        first.parameters.get("Custom-Application-Vars"),
        first.parameters.get("Custom-SIP-Headers"),
    )
    return {
        "kazoo": first.kazoo_version,
        "title": title + (f"; put in {' and '.join(missing)}" if missing else ""),
        "account_id": first.kazoo_account_id,
        "call": {
            "from": first.caller,
            "to": first.dialled,
            "path": first.path,
            "name": first.caller_name,
            "language": first.language or None,
            "variables": dict(variables) if isinstance(variables, dict) else {},
            "sip_headers": dict(headers) if isinstance(headers, dict) else {},
        },
        "steps": [_step(step) for step in script],
    }


def _step(step: Step) -> dict[str, Any]:
    verb, value = step
    if verb == "presses" and not _KEYS.fullmatch(value):
        value = _UNKNOWN_KEYS
    return {verb: value}
