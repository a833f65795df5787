"""Queries external systems over HTTP while a caller waits: balances, look-ups.

`HttpClient` makes one request within a deadline and fixed limits. `JsonSource` adds what every such system
needs: a circuit breaker and the last answer, kept with its age. A test replaces the client:
`JsonSource(settings, client=fake)`.

    HttpSourceError
    ├── AddressRefusedError    the address is not one that a source may have
    └── SourceUnavailableError no answer, and no remembered one that is young enough
"""

from pivot_app.http_source._addresses import AddressRefusedError, allowed_hosts
from pivot_app.http_source._breaker import FAILURES_TO_OPEN, OPEN_SECONDS, CircuitBreaker
from pivot_app.http_source._client import MAX_ANSWER_BYTES, Answer, Client, HttpClient, check_url
from pivot_app.http_source._errors import HttpSourceError, SourceUnavailableError
from pivot_app.http_source._json import at, decimal_of, read_json
from pivot_app.http_source._source import Found, JsonSource, SourceSettings

__all__ = [
    "FAILURES_TO_OPEN",
    "MAX_ANSWER_BYTES",
    "OPEN_SECONDS",
    "AddressRefusedError",
    "Answer",
    "CircuitBreaker",
    "Client",
    "Found",
    "HttpClient",
    "HttpSourceError",
    "JsonSource",
    "SourceSettings",
    "SourceUnavailableError",
    "allowed_hosts",
    "at",
    "check_url",
    "decimal_of",
    "read_json",
]
