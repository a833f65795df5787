"""Decides what an answer does to the caller: KAZOO's table of outcomes as one pure function."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import kazoo_callflow as callflow

from ._events import JsonObject, Outcome
from ._json_errors import syntax_fault
from ._request import KazooVersion
from ._transport import Answer

WAIT_MS = 10_000  # how long the pivot module listens before it takes its fallback

InvalidAnswer: TypeAlias = Literal["dead_air", "hangup"]
Validator: TypeAlias = Callable[[Any], Sequence[str]]
Instead: TypeAlias = Literal["fallback", "wait_then_fallback"] | None
_TWIML_TYPES = ("text/xml", "application/xml")


@dataclass(frozen=True, slots=True)
class Judgement:
    """The outcome, the rule that decided it, and the flow that runs next if there is one."""

    outcome: Outcome
    rule: str
    flow: JsonObject | None = None
    problems: tuple[str, ...] = ()


def judge(
    answer: Answer,
    kazoo: KazooVersion,
    validate: Validator,
    *,
    has_cdr_url: bool = False,
    invalid_answer: InvalidAnswer | None = None,
) -> Judgement:
    """Decide as KAZOO does: status, empty body, UTF-8, content type, syntax, and only then the schemas.

    `has_cdr_url` matters on 4.3 only: its waiting process then turns some hang-ups into a late fallback.
    `invalid_answer` overrides what a well-formed but invalid flow does (4.3: dead air; 5: hang-up).
    """
    late: Instead = "wait_then_fallback" if has_cdr_url and kazoo == "4.3" else None
    at_once: Instead = "fallback" if has_cdr_url and kazoo == "4.3" else None
    if answer.status >= 600:
        return Judgement(
            "wait_then_fallback", f"status {answer.status} is unknown to KAZOO, which waits 10 s"
        )
    if answer.status not in (200, 206):
        return Judgement("fallback", f"status {answer.status} is a failure: only 200 and 206 are answers")
    if not answer.body:
        return _hang_up("the body is empty", late)
    try:
        text = answer.body.decode()
    except UnicodeDecodeError:
        return Judgement("fallback", "the body is not UTF-8 (compressed?)")
    content_type = answer.header("content-type")
    tried = translators(content_type)
    looks_like_twiml = text.lstrip("\ufeff \t\r\n").startswith("<") and "<Response" in text
    if "twiml" in tried and looks_like_twiml:
        return Judgement(
            "twiml",
            "a TwiML document, which this simulator does not play: answer callflow JSON, with Content-Type: "
            "application/json",
        )
    if "kazoo" not in tried:
        named = f"content type {content_type}" if content_type else "an answer without a content type"
        return _hang_up(f"{named} is read as TwiML, and the body is none", at_once)
    try:
        document = callflow.loads(text)
    except callflow.NotJsonError as error:
        instead = late if syntax_fault(text) == "invalid_json" else at_once
        return _hang_up(f"KAZOO cannot read the body: {error}", instead)
    problems = tuple(validate(document))
    if problems:
        outcome = invalid_answer or ("dead_air" if kazoo == "4.3" else "hangup")
        return Judgement(outcome, "the flow is invalid, so all of it is rejected", problems=problems)
    return Judgement("flow", "a valid flow", flow=document)


def translators(content_type: str | None) -> tuple[str, ...]:
    """Name the translators KAZOO tries for a content type, in order; the comparison is case-sensitive."""
    bare = (content_type or "text/xml").split(";")[0].strip()
    if bare in _TWIML_TYPES:
        return ("twiml",)
    return ("kazoo",) if bare == "application/json" else ("twiml", "kazoo")


def _hang_up(rule: str, instead: Instead) -> Judgement:
    if instead:
        return Judgement(instead, f"{rule}; a cdr_url is set, so no hang-up but the fallback")
    return Judgement("hangup", rule)
