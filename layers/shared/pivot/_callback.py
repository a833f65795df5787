"""`@callback`: a handler of a few lines becomes a Lambda function that always answers KAZOO."""

from __future__ import annotations

import hashlib
import json
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from contextlib import suppress
from contextvars import copy_context
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

from pivot import _state_token, aws, observability
from pivot._accounts import AccountDirectory, KazooAccount
from pivot._call import Call, Turn
from pivot._call_state import CallStates
from pivot._envelope import Envelope
from pivot._errors import (
    InvalidFlow,
    MalformedRequest,
    NotAuthenticated,
    OutOfTime,
    PivotError,
    StateRefused,
)
from pivot._request import PivotRequest
from pivot.settings import settings

if TYPE_CHECKING:
    from typing import TypeAlias

    from callflow import Flow, KazooVersion

    Handler: TypeAlias = Callable[[Call], Flow]
    Fallback: TypeAlias = Flow | Callable[[str], Flow]

KAZOO_WAITS_S = 5.0
# What DNS, TLS and the way back take of KAZOO's 5 s.
ON_THE_WAY_S = 1.0
# What writing the answer, the log and Live Debug may take of the Lambda's remaining time.
MARGIN_S = 0.4
REPEATS_KEPT = 256
REPEATS_KEPT_S = 30.0
DEFAULT_LANGUAGE = "en-us"

FORBIDDEN: dict[str, Any] = {
    "statusCode": 403,
    "headers": {"Content-Type": "application/json"},
    "body": '{"message":"Forbidden"}',
    "isBase64Encoded": False,
}


def ok(body: str) -> dict[str, Any]:
    """Return the only answer KAZOO runs: exactly 200, exactly this type, uncompressed."""
    return {
        "statusCode": 200,
        "headers": {"Content-Type": "application/json"},
        "body": body,
        "isBase64Encoded": False,
    }


@dataclass(slots=True, kw_only=True)
class Work:
    """What is known of a request while it is answered; what is missing was not reached."""

    envelope: Envelope | None = None
    account: KazooAccount | None = None
    call: Call | None = None
    body: str | None = None
    document: Mapping[str, Any] | None = None
    outcome: str = "answered"
    reason: str = ""
    error: BaseException | None = None
    timings_us: dict[str, int] = field(default_factory=dict)
    done: Event = field(default_factory=Event)

    def timed(self, phase: str, since: float) -> float:
        """Note how long a phase took; return the start of the next."""
        now = time.perf_counter()
        self.timings_us[phase] = int((now - since) * 1e6)
        return now


