"""The ports of the contract: authentication, call state, and the recorder.

`kazoo_pivot` knows no store. An application writes an adapter for each port and gives them to `callback` in
an `Adapters`; `kazoo_pivot.testing` has one of each that works in memory, and one of each that fails.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from kazoo_pivot._account import KazooAccount
from kazoo_pivot._errors import PivotError

if TYPE_CHECKING:
    from kazoo_pivot._call_state import Step, Taken
    from kazoo_pivot._request_context import Outcome, RequestContext
    from kazoo_pivot._state_token import StateKeys


class Tenants(Protocol):
    """Authenticates KAZOO accounts. Every method raises StoreUnavailableError if a store is unavailable."""

    def authenticate(self, account_id: str, token: str | None, source_ip: str = "") -> KazooAccount:
        """Return the account; NotAuthenticatedError when the token is not a live one of this account."""

    def account(self, account_id: str) -> KazooAccount:
        """Return the account of a request admitted by its state; NotAuthenticatedError when unknown."""

    def proven(self, account_id: str, token: str | None) -> KazooAccount | None:
        """Return the account with default settings if the token itself proves it, live or not; else None."""

    def state_keys(self) -> StateKeys:
        """Return the keys of chained state."""

    def forget(self) -> None:
        """Forget what is cached."""


class CallStates(Protocol):
    """The state of each call. Every method may raise StoreUnavailableError."""

    def take(self, step: Step, *, answer: str | None = None, cavs: Mapping[str, str] | None = None) -> Taken:
        """Take a step, once, and keep CAVs and, until the next step, its answer.

        StateRefusedError when a later step was taken, this one with another request, or the call has ended.
        """

    def keep(
        self, step: Step, *, answer: str | None, cavs: Mapping[str, str], for_good: bool = False
    ) -> None:
        """Keep CAVs, and the answer of a step already taken: until the next step, or `for_good`."""


class Recorder(Protocol):
    """Records what was asked and answered."""

    def record(
        self, callback: str, request: RequestContext, outcome: Outcome, sensitive_collections: frozenset[str]
    ) -> None:
        """Record one exchange. Never raises, and takes a bounded time: the caller waits for it."""


def no_translation(error: BaseException) -> PivotError | None:  # noqa: ARG001 - the port's signature
    """Leave every error as it is."""
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Adapters:
    """One deployment's adapters, made once per process.

    call_states: None refuses nothing, but no CAV and no `once` callback can be kept
    recorder: None records nothing; public_url: the address KAZOO is given; empty: where the request came to
    translate: makes a PivotError of an error of the deployment's own stores, such as StoreUnavailableError of
    a timeout; None for an error that is not a store's
    sensitive_collections: collections that no callback of the deployment stores or logs
    """

    tenants: Tenants = field(repr=False)
    call_states: CallStates | None = None
    recorder: Recorder | None = None
    public_url: str = ""
    translate: Callable[[BaseException], PivotError | None] = no_translation
    sensitive_collections: frozenset[str] = frozenset()
