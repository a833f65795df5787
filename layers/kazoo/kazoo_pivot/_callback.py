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
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

from kazoo_pivot import _state_token, aws, capture, observability
from kazoo_pivot._accounts import AccountDirectory
from kazoo_pivot._answers import FORBIDDEN, Fallbacks, Repeats, ok, rendered
from kazoo_pivot._call import Call, Turn
from kazoo_pivot._call_state import CallStates, Step
from kazoo_pivot._envelope import Envelope
from kazoo_pivot._errors import MalformedRequest, NotAuthenticated, OutOfTime, PivotError, StateRefused
from kazoo_pivot._request import PivotRequest
from kazoo_pivot._work import Decision, Work, budget_s
from kazoo_pivot.settings import settings

if TYPE_CHECKING:
    from typing import TypeAlias

    from kazoo_callflow import Flow

    Handler: TypeAlias = Callable[[Call], Flow]

# Never stored, whatever a callback says of its own: KAZOO sends every collection to every callback of a call.
SENSITIVE = frozenset({"pin", "passcode", "password", "card_number", "cvc", "cvv"})
_PROCESS_KEY = secrets.token_bytes(32)


class Callback:
    """A handler made into a Lambda function; `callback` makes it.

    `handler` is the function decorated; `fallbacks` what the caller hears when anything of ours fails.
    """

    def __init__(
        self,
        handler: Handler,
        *,
        fallbacks: Fallbacks,
        name: str,
        entry: bool,
        once: bool,
        sensitive_collections: frozenset[str],
        debug: bool,
    ) -> None:
        self.handler = handler
        self.fallbacks = fallbacks
        self.entry = entry
        self.once = once
        self.sensitive_collections = sensitive_collections
        self.debug = debug
        self._name = name or _folder_name(handler)
        self._accounts: AccountDirectory | None = None
        self._repeats = Repeats()
        self._is_cold = True
        if os.environ.get("AWS_LAMBDA_FUNCTION_NAME"):
            # A wrong variable shows when the function starts, not when someone calls.
            settings()
            # These take a third of a second to make: better while the function starts than in a call.
            aws.client("ssm")
            aws.client("dynamodb")
            observability.logger()

    def __call__(self, event: Mapping[str, Any], context: Any = None) -> Mapping[str, Any]:
        """Answer one event of API Gateway; never raises."""
        try:
            return self._invoke(event, context)
        except Exception as error:  # noqa: BLE001 - such as no memory for a thread
            sys.stderr.write(f"pivot: answered without any work: {type(error).__name__}\n")
            return ok(self.fallbacks.body(""))

    def _invoke(self, event: Mapping[str, Any], context: Any) -> Mapping[str, Any]:
        since = time.perf_counter()
        work = Work(
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
        decision = self._decide(work, work.error if in_time else OutOfTime("no answer in time"))
        work.timings_us["total"] = int((time.perf_counter() - since) * 1e6)
        name = self.name_for(work)
        observability.report(name, work, decision)
        if self.debug:
            capture.capture(name, work, decision, self.sensitive_collections)
        return decision.answer

    def name_for(self, work: Work) -> str:
        """Return the callback's name: its folder's, or where that is lost its route's."""
        return self._name or (work.envelope.path.strip("/") if work.envelope else "") or "unknown"

    def forget(self) -> None:
        """Forget what this process keeps: accounts, tokens, answers."""
        self._accounts = None
        self._repeats.clear()

    def _work(self, event: Mapping[str, Any], work: Work) -> None:
        try:
            self._answer(event, work)
        except BaseException as error:  # noqa: BLE001 - whatever it is, the caller gets an answer
            work.error = error
        finally:
            work.done.set()

    def _answer(self, event: Mapping[str, Any], work: Work) -> None:
        since = time.perf_counter()
        envelope = work.envelope = Envelope.of(event)
        account_id = envelope.account_id
        since = work.timed("parse", since)
        account, keys = self._directory().authenticate(account_id, envelope.token)
        work.account = account
        since = work.timed("authenticate", since)
        request = work.request = PivotRequest.from_envelope(envelope)
        now = datetime.now(UTC)
        state = self._state(request, envelope.state_token, keys, now)
        call = work.call = Call.of(
            request,
            account,
            now=now,
            state=state,
            turn=Turn(
                keys=keys,
                token=envelope.token,
                public_url=settings().public_url or envelope.public_url,
                started_ms=state.started_ms if state else work.received_ms,
            ),
        )
        call.turn.fallback = lambda: self.fallbacks.flow(call.language)
        self.fallbacks.prepare(call.language)
        step = _step(call, keys)
        since = work.timed("parse", since)

        if kept := self._repeats.get(step.fingerprint):
            work.body, work.repeated = kept, True
            return
        if not (self.once and self._already_answered(work, step)):
            call.turn.read_cavs = lambda: self._read_cavs(call, step)
            since = time.perf_counter()
            try:
                flow = self.handler(call)
            except _AnsweredBeforeError as before:
                work.body, work.repeated = _with_token(before.answer, work, step), True
            else:
                since = work.timed("handler", since)
                work.body = rendered(flow, account.kazoo_version)
                since = work.timed("validate", since)
                self._remember(work, call, step)
                work.timed("state", since)
        if work.body:
            self._repeats.keep(step.fingerprint, work.body)

    def _directory(self) -> AccountDirectory:
        if self._accounts is None:
            self._accounts = AccountDirectory(settings().parameter_prefix, lambda: aws.client("ssm"))
        return self._accounts

    def _state(
        self, request: PivotRequest, token: str | None, keys: tuple[bytes, ...], now: datetime
    ) -> _state_token.StateToken | None:
        if token is None:
            if not self.entry:
                raise StateRefused("missing")
            return None
        return _state_token.verify(
            token,
            keys,
            account_id=request.account_id,
            call_id=request.call_id,
            path=request.path,
            query=request.query,
            now_s=now.timestamp(),
        )

    def _already_answered(self, work: Work, step: Step) -> bool:
        """Take the step before any work is done; return whether it was answered before."""
        since = time.perf_counter()
        taken = _call_states().take(step)
        work.timed("state", since)
        if work.call:
            work.call.turn.cavs, work.call.turn.step_taken = taken.cavs, True
        if taken.repeated and taken.answer is None:
            # It is being worked on elsewhere, or that was broken off: doing it again might do it twice.
            raise StateRefused("unfinished")
        if taken.answer:
            work.body, work.repeated = _with_token(taken.answer, work, step), True
        return taken.repeated

    def _read_cavs(self, call: Call, step: Step) -> Mapping[str, str]:
        """Return the call's CAVs; for a chained request the same request to DynamoDB takes the step."""
        if call.step == 0:
            return _call_states().read(call.account_id, call.call_id)
        taken = _call_states().take(step)
        call.turn.step_taken = True
        if taken.answer:
            raise _AnsweredBeforeError(taken.answer)
        return taken.cavs

    def _remember(self, work: Work, call: Call, step: Step) -> None:
        """Keep what the handler remembered, and take the step where that is still to be done: one request."""
        turn, body = call.turn, _without_token(work.body or "", work, step)
        counted = call.step > 0 and settings().has_table("CALL_STATE_TABLE")
        if counted and not turn.step_taken:
            taken = _call_states().take(step, answer=body, cavs=turn.remembered)
            turn.cavs = taken.cavs
            if taken.repeated and taken.answer:
                work.body, work.repeated = _with_token(taken.answer, work, step), True
        elif self.once or turn.remembered:
            answer = body if turn.step_taken else None
            _call_states().keep(step, answer=answer, cavs=turn.remembered, for_good=self.once)

    def _decide(self, work: Work, error: BaseException | None) -> Decision:
        if error is None and work.body:
            return Decision(answer=ok(work.body), outcome="repeated" if work.repeated else "answered")
        reason = error.reason if isinstance(error, PivotError) else "exception"
        unknown = isinstance(error, MalformedRequest) and work.account is None
        if unknown or isinstance(error, NotAuthenticated):
            return Decision(answer=FORBIDDEN, outcome="refused", reason=reason, error=error)
        language = work.call.language if work.call else work.account.language if work.account else ""
        return Decision(
            answer=ok(self.fallbacks.body(language)),
            outcome="refused" if isinstance(error, StateRefused) else "fallback",
            reason=reason,
            error=error,
        )


def callback(
    *,
    fallback: Flow | Callable[[str], Flow],
    name: str = "",
    entry: bool = True,
    once: bool = False,
    sensitive_collections: Iterable[str] = (),
    debug: bool = True,
) -> Callable[[Handler], Callback]:
    """Turn `handler(call) -> Flow` into a Lambda function.

    fallback: what the caller hears when anything of ours fails; a callflow, or language to callflow
    entry: whether a call may begin here; False refuses requests that no `call.next` sent
    once: take the step in DynamoDB before the handler runs, and keep its answer, so that a repeated request
        never does the work twice, on any container; for handlers whose work is not safe to repeat
    sensitive_collections: collections whose digits are never stored or logged, such as a card number
    debug: whether Live Debug may record this callback
    """
    fallbacks = Fallbacks(fallback)

    def decorate(handler: Handler) -> Callback:
        return Callback(
            handler,
            fallbacks=fallbacks,
            name=name,
            entry=entry,
            once=once,
            sensitive_collections=SENSITIVE.union(sensitive_collections),
            debug=debug,
        )

    return decorate


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


def _step(call: Call, keys: tuple[bytes, ...]) -> Step:
    """Return the step, its fingerprint keyed: a plain hash of a PIN's digits would tell them."""
    values = [call.account_id, call.call_id, call.path, call.step, call.turn.started_ms if call.step else 0]
    text = json.dumps([*values, dict(call.query), call.raw], sort_keys=True, separators=(",", ":"))
    key = keys[0] if keys else _PROCESS_KEY
    return Step(
        account_id=call.account_id,
        call_id=call.call_id,
        path=call.path,
        started_ms=call.turn.started_ms,
        number=call.step,
        fingerprint=hmac.digest(key, text.encode(), hashlib.sha256).hex()[:32],
        now_s=int(call.now.timestamp()),
    )


def _without_token(body: str, work: Work, step: Step) -> str:
    """Return an answer fit to be stored: the next voice_url holds the token, on KAZOO 4.3.

    What stands for it is nothing a stranger could make us say.
    """
    token = work.envelope.token if work.envelope else None
    return body.replace(token, f"~{step.fingerprint}~") if token else body


def _with_token(body: str, work: Work, step: Step) -> str:
    token = work.envelope.token if work.envelope else None
    return body.replace(f"~{step.fingerprint}~", token or "")


def _call_states() -> CallStates:
    return CallStates(aws.client("dynamodb"), settings().call_state_table)
