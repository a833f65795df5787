"""For tests of callbacks: a call to give a handler, the call that follows, and adapters that need no store.

    call = testing.call(digits={"menu": "1"}, step=1, signed={"tries": 2})
    flow = handler.handler(call)                    # the lines of the handler alone
    following = testing.following(flow, call)       # what the callback of the next step is given

    asked = callback(fallback=sorry, adapters=testing.adapters())(handler)
    answer = asked(testing.event("/menu"), None)    # the whole way: parsed, admitted, validated

Every port has a fake that works in memory and one that fails.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import TYPE_CHECKING, Any, TypedDict, Unpack
from urllib.parse import parse_qsl, urlencode, urlsplit

from kazoo_pivot import _state_token
from kazoo_pivot._account import KazooAccount
from kazoo_pivot._call import TEST_URL, Call, CallSession
from kazoo_pivot._call_key import CallKey
from kazoo_pivot._call_state import Step, Taken
from kazoo_pivot._envelope import STATE_PARAMETER
from kazoo_pivot._errors import NotAuthenticatedError, StateRefusedError, StoreUnavailableError
from kazoo_pivot._ports import Adapters, CallStates, Recorder, Tenants
from kazoo_pivot._request import PivotRequest
from kazoo_pivot._state_token import Signed, StateKeys, StateToken

if TYPE_CHECKING:
    from kazoo_callflow import Flow
    from kazoo_pivot._request_context import Outcome, RequestContext

__all__ = [
    "ACCOUNT",
    "TOKEN",
    "FailingCallStates",
    "FailingRecorder",
    "FailingTenants",
    "MemoryCallStates",
    "MemoryRecorder",
    "MemoryTenants",
    "NoPivotError",
    "Recorded",
    "adapters",
    "call",
    "event",
    "following",
]

ACCOUNT = KazooAccount(id="0" * 31 + "1")
TOKEN = "token-of-a-test"  # noqa: S105 - opens nothing but a fake
_KEYS = StateKeys.of(b"the key of a test, which signs nothing real")
NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)


class NoPivotError(AssertionError):
    """The flow asks no callback next."""


class _Request(TypedDict, total=False):
    call_id: str
    caller_id_name: str
    caller_id_number: str
    from_user: str
    from_realm: str
    to_user: str
    to_realm: str
    request_user: str
    request_realm: str
    direction: str
    language: str | None
    user_ids: list[str]
    digits: Mapping[str, str]
    custom_application_vars: Mapping[str, Any]
    custom_sip_headers: Mapping[str, Any]
    recording_url: str | None
    recording_id: str | None
    recording_duration_s: int | None
    call_status: str | None
    path: str
    query: Mapping[str, str]
    raw: Mapping[str, Any]


def call(
    *,
    account: KazooAccount = ACCOUNT,
    now: datetime = NOW,
    step: int = 0,
    signed: Signed | None = None,
    trusted_cavs: Mapping[str, str] | None = None,
    **request: Unpack[_Request],
) -> Call:
    """Return a call for a handler; what is not given is as in a first request of an unknown caller.

    step, signed, trusted_cavs: as an earlier callback of the same chain left them
    """
    given: dict[str, Any] = {"call_id": "call@example.com", **request}
    asked = PivotRequest(account_id=account.id, **given)
    key = CallKey(account.id, asked.call_id, round(now.timestamp() * 1000), "test-nonce-1")
    return _made(asked, account, now, _state(key, asked, step, signed or {}) if step else None, trusted_cavs)


def following(flow: Flow, before: Call, **request: Unpack[_Request]) -> Call:
    """Return the call that the next callback is given when KAZOO comes to the first `pivot` node of a flow.

    Digits and CAVs are as KAZOO sends them again; `request` says what is new, such as `digits={"pin": "1"}`.
    NoPivotError when the flow has no such node; StateRefusedError when the node is not of this call.
    """
    node = _first_pivot(flow.to_dict())
    url = urlsplit(node["voice_url"])
    query = dict(parse_qsl(url.query, keep_blank_values=True))
    token = query.pop(STATE_PARAMETER, "")
    session = before._session  # noqa: SLF001 - of the same package
    base = urlsplit(session.public_url).path
    path = url.path.removeprefix(base)
    state = _state_token.verify(
        token,
        session.keys,
        account_id=before.account_id,
        call_id=before.call_id,
        path=path,
        query=query,
    )
    known: dict[str, Any] = {name: getattr(before, name) for name in _Request.__annotations__}
    known |= {"path": path, "query": query, **request}
    known["digits"] = {**before.digits, **request.get("digits", {})}
    now = before.now + timedelta(seconds=10)
    return _made(
        PivotRequest(account_id=before.account_id, **known), before.account, now, state, before.trusted_cavs
    )


def event(
    path: str,
    *,
    account_id: str = ACCOUNT.id,
    token: str = TOKEN,
    query: Mapping[str, str] | None = None,
    source_ip: str = "198.51.100.20",
    **parameters: Any,
) -> dict[str, Any]:
    """Return the API Gateway event of a POST; parameters as KAZOO names them, `Call_ID` for Call-ID."""
    sent = {
        "Account-ID": account_id,
        "Call-ID": "call@example.com",
        "Caller-ID-Number": "+14155550100",
        "Request": "2000",
        **{name.replace("_", "-"): value for name, value in parameters.items()},
    }
    own = {**(query or {}), "token": token}
    return {
        "version": "2.0",
        "routeKey": f"POST {path}",
        "rawPath": path,
        "rawQueryString": urlencode({name: value for name, value in own.items() if value}),
        "headers": {"content-type": "application/json"},
        "requestContext": {
            "domainName": "pivot.example.com",
            "http": {"method": "POST", "path": path, "sourceIp": source_ip},
        },
        "body": json.dumps(sent),
        "isBase64Encoded": False,
    }


def adapters(
    *,
    tenants: Tenants | None = None,
    call_states: CallStates | None = None,
    recorder: Recorder | None = None,
) -> Adapters:
    """Return adapters in memory, with one KAZOO account that `TOKEN` lets in."""
    return Adapters(
        tenants=tenants or MemoryTenants(),
        call_states=call_states or MemoryCallStates(),
        recorder=recorder or MemoryRecorder(),
        public_url=TEST_URL,
    )


class MemoryTenants:
    """Tenants by their tokens, with a key of their own."""

    def __init__(self, by_token: Mapping[str, KazooAccount] | None = None) -> None:
        self.by_token = dict(by_token or {TOKEN: ACCOUNT})

    def authenticate(self, account_id: str, token: str | None, source_ip: str = "") -> KazooAccount:
        """As the port."""
        if not token:
            raise NotAuthenticatedError("no_token")
        account = self.by_token.get(token)
        if account is None or account.id != account_id:
            raise NotAuthenticatedError("wrong_token")
        return account

    def proven(self, account_id: str, token: str | None) -> KazooAccount | None:
        """As the port; a token it knows proves its account."""
        account = self.by_token.get(token or "")
        return account if account and account.id == account_id else None

    def account(self, account_id: str) -> KazooAccount:
        """As the port."""
        for account in self.by_token.values():
            if account.id == account_id:
                return account
        raise NotAuthenticatedError("unknown_account")

    def state_keys(self) -> StateKeys:
        """As the port."""
        return _KEYS

    def forget(self) -> None:
        """Nothing is cached."""


class FailingTenants(MemoryTenants):
    """Nobody can say who asks."""

    def authenticate(self, account_id: str, token: str | None, source_ip: str = "") -> KazooAccount:
        """Fail."""
        raise StoreUnavailableError("the store of tenants is unavailable")

    def account(self, account_id: str) -> KazooAccount:
        """Fail."""
        raise StoreUnavailableError("the store of tenants is unavailable")


@dataclass(slots=True)
class _CallState:
    position: int = -1
    steps: dict[str, tuple[str, str | None]] = field(default_factory=dict)
    last: str = ""
    cavs: dict[str, str] = field(default_factory=dict)


class MemoryCallStates:
    """The state of each call by its key; `end` is the end of a call."""

    def __init__(self) -> None:
        self.calls: dict[CallKey, _CallState] = {}
        self._firsts: dict[tuple[str, str, str, str], tuple[CallKey, str | None]] = {}
        self._ended: dict[tuple[str, str], int] = {}
        self._lock = Lock()

    def take(self, step: Step, *, answer: str | None = None, cavs: Mapping[str, str] | None = None) -> Taken:
        """As the port."""
        with self._lock:
            self._check_not_ended(step)
            if step.number == 0:
                return self._take_first(step)
            state = self.calls.setdefault(step.key, _CallState())
            name = f"{step.number}#{step.path}"
            before = dict(state.cavs)
            if name in state.steps:
                fingerprint, kept = state.steps[name]
                if fingerprint != step.fingerprint:
                    raise StateRefusedError("replayed")
                return Taken(cavs=before, repeated=True, answer=kept if state.last == name else None)
            if step.number < state.position:
                raise StateRefusedError("replayed")
            state.position, state.last = step.number, name
            state.steps[name] = (step.fingerprint, answer)
            state.cavs |= cavs or {}
            return Taken(cavs=before)

    def keep(
        self, step: Step, *, answer: str | None, cavs: Mapping[str, str], for_good: bool = False
    ) -> None:
        """As the port; every answer is kept forever."""
        del for_good
        with self._lock:
            state = self.calls.setdefault(step.key, _CallState())
            state.cavs |= cavs
            if step.number == 0:
                self._firsts[self._first(step)] = (step.key, answer)
            elif answer is not None:
                name = f"{step.number}#{step.path}"
                state.steps[name], state.last = (step.fingerprint, answer), name

    def end(self, account_id: str, call_id: str, until_ms: int) -> None:
        """Forget the calls with this Call-ID that began until then, and refuse what still asks for them."""
        with self._lock:
            self._ended[account_id, call_id] = max(until_ms, self._ended.get((account_id, call_id), 0))
            for key in [key for key in self.calls if self._is_over(key)]:
                del self.calls[key]

    def _take_first(self, step: Step) -> Taken:
        found = self._firsts.get(self._first(step))
        if found is None or self._is_over(found[0]):
            self._firsts[self._first(step)] = (step.key, None)
            return Taken()
        return Taken(repeated=True, answer=found[1])

    @staticmethod
    def _first(step: Step) -> tuple[str, str, str, str]:
        return step.key.account_id, step.key.call_id, step.path, step.fingerprint

    def _is_over(self, key: CallKey) -> bool:
        return key.started_ms <= self._ended.get((key.account_id, key.call_id), -1)

    def _check_not_ended(self, step: Step) -> None:
        if self._is_over(step.key):
            raise StateRefusedError("ended")


class FailingCallStates(MemoryCallStates):
    """A store that is unavailable."""

    def take(self, step: Step, *, answer: str | None = None, cavs: Mapping[str, str] | None = None) -> Taken:
        """Fail."""
        raise StoreUnavailableError("the store of call states is unavailable")

    def keep(
        self, step: Step, *, answer: str | None, cavs: Mapping[str, str], for_good: bool = False
    ) -> None:
        """Fail."""
        raise StoreUnavailableError("the store of call states is unavailable")


@dataclass(frozen=True, slots=True)
class Recorded:
    """One exchange as a recorder was given it."""

    callback: str
    request: RequestContext
    outcome: Outcome
    sensitive_collections: frozenset[str]


class MemoryRecorder:
    """Keeps what it is given, oldest first."""

    def __init__(self) -> None:
        self.recorded: list[Recorded] = []

    def record(
        self, callback: str, request: RequestContext, outcome: Outcome, sensitive_collections: frozenset[str]
    ) -> None:
        """As the port."""
        self.recorded.append(Recorded(callback, request, outcome, sensitive_collections))


class FailingRecorder:
    """Breaks its promise never to raise."""

    def record(
        self, callback: str, request: RequestContext, outcome: Outcome, sensitive_collections: frozenset[str]
    ) -> None:
        """Fail."""
        raise RuntimeError("the recorder is broken")


def _made(
    request: PivotRequest,
    account: KazooAccount,
    now: datetime,
    state: StateToken | None,
    trusted_cavs: Mapping[str, str] | None,
) -> Call:
    session = CallSession(keys=_KEYS, public_url=TEST_URL)
    session.cavs = dict(trusted_cavs or {})
    return Call.of(request, account, now=now, state=state, session=session)


def _state(key: CallKey, request: PivotRequest, step: int, signed: Signed) -> StateToken:
    return StateToken(
        path=request.path,
        nonce=key.nonce,
        started_ms=key.started_ms,
        step=step,
        expires_s=key.started_ms // 1000 + 3_600,
        signed=signed,
        query=request.query,
    )


def _first_pivot(node: Mapping[str, Any]) -> Mapping[str, Any]:
    for found in _nodes(node):
        if found.get("module") == "pivot":
            data: Mapping[str, Any] = found["data"]
            return data
    raise NoPivotError("the flow has no pivot node: it asks no callback next")


def _nodes(node: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield a flow's nodes, those of the wildcard chain before those of other branches."""
    yield node
    children: Mapping[str, Any] = node.get("children") or {}
    for name in sorted(children, key=lambda name: name != "_"):
        yield from _nodes(children[name])
