"""`@callback`: a handler of a few lines becomes a Lambda function that always answers KAZOO."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from contextvars import copy_context
from datetime import UTC, datetime
from functools import update_wrapper
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

from kazoo_pivot import _state_token, observability
from kazoo_pivot._answers import FORBIDDEN, Fallbacks, ReplayCache, ok_response, render
from kazoo_pivot._call import SENSITIVE_NAMES, Call, CallSession
from kazoo_pivot._call_state import Step
from kazoo_pivot._envelope import Envelope, source_ip
from kazoo_pivot._errors import (
    MalformedRequestError,
    MisconfiguredError,
    NotAuthenticatedError,
    OutOfTimeError,
    PivotError,
    StateRefusedError,
    StoreUnavailableError,
)
from kazoo_pivot._ports import Adapters, CallStates, Tenants
from kazoo_pivot._request import PivotRequest
from kazoo_pivot._request_context import Outcome, RequestContext, budget_s
from kazoo_pivot._state_token import StateKeys

if TYPE_CHECKING:
    from typing import TypeAlias

    from kazoo_callflow import Flow

    Handler: TypeAlias = Callable[[Call], Flow]

# Never stored by any callback: KAZOO sends every collection to every callback of a call.
SENSITIVE = frozenset({"pin", "passcode", "password", "card_number", "cvc", "cvv"})
_PROCESS_KEY = secrets.token_bytes(32)


class Callback:
    """A handler made into a Lambda function; `callback` makes it.

    `handler` is the function decorated; `fallbacks` what the caller hears when the callback fails.
    """

    def __init__(
        self,
        handler: Handler,
        *,
        adapters: Callable[[], Adapters],
        fallbacks: Fallbacks,
        name: str,
        entry: bool,
        once: bool,
        replays: bool,
        sensitive_collections: frozenset[str],
        debug: bool,
        without_tenants: Handler | None = None,
    ) -> None:
        update_wrapper(self, handler)
        self.handler = handler
        self._adapters = adapters
        self.fallbacks = fallbacks
        self.entry = entry
        self.once = once
        self.replays = replays
        self.sensitive_collections = sensitive_collections
        self.debug = debug
        self.without_tenants = without_tenants
        self._name = name or _folder_name(handler)
        self._repeats = ReplayCache()
        self._is_cold = True
        if os.environ.get("AWS_LAMBDA_FUNCTION_NAME"):
            # A wrong setting shows when the function starts, not when someone calls; and what takes long
            # to make, such as clients of stores, is made now and not in a call.
            adapters()
            observability.logger()

    def __call__(self, event: Mapping[str, Any], context: Any = None) -> Mapping[str, Any]:
        """Answer one event of API Gateway; never raises."""
        try:
            return self._invoke(event, context)
        except Exception as error:  # noqa: BLE001 - such as no memory for a thread
            sys.stderr.write(f"pivot: answered without any work: {type(error).__name__}\n")
            return ok_response(self.fallbacks.body(""), "exception")

    def _invoke(self, event: Mapping[str, Any], context: Any) -> Mapping[str, Any]:
        since = time.perf_counter()
        work = RequestContext(
            received_ms=int(time.time() * 1000),
            request_id=str(getattr(context, "aws_request_id", "") or secrets.token_hex(8)),
            cold_start=self._is_cold,
        )
        self._is_cold = False
        # A thread, not a signal: it works wherever the runtime calls us, and never breaks off a write or a
        # lock of the SDK in the middle. What is left behind ends by the SDK's timeouts, unread.
        run = copy_context().run
        Thread(target=run, args=(self._work, event, work), daemon=True, name="pivot-callback").start()
        in_time = work.done.wait(budget_s(event, context))
        decision = self._decide(work, work.error if in_time else OutOfTimeError("no answer in time"))
        work.timings_us["total"] = int((time.perf_counter() - since) * 1e6)
        name = self.name_for(work)
        observability.report(name, work, decision)
        if self.debug:
            self._record(name, work, decision)
        return decision.answer

    def name_for(self, work: RequestContext) -> str:
        """Return the callback's name: its folder's, or where that is lost its route's."""
        return self._name or (work.envelope.path.strip("/") if work.envelope else "") or "unknown"

    def forget(self) -> None:
        """Forget what this process keeps: tenants, and the answers to repeated requests."""
        self._adapters().tenants.forget()
        self._repeats.clear()

    def _work(self, event: Mapping[str, Any], work: RequestContext) -> None:
        try:
            self._answer(event, work)
        except BaseException as error:  # noqa: BLE001 - whatever it is, the caller gets an answer
            work.error = error
        finally:
            work.done.set()

    def _answer(self, event: Mapping[str, Any], work: RequestContext) -> None:
        since = time.perf_counter()
        adapters = self._adapters()
        work.source_ip = source_ip(event)
        envelope = work.envelope = Envelope.of(event)
        now = datetime.fromtimestamp(work.received_ms / 1000, UTC)
        since = work.timed("parse", since)
        handler = self.handler
        try:
            request, state = self._admitted(work, envelope, adapters.tenants)
        except StoreUnavailableError:
            proven = self.without_tenants and adapters.tenants.proven(envelope.account_id, envelope.token)
            if not (self.without_tenants and proven):
                raise
            work.account, handler = proven, self.without_tenants
            request, state = PivotRequest.from_envelope(envelope), None
            work.request = request
        since = work.timed("authenticate", since)
        account = work.account
        assert account is not None  # noqa: S101 - `_admitted` says who asks, or raises
        if state is not None:
            _state_token.check_time(state, now.timestamp())
        elif not self.entry:
            raise StateRefusedError("missing")
        session = work.session = CallSession(
            keys=adapters.tenants.state_keys(), public_url=adapters.public_url or envelope.public_url
        )
        carried = str(state.signed.get(SENSITIVE_NAMES, "")).split() if state else ()
        session.sensitive = self._sensitive(adapters).union(carried)
        session.sensitive_to_carry = session.sensitive - SENSITIVE - adapters.sensitive_collections
        call = work.call = Call.of(request, account, now=now, state=state, session=session)
        session.fallback = lambda: self.fallbacks.flow(call.language)
        self.fallbacks.prepare(call.language)
        step = _step(call, session.keys)
        since = work.timed("parse", since)

        if self.replays and (kept := self._repeats.get(step.fingerprint)):
            work.body, work.repeated = kept, True
            return
        if not (self.once and self._already_answered(work, step)):
            session.read_cavs = lambda: self._read_cavs(session, step)
            since = time.perf_counter()
            try:
                flow = handler(call)
            except _AnsweredBeforeError as before:
                work.body, work.repeated = before.answer, True
            else:
                since = work.timed("handler", since)
                work.body = render(flow, account.kazoo_version)
                since = work.timed("validate", since)
                self._keep(session, work, step)
                work.timed("state", since)
        if work.body and self.replays:
            self._repeats.keep(step.fingerprint, work.body)

    def _admitted(
        self, work: RequestContext, envelope: Envelope, tenants: Tenants
    ) -> tuple[PivotRequest, _state_token.StateToken | None]:
        """Return the request and its state, once it is known who asks: by the state, else by the token."""
        account_id = envelope.account_id
        if envelope.state_token is None:
            work.account = tenants.authenticate(account_id, envelope.token, envelope.source_ip)
            request = work.request = PivotRequest.from_envelope(envelope)
            return request, None
        request = PivotRequest.from_envelope(envelope)
        try:
            state = _state_token.verify(
                envelope.state_token,
                tenants.state_keys(),
                account_id=account_id,
                call_id=request.call_id,
                path=request.path,
                query=request.query,
            )
        except StateRefusedError as refused:
            if envelope.token is None:
                # Nothing says who asks: a stranger, or a call whose Call-ID changed. KAZOO runs `_`.
                raise NotAuthenticatedError(refused.reason) from None
            work.account = tenants.authenticate(account_id, envelope.token, envelope.source_ip)
            work.request = request
            raise
        work.account, work.request = tenants.account(account_id), request
        return request, state

    def _sensitive(self, adapters: Adapters) -> frozenset[str]:
        return self.sensitive_collections | adapters.sensitive_collections

    def _record(self, name: str, work: RequestContext, decision: Outcome) -> None:
        try:
            adapters = self._adapters()
            if adapters.recorder is not None:
                sensitive = work.session.sensitive if work.session else self._sensitive(adapters)
                adapters.recorder.record(name, work, decision, sensitive)
        except Exception as error:  # noqa: BLE001 - a lost record is no reason to lose a caller
            sys.stderr.write(f"pivot: an exchange was not recorded: {type(error).__name__}\n")

    def _call_states(self) -> CallStates:
        states = self._adapters().call_states
        if states is None:
            raise MisconfiguredError("this deployment keeps no call states; give `Adapters` a call_states")
        return states

    def _already_answered(self, work: RequestContext, step: Step) -> bool:
        """Take the step before any work is done; return whether it was answered before."""
        since = time.perf_counter()
        taken = self._call_states().take(step)
        work.timed("state", since)
        if work.session:
            work.session.cavs, work.session.step_taken = taken.cavs, True
        if taken.repeated and taken.answer is None:
            # It is being worked on elsewhere, or that was broken off: doing it again might do it twice.
            raise StateRefusedError("unfinished")
        if taken.answer:
            work.body, work.repeated = taken.answer, True
        return taken.repeated

    def _read_cavs(self, session: CallSession, step: Step) -> Mapping[str, str]:
        """Return the call's CAVs; for a chained request the same request to the store takes the step."""
        if step.number == 0:
            # A call begins here, whatever its Call-ID was used for before.
            return {}
        taken = self._call_states().take(step)
        session.step_taken = True
        if taken.answer:
            raise _AnsweredBeforeError(taken.answer)
        return taken.cavs

    def _keep(self, session: CallSession, work: RequestContext, step: Step) -> None:
        """Keep the CAVs the handler set, and take the step where that is still to be done: one request."""
        body = work.body or ""
        counted = step.number > 0 and self._adapters().call_states is not None
        if counted and not session.step_taken:
            taken = self._call_states().take(step, answer=body, cavs=session.changed_cavs)
            session.cavs = taken.cavs
            if taken.repeated and taken.answer:
                work.body, work.repeated = taken.answer, True
        elif self.once or session.changed_cavs:
            answer = body if session.step_taken else None
            self._call_states().keep(step, answer=answer, cavs=session.changed_cavs, for_good=self.once)

    def _decide(self, work: RequestContext, error: BaseException | None) -> Outcome:
        if error is None and work.body:
            return Outcome(answer=ok_response(work.body), outcome="repeated" if work.repeated else "answered")
        error = self._translated(error)
        reason = error.reason if isinstance(error, PivotError) else "exception"
        unknown = isinstance(error, MalformedRequestError) and work.account is None
        if unknown or isinstance(error, NotAuthenticatedError):
            return Outcome(answer=FORBIDDEN, outcome="refused", reason=reason, error=error)
        language = work.call.language if work.call else work.account.language if work.account else ""
        told = observability.explained(reason, error) if os.environ.get("PIVOT_SHOW_ERRORS") else reason
        return Outcome(
            answer=ok_response(self.fallbacks.body(language), told),
            outcome="refused" if isinstance(error, StateRefusedError) else "fallback",
            reason=reason,
            error=error,
        )

    def _translated(self, error: BaseException | None) -> BaseException | None:
        """Return an error of the deployment's stores as the PivotError that names it; others as they are."""
        if error is None or isinstance(error, PivotError):
            return error
        try:
            translated = self._adapters().translate(error)
        except Exception:  # noqa: BLE001 - the error itself is what matters
            return error
        if translated is not None:
            translated.__cause__ = error
        return translated or error


