"""Live Debug over HTTP: API Gateway's events (payload 2.0) in, answers out."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import field
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from kazoo_pivot import PivotError
from kazoo_pivot.observability import mask_numbers
from pivot_app.lazy_dataclass import dataclass
from pivot_app.live_debug._access import AccessError, Claims, Principal, authenticate
from pivot_app.live_debug._filters import FilterError
from pivot_app.live_debug._page import page_file, security_headers
from pivot_app.live_debug._store import ExchangeStore
from pivot_app.live_debug._views import CallNotFoundError, call_view, calls_view, decode_call_id, session_view

Answer = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """The dependencies of the routes: the store, the access rules, and the log of views.

    Attributes:
        grants: IAM ARN to KAZOO Account-IDs, read when asked
        shards: over how many partitions an account's list is spread
        audit: called once for every view and every refusal, before anything is returned
        base_url: where the callbacks answer, for the curl command
        sign_in: what the page needs to send a person to the OIDC provider; None where IAM is the only way in
        connect: origins the page may talk to besides its own
        claims: which claims of an access token say what its holder may see
    """

    store: ExchangeStore
    grants: Callable[[], Mapping[str, Iterable[str]]]
    shards: Callable[[str], int]
    audit: Callable[[dict[str, Any]], None]
    base_url: str
    sign_in: Callable[[], Mapping[str, Any]] | None = None
    connect: Callable[[], Iterable[str]] = tuple
    claims: Claims = field(default_factory=Claims)


def answer(event: Mapping[str, Any], service: Service) -> Answer:
    """Return the answer to one request; never raises for anything a request or the store can do."""
    route = str(event.get("routeKey", ""))
    if route in _PAGE_ROUTES:
        try:
            return _PAGE_ROUTES[route](event, service)
        except (OSError, ValueError, KeyError):
            return _problem(503, "the identity provider does not answer; try again")
    view = _VIEWS.get(route)
    if view is None:
        return _problem(404, "there is nothing here")
    noted = {
        "view": route,
        "query": _audited(_query(event)),
        "call_id": _segment(event, "call_id")[:300],
        "source_ip": ((event.get("requestContext") or {}).get("http") or {}).get("sourceIp", ""),
    }
    try:
        who = authenticate(event, service.grants(), service.claims)
        noted["principal"] = who.principal
        # `access` only lists the person's accounts, so it needs no account.
        account = "" if route == _ACCESS else who.account(_query(event).get("account", ""))
        noted["account"] = account
        shown = view(event, service, who, account)
    except AccessError as error:
        service.audit({**noted, "principal": error.principal, "refused": str(error)})
        return _problem(403, str(error))
    except FilterError as error:
        return _problem(400, str(error), name=error.name)
    except CallNotFoundError as error:
        service.audit({**noted, "found": False})
        return _problem(404, str(error))
    except (BotoCoreError, ClientError, PivotError) as error:
        service.audit({**noted, "failed": type(error).__name__})
        return _problem(503, "the store did not answer; try again")
    service.audit(noted)
    return shown


def _audited(query: Mapping[str, str]) -> dict[str, str]:
    """Return what was looked for, without numbers; unknown names may hold secrets."""
    return {
        name: mask_numbers(value[:200]) if name in _SEARCHED else value[:200]
        for name, value in query.items()
        if name in _SEARCHED or name in _CHOSEN
    }


def _calls(event: Mapping[str, Any], service: Service, _: Principal, account: str) -> Answer:
    return _json(calls_view(service.store, account, _query(event), service.shards(account)))


def _call(event: Mapping[str, Any], service: Service, _: Principal, account: str) -> Answer:
    call_id = decode_call_id(_segment(event, "call_id"))
    return _json(call_view(service.store, account, call_id, service.base_url))


def _session(event: Mapping[str, Any], service: Service, _: Principal, account: str) -> Answer:
    call_id = decode_call_id(_segment(event, "call_id"))
    shown = _json(session_view(service.store, account, call_id))
    shown["headers"]["content-disposition"] = 'attachment; filename="call.session.json"'
    return shown


def _access(_: Mapping[str, Any], __: Service, who: Principal, ___: str) -> Answer:
    return _json({"principal": who.principal, "accounts": list(who.accounts), "hint": who.hint})


def _index(_: Mapping[str, Any], service: Service) -> Answer:
    return _file("index.html", service)


def _asset(event: Mapping[str, Any], service: Service) -> Answer:
    name = _segment(event, "file")
    if name == "config.json":
        return _json(service.sign_in() if service.sign_in else {"sign_in": None})
    return _file(name, service)


_SEARCHED: Final = frozenset({"callback", "number", "caller", "dialled", "reason", "text"})
_CHOSEN: Final = frozenset({"account", "from", "to", "outcome", "limit"})
_ACCESS: Final = "GET /debug/access"
_VIEWS: Final[Mapping[str, Callable[[Mapping[str, Any], Service, Principal, str], Answer]]] = {
    "GET /debug/calls": _calls,
    "GET /debug/calls/{call_id}": _call,
    "GET /debug/calls/{call_id}/session": _session,
    _ACCESS: _access,
}
_PAGE_ROUTES: Final[Mapping[str, Callable[[Mapping[str, Any], Service], Answer]]] = {
    "GET /debug": _index,
    "GET /debug/page/{file}": _asset,
}


def _query(event: Mapping[str, Any]) -> Mapping[str, str]:
    return event.get("queryStringParameters") or {}


def _segment(event: Mapping[str, Any], name: str) -> str:
    return str((event.get("pathParameters") or {}).get(name) or "")


def _file(name: str, service: Service) -> Answer:
    found = page_file(name)
    if found is None:
        return _problem(404, "there is nothing here")
    content, content_type = found
    return {
        "statusCode": 200,
        "headers": {"content-type": content_type, **security_headers(service.connect())},
        "body": content.decode(),
    }


def _json(value: object, status: int = 200) -> Answer:
    return {
        "statusCode": status,
        "headers": {"content-type": "application/json", **security_headers()},
        "body": json.dumps(value, ensure_ascii=False, separators=(",", ":")),
    }


def _problem(status: int, message: str, **more: str) -> Answer:
    return _json({"error": {"message": message, **more}}, status)
