"""What a handler is given: the request, authenticated, with the state of its call."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import quote, urlencode

from kazoo_pivot._accounts import KazooAccount
from kazoo_pivot._envelope import STATE_PARAMETER, TOKEN_PARAMETER
from kazoo_pivot._errors import Misconfigured
from kazoo_pivot._request import PivotRequest
from kazoo_pivot._state_token import MAX_CARRIED_BYTES, MAX_STEPS, Carried, StateToken

if TYPE_CHECKING:
    from kazoo_callflow import Flow

# How long a caller may take from one callback to the next: a prompt, digits, a bridged call in between.
NEXT_WITHIN_S = 3_600
REQUEST_TIMEOUT_MS = 5_000
MAX_CAV_CHARACTERS = 1_024
MAX_CAVS = 50

_CAV_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
_PATH = re.compile(r"/[A-Za-z0-9_./-]{1,200}")


@dataclass(slots=True, kw_only=True)
class Turn:
    """What changes while one request is answered."""

    keys: tuple[bytes, ...] = ()
    token: str | None = field(default=None, repr=False)
    public_url: str = ""
    started_ms: int = 0
    read_cavs: Callable[[], Mapping[str, str]] = dict
    step_taken: bool = False
    cavs: Mapping[str, str] | None = None
    remembered: dict[str, str] = field(default_factory=dict)
    explanations: list[dict[str, Any]] = field(default_factory=list)
    fallback: Callable[[], Flow] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Call(PivotRequest):
    """A request that was let in, and what is known of its call.

    account: settings of the KAZOO account; now: when the request is answered, UTC
    step: 0 for the first request of a chain; carried: values of the previous callback's `next`, signed
    """

    account: KazooAccount
    now: datetime
    language: str
    step: int = 0
    carried: Carried = field(default_factory=dict)
    turn: Turn = field(default_factory=Turn, repr=False, compare=False)

    @classmethod
    def of(
        cls,
        request: PivotRequest,
        account: KazooAccount,
        *,
        now: datetime | None = None,
        state: StateToken | None = None,
        turn: Turn | None = None,
    ) -> Self:
        """Return the call of a request; with nothing but an account it is fit for a handler's unit test."""
        values = {name: getattr(request, name) for name in _REQUEST_FIELDS}
        values["language"] = request.language or account.language
        if state is not None:
            # Only what was signed: anything else in the query was put there by someone else.
            values["query"] = state.query
        return cls(
            **values,
            account=account,
            now=now or datetime.now(UTC),
            step=state.step if state else 0,
            carried=state.carried if state else {},
            turn=turn or Turn(),
        )

    @property
    def state(self) -> Mapping[str, str]:
        """The CAVs of the call: ours, over the ones KAZOO sent, which nobody vouches for. Read once."""
        sent = {k: v for k, v in self.custom_application_vars.items() if isinstance(v, str)}
        return {**sent, **self.own_state}

    @property
    def own_state(self) -> Mapping[str, str]:
        """The CAVs our callbacks set in this call: what identity and money may rest on."""
        turn = self.turn
        if turn.cavs is None:
            turn.cavs = turn.read_cavs()
        return {**turn.cavs, **turn.remembered}

    def explain(self, kind: str, **facts: Any) -> None:
        """Record why, for Live Debug: `call.explain("rule", number=3, chosen="support")`."""
        if len(self.turn.explanations) < 100:
            self.turn.explanations.append({"kind": kind, "facts": facts})

    def remember(self, **cavs: str) -> None:
        """Keep CAVs for the later callbacks of this call; written once the answer is known."""
        for name, value in cavs.items():
            if not _CAV_NAME.fullmatch(name):
                raise ValueError(f"CAV name {name!r}: use letters, digits, dash and underscore, 64 at most")
            if not isinstance(value, str):
                raise TypeError(f"CAV {name}: a {type(value).__name__}; KAZOO 4.3 takes text only, use str()")
            if len(value) > MAX_CAV_CHARACTERS:
                raise ValueError(f"CAV {name}: {len(value)} characters, {MAX_CAV_CHARACTERS} at most")
            self.turn.remembered[name] = value
        if len(self.turn.remembered) > MAX_CAVS:
            raise ValueError(f"{len(self.turn.remembered)} CAVs in one answer, {MAX_CAVS} at most")

    def next(
        self,
        path: str,
        *,
        carry: Carried | None = None,
        query: Mapping[str, str] | None = None,
        fallback: Flow | None = None,
        within_s: int = NEXT_WITHIN_S,
        **cavs: str,
    ) -> Flow:
        """Return the pivot node that asks the callback at `path` next.

        carry: small values signed into the URL, text or int, 1 KiB in all; readable by KAZOO's operator
        query: parameters of the next voice_url, signed too
        fallback: its wildcard child, run when that request fails; else this callback's fallback
        within_s: how long the step may take; cavs: kept as by `remember`, and set on the call for its CDR
        """
        from kazoo_callflow import pivot, set_variables

        self.remember(**cavs)
        url = self._next_url(path, dict(carry or {}), dict(query or {}), within_s)
        headers: dict[str, Any] = {}
        if self.account.kazoo_version == "5" and self.turn.token:
            headers["custom_request_headers"] = {"X-Pivot-Token": self.turn.token}
        node = pivot(
            voice_url=url,
            method="post",
            req_format="kazoo",
            req_body_format="json",
            req_timeout_ms=REQUEST_TIMEOUT_MS,
            **headers,
        )
        if fallback is None and self.turn.fallback is not None:
            fallback = self.turn.fallback()
        if fallback is not None:
            node = node.otherwise(fallback)
        return set_variables(custom_application_vars=dict(cavs)) >> node if cavs else node

    def _next_url(self, path: str, carry: dict[str, str | int], query: dict[str, str], within_s: int) -> str:
        if not _PATH.fullmatch(path):
            raise ValueError(f"path {path!r}: use /NAME of a callback, without a query (query= takes one)")
        if not self.turn.public_url:
            raise Misconfigured(
                "environment variable PIVOT_PUBLIC_URL is not set, and the request names no address"
            )
        for name, value in carry.items():
            if isinstance(value, bool) or not isinstance(value, str | int):
                raise TypeError(f"carry {name}: a {type(value).__name__}; carry text or int")
        if (size := len(repr(carry).encode())) > MAX_CARRIED_BYTES:
            raise ValueError(
                f"carry: {size} bytes, {MAX_CARRIED_BYTES} at most; keep larger values with remember()"
            )
        for name in query:
            if name in (TOKEN_PARAMETER, STATE_PARAMETER):
                raise ValueError(f"query {name}: a name of our own, use another")
        if self.step + 1 > MAX_STEPS:
            raise ValueError(f"more than {MAX_STEPS} steps in one chain: is the callflow a loop?")
        state = StateToken(
            path=path,
            started_ms=self.turn.started_ms,
            step=self.step + 1,
            expires_s=int(self.now.timestamp()) + within_s,
            carried=carry,
            query=query,
        )
        parameters = {**query, STATE_PARAMETER: state.sign(self.turn.keys, self.account_id, self.call_id)}
        if self.account.kazoo_version == "4.3" and self.turn.token:
            # KAZOO 4.3 sends no headers: the URL is the only place for a secret.
            parameters[TOKEN_PARAMETER] = self.turn.token
        return f"{self.turn.public_url}{path}?{urlencode(parameters, quote_via=quote, safe='')}"


_REQUEST_FIELDS = tuple(each.name for each in fields(PivotRequest))
