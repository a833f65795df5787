"""Short flows everyone needs, built from the modules' own builders."""

from __future__ import annotations

import re
from typing import Any

from ._errors import BuildError, Problem
from ._flow import Flow, build
from ._limits import TTS_CHARACTERS

_SENTENCE_END = re.compile(r"[.!?…。！？]['\")\]]*\s+")
_GAP = re.compile(r"\s+")
_FAILURES = {
    "busy": ("USER_BUSY", "sip:486"),
    "no_answer": ("NO_ANSWER", "NO_USER_RESPONSE", "sip:480"),
    "rejected": ("CALL_REJECTED", "sip:603"),
}
_OTHER_FAILURES = (
    "NORMAL_TEMPORARY_FAILURE",
    "UNALLOCATED_NUMBER",
    "NO_ROUTE_DESTINATION",
    "USER_NOT_REGISTERED",
    "RECOVERY_ON_TIMER_EXPIRE",
    "UNSPECIFIED",
    "sip:404",
    "sip:408",
    "sip:500",
    "sip:503",
)
_CARRIERS = frozenset({"resources", "offnet"})
MAX_BRANCH_BYTES = 60_000
"""The maximum size of all copies of one failure branch."""


def sequence(first: Flow, *following: Flow) -> Flow:
    """Run flows one after another: `a >> b >> c` for a list of them, in one pass."""
    flows = [first, *following]
    result = flows.pop()
    while flows:
        result = flows.pop() >> result
    return result


def say_long(text: str, **options: Any) -> Flow:
    """Speak a text of any length: as many tts nodes as its length needs, split between sentences or words.

    `options` are those of tts. A word of more than 1,000 characters is cut.
    """
    pieces = split_text(text)
    return sequence(*(build("tts", {"text": piece, **options}) for piece in pieces))


def split_text(text: str, limit: int = TTS_CHARACTERS) -> list[str]:
    """Split a text into pieces of at most `limit` characters: after a sentence, at a gap, or anywhere."""
    rest, pieces = text.strip(), []
    while len(rest) > limit:
        window = rest[: limit + 1]
        ends = [found.end() for found in _SENTENCE_END.finditer(window)]
        gaps = ends or [found.end() for found in _GAP.finditer(window)]
        cut = gaps[-1] if gaps else limit
        pieces.append(rest[:cut].strip())
        rest = rest[cut:].strip()
    return [*pieces, rest] if rest or not pieces else pieces


def prompt_and_collect(
    prompt: Flow | str,
    collection_name: str,
    *,
    max_digits: int = 1,
    timeout_ms: int = 5000,
    interdigit_timeout_ms: int | None = None,
    terminators: list[str] | None = None,
    language: str | None = None,
) -> Flow:
    """Ask something and collect the digits; a caller who knows the question may key in the answer over it.

    KAZOO keeps keys pressed during a prompt in the collection `default`, and the next collect_dtmf takes them
    from there. It is emptied first, so that a key from an earlier prompt is not taken for this answer, and so
    is the collection itself. The digits arrive with the next Pivot request.
    """
    question = build("tts", {"text": prompt, "language": language}) if isinstance(prompt, str) else prompt
    collect = build(
        "collect_dtmf",
        {
            "collection_name": collection_name,
            "max_digits": max_digits,
            "timeout": timeout_ms,
            "interdigit_timeout": interdigit_timeout_ms,
            "terminators": terminators,
        },
    )
    flush = [
        build("flush_dtmf", {"collection_name": name}) for name in dict.fromkeys(("default", collection_name))
    ]
    return sequence(*flush, question, collect)


def pivot_or(
    voice_url: str,
    fallback: Flow,
    *,
    timeout_ms: int = 5000,
    headers: dict[str, str] | None = None,
) -> Flow:
    """Ask a web server for the rest of the call, and run `fallback` when it fails.

    The safe settings: post, a JSON body, KAZOO's own parameter names. `headers` are for KAZOO 5.
    """
    asked = {
        "voice_url": voice_url,
        "method": "post",
        "req_body_format": "json",
        "req_format": "kazoo",
        "req_timeout_ms": timeout_ms,
        "custom_request_headers": headers,
    }
    return build("pivot", asked).otherwise(fallback)


def ring(
    target: Flow,
    *,
    otherwise: Flow,
    busy: Flow | None = None,
    no_answer: Flow | None = None,
    rejected: Flow | None = None,
) -> Flow:
    """Ring (`user(...)`, `ring_group(...)`, `resources(...)`...) with a branch for each failure.

    `otherwise` takes every failure that has no branch of its own. Carriers (resources, offnet) never run a
    wildcard child, so for them it is put under each cause they are known to report. BuildError where these
    copies make the flow bigger than an answer should be: then the rest has to be asked for by a pivot.
    """
    named = {"busy": busy, "no_answer": no_answer, "rejected": rejected}
    carrier = target.module in _CARRIERS
    for name, causes in _FAILURES.items():
        branch = named[name]
        if branch is None and carrier:
            branch = otherwise
        if branch is not None:
            for cause in causes:
                target = target.on(cause, branch)
    if carrier:
        for cause in _OTHER_FAILURES:
            target = target.on(cause, otherwise)
        _check_copies(target, otherwise)
        return target
    return target.otherwise(otherwise)


def _check_copies(ring: Flow, otherwise: Flow) -> None:
    copies = sum(1 for child in ring.children.values() if child is otherwise)
    size = copies * len(otherwise.to_json())
    if size <= MAX_BRANCH_BYTES:
        return
    message = (
        f"`otherwise` is copied under {copies} causes and takes {size:,} bytes: a chain of carrier calls "
        "grows with each. Give pivot_or(url, fallback) as `otherwise`, and answer the next call when it asks"
    )
    raise BuildError(ring.module, [Problem("$.children", "size", message)])
