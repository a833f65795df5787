"""A stranger with a socket: requests exactly as they are written, to the stack that SAM deployed."""

from __future__ import annotations

import json
import re
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode, urlsplit

import kazoo_callflow as callflow
from pivot_app.identity import Caller, DynamoDBCallers, DynamoDBPinAttempts, hash_pin
from pivot_app.ledger import Account, DynamoDBLedger, Rate
from pivotctl.deployment import Deployment
from pivotctl.local_stack import Stack
from pivotctl.tokens import TenantAdmin
from tests.functions.raw_kazoo import following, said

PREFIX = "/pivot-lambda/local"
KAZOO_WAITS_S = 5.0
JSON = {"content-type": "application/json"}
FORM = {"content-type": "application/x-www-form-urlencoded"}
FORBIDDEN = {"message": "Forbidden"}
GREGORIAN_S = 62_167_219_200
PIN = "8305"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    text: str
    headers: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def document(self) -> Any:
        """The JSON in it."""
        return json.loads(self.text)

    @property
    def is_forbidden(self) -> bool:
        """Whether KAZOO is told nothing but that it may not ask."""
        return self.status == 403 and self.document == FORBIDDEN

    @property
    def said(self) -> str:
        """The words the caller hears."""
        return said(self.document)

    @property
    def following(self) -> tuple[str, str, list[str]]:
        """Path, query and collections of the next step."""
        return following(self.document)

    @property
    def connects_to(self) -> str | None:
        """The number that KAZOO is told to dial, None where it dials none."""
        found = re.search(r'"module": "resources", "data": (\{[^}]*\})', json.dumps(self.document))
        return str(json.loads(found[1]).get("to_did", "whatever KAZOO has")) if found else None

    def is_harmless(self) -> bool:
        """Whether it is what KAZOO runs, or the plain refusal; API Gateway answers some itself."""
        if self.status == 200:
            assert self.headers["content-type"] == "application/json"
            return callflow.validate(self.document, kazoo="4.3") == []
        return self.is_forbidden or self.status in (400, 404, 405, 413, 414, 431)


_clients: dict[tuple[int, str], Any] = {}


def client_of(stack: Stack, service: str) -> Any:
    """An operator's client, made once: it takes longer than what is done with it."""
    key = (stack.emulator.port, service)
    if key not in _clients:
        _clients[key] = stack.emulator.client(service)
    return _clients[key]


def send(
    url: str, method: str, target: str, body: bytes = b"", headers: Mapping[str, str] | None = None
) -> Answer:
    """One request, byte for byte; `target` begins with the route."""
    address = urlsplit(url)
    connection = HTTPConnection(address.hostname or "", address.port, timeout=120)
    began = time.monotonic()
    try:
        connection.putrequest(method, address.path + target, skip_accept_encoding=True)
        for name, value in {"content-length": str(len(body)), **(headers or {})}.items():
            connection.putheader(name, value)
        connection.endheaders(body)
        answer = connection.getresponse()
        text = answer.read().decode("utf-8", "replace")
    finally:
        connection.close()
    named = {name.lower(): value for name, value in answer.getheaders()}
    return Answer(answer.status, text, named, time.monotonic() - began)


