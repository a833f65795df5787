"""The argument of a handler: the authenticated request, with the state of its call."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import quote, urlencode

from kazoo_pivot._account import KazooAccount
from kazoo_pivot._call_key import CallKey
from kazoo_pivot._call_state import KEEP_S
from kazoo_pivot._envelope import STATE_PARAMETER, TOKEN_PARAMETER
from kazoo_pivot._errors import MisconfiguredError
from kazoo_pivot._request import PivotRequest
from kazoo_pivot._state_token import MAX_SIGNED_BYTES, MAX_STEPS, Signed, StateKeys, StateToken

if TYPE_CHECKING:
    from kazoo_callflow import Flow

# How long a caller may take from one callback to the next: a prompt, digits, a bridged call in between.
NEXT_WITHIN_S = 3_600
REQUEST_TIMEOUT_MS = 5_000
TEST_URL = "https://pivot.example.com"
MAX_CAV_CHARACTERS = 1_024
# In the signed values, beside the callbacks' own: the collections whose digits are never stored.
SENSITIVE_NAMES = "~sensitive"
MAX_CAVS = 50

_CAV_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
_PATH = re.compile(r"/[A-Za-z0-9_./-]{1,200}")


class CallSession:
    """The mutable state of one request, and the key that signs its next step.

    A plain class: no `repr` and no `dataclasses.asdict` of a call shows a key.
    """

    __slots__ = (
        "cavs",
        "changed_cavs",
        "explanations",
        "fallback",
        "keys",
        "public_url",
        "read_cavs",
        "sensitive",
        "sensitive_to_carry",
        "step_taken",
    )

    def __init__(self, *, keys: StateKeys | None = None, public_url: str = "") -> None:
        self.keys = keys or StateKeys()
        self.public_url = public_url
        self.read_cavs: Callable[[], Mapping[str, str]] = dict
        self.sensitive: frozenset[str] = frozenset()
        # What later callbacks of the call do not know by themselves: KAZOO sends them every collection again.
        self.sensitive_to_carry: frozenset[str] = frozenset()
        self.step_taken = False
        self.cavs: Mapping[str, str] | None = None
        self.changed_cavs: dict[str, str] = {}
        self.explanations: list[dict[str, Any]] = []
        self.fallback: Callable[[], Flow] | None = None

    @classmethod
    def for_a_test(cls) -> CallSession:
        """Return a session that chains, with a key of its own: what it signs opens nothing."""
        return cls(keys=StateKeys.of(secrets.token_bytes(32)), public_url=TEST_URL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call(PivotRequest):
    """A request that was let in, and what is known about its call.

    account: settings of the KAZOO account; now: when the request is answered, UTC
    key: the call as we admitted it; a Call-ID is chosen by the caller's device and may come again
    step: 0 for the first request of a chain; signed: what the previous callback gave `next(signed=...)`
    """

    account: KazooAccount
    now: datetime
    language: str
    key: CallKey
    step: int = 0
    signed: Signed = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_session", CallSession())

    @classmethod
    def of(
        cls,
        request: PivotRequest,
        account: KazooAccount,
        *,
        now: datetime | None = None,
        state: StateToken | None = None,
        session: CallSession | None = None,
    ) -> Self:
        """Return the call of a request; with nothing but an account it is fit for a handler's unit test."""
        values = {name: getattr(request, name) for name in _REQUEST_FIELDS}
        values["language"] = request.language or account.language
        now = now or datetime.now(UTC)
        if state is not None:
            # Only what was signed: anything else in the query was put there by someone else.
            values["query"] = state.query
            key = CallKey(request.account_id, request.call_id, state.started_ms, state.nonce)
        else:
            key = CallKey.mint(request.account_id, request.call_id, round(now.timestamp() * 1000))
        call = cls(
            **values,
            account=account,
            now=now,
            key=key,
            step=state.step if state else 0,
            signed={name: value for name, value in state.signed.items() if name != SENSITIVE_NAMES}
            if state
            else {},
        )
        object.__setattr__(call, "_session", session or CallSession.for_a_test())
        return call

    @property
    def cavs(self) -> Mapping[str, str]:
        """The CAVs of the call: ours, over the unverified ones that KAZOO sent. Read once."""
        sent = {k: v for k, v in self.custom_application_vars.items() if isinstance(v, str)}
        return {**sent, **self.trusted_cavs}

    @property
    def trusted_cavs(self) -> Mapping[str, str]:
        """The CAVs our callbacks set in this call: the only ones that are safe for identity and money."""
        session = self._session
        if session.cavs is None:
            session.cavs = session.read_cavs()
        return {**session.cavs, **session.changed_cavs}

    def explain(self, kind: str, **facts: Any) -> None:
        """Record why, for Live Debug: `call.explain("rule", number=3, chosen="support")`."""
        if len(self._session.explanations) < 100:
            self._session.explanations.append({"kind": kind, "facts": facts})

    def set_cavs(self, **cavs: str) -> None:
        """Keep CAVs for the later callbacks of this call; written once the answer is known."""
        for name, value in cavs.items():
            if not _CAV_NAME.fullmatch(name):
                raise ValueError(f"CAV name {name!r}: use letters, digits, dash and underscore, 64 at most")
            if not isinstance(value, str):
                raise TypeError(f"CAV {name}: a {type(value).__name__}; KAZOO 4.3 takes text only, use str()")
            if len(value) > MAX_CAV_CHARACTERS:
                raise ValueError(f"CAV {name}: {len(value)} characters, {MAX_CAV_CHARACTERS} at most")
            self._session.changed_cavs[name] = value
        if len(self._session.changed_cavs) > MAX_CAVS:
            raise ValueError(f"{len(self._session.changed_cavs)} CAVs in one answer, {MAX_CAVS} at most")

    def next(
        self,
        path: str,
        *,
        signed: Signed | None = None,
        query: Mapping[str, str] | None = None,
        fallback: Flow | None = None,
        within_s: int = NEXT_WITHIN_S,
        **cavs: str,
    ) -> Flow:
        """Return the pivot node that asks the callback at `path` next.

        signed: small values signed into the URL, text or int, 1 KiB in all; readable by KAZOO's operator
        query: parameters of the next voice_url, signed too
        fallback: its wildcard child, run when that request fails; else this callback's fallback
        within_s: how long the step may take, six hours at most
        cavs: kept as by `set_cavs`, and set on the call for its CDR
        """
        from kazoo_callflow import pivot, set_variables

        self.set_cavs(**cavs)
        url = self._next_url(path, dict(signed or {}), dict(query or {}), within_s)
        node = pivot(
            voice_url=url,
            method="post",
            req_format="kazoo",
            req_body_format="json",
            req_timeout_ms=REQUEST_TIMEOUT_MS,
        )
        if fallback is None and self._session.fallback is not None:
            fallback = self._session.fallback()
        if fallback is not None:
            node = node.otherwise(fallback)
        return set_variables(custom_application_vars=dict(cavs)) >> node if cavs else node

    def _next_url(self, path: str, signed: dict[str, str | int], query: dict[str, str], within_s: int) -> str:
        if not _PATH.fullmatch(path):
            raise ValueError(f"path {path!r}: use /NAME of a callback, without a query (query= takes one)")
        if not self._session.public_url:
            raise MisconfiguredError(
                "environment variable PIVOT_PUBLIC_URL is not set, and the request names no address"
            )
        for name, value in signed.items():
            if name == SENSITIVE_NAMES:
                raise ValueError(f"signed {name}: a name of our own, use another")
            if isinstance(value, bool) or not isinstance(value, str | int):
                raise TypeError(f"signed {name}: a {type(value).__name__}; use text or int")
        if (size := len(repr(signed).encode())) > MAX_SIGNED_BYTES:
            raise ValueError(
                f"signed: {size} bytes, {MAX_SIGNED_BYTES} at most; keep larger values with set_cavs()"
            )
        for name in query:
            if name in (TOKEN_PARAMETER, STATE_PARAMETER):
                raise ValueError(f"query {name}: a name of our own, use another")
        if not 0 < within_s <= KEEP_S:
            raise ValueError(f"within_s is {within_s}; give 1 to {KEEP_S} seconds")
        if self.step + 1 > MAX_STEPS:
            raise ValueError(f"more than {MAX_STEPS} steps in one chain: is the callflow a loop?")
        if self._session.sensitive_to_carry:
            signed[SENSITIVE_NAMES] = " ".join(sorted(self._session.sensitive_to_carry))
        state = StateToken(
            path=path,
            nonce=self.key.nonce,
            started_ms=self.key.started_ms,
            step=self.step + 1,
            expires_s=int(self.now.timestamp()) + within_s,
            signed=signed,
            query=query,
        )
        signed_state = state.sign(self._session.keys, self.account_id, self.call_id)
        parameters = {**query, STATE_PARAMETER: signed_state}
        return f"{self._session.public_url}{path}?{urlencode(parameters, quote_via=quote, safe='')}"


_REQUEST_FIELDS = tuple(each.name for each in fields(PivotRequest))