def callback(
    *,
    fallback: Flow | Callable[[str], Flow],
    adapters: Callable[[], Adapters] | Adapters | None = None,
    name: str = "",
    entry: bool = True,
    once: bool = False,
    replays: bool = True,
    sensitive_collections: Iterable[str] = (),
    debug: bool = True,
    without_tenants: Handler | None = None,
) -> Callable[[Handler], Callback]:
    """Turn `handler(call) -> Flow` into a Lambda function.

    fallback: what the caller hears when the callback fails; a callflow, or language to callflow
    adapters: the deployment's; a function is called for each request, so that it may make them on first use
    entry: whether a call may begin here; False refuses requests that no `call.next` sent
    once: take the step in DynamoDB before the handler runs, and keep its answer, so that a repeated request
        never does the work twice, on any container; for handlers whose work is not safe to repeat
    replays: whether a request repeated within seconds gets the answer it got; False for a handler that
        decides this itself, such as one that holds money
    sensitive_collections: collections whose digits are never stored or logged, such as a card number
    debug: whether Live Debug may record this callback
    without_tenants: answers a first request while nobody can say whether its token is live, if the token
        proves its KAZOO account itself; the account has default settings, and its data must stay closed
    """
    fallbacks = Fallbacks(fallback)
    provider = _provider(adapters)

    def decorate(handler: Handler) -> Callback:
        return Callback(
            handler,
            adapters=provider,
            fallbacks=fallbacks,
            name=name,
            entry=entry,
            once=once,
            replays=replays,
            sensitive_collections=SENSITIVE.union(sensitive_collections),
            debug=debug,
            without_tenants=without_tenants,
        )

    return decorate


