"""Builds API Gateway events from requests as KAZOO sends them."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode

Event = dict[str, Any]

API_ID = "a1b2c3d4e5"
DOMAIN = f"{API_ID}.execute-api.eu-west-1.amazonaws.com"
FORM = "application/x-www-form-urlencoded"


def event_v2(
    method: str,
    path: str,
    *,
    query_string: str = "",
    headers: Mapping[str, str] | None = None,
    body: str = "",
    base64_body: bool | None = None,
) -> Event:
    """Return an event of payload format 2.0, as an HTTP API makes it.

    A body that is neither JSON nor text arrives base64-encoded, a form too; `base64_body` overrides.
    """
    sent = {"host": DOMAIN, "connection": "keep-alive", **{k.lower(): v for k, v in (headers or {}).items()}}
    encoded = sent.get("content-type", "") == FORM if base64_body is None else base64_body
    joined: dict[str, str] = {}
    for name, value in parse_qsl(query_string, keep_blank_values=True):
        joined[name] = f"{joined[name]},{value}" if name in joined else value
    event: Event = {
        "version": "2.0",
        "routeKey": f"{method} {path}",
        "rawPath": path,
        "rawQueryString": query_string,
        "headers": sent,
        "requestContext": {
            "accountId": "123456789012",
            "apiId": API_ID,
            "domainName": DOMAIN,
            "domainPrefix": API_ID,
            "http": {
                "method": method,
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": "198.51.100.20",
                "userAgent": "",
            },
            "requestId": "JKJaXmPLvHcESHA=",
            "routeKey": f"{method} {path}",
            "stage": "$default",
            "time": "22/Nov/2026:12:00:00 +0000",
            "timeEpoch": 1795348800000,
        },
        "isBase64Encoded": encoded and bool(body),
    }
    if joined:
        event["queryStringParameters"] = joined
    if body:
        event["body"] = base64.b64encode(body.encode()).decode() if encoded else body
    return event


def event_v1(
    method: str,
    path: str,
    *,
    query_string: str = "",
    headers: Mapping[str, str] | None = None,
    body: str = "",
    stage: str = "prod",
) -> Event:
    """Return an event of payload format 1.0, as a REST API makes it: query decoded, header case kept."""
    sent = dict(headers or {})
    repeated: dict[str, list[str]] = {}
    for name, value in parse_qsl(query_string, keep_blank_values=True):
        repeated.setdefault(name, []).append(value)
    return {
        "version": "1.0",
        "resource": path,
        "path": path,
        "httpMethod": method,
        "headers": sent,
        "multiValueHeaders": {name: [value] for name, value in sent.items()},
        "queryStringParameters": {name: values[-1] for name, values in repeated.items()} or None,
        "multiValueQueryStringParameters": repeated or None,
        "pathParameters": None,
        "stageVariables": None,
        "requestContext": {
            "apiId": API_ID,
            "domainName": DOMAIN,
            "httpMethod": method,
            "path": f"/{stage}{path}",
            "resourcePath": path,
            "requestId": "c6af9ac6-7b61-11e6-9a41-93e8deadbeef",
            "requestTimeEpoch": 1795348800000,
            "stage": stage,
        },
        "body": body or None,
        "isBase64Encoded": False,
    }


def event_of_request(request: Mapping[str, Any], path: str, *, token: str = "", state: str = "") -> Event:
    """Return the event of a recorded KAZOO request (method, query_string, headers, body), sent to `path`.

    Token and state token go before KAZOO's parameters, where the query of a voice_url stands.
    """
    own = urlencode({name: value for name, value in (("token", token), ("state", state)) if value})
    return event_v2(
        request["method"],
        path,
        query_string="&".join(filter(None, (own, request["query_string"]))),
        headers={
            header["name"]: header["value"] for header in request["headers"] if header["name"] != "host"
        },
        body=request["body"],
    )
