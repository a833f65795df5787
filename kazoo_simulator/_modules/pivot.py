"""The pivot module: one request, one answer, and what becomes of the call."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from kazoo_simulator._answer import WAIT_MS, Judgement, judge
from kazoo_simulator._events import (
    AnswerJudged,
    AnswerReceived,
    FallbackTaken,
    JsonObject,
    RequestFailed,
    RequestSent,
)
from kazoo_simulator._http_client import ask
from kazoo_simulator._kazoo import request_parameters
from kazoo_simulator._request import (
    EncoderCrash,
    HttpRequest,
    as_sent_over_the_bus,
    build_request,
    in_wire_order,
)
from kazoo_simulator._steps import Continue, HangUp, Next, Replace, Stay, Steps
from kazoo_simulator._transport import Answer, TransportError
from kazoo_simulator._validation import problems, warnings, with_defaults

from ._registry import module

if TYPE_CHECKING:
    from kazoo_simulator._channel import Channel

_DEFAULT_TIMEOUT_MS = 5000
FALLBACK_HEADER = "x-pivot-fallback"
"""With it a web server says that its answer is what callers hear when it fails, and why; KAZOO ignores it."""


@module("pivot")
def pivot(call: Channel, data: JsonObject) -> Steps:
    """Ask the web server; its flow replaces the running one, or the wildcard child is the fallback."""
    call.exchanges += 1
    exchange = call.exchanges
    serverless = data.get("serverless")
    if call.config.version == "5" and isinstance(serverless, dict):
        document = serverless["flow_doc"]
        body = document if isinstance(document, str) else json.dumps(document)
        answer = Answer(200, body.encode(), (("content-type", serverless["flow_type"]),))
        return (yield from _judged(call, data, exchange, answer, call.now_ms))
    try:
        request, parameters = _request(call, data)
    except EncoderCrash as crash:
        call.note(str(crash))
        yield from call.sleep(WAIT_MS)
        return fall_back(call, f"nothing was sent: {crash}")
    call.emit(
        RequestSent(
            at_ms=call.now_ms,
            exchange=exchange,
            method=request.method,
            url=request.url,
            headers=request.headers,
            body=request.body.decode(),
            parameters=parameters,
        )
    )
    began_ms = call.now_ms
    call.pending_cdr_url = data.get("cdr_url")
    try:
        _refuse_brackets(call, request)
        answer = ask(call.target, request, int(data.get("req_timeout_ms") or _DEFAULT_TIMEOUT_MS))
    except TransportError as error:
        yield from call.sleep(error.took_ms)
        call.emit(
            RequestFailed(
                at_ms=call.now_ms,
                exchange=exchange,
                failure=error.kind,
                message=error.message,
                took_ms=error.took_ms,
            )
        )
        return (yield from _told(call, Judgement("fallback", error.message), began_ms))
    yield from call.sleep(answer.took_ms)
    call.emit(
        AnswerReceived(
            at_ms=call.now_ms,
            exchange=exchange,
            status=answer.status,
            headers=answer.headers,
            body=answer.body.decode(errors="replace"),
            took_ms=answer.took_ms,
        )
    )
    return (yield from _judged(call, data, exchange, answer, began_ms))


def fall_back(call: Channel, reason: str) -> Next:
    """Continue to the wildcard child, or hang up without one."""
    call.emit(FallbackTaken(at_ms=call.now_ms, reason=reason, has_child=call.attempt("_") is not None))
    return Continue()


def _request(call: Channel, data: JsonObject) -> tuple[HttpRequest, JsonObject]:
    # A flow that was never validated has no defaults: KAZOO's code then uses the TwiML names.
    twiml_digits = call.twiml_digits
    parameters = in_wire_order(
        request_parameters(
            str(data.get("req_format") or "twiml"),
            call.config,
            call.caller,
            call_id=call.call_id,
            dialled=call.dialled,
            language=call.language or call.config.language,
            digits=twiml_digits if call.collections is None else call.collections,
            variables=as_sent_over_the_bus(call.variables),
        ),
        user_variables=() if twiml_digits is None else ("Digits",),
    )
    return build_request(data, parameters, call.config.version, call.config.brackets), parameters


def _refuse_brackets(call: Channel, request: HttpRequest) -> None:
    if call.config.brackets == "refused" and request.method == "GET" and "[" in request.url:
        msg = "KAZOO's HTTP client refuses a URL with raw brackets"
        raise TransportError("refused_url", msg)


def _judged(call: Channel, data: JsonObject, exchange: int, answer: Answer, began_ms: int) -> Steps:
    judgement = judge(
        answer,
        call.config.version,
        lambda document: problems(document, call.config),
        has_cdr_url=bool(data.get("cdr_url")),
        invalid_answer=call.config.invalid_answer,
    )
    call.emit(
        AnswerJudged(
            at_ms=call.now_ms,
            exchange=exchange,
            outcome=judgement.outcome,
            rule=judgement.rule,
            problems=judgement.problems,
            warnings=warnings(judgement.flow, call.config) if judgement.flow is not None else (),
            flow=judgement.flow,
        )
    )
    own = answer.header(FALLBACK_HEADER)
    if own is not None and judgement.outcome == "flow":
        call.emit(FallbackTaken(at_ms=call.now_ms, reason=own, has_child=True, by="server"))
    return (yield from _told(call, judgement, began_ms))


def _told(call: Channel, judgement: Judgement, began_ms: int) -> Steps:
    """Let the callflow hear of the outcome: at once, late, or never."""
    heard_ms = call.now_ms + call.config.bus_delay_ms
    patience_ends_ms = began_ms + WAIT_MS
    if heard_ms > patience_ends_ms:
        if judgement.outcome != "fallback":
            call.switch.at(heard_ms, lambda: _too_late(call, judgement))
        yield from call.sleep(patience_ends_ms - call.now_ms)
        call.pending_cdr_url = None
        return fall_back(call, "nothing heard of the pivot for 10 s")
    yield from call.sleep(call.config.bus_delay_ms)
    if judgement.outcome == "wait_then_fallback":
        yield from call.sleep(patience_ends_ms - call.now_ms)
    call.pending_cdr_url = None
    if judgement.outcome in ("fallback", "wait_then_fallback"):
        return fall_back(call, judgement.rule)
    if judgement.outcome == "flow" and judgement.flow is not None:
        return Replace(with_defaults(judgement.flow, call.config))
    if judgement.outcome == "hangup":
        return HangUp(judgement.rule)
    if judgement.outcome == "twiml":
        call.end_simulation("a TwiML answer: this simulator recognises it but does not play it")
    return Stay(judgement.rule, dead_air=True)


def _too_late(call: Channel, judgement: Judgement) -> None:
    """Let an answer arrive although the fallback runs: KAZOO does not cancel it."""
    call.note("the late answer arrives and takes the call over")
    if judgement.outcome == "flow" and judgement.flow is not None:
        call.replace_flow(with_defaults(judgement.flow, call.config))
    elif judgement.outcome == "hangup":
        call.hang_up_now(judgement.rule)
