"""Crossbar: one request in, one answer out, in the order of KAZOO's own checks."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import kazoo_callflow

from . import _auth as auth
from ._callflows import CallflowRules, check_flow
from ._calls import cdrs, channels
from ._cluster import MODULES, SUMMARY, Account, Cluster
from ._context import Context, read_envelope, take_apart
from ._debug import pivot
from ._documents import PlainRules, on_collection, on_document
from ._messages import Faults, JsonObject, RefusalError, Reply, Request, Response, not_found
from ._numbers import phone_numbers
from ._webhooks import available, hooks_of, webhooks

VERSIONS = {"4.3": "4.3.142", "5": "5.4.1"}
CORS = {
    "access-control-allow-origin": "*",
    "access-control-allow-methods": "GET, PUT, POST, PATCH, DELETE, OPTIONS",
    "access-control-allow-headers": "content-type, x-auth-token, x-request-id, if-match, authorization",
    "access-control-expose-headers": "x-request-id, etag, location",
    "access-control-max-age": "86400",
}
WRITES = frozenset(("PUT", "POST", "PATCH", "DELETE"))
DOCUMENTS = frozenset(SUMMARY) - {"callflows"}


class CrossbarApp:
    """Answers requests about a cluster. Safe to call from several threads."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster

    def respond(self, request: Request) -> Response:
        """Return the answer to a request."""
        with self.cluster.lock:
            self.cluster.requests.append(request)
            for fault in self.cluster.faults:
                if (instead := fault(request)) is not None:
                    return instead
        if request.method == "OPTIONS":
            return Response(200, headers=CORS)
        return _Answer(self.cluster, request).make()


class _Answer:
    """The work on one request."""

    def __init__(self, cluster: Cluster, request: Request) -> None:
        self.cluster = cluster
        self.request = request
        self.request_id = request.headers.get("x-request-id") or secrets.token_hex(16)
        self.token = ""
        self.account: Account | None = None

    def make(self) -> Response:
        """Route the request and put the reply into an envelope."""
        try:
            reply = self._reply()
        except RefusalError as refusal:
            return self._refused(refusal)
        envelope = self._tail() | {"data": reply.data, "status": "success"} | reply.paging
        if reply.revision:
            envelope["revision"] = reply.revision
        if self.cluster.version == "5":
            envelope["metadata"] = reply.metadata
        headers = {"etag": reply.etag} if reply.etag else {}
        headers |= {"location": reply.location} if reply.location else {}
        if reply.is_chunked:
            # Data first; KAZOO 4.3 writes what follows as text.
            envelope = {"data": envelope.pop("data"), **envelope}
            if self.cluster.version == "4.3":
                envelope |= {name: str(value) for name, value in reply.paging.items()}
        return self._response(reply.status, envelope, headers, is_chunked=reply.is_chunked)

    def _reply(self) -> Reply:
        cluster, request = self.cluster, self.request
        target = take_apart(request.target, cluster.version)
        envelope = read_envelope(request)
        verb = self._verb(envelope, target.query)
        parts = target.parts
        if parts[:1] == ["v1"]:
            raise RefusalError(410, "gone") if cluster.version == "5" else not_found()
        is_login = parts == ["v2", "api_auth"]
        self.token = auth.token_of(cluster, request, target.query)
        if parts[:1] != ["v2"] or len(parts) < 2:
            raise not_found()
        if is_login:
            auth.take_token_of_bucket(cluster, request.client, "no_account")
            if verb != "PUT":
                raise RefusalError(405, "invalid_method")
            reply, self.token = auth.log_in(cluster, envelope.get("data"))
            return reply
        in_account = parts[1] == "accounts" and len(parts) > 2
        rest = parts[3:] if in_account else parts[1:]
        module = rest[0] if rest else "accounts"
        if module not in MODULES or module in cluster.switches.not_loaded:
            raise not_found()
        if not in_account:
            return self._without_account(verb, module, rest[1:], envelope)
        self.account = auth.account_of_path(cluster, parts[2])
        auth.check_rights(cluster, self.token, self.account)
        with cluster.lock:
            auth.take_token_of_bucket(cluster, request.client, self.account.id)
        context = Context(
            cluster=cluster,
            request=request,
            verb=verb,
            module=module,
            parts=rest[1:],
            query=target.query,
            envelope=envelope,
            data=envelope.get("data"),
            account=self.account,
            token=self.token,
        )
        if module == "channels":
            # Not under the lock: it waits for call managers, and ends calls.
            return channels(context)
        with cluster.lock:
            reply = _endpoint(context)
            if verb in WRITES and module != "schemas" and cluster.switches.lost_answers:
                cluster.switches.lost_answers -= 1
                raise RefusalError(503, "datastore timeout", {})
            return reply

    def _verb(self, envelope: JsonObject, query: dict[str, str]) -> str:
        data = envelope.get("data")
        tunnelled = (data.get("verb") if isinstance(data, dict) else None) or query.get("verb")
        tunnelled = tunnelled or envelope.get("verb")
        if self.request.method == "POST" and tunnelled:
            return str(tunnelled).upper()
        return self.request.method

    def _without_account(self, verb: str, module: str, parts: list[str], envelope: JsonObject) -> Reply:
        match module, parts, verb:
            case "webhooks", [], "GET":
                return available(self.cluster)
            case "schemas", [name], "GET":
                return Reply(_schema(self.cluster, name))
            case "schemas", ["callflows", "validation"], "PUT" if self.cluster.version == "4.3":
                return Reply(_validated(self.cluster, envelope.get("data")), 201)
            case "token_auth", [], "GET" if self.token:
                return Reply({"account_id": self.cluster.tokens[self.token][0]})
        raise RefusalError(403, "forbidden") if self.token else RefusalError(401, "invalid_credentials")

    def _refused(self, refusal: RefusalError) -> Response:
        headers = dict(CORS)
        if refusal.is_empty:
            return Response(refusal.status, headers={} if refusal.status == 412 else headers)
        envelope = self._tail() | {
            "data": refusal.data,
            "status": "error",
            "error": str(refusal.status),
            "message": refusal.message,
        }
        if self.cluster.version == "5":
            envelope["metadata"] = {}
        return self._response(refusal.status, envelope, headers)

    def _tail(self) -> JsonObject:
        cluster = self.cluster
        tail: JsonObject = {
            "request_id": self.request_id,
            "node": "n1",
            "timestamp": f"{datetime.fromtimestamp(cluster.now(), UTC):%Y-%m-%dT%H:%M:%S}",
            "auth_token": self.token or "undefined",
        }
        if cluster.version == "4.3" or self.token:
            tail["version"] = VERSIONS[cluster.version]
        if cluster.version == "5":
            account_id = self.account.id if self.account else "no_account"
            remaining = auth.tokens_left(cluster, self.request.client, account_id)
            tail["tokens"] = {"consumed": 1, "remaining": remaining}
        return tail

    def _response(
        self, status: int, envelope: JsonObject, headers: dict[str, str], *, is_chunked: bool = False
    ) -> Response:
        asked_from_page = "origin" in self.request.headers
        return Response(
            status,
            json.dumps(envelope, separators=(",", ":")).encode(),
            {
                **(CORS if asked_from_page else {}),
                "content-type": "application/json",
                "x-request-id": self.request_id,
                **headers,
            },
            is_chunked,
        )


