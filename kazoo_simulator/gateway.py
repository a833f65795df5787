"""API Gateway and Lambda, as far as a handler called in this process notices them."""

from __future__ import annotations

import base64
import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

from ._request import HttpRequest as HttpRequest
from ._transport import Answer


@dataclass(frozen=True, slots=True)
class LambdaContext:
    """The context that a Lambda function receives."""

    function_name: str = "simulated"
    function_version: str = "$LATEST"
    invoked_function_arn: str = "arn:aws:lambda:us-east-1:000000000000:function:simulated"
    memory_limit_in_mb: int = 1024
    aws_request_id: str = field(default_factory=lambda: secrets.token_hex(16))
    log_group_name: str = "/aws/lambda/simulated"
    log_stream_name: str = "simulated"
    timeout_ms: int = 5000
    began: float = field(default_factory=time.monotonic)

    def get_remaining_time_in_millis(self) -> int:
        """Return the milliseconds left before Lambda would stop the function."""
        return max(0, round(self.timeout_ms - (time.monotonic() - self.began) * 1000))


def api_gateway_event(request: HttpRequest, target: str) -> dict[str, Any]:
    """Return the event an HTTP API hands to a function (payload format 2.0).

    Bodies that are not text or JSON arrive in base64, forms among them.
    """
    path, _, raw_query = target.partition("?")
    headers: dict[str, str] = {}
    for name, value in request.headers:
        if name not in ("connection", "te"):
            headers[name] = f"{headers[name]},{value}" if name in headers else value
    domain = headers.get("host", "")
    headers |= {"x-forwarded-for": "198.51.100.20", "x-forwarded-proto": "https", "x-forwarded-port": "443"}
    query: dict[str, str] = {}
    for name, value in parse_qsl(raw_query, keep_blank_values=True):
        query[name] = f"{query[name]},{value}" if name in query else value
    now = datetime.now(UTC)
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": f"{request.method} {path}",
        "rawPath": path,
        "rawQueryString": raw_query,
        "headers": headers,
        "requestContext": {
            "accountId": "000000000000",
            "apiId": "simulated",
            "domainName": domain,
            "domainPrefix": domain.partition(".")[0],
            "http": {
                "method": request.method,
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": "198.51.100.20",
                "userAgent": "",
            },
            "requestId": secrets.token_urlsafe(11),
            "routeKey": f"{request.method} {path}",
            "stage": "$default",
            "time": now.strftime("%d/%b/%Y:%H:%M:%S +0000"),
            "timeEpoch": int(now.timestamp() * 1000),
        },
        "isBase64Encoded": False,
    }
    if query:
        event["queryStringParameters"] = query
    if request.body:
        as_text = headers.get("content-type", "").startswith(("application/json", "text/"))
        event["body"] = request.body.decode() if as_text else base64.b64encode(request.body).decode()
        event["isBase64Encoded"] = not as_text
    return event


def answer_of(result: Any, took_ms: int) -> Answer:
    """Return what API Gateway makes of a function's result: a JSON body where it is not a response."""
    if not isinstance(result, Mapping) or "statusCode" not in result:
        body = result if isinstance(result, str) else json.dumps(result)
        return Answer(200, body.encode(), (("content-type", "application/json"),), took_ms)
    body = str(result.get("body") or "")
    content = base64.b64decode(body) if result.get("isBase64Encoded") else body.encode()
    headers = {name.lower(): str(value) for name, value in (result.get("headers") or {}).items()}
    # API Gateway names a type for an answer without one.
    headers.setdefault("content-type", "text/plain; charset=utf-8")
    headers["content-length"] = str(len(content))
    return Answer(int(result["statusCode"]), content, tuple(headers.items()), took_ms)