class Callback:
    """A handler made into a Lambda function; `callback` makes it."""

    def __init__(
        self,
        handler: Handler,
        *,
        fallback: Fallback,
        name: str,
        entry: bool,
        once: bool,
        sensitive_collections: frozenset[str],
        debug: bool,
    ) -> None:
        self.handler = handler
        self.name = name or _folder_name(handler)
        self.entry = entry
        self.once = once
        self.sensitive_collections = sensitive_collections
        self.debug = debug
        self._fallback = fallback
        self._directory: AccountDirectory | None = None
        self._repeats: OrderedDict[str, tuple[float, str]] = OrderedDict()
        self._is_cold = True
        self._fallback_bodies = {DEFAULT_LANGUAGE: self.fallback_body(DEFAULT_LANGUAGE)}
        self.__doc__ = handler.__doc__

    def __call__(self, event: Mapping[str, Any], context: Any = None) -> dict[str, Any]:
        """Answer one event of API Gateway; never raises."""
        since = time.perf_counter()
        work = Work()
        # A thread, not a signal: it works wherever the runtime calls us, and never breaks off a write or a
        # lock of the SDK in the middle. What is left behind ends by the SDK's timeouts, unread.
        run = copy_context().run
        Thread(target=run, args=(self._work, event, work), daemon=True, name="pivot-callback").start()
        error: BaseException | None
        if work.done.wait(_budget_s(event, context)):
            error = work.error
        else:
            error = OutOfTime("the answer was not ready in time")
        answer, outcome, reason = self._decide(work, error)
        work.timings_us["total"] = int((time.perf_counter() - since) * 1e6)
        self._report(work, outcome, reason, error)
        return answer

    def fallback_flow(self, language: str) -> Flow:
        """Return the callback's fallback in a language."""
        return self._fallback(language) if callable(self._fallback) else self._fallback

    def fallback_body(self, language: str) -> str:
        """Return the fallback as it is sent; InvalidFlow when some KAZOO would not run it."""
        flow = self.fallback_flow(language)
        _validated(flow, "4.3")
        _validated(flow, "5")
        return flow.to_json().decode()

    def forget(self) -> None:
        """Forget what this process cached: accounts, tokens, answers."""
        self._directory = None
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
        account, keys = self._accounts().authenticate(account_id, envelope.token)
        work.account = account
        since = work.timed("authenticate", since)
        request = PivotRequest.from_envelope(envelope)
        now = datetime.now(UTC)
        state = self._state(request, envelope, keys, now)
        turn = Turn(
            keys=keys,
            token=envelope.token,
            token_in_header=envelope.token_in_header,
            public_url=settings().public_url or envelope.public_url,
            started_ms=state.started_ms if state else int(now.timestamp() * 1000),
            fallback=lambda: self.fallback_flow(call.language),
        )
        turn.read_cavs = lambda: _call_states().read(account_id, request.call_id)
        call = work.call = Call.of(request, account, now=now, state=state, turn=turn)
        self._prepare_fallback(call.language)
        since = work.timed("parse", since)

        fingerprint = _fingerprint(call)
        if (kept := self._repeat(fingerprint)) is not None:
            work.body, work.outcome = kept, "repeated"
            return
        if self._claim(call, fingerprint, work):
            return
        since = work.timed("state", since)
        flow = self.handler(call)
        since = work.timed("handler", since)
        work.document, work.body = _validated(flow, account.kazoo_version), flow.to_json().decode()
        since = work.timed("validate", since)
        if turn.remembered or self.once:
            _call_states().finish(
                account_id,
                request.call_id,
                started_ms=turn.started_ms,
                step=call.step,
                route=request.path,
                fingerprint=fingerprint,
                answer=work.body if self.once or call.step else None,
                cavs=turn.remembered,
                now_s=int(now.timestamp()),
            )
            work.timed("finish", since)
        self._keep(fingerprint, work.body)

    def _accounts(self) -> AccountDirectory:
        if self._directory is None:
            self._directory = AccountDirectory(settings().parameter_prefix, lambda: aws.client("ssm"))
        return self._directory

    def _state(
        self, request: PivotRequest, envelope: Envelope, keys: tuple[bytes, ...], now: datetime
    ) -> _state_token.StateToken | None:
        if envelope.state_token is None:
            if not self.entry:
                raise StateRefused("missing")
            return None
        return _state_token.verify(
            envelope.state_token,
            keys,
            account_id=request.account_id,
            call_id=request.call_id,
            path=request.path,
            query=request.query,
            now_s=now.timestamp(),
        )

    def _claim(self, call: Call, fingerprint: str, work: Work) -> bool:
        """Take the step, where steps are counted; return whether the answer is already known."""
        if not self.once and (call.step == 0 or not settings().has_table("CALL_STATE_TABLE")):
            return False
        claim = _call_states().claim(
            call.account_id,
            call.call_id,
            started_ms=call.turn.started_ms,
            step=call.step,
            route=call.path,
            fingerprint=fingerprint,
            now_s=int(call.now.timestamp()),
        )
        call.turn.cavs = claim.cavs
        if claim.repeated and claim.answer is None and self.once:
            raise StateRefused("unfinished")
        if claim.answer is not None:
            work.body, work.outcome = claim.answer, "repeated"
            return True
        return False

    def _repeat(self, fingerprint: str) -> str | None:
        kept = self._repeats.get(fingerprint)
        if kept is None or time.monotonic() - kept[0] > REPEATS_KEPT_S:
            return None
        return kept[1]

    def _keep(self, fingerprint: str, body: str) -> None:
        self._repeats[fingerprint] = (time.monotonic(), body)
        self._repeats.move_to_end(fingerprint)
        while len(self._repeats) > REPEATS_KEPT:
            self._repeats.popitem(last=False)

    def _prepare_fallback(self, language: str) -> None:
        if (
            language not in self._fallback_bodies
            and callable(self._fallback)
            and len(self._fallback_bodies) < 64
        ):
            try:
                self._fallback_bodies[language] = self.fallback_body(language)
            except Exception:  # noqa: BLE001 - a language we do not speak gets the default one
                self._fallback_bodies[language] = self._fallback_bodies[DEFAULT_LANGUAGE]

    def _decide(self, work: Work, error: BaseException | None) -> tuple[dict[str, Any], str, str]:
        if error is None and work.body is not None:
            return ok(work.body), work.outcome, ""
        reason = error.reason if isinstance(error, PivotError) else "exception"
        if isinstance(error, NotAuthenticated) or (
            isinstance(error, MalformedRequest) and work.account is None
        ):
            return FORBIDDEN, "refused", reason
        language = work.call.language if work.call else work.account.language if work.account else ""
        body = self._fallback_bodies.get(language) or self._fallback_bodies[DEFAULT_LANGUAGE]
        return ok(body), "refused" if isinstance(error, StateRefused) else "fallback", reason

    def _report(self, work: Work, outcome: str, reason: str, error: BaseException | None) -> None:
        cold, self._is_cold = self._is_cold, False
        with suppress(Exception):  # nothing here is worth a caller's silence
            observability.report(
                callback=self.name or (work.envelope.path.strip("/") if work.envelope else "unknown"),
                work=work,
                outcome=outcome,
                reason=reason,
                error=error,
                cold_start=cold,
            )


