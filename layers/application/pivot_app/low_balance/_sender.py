"""Sends a notice, signed, and books the top-up it is answered with."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Protocol, Self

from kazoo_pivot import MisconfiguredError
from pivot_app.errors import ApplicationError
from pivot_app.http_source import Answer, Client, HttpSourceError, at, decimal_of, read_json
from pivot_app.ledger import Account, Entry

TIMEOUT_MS = 10_000
MICROS = 1_000_000
MAX_REFERENCE_CHARACTERS = 200


class NoticeRefusedError(ApplicationError):
    """The operator's system did not take a notice; it is sent again."""


class TopUpRefusedError(ApplicationError):
    """A top-up in an answer cannot be booked: amount, reference or currency is wrong."""


class Endpoint:
    """The address for a KAZOO account's notices, and the key that signs them.

    A plain class: neither its `repr` nor `dataclasses.asdict` shows the key.
    """

    __slots__ = ("key", "url")

    def __init__(self, url: str, key: str) -> None:
        self.url = url
        self.key = key

    @classmethod
    def from_json(cls, text: str, name: str) -> Self:
        """Return the endpoint a parameter describes: {"url": "https://…", "key": "…"}."""
        try:
            stored = json.loads(text)
            url, key = stored["url"], stored["key"]
        except (ValueError, KeyError, TypeError):
            url = key = None
        if not isinstance(url, str) or not isinstance(key, str) or not url or not key:
            raise MisconfiguredError(
                f'parameter {name}: use {{"url": "https://…", "key": "…"}}; `pivot accounts notices` does'
            )
        return cls(url, key)


class Ledger(Protocol):
    """The ledger that books top-ups."""

    def account(self, kazoo_account_id: str, account_id: str) -> Account | None:
        """Return the account as it is now."""

    def top_up(
        self,
        kazoo_account_id: str,
        account_id: str,
        micros: int,
        *,
        reference: str,
        now: datetime,
        note: str = "",
    ) -> Entry:
        """Credit an account. A reference is booked only once."""


class NoticeSender:
    """Sends notices of one deployment.

    Args:
        client: What makes the request.
        endpoint_of: The endpoint of a KAZOO account; raises MisconfiguredError if it has none.
        ledger: Where a top-up is booked.

    """

    def __init__(self, client: Client, endpoint_of: Callable[[str], Endpoint], ledger: Ledger) -> None:
        self._client = client
        self._endpoint_of = endpoint_of
        self._ledger = ledger

    def send(self, body: str, now: datetime) -> Entry | None:
        """Send a notice; the entry of the top-up it was answered with, if it was.

        Raises:
            MisconfiguredError: Nobody said where notices go.
            NoticeRefusedError: It was not taken.
            TopUpRefusedError: Its answer has a top-up that cannot be booked.

        """
        notice = json.loads(body)
        endpoint = self._endpoint_of(notice["kazoo_account_id"])
        timestamp = int(now.timestamp())
        headers = {
            "Content-Type": "application/json",
            "X-Pivot-Event-Id": notice["event_id"],
            "X-Pivot-Timestamp": str(timestamp),
            "X-Pivot-Signature": f"v1={signature(endpoint.key, timestamp, body)}",
        }
        try:
            answer = self._client.request(
                "POST", endpoint.url, headers=headers, timeout_ms=TIMEOUT_MS, body=body.encode()
            )
        except HttpSourceError as error:
            raise NoticeRefusedError(f"notice {notice['event_id']}: {error}") from error
        if not 200 <= answer.status < 300:
            raise NoticeRefusedError(f"notice {notice['event_id']} was answered with status {answer.status}")
        top_up = _top_up(answer)
        return None if top_up is None else self._book(notice, top_up, now)

    def _book(self, notice: Mapping[str, Any], top_up: Mapping[str, Any], now: datetime) -> Entry:
        key = (str(notice["kazoo_account_id"]), str(notice["account_id"]))
        account = self._ledger.account(*key)
        # As the account says now: the notice may have waited for hours.
        most = account.controls.auto_top_up_micros if account else None
        amount, reference = _micros(top_up.get("amount")), top_up.get("reference")
        if most is None:
            raise TopUpRefusedError(
                f"account {key[1]} has no auto top-up: `pivot accounts set --auto-top-up`"
            )
        if not 0 < amount <= most:
            raise TopUpRefusedError(f"top_up.amount is {amount} micro-units; use 1 to {most}")
        if not isinstance(reference, str) or not 1 <= len(reference) <= MAX_REFERENCE_CHARACTERS:
            raise TopUpRefusedError(f"top_up.reference: use 1 to {MAX_REFERENCE_CHARACTERS} characters")
        if account and top_up.get("currency", account.currency) != account.currency:
            raise TopUpRefusedError(f"top_up.currency: account {key[1]} is in {account.currency}")
        return self._ledger.top_up(*key, amount, reference=reference, now=now, note="auto top-up")


def signature(key: str, timestamp: int, body: str) -> str:
    """Return the signature of a notice: HMAC-SHA-256 of "{timestamp}.{body}", in hex."""
    return hmac.new(key.encode(), f"{timestamp}.{body}".encode(), hashlib.sha256).hexdigest()


def parameter_name(prefix: str, kazoo_account_id: str) -> str:
    """Return the name of the parameter that says where notices of a KAZOO account go."""
    return f"{prefix}/notices/{kazoo_account_id}"


def _top_up(answer: Answer) -> Mapping[str, Any] | None:
    if not answer.body.strip() or answer.content_type != "application/json":
        return None
    try:
        found = at(read_json(answer.body), "top_up")
    except (HttpSourceError, ValueError) as error:
        raise TopUpRefusedError(f"the answer is not JSON: {error}") from error
    if found is not None and not isinstance(found, Mapping):
        raise TopUpRefusedError('top_up: use {"amount": "25.00", "reference": "…"}')
    return found


def _micros(amount: Any) -> int:
    try:
        scaled = decimal_of(amount) * MICROS
    except (HttpSourceError, ValueError, TypeError, ArithmeticError):
        scaled = Decimal("NaN")
    if not scaled.is_finite() or scaled != scaled.to_integral_value():
        raise TopUpRefusedError("top_up.amount: use a decimal number of at most six decimals, such as 25.00")
    return int(scaled)
