"""The HTTP request a pivot module makes, byte for byte as KAZOO makes it."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from ._urls import split_url

KazooVersion: TypeAlias = Literal["4.3", "5"]
KazooBuild: TypeAlias = Literal["4.3", "4.3-2023-11", "5"]
"""The builds that can be played. 4.3-2023-11 is a 4.3 from before December 2023: its flush_dtmf forgets
nothing, so digits come again with every later request."""
BUILDS: tuple[KazooBuild, ...] = ("4.3", "4.3-2023-11", "5")
Brackets: TypeAlias = Literal["raw", "encoded", "refused"]

# KAZOO 4.3: the request's fields travel in the reverse of this order.
_KAZOO_FIELDS = (
    "Account-ID", "Api-Version", "Call-ID", "Call-Status", "Caller-ID-Name", "Caller-ID-Number",
    "Custom-Application-Vars", "Custom-SIP-Headers", "Digits", "Direction", "From", "From-Realm", "Language",
    "Recording-Duration", "Recording-ID", "Recording-Url", "Request", "Request-Realm", "To", "To-Realm",
    "Transcription-ID", "Transcription-Status", "Transcription-Text", "Transcription-Url", "User-ID",
)  # fmt: skip
_TWIML_FIELDS = (
    "CallSid", "AccountSid", "From", "FromRealm", "To", "ToRealm", "CallStatus", "ApiVersion", "Direction",
    "CallerName", "CallerNumber", "RecordingUrl", "RecordingDuration", "RecordingSid", "Digits",
    "TranscriptionSid", "TranscriptionText", "TranscriptionStatus", "TranscriptionUrl",
)  # fmt: skip
_KEPT = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_~")


class EncoderCrash(Exception):  # noqa: N818
    """KAZOO's own encoder crashes on this value before anything is sent (4.3: objects in a form)."""


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """A request as it goes over the wire: names in lower case, in this order."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    body: bytes = b""


def version_of(build: KazooBuild) -> KazooVersion:
    """Return the version a build belongs to; ValueError names the builds there are."""
    if build not in BUILDS:
        raise ValueError(f"kazoo must be one of {', '.join(BUILDS)}, not {build!r}")
    return "5" if build == "5" else "4.3"


def in_wire_order(parameters: Mapping[str, Any], user_variables: Sequence[str] = ()) -> dict[str, Any]:
    """Sort request parameters as KAZOO sends them: the fields reversed.

    `user_variables` are names that TwiML steps stored (Digits, Recording-Url...); these come first. Digits
    that callflow modules collected stand in their place among the fields.
    """
    names = _TWIML_FIELDS if "CallSid" in parameters else _KAZOO_FIELDS
    first = [name for name in user_variables if name in parameters]
    known = [name for name in reversed(names) if name in parameters and name not in first]
    rest = [name for name in parameters if name not in first and name not in known]
    return {name: parameters[name] for name in (*first, *rest, *known)}


def as_sent_over_the_bus(value: Any) -> Any:
    """Return nested call data as it reaches the encoder: nulls are gone, names are reversed."""
    if isinstance(value, Mapping):
        kept = sorted((name for name in value if value[name] is not None), reverse=True)
        return {name: as_sent_over_the_bus(value[name]) for name in kept}
    return [as_sent_over_the_bus(item) for item in value] if isinstance(value, list) else value


def encode_form(parameters: Mapping[str, Any], kazoo: KazooVersion = "4.3") -> str:
    """Encode parameters as KAZOO's query strings and forms: names raw, empty objects leave their `&`."""
    return "&".join(_pair(name, value, kazoo) for name, value in parameters.items())


def encode_json(parameters: Mapping[str, Any]) -> bytes:
    """Encode parameters as KAZOO's JSON body: compact UTF-8."""
    return json.dumps(parameters, ensure_ascii=False, separators=(",", ":")).encode()