def _provider(adapters: Any) -> Callable[[], Adapters]:
    if isinstance(adapters, Adapters):
        return lambda: adapters
    if adapters is None:
        return _no_adapters
    if callable(adapters):
        provider: Callable[[], Adapters] = adapters
        return provider
    given = type(adapters).__name__
    raise TypeError(f"adapters are an `Adapters`, or a function that makes one, not a {given}")


def _no_adapters() -> Adapters:
    raise MisconfiguredError("`@callback` has no adapters, so requests cannot be authenticated")


# What Lambda, and the emulator, call the folder they unpack a function into.
_UNPACKED = frozenset({"task", "code"})


class _AnsweredBeforeError(BaseException):
    """The state says that this request was answered before; no `except Exception` of a handler stops it."""

    def __init__(self, answer: str) -> None:
        self.answer = answer


def _folder_name(handler: Handler) -> str:
    """Return the folder of the handler's app.py: the callback's name, except where Lambda unpacks it."""
    code = getattr(handler, "__code__", None)
    file = Path(code.co_filename) if code else Path()
    return file.parent.name if file.name == "app.py" and file.parent.name not in _UNPACKED else ""


def _step(call: Call, keys: StateKeys) -> Step:
    """Return the step, its fingerprint keyed: a plain hash of a PIN's digits would tell them."""
    chain = [call.key.started_ms, call.key.nonce] if call.step else []
    values = [call.account_id, call.call_id, call.path, call.step, chain, dict(call.query), call.raw]
    text = json.dumps(values, sort_keys=True, separators=(",", ":"))
    # The oldest key stays while a newer one begins to sign: a repeated request is still the same one.
    key = keys.verifying[-1] if keys.verifying else _PROCESS_KEY
    return Step(
        key=call.key,
        path=call.path,
        number=call.step,
        fingerprint=hmac.digest(key, text.encode(), hashlib.sha256).hex()[:32],
        now_s=int(call.now.timestamp()),
    )
