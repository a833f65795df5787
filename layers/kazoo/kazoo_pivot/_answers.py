"""The only answers that are sent to KAZOO."""

from __future__ import annotations

import re
import time
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import TYPE_CHECKING, Any

import kazoo_callflow as callflow
from kazoo_pivot._errors import InvalidFlowError

if TYPE_CHECKING:
    from kazoo_callflow import Flow, KazooVersion

DEFAULT_LANGUAGE = "en-us"
LANGUAGES_KEPT = 64
REPEATS_KEPT = 256
REPEATS_KEPT_S = 10.0

_LANGUAGE = re.compile(r"[a-z]{2,3}([-_][a-z0-9]{2,8})*")

FORBIDDEN: dict[str, Any] = {
    "statusCode": 403,
    "headers": {"Content-Type": "application/json"},
    "body": '{"message":"Forbidden"}',
    "isBase64Encoded": False,
}


FALLBACK_HEADER = "X-Pivot-Fallback"
"""Marks an answer as a callback's fallback and says why. KAZOO ignores it; people who watch a call do not."""


def ok_response(body: str, fallback: str = "") -> dict[str, Any]:
    """Return the only answer KAZOO runs: exactly 200, exactly this type, uncompressed.

    `fallback` is why the body is the callback's fallback; empty where it is not.
    """
    return {
        "statusCode": 200,
        "headers": {"Content-Type": "application/json", **({FALLBACK_HEADER: fallback} if fallback else {})},
        "body": body,
        "isBase64Encoded": False,
    }


def render(flow: Any, version: KazooVersion) -> str:
    """Return the flow as it is sent; InvalidFlowError when that KAZOO would not run it."""
    if not isinstance(flow, callflow.Flow):
        raise InvalidFlowError([], f"the handler returned a {type(flow).__name__}; return a Flow")
    if problems := callflow.validate(flow, version):
        raise InvalidFlowError([problem._asdict() for problem in problems])
    return flow.to_json().decode()


class Fallbacks:
    """A callback's fallback in every language it was asked for, render and checked beforehand."""

    def __init__(self, source: Flow | Callable[[str], Flow]) -> None:
        import kazoo_callflow  # imported by now: a fallback is built with it

        if not (isinstance(source, kazoo_callflow.Flow) or callable(source)):
            raise TypeError(
                "fallback is a Flow, or a function from a language to a Flow, "
                f"not a {type(source).__name__}; `parse(document)` makes a Flow of plain JSON"
            )
        self._source = source
        self._default = self._render(DEFAULT_LANGUAGE)
        self._bodies = {DEFAULT_LANGUAGE: self._default}

    def flow(self, language: str) -> Flow:
        """Return the fallback in a language; in the default one when the source does not speak it."""
        if not callable(self._source):
            return self._source
        try:
            return self._source(language)
        except Exception:  # noqa: BLE001 - whatever language a stranger names
            return self._source(DEFAULT_LANGUAGE)

    def prepare(self, language: str) -> None:
        """Render the fallback in a language before it is needed."""
        if (
            language in self._bodies
            or len(self._bodies) >= LANGUAGES_KEPT
            or not _LANGUAGE.fullmatch(language)
        ):
            return
        try:
            self._bodies[language] = self._render(language)
        except Exception:  # noqa: BLE001
            self._bodies[language] = self._default

    def body(self, language: str) -> str:
        """Return what was prepared for a language, or the default; does no work."""
        return self._bodies.get(language, self._default)

    def _render(self, language: str) -> str:
        flow = self.flow(language)
        render(flow, "4.3")
        return render(flow, "5")


class ReplayCache:
    """The last answers of this process, for a request that comes twice within seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._answers: OrderedDict[str, tuple[float, str]] = OrderedDict()
        # A request that ran out of time goes on beside the next one.
        self._lock = Lock()

    def get(self, fingerprint: str) -> str | None:
        """Return the answer this very request got, when it was a moment ago."""
        kept = self._answers.get(fingerprint)
        return kept[1] if kept and self._clock() - kept[0] < REPEATS_KEPT_S else None

    def keep(self, fingerprint: str, body: str) -> None:
        """Keep an answer, and drop the oldest one too many."""
        with self._lock:
            self._answers[fingerprint] = (self._clock(), body)
            self._answers.move_to_end(fingerprint)
            if len(self._answers) > REPEATS_KEPT:
                self._answers.popitem(last=False)

    def clear(self) -> None:
        """Forget every answer."""
        self._answers.clear()
