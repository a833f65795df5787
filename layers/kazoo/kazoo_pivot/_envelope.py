"""Parses API Gateway events: the claimed KAZOO account, the path, and the parameters."""

from __future__ import annotations

import base64
import binascii
import hmac
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Self

from kazoo_pivot._errors import MalformedRequestError, NotAuthenticatedError
from kazoo_pivot._parameters import MAX_BYTES, Tree, form_pairs, json_tree, tree_of

# Query parameters of our own; what else a voice_url's query holds belongs to the callback.
TOKEN_PARAMETER = "token"  # noqa: S105 - its name, not a secret
STATE_PARAMETER = "state"
TOKEN_HEADER = "x-pivot-token"  # noqa: S105
MAX_TOKEN_CHARACTERS = 256
MAX_STATE_TOKEN_CHARACTERS = 4_096
MAX_QUERY_CHARACTERS = 1_024

# KAZOO 4.3: parameters of req_format twiml, and the word of req_format kazoo for the same thing.
KAZOO_NAME_BY_TWIML_NAME = {
    "AccountSid": "Account-ID",
    "ApiVersion": "Api-Version",
    "CallSid": "Call-ID",
    "CallStatus": "Call-Status",
    "CallerName": "Caller-ID-Name",
    "CallerNumber": "Caller-ID-Number",
    "FromRealm": "From-Realm",
    "RecordingDuration": "Recording-Duration",
    "RecordingSid": "Recording-ID",
    "RecordingUrl": "Recording-Url",
    "ToRealm": "To-Realm",
    "TranscriptionSid": "Transcription-ID",
    "TranscriptionStatus": "Transcription-Status",
    "TranscriptionText": "Transcription-Text",
    "TranscriptionUrl": "Transcription-Url",
}
_KAZOO_NAMES = frozenset(
    {
        *KAZOO_NAME_BY_TWIML_NAME,
        *KAZOO_NAME_BY_TWIML_NAME.values(),
        *("Custom-Application-Vars", "Custom-SIP-Headers", "Digits", "Direction", "From", "Language"),
        *("Request", "Request-Realm", "To", "User-ID"),
        *("DialCallDuration", "DialCallSid", "DialCallStatus", "QueueSid"),
    }
)
# 32 hex characters in KAZOO; it becomes part of a parameter's name and of every key, so nothing but these.
_SHOWN_HEADER = re.compile(r"content-type|user-agent|x-(?!pivot-token|origin-check|amz|amzn|forwarded).*")
_ACCOUNT_ID = re.compile(r"[0-9A-Za-z_-]{1,64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """One request, opened as far as authentication needs it."""

    method: Literal["GET", "POST"]
    path: str
    body_format: Literal["form", "json"]
    parameters: Tree = field(repr=False)
    query: Mapping[str, str]
    token: str | None = field(default=None, repr=False)
    token_in_header: bool = False
    state_token: str | None = field(default=None, repr=False)
    public_url: str = ""
    source_ip: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, event: Mapping[str, Any]) -> Self:
        """Open an event of payload format 2.0 or 1.0; MalformedRequestError when it is neither."""
        if not isinstance(event, Mapping):
            raise MalformedRequestError("event", "not an API Gateway event")
        context = _mapping(event.get("requestContext"))
        http = _mapping(context.get("http"))
        method = http.get("method") or event.get("httpMethod")
        if method not in ("GET", "POST"):
            raise MalformedRequestError("method", "neither GET nor POST")
        headers, path = _headers(event), _path(event, context)
        _check_origin(headers)
        own, rest = _own_first(_query_pairs(event))
        if method == "GET":
            parameters, body_format = tree_of(rest), "form"
        else:
            parameters, body_format = _body(event, headers.get("content-type", ""))
        header_token = headers.get(TOKEN_HEADER)
        return cls(
            method=method,
            path=path,
            body_format="json" if body_format == "json" else "form",
            parameters=parameters,
            # Of a name that comes twice the first counts: the voice_url's query is before what KAZOO adds.
            query={
                name: value[:MAX_QUERY_CHARACTERS]
                for name, value in reversed(rest)
                if name not in _KAZOO_NAMES and "[" not in name
            },
            token=_bounded("token", header_token or own.get(TOKEN_PARAMETER), MAX_TOKEN_CHARACTERS),
            token_in_header=bool(header_token),
            state_token=_bounded("state", own.get(STATE_PARAMETER), MAX_STATE_TOKEN_CHARACTERS),
            public_url=_public_url(event, context, path),
            source_ip=source_ip(event),
            headers={name: value for name, value in headers.items() if _SHOWN_HEADER.fullmatch(name)},
        )

    @property
    def account_id(self) -> str:
        """The KAZOO account the request claims to come from; MalformedRequestError if it names no account."""
        claimed = self.parameters.get("Account-ID") or self.parameters.get("AccountSid")
        if not isinstance(claimed, str) or not _ACCOUNT_ID.fullmatch(claimed):
            raise MalformedRequestError(
                "Account-ID", "absent, or not the id of a KAZOO account (32 hex characters)"
            )
        return claimed


def _own_first(pairs: Iterable[tuple[str, str]]) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """Return our own parameters and the rest; the voice_url's query comes first, so the first is ours."""
    own: dict[str, str] = {}
    rest = []
    for name, value in pairs:
        if name in (TOKEN_PARAMETER, STATE_PARAMETER) and name not in own:
            own[name] = value
        else:
            rest.append((name, value))
    return own, rest


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _headers(event: Mapping[str, Any]) -> dict[str, str]:
    headers = {}
    for name, values in _mapping(event.get("multiValueHeaders")).items():
        if isinstance(values, list) and values and isinstance(values[0], str):
            headers[str(name).lower()] = values[0]
    for name, value in _mapping(event.get("headers")).items():
        if isinstance(value, str):
            headers[str(name).lower()] = value
    return headers


def _query_pairs(event: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    raw = event.get("rawQueryString")
    if isinstance(raw, str):
        # queryStringParameters of format 2.0 joins repeated names with commas, which loses User-ID[].
        yield from form_pairs(raw, in_url=True)
        return
    repeated = _mapping(event.get("multiValueQueryStringParameters"))
    for name, values in repeated.items():
        for value in values if isinstance(values, list) else [values]:
            yield str(name), value if isinstance(value, str) else ""
    for name, value in _mapping(event.get("queryStringParameters")).items():
        if name not in repeated and isinstance(value, str):
            yield str(name), value


def _body(event: Mapping[str, Any], content_type: str) -> tuple[Tree, str]:
    body = event.get("body")
    if body is None:
        body = ""
    if not isinstance(body, str):
        raise MalformedRequestError("body", "not text")
    if len(body) > 2 * MAX_BYTES:
        raise MalformedRequestError("body", f"longer than {MAX_BYTES} bytes")
    if event.get("isBase64Encoded"):
        try:
            body = base64.b64decode(body, validate=True).decode("utf-8", "replace")
        except (binascii.Error, ValueError):
            raise MalformedRequestError("body", "not the base64 it is marked as") from None
    if len(body) > MAX_BYTES:
        raise MalformedRequestError("body", f"longer than {MAX_BYTES} bytes")
    kind = content_type.partition(";")[0].strip().lower()
    is_json = kind == "application/json" or (
        kind != "application/x-www-form-urlencoded" and body.lstrip("\ufeff \t\r\n").startswith("{")
    )
    if is_json:
        return json_tree(body.removeprefix("\ufeff")), "json"
    return tree_of(form_pairs(body.strip("\r\n"), in_url=False)), "form"


def _path(event: Mapping[str, Any], context: Mapping[str, Any]) -> str:
    """Return the path of the route, which unlike the path of the request never holds a stage."""
    route = event.get("routeKey")
    if isinstance(route, str) and " /" in route and "{" not in route:
        return route.partition(" ")[2]
    resource = event.get("resource")
    if isinstance(resource, str) and resource.startswith("/") and "{" not in resource:
        return resource
    path = event.get("rawPath") or event.get("path") or "/"
    stage = context.get("stage")
    return str(path).removeprefix(f"/{stage}") or "/"


def _public_url(event: Mapping[str, Any], context: Mapping[str, Any], path: str) -> str:
    """Return the address the request came to, with what stands before the route: a stage, a mapping."""
    domain = context.get("domainName")
    if not isinstance(domain, str) or not domain:
        return ""
    asked = event.get("rawPath") or context.get("path")
    before = asked.removesuffix(path) if isinstance(asked, str) and asked.endswith(path) else ""
    return f"https://{domain}{before}"


def _check_origin(headers: Mapping[str, str]) -> None:
    """Refuse a request that came around the CDN in front of the API, where PIVOT_ORIGIN_CHECK is set."""
    if os.environ.get("PIVOT_ORIGIN_CHECK", "") and not _came_through_the_edge(headers):
        raise NotAuthenticatedError("around_the_edge")


def _came_through_the_edge(headers: Mapping[str, str]) -> bool:
    wanted = os.environ.get("PIVOT_ORIGIN_CHECK", "")
    given = headers.get("x-origin-check", "")
    return bool(wanted) and hmac.compare_digest(given.encode(), wanted.encode())


def source_ip(event: Mapping[str, Any]) -> str:
    """Return the address API Gateway saw; it is not taken from a header, which anyone can send.

    Behind a CDN that proved itself it is the address the CDN saw: API Gateway appends the CDN's own to
    x-forwarded-for, so it is the last but one.
    """
    event = _mapping(event)
    headers = _headers(event)
    if _came_through_the_edge(headers):
        seen = [part.strip() for part in headers.get("x-forwarded-for", "").split(",")]
        if len(seen) > 1:
            return seen[-2][:45]
    context = _mapping(event.get("requestContext"))
    for holder in ("http", "identity"):
        address = _mapping(context.get(holder)).get("sourceIp")
        if isinstance(address, str):
            return address[:45]
    return ""


def _bounded(name: str, value: str | None, limit: int) -> str | None:
    if value is not None and len(value) > limit:
        raise MalformedRequestError(name, f"longer than {limit} characters")
    return value or None
