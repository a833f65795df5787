"""Errors of external systems. No message contains a URL, a header or an answer."""

from __future__ import annotations

from pivot_app.errors import ApplicationError


class HttpSourceError(ApplicationError):
    """A request was not made, or its answer cannot be used; the message says why."""


class SourceUnavailableError(HttpSourceError):
    """The system gives no usable answer, and no cached answer is recent enough."""