def callback(
    *,
    fallback: Fallback,
    name: str = "",
    entry: bool = True,
    once: bool = False,
    sensitive_collections: tuple[str, ...] | frozenset[str] = (),
    debug: bool = True,
) -> Callable[[Handler], Callback]:
    """Turn `handler(call) -> Flow` into a Lambda function.

    fallback: what the caller hears when anything of ours fails; a callflow, or language to callflow
    entry: whether a call may begin here; False refuses requests that no `call.next` sent
    once: keep the answer in DynamoDB, so that a repeated request never does the work twice, on any container
    sensitive_collections: collections whose digits are never stored or logged, such as a PIN
    debug: whether Live Debug may record this callback
    """

    def decorate(handler: Handler) -> Callback:
        return Callback(
            handler,
            fallback=fallback,
            name=name,
            entry=entry,
            once=once,
            sensitive_collections=frozenset(sensitive_collections),
            debug=debug,
        )

    return decorate


def _folder_name(handler: Handler) -> str:
    """Return the folder of the handler's app.py: the callback's name, except where Lambda unpacks it."""
    file = Path(handler.__code__.co_filename)
    return file.parent.name if file.name == "app.py" and file.parent.name != "task" else ""


def _budget_s(event: Any, context: Any) -> float:
    """Return how long the work may take: what the Lambda has left, and what KAZOO still waits."""
    budget = KAZOO_WAITS_S - ON_THE_WAY_S
    with suppress(AttributeError, TypeError):
        budget = min(budget, context.get_remaining_time_in_millis() / 1000 - MARGIN_S)
    with suppress(AttributeError, KeyError, TypeError):
        request_context = event["requestContext"]
        arrived_ms = request_context.get("timeEpoch") or request_context.get("requestTimeEpoch") or 0
        # Waiting for a cold start counts too; a recorded event's time does not.
        if 0 < (waited_s := time.time() - arrived_ms / 1000) < KAZOO_WAITS_S:
            budget -= waited_s
    return max(budget, 0.05)


def _fingerprint(call: Call) -> str:
    """Return what makes a request the same one: account, call, path, step and every parameter."""
    values = [call.account_id, call.call_id, call.path, call.step, call.turn.started_ms if call.step else 0]
    text = json.dumps([*values, call.query, call.raw], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _validated(flow: Any, version: KazooVersion) -> dict[str, Any]:
    """Return the flow's document; InvalidFlow when that KAZOO would not run it."""
    import callflow

    if not isinstance(flow, callflow.Flow):
        raise InvalidFlow((f"the handler returned a {type(flow).__name__}; return a Flow",))
    document: dict[str, Any] = flow.to_dict()
    problems = callflow.validate(flow, version)
    if problems:
        raise InvalidFlow(tuple(str(problem) for problem in problems))
    return document


def _call_states() -> CallStates:
    return CallStates(aws.client("dynamodb"), settings().call_state_table)