@dataclass(frozen=True, slots=True)
class Victim:
    """A KAZOO account on the stack, with customers, and what an attacker does to it."""

    stack: Stack
    account: str
    token: str
    webhook_token: str

    @classmethod
    def on(cls, stack: Stack, **settings: Any) -> Victim:
        """Let a KAZOO account in."""
        account = secrets.token_hex(16)
        admin = TenantAdmin.of(deployment_of(stack))
        tokens = admin.create(
            account,
            {"kazoo_version": "4.3", "region": "US", "debug": {"enabled": True, "mask_numbers": True}}
            | settings,
        )
        return cls(stack, account, tokens.pivot, tokens.webhook)

    @property
    def ledger(self) -> DynamoDBLedger:
        """Its books."""
        return DynamoDBLedger(client_of(self.stack, "dynamodb"), self.stack.outputs["AccountsTable"])

    @property
    def attempts(self) -> DynamoDBPinAttempts:
        """What is counted of its PINs."""
        table = self.stack.outputs["CallStateTable"]
        return DynamoDBPinAttempts(client_of(self.stack, "dynamodb"), table)

    def customer(
        self, number: str = "", *, pin: str | None = PIN, micros: int = 5_000_000, **profile: Any
    ) -> str:
        """A customer with money and a PIN, known by this number; return their account's."""
        account_id = str(10**9 + secrets.randbelow(9 * 10**9))
        rates = (Rate("1", 10_000), Rate("33", 20_000), Rate("44", 30_000))
        given = {"name": "Ada", **({"pin": hash_pin(pin)} if pin else {}), **profile}
        self.ledger.create(Account(self.account, account_id, "USD", rates=rates, profile=given))
        now = datetime.now(UTC)
        self.ledger.top_up(self.account, account_id, micros, reference="first", now=now)
        if number:
            callers = DynamoDBCallers(client_of(self.stack, "dynamodb"), self.stack.outputs["CallersTable"])
            callers.put(self.account, Caller(number=number, account_id=account_id, name="Ada"))
        return account_id

    def held(self, account_id: str) -> int:
        """What calls hold of an account's money."""
        account = self.ledger.account(self.account, account_id)
        assert account is not None
        return account.held_micros

    def parameters(self, call_id: str, caller: str, dialled: str, **more: Any) -> dict[str, Any]:
        """KAZOO's request of a call."""
        return {
            "Account-ID": self.account,
            "Call-ID": call_id,
            "Caller-ID-Number": caller,
            "Caller-ID-Name": "caller",
            "Request": dialled,
            "To": dialled,
            "From": caller,
            "Direction": "inbound",
            "Language": "en-us",
            "Api-Version": "4.x",
            **more,
        }

    def ask(
        self,
        path: str,
        call_id: str = "",
        *,
        caller: str = "+19998887755",
        dialled: str = "2000",
        query: str | None = None,
        digits: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        **more: Any,
    ) -> Answer:
        """One request of a call; without a query with the live token."""
        body = self.parameters(call_id or new_call(), caller, dialled, **more)
        if digits:
            body["Digits"] = dict(digits)
        query = urlencode({"token": self.token}) if query is None else query
        content = json.dumps(body).encode()
        return send(self.stack.url, "POST", f"{path}?{query}", content, {**JSON, **(headers or {})})

    def with_token(self, **query: str) -> str:
        """A query with the live token and more."""
        return urlencode({"token": self.token, **query})

    def tell(self, event: Any, token: str | None = None, **headers: str) -> Answer:
        """One webhook; `event` is a document, or the bytes of a body."""
        body = event if isinstance(event, bytes) else json.dumps(event).encode()
        query = urlencode({"token": self.webhook_token if token is None else token})
        return send(self.stack.url, "POST", f"/call_events?{query}", body, {**JSON, **headers})

    def end(self, call_id: str, seconds: Any = 0, **more: Any) -> dict[str, Any]:
        """The end of a leg, as KAZOO tells it."""
        return {
            "hook_event": "channel_destroy",
            "account_id": self.account,
            "call_id": call_id,
            "call_direction": "inbound",
            "billing_seconds": str(seconds),
            "duration_seconds": str(seconds),
            "hangup_cause": "NORMAL_CLEARING",
            "timestamp": str(int(time.time()) + GREGORIAN_S),
            **more,
        }


def deployment_of(stack: Stack) -> Deployment:
    """The stack as the commands find it."""
    return Deployment("local", stack.outputs, partial(client_of, stack), stack.url, "this machine")


def new_call() -> str:
    """A Call-ID nobody used before."""
    return f"attack-{secrets.token_hex(8)}"


def eventually(holds: Callable[[], bool], seconds: float = 60) -> bool:
    """Whether it comes true: a queue stands between a webhook and the books."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if holds():
            return True
        time.sleep(0.5)
    return False