def build_request(
    data: Mapping[str, Any],
    parameters: Mapping[str, Any],
    kazoo: KazooVersion,
    brackets: Brackets | None = None,
) -> HttpRequest:
    """Make the request of a pivot module's `data` (defaults filled in) for parameters in wire order.

    `brackets` says what a GET's query does with `[` and `]`: KAZOO 4.3 sends them raw; 5 must percent-encode
    them because its HTTP client refuses raw ones.
    """
    is_get = str(data.get("method", "get")).lower() == "get"
    url = str(data["voice_url"])
    url, host, authorization = _client_url(_rejoined(url) if is_get and kazoo == "4.3" else url)
    last = [("connection", "keep-alive")]
    if kazoo == "5":
        custom = data.get("custom_request_headers") or {}
        last += [(name.lower(), str(value)) for name, value in reversed(custom.items())]
    common = [("te", ""), ("host", host), *authorization, *last]
    if is_get:
        query = encode_form(parameters, kazoo)
        if (brackets or ("encoded" if kazoo == "5" else "raw")) == "encoded":
            query = query.replace("[", "%5B").replace("]", "%5D")
        url += ("&" if split_url(url).query else "?") + query
        return HttpRequest("GET", url, (("content-length", "0"), *common))
    if data.get("req_body_format", "form") == "json":
        content_type, body = "application/json", encode_json(parameters)
    else:
        content_type, body = "application/x-www-form-urlencoded", encode_form(parameters, kazoo).encode()
    headers = (("content-type", content_type), ("content-length", str(len(body))), *common)
    return HttpRequest("POST", url, headers, body)


def _pair(name: str, value: Any, kazoo: KazooVersion) -> str:
    if isinstance(value, Mapping):
        return "&".join(_pair(f"{name}[{inner}]", item, kazoo) for inner, item in value.items())
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "&".join(_pair(f"{name}[]", _list_item(item, kazoo), kazoo) for item in value)
    return f"{name}={_encode(_text(value, kazoo))}"


def _list_item(item: Any, kazoo: KazooVersion) -> Any:
    if not isinstance(item, Mapping):
        return item
    if kazoo == "4.3":
        msg = "KAZOO 4.3 cannot encode a list of objects in a form; send the request as JSON"
        raise EncoderCrash(msg)
    return encode_json(item).decode()


def _text(value: Any, kazoo: KazooVersion) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.2e}".split("e")[0] if kazoo == "4.3" else repr(value)
    return str(value)


def _encode(text: str) -> str:
    return "".join("+" if b == 0x20 else chr(b) if b in _KEPT else f"%{b:02X}" for b in text.encode())


def _rejoined(url: str) -> str:
    """Return what KAZOO 4.3 makes of a URL before a GET: cut by its own splitter and put together again.

    `https://user:pass@host/` loses its colon, and with it the password; `user@host` without a later colon
    crashes the process (EncoderCrash).
    """
    scheme, _, rest = url.partition("://")
    user = ""
    while True:
        end = next((place for place, byte in enumerate(rest) if byte in "/?#:@"), len(rest))
        host, mark, after = rest[:end], rest[end : end + 1], rest[end + 1 :]
        if mark == ":":
            port = after[: len(after) - len(after.lstrip("0123456789"))]
            authority = f"{host}:{port}" if port else host
            return f"{scheme}://{user}{authority}{after[len(port) :]}"
        if mark != "@":
            return f"{scheme}://{user}{rest}"
        password, colon, rest = after.partition(":")
        if not colon:
            msg = f"KAZOO 4.3 cannot split the URL {url}: it has a user name and no colon after it"
            raise EncoderCrash(msg)
        user = f"{host}:{password}@"


_DEFAULT_PORTS = {"http": "80", "https": "443"}


def _client_url(url: str) -> tuple[str, str, list[tuple[str, str]]]:
    """Return what KAZOO's HTTP client makes of a URL: the URL it sends, its host header, and a Basic header.

    The client lower-cases the host, leaves out a default port and the fragment, and turns a user name into
    a header.
    """
    parts = split_url(url)
    user, at, place = parts.authority.rpartition("@")
    host = place.lower().removesuffix(":")
    if host.endswith(f":{_DEFAULT_PORTS.get(parts.scheme, '')}"):
        host = host.rpartition(":")[0]
    plain = str(parts._replace(authority=host))
    if not at:
        return plain, host, []
    credentials = user if ":" in user else f"{user}:"
    return plain, host, [("authorization", "Basic " + base64.b64encode(credentials.encode()).decode())]
