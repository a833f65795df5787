"""Webhooks in action: delivery, retries of the connection, and switching off after six failures."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping
from urllib.parse import urlsplit

from kazoo_simulator._request import HttpRequest, encode_form, encode_json
from kazoo_simulator._transport import Answer, TransportError

from ._cluster import Cluster, Stored
from ._messages import JsonObject
from ._webhooks import DISABLED

Send = Callable[[HttpRequest, int], Answer]

TIMEOUT_MS = 10_000
FAILURES_THAT_SWITCH_OFF = 6
REMEMBERED_S = 60
PAUSE_S = 2.0


def fire(cluster: Cluster, account_id: str, payload: Mapping[str, object], send: Send) -> int:
    """Deliver an event to every webhook that wants it; return how many deliveries succeeded."""
    succeeded = 0
    for stored in _wanting(cluster, account_id, str(payload["hook_event"])):
        if payload.get("is_internal_leg") and not stored.data["include_internal_legs"]:
            continue
        succeeded += _deliver(cluster, stored, account_id, dict(payload), send)
    return succeeded


def _wanting(cluster: Cluster, account_id: str, event: str) -> Iterable[Stored]:
    if cluster.switches.is_webhooks_app_down:
        return []
    above = set(cluster.ancestors(account_id))
    return [
        each
        for each in list(cluster.documents.values())
        if each.kind == "webhooks"
        and not each.is_deleted
        and each.data.get("enabled")
        and each.data.get("hook") in (event, "all")
        and (
            each.account_id == account_id
            or (each.account_id in above and each.data.get("include_subaccounts"))
        )
    ]


def _deliver(cluster: Cluster, stored: Stored, account_id: str, payload: JsonObject, send: Send) -> bool:
    """Deliver once; only a failed connection is tried again. KAZOO takes nothing but 200 for success."""
    body = {**payload, **(stored.data.get("custom_data") or {})}
    request = _request(stored, account_id, body)
    tries = max(1, min(int(stored.data["retries"]), 5))
    success = {200, 201} if cluster.version == "5" and stored.data["http_verb"] == "put" else {200}
    for number in range(1, tries + 1):
        try:
            answer = send(request, TIMEOUT_MS)
        except TransportError as error:
            _failed(
                cluster,
                stored,
                request,
                number,
                {
                    "reason": "kazoo http client error",
                    "client_error": error.kind,
                    "retries_left": tries - number,
                },
            )
            if number < tries:
                cluster.sleep(PAUSE_S)
            continue
        if answer.status in success:
            if cluster.switches.keeps_successful_attempts:
                _keep(cluster, stored, request, number, {"result": "success"})
            return True
        _failed(
            cluster,
            stored,
            request,
            number,
            {
                "reason": "bad response code",
                "resp_status_code": str(answer.status),
                "resp_body": answer.body.decode(errors="replace"),
            },
        )
        return False
    return False


def _request(stored: Stored, account_id: str, body: JsonObject) -> HttpRequest:
    uri, verb = str(stored.data["uri"]), str(stored.data["http_verb"])
    headers = [("x-hook-id", stored.id), ("x-account-id", account_id)]
    headers += [(name.lower(), str(value)) for name, value in _custom_headers(stored).items()]
    headers += [("te", ""), ("host", urlsplit(uri).netloc), ("connection", "keep-alive")]
    if verb == "get":
        # A second question mark where the uri has a query already: what KAZOO really does.
        return HttpRequest("GET", f"{uri}?{encode_form(body, '5')}", tuple(headers), b"")
    as_json = stored.data["format"] == "json"
    content = encode_json(body) if as_json else encode_form(body, "5").encode()
    kind = "application/json" if as_json else "application/x-www-form-urlencoded"
    headers = [("content-type", kind), ("content-length", str(len(content))), *headers]
    return HttpRequest(verb.upper(), uri, tuple(headers), content)


def _custom_headers(stored: Stored) -> Mapping[str, object]:
    found = stored.data.get("custom_request_headers")
    return found if isinstance(found, dict) else {}


def _failed(cluster: Cluster, stored: Stored, request: HttpRequest, number: int, facts: JsonObject) -> None:
    _keep(cluster, stored, request, number, {"result": "failure", **facts})
    now = cluster.now()
    failures = [at for at in stored.private.get("failures", []) if now - at < REMEMBERED_S]
    stored.private["failures"] = failures = [*failures, now]
    if len(failures) >= FAILURES_THAT_SWITCH_OFF:
        stored.private[DISABLED] = "too many failed attempts"
        stored.save({**stored.data, "enabled": False})


def _keep(cluster: Cluster, stored: Stored, request: HttpRequest, number: int, facts: JsonObject) -> None:
    event = str(stored.data["hook"])
    account = cluster.accounts[stored.account_id]
    account.attempts.append(
        {
            "hook_id": stored.id,
            "hook_event": event if cluster.version == "5" else event.upper(),
            "event_id": secrets.token_hex(5),
            "uri": request.url,
            "method": request.method.lower(),
            "req_headers": {name: value.lower() for name, value in request.headers if name.startswith("x-")},
            "req_body": request.body.decode(errors="replace"),
            "try": number,
            "timestamp": cluster.gregorian_now,
            **facts,
        }
    )