def _endpoint(context: Context) -> Reply:
    rules = CallflowRules() if context.module == "callflows" else PlainRules()
    special: dict[str, Callable[[Context], Reply]] = {
        "accounts": _account,
        "about": lambda each: Reply({"version": VERSIONS[each.version], "processes": 1}),
        "api_key": lambda each: Reply({"api_key": each.account.api_key}),
        "cdrs": cdrs,
        "phone_numbers": phone_numbers,
        "pivot": pivot,
        "schemas": _schemas,
        "search": _search,
        "webhooks": webhooks,
    }
    if context.module in special:
        return special[context.module](context)
    if context.module not in DOCUMENTS | {"callflows"}:
        raise not_found()
    match context.parts:
        case []:
            return on_collection(context, rules)
        case [document_id]:
            return on_document(context, document_id, rules)
        case [user_id, "devices"] if context.module == "users" and context.verb == "GET":
            devices = context.cluster.of_kind(context.account.id, "devices")
            return Reply([{"id": d.id, **d.data} for d in devices if d.data.get("owner_id") == user_id])
    raise not_found()


def _account(context: Context) -> Reply:
    if context.verb != "GET":
        raise RefusalError(405, "invalid_method")
    account = context.account
    return Reply({"id": account.id, "name": account.name, "realm": account.realm, "language": "en-us"})


def _search(context: Context) -> Reply:
    """Find documents whose number or name begins so, seen without anything but letters and digits."""
    wanted = _searchable(context.query.get("v", ""))
    kind = f"{context.query.get('t', 'callflow')}s"
    by_number = context.query.get("q") == "number"
    rows = []
    for stored in context.cluster.of_kind(context.account.id, kind):
        values = stored.data.get("numbers") or [] if by_number else [stored.data.get("name", "")]
        if any(_searchable(str(each)).startswith(wanted) for each in values):
            facts = {name: stored.data.get(name) for name in ("name", "numbers")}
            rows.append({"id": stored.id, **facts})
    return Reply(rows)


def _searchable(text: str) -> str:
    return "".join(each for each in text.lower() if each.isascii() and each.isalnum())


def _schemas(context: Context) -> Reply:
    match context.parts, context.verb:
        case ["callflows", "validation"], "PUT":
            return Reply(_validated(context.cluster, context.document), 201)
        case [name], "GET":
            return Reply(_schema(context.cluster, name))
    raise not_found()


def _schema(cluster: Cluster, name: str) -> JsonObject:
    """Return as much of a schema as tells the versions apart."""
    newer = cluster.version == "5"
    match name:
        case "callflows.pivot":
            names = [
                "voice_url",
                "method",
                "req_format",
                "req_body_format",
                "req_timeout_ms",
                "cdr_url",
                "debug",
            ]
            names += ["custom_request_headers", "serverless"] if newer else []
            return {"id": name, "type": "object", "properties": {each: {} for each in names}}
        case "webhooks":
            names = ["name", "uri", "http_verb", "format", "retries", "enabled", "custom_data"]
            names += ["version", "security_settings", "custom_request_headers"] if newer else []
            hook = {"type": "string", "enum": ["all", *hooks_of(cluster.version)]}
            properties: JsonObject = {each: {} for each in names} | {"hook": hook}
            return {"id": name, "type": "object", "properties": properties}
    raise RefusalError(404, "bad identifier", [name])


def _validated(cluster: Cluster, data: Any) -> JsonObject:
    if not isinstance(data, dict):
        raise RefusalError(400, "invalid request envelope")
    faults = Faults()
    check_flow(cluster, data, faults)
    faults.raise_if_any()
    completed: JsonObject = {"numbers": [], "patterns": [], **data}
    if "flow" in completed:
        completed["flow"] = kazoo_callflow.defaults(completed["flow"], kazoo=cluster.version)
    return completed
