"""One KAZOO account's requests to Crossbar: token, envelope, retries, pages."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import field
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import quote, urlencode

from pivot_app.lazy_dataclass import dataclass

from ._errors import CrossbarCredentialsError, CrossbarUnavailableError, error_of

if TYPE_CHECKING:
    import httpx

Method = Literal["GET", "PUT", "POST", "PATCH", "DELETE"]
Query = Mapping[str, str | int]
Version = Literal["4.3", "5"]

TIMEOUT_S = 5.0
TRIES = 3
PAUSE_S = 0.3
TOO_MANY_PAUSE_S = 2.0
BURST, PER_SECOND = 50, 5.0
"""Crossbar's own bucket has 100 tokens and 10 a second for all clients behind one address."""
PAGE_SIZE = 200


@dataclass(frozen=True, slots=True)
class Reply:
    """A successful answer, without the token that its envelope repeats."""

    status: int
    data: Any
    metadata: Mapping[str, Any]
    revision: str
    etag: str
    request_id: str
    next_start_key: str | None
    page_size: int | None


@dataclass(slots=True)
class Pace:
    """A bucket of requests, refilled steadily: `take` waits while it is empty."""

    now: Callable[[], float]
    sleep: Callable[[float], None]
    _left: float = BURST
    _at: float = field(default=0.0)

    def take(self) -> None:
        """Take one request out of the bucket."""
        now = self.now()
        self._left = min(BURST, self._left + (now - self._at) * PER_SECOND) if self._at else BURST
        self._at = now
        if self._left < 1:
            self.sleep((1 - self._left) / PER_SECOND)
            self._left = 1
            self._at = self.now()
        self._left -= 1


class CrossbarHttp:
    """Sends requests as one API key. The key and the token stay in this object.

    Reads are tried `tries` times; a write is repeated only if it was not received. `client` replaces httpx's
    own; `now` and `sleep` are the clock.
    """

    def __init__(
        self,
        url: str,
        api_key: str,
        *,
        client: httpx.Client | None = None,
        timeout_s: float = TIMEOUT_S,
        tries: int = TRIES,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        request_id: str = "",
    ) -> None:
        self.url = url.rstrip("/")
        self.request_id = request_id
        self._api_key = api_key
        self._given = client
        self._timeout_s = timeout_s
        self._tries = tries
        self._sleep = sleep
        self._pace = Pace(now, sleep)
        self._token = ""
        self._version: Version | None = None
        self._lock = threading.Lock()

    def close(self) -> None:
        """Close the connections that are kept open."""
        if self._given is not None:
            self._given.close()

    @property
    def version(self) -> Version:
        """The KAZOO version that the envelopes show."""
        if self._version is None:
            self._ensure_token("")
        return self._version or "4.3"

    def segment(self, text: str) -> str:
        """Return a text as one part of a path. KAZOO 4.3 decodes twice: a percent sign is encoded twice."""
        encoded = quote(text, safe="")
        return encoded.replace("%25", "%2525") if "%" in text and self.version == "4.3" else encoded

    def send(
        self,
        method: Method,
        path: str,
        data: Any = None,
        *,
        query: Query | None = None,
        etag: str = "",
        tries: int | None = None,
        is_safe: bool = False,
    ) -> Reply:
        """Send one request as the account and return the answer; raise a CrossbarError for anything else.

        A request that `is_safe` is repeated like a read.
        """
        token = self._ensure_token("")
        target = f"{path}?{urlencode(query, quote_via=quote)}" if query else path
        for is_last in (False, True):
            headers = {"X-Auth-Token": token} | ({"If-Match": etag} if etag else {})
            answer = self._tried(method, target, data, headers, tries or self._tries, is_safe=is_safe)
            if answer.status_code != 401 or is_last:
                break
            token = self._ensure_token(token)
        return self._reply(answer, f"{method} {path}")

    def pages(self, path: str, query: Query) -> Iterator[Any]:
        """Yield the rows of a list page by page; CrossbarUnavailableError if a page broke off."""
        key: str | None = None
        asked: set[str] = set()
        while True:
            paging: dict[str, str | int] = {"page_size": PAGE_SIZE} | ({"start_key": key} if key else {})
            reply = self.send("GET", path, query={**query, **paging})
            rows = reply.data if isinstance(reply.data, list) else []
            # Crossbar ends a list with `success` even if its database failed in the middle.
            if reply.page_size is not None and reply.page_size != len(rows):
                raise CrossbarUnavailableError(
                    f"GET {path}: the list broke off, {len(rows)} of {reply.page_size} rows came",
                    status=reply.status,
                    request=f"GET {path}",
                    request_id=reply.request_id,
                )
            yield from rows
            key = reply.next_start_key
            if key is None or key in asked:
                return
            asked.add(key)

    def _ensure_token(self, refused: str) -> str:
        """Return the token, a new one if there is none or it was `refused`. Never sends the old one along."""
        with self._lock:
            if not self._token or self._token == refused:
                self._token = ""
                self._token = self._sign_in()
            return self._token

    def _sign_in(self) -> str:
        request = "PUT /v2/api_auth"
        credentials = {"api_key": self._api_key}
        answer = self._tried("PUT", "/v2/api_auth", credentials, {}, self._tries, is_safe=True)
        envelope = self._envelope(answer, request)
        if answer.status_code in (400, 401, 404):
            # The body of a 404 repeats the key: nothing of it goes into the message.
            raise CrossbarCredentialsError(
                f"{self.url} does not accept the API key ({answer.status_code}); "
                "`GET /v2/accounts/ID/api_key` shows it",
                status=answer.status_code,
                request=request,
            )
        token = envelope.get("auth_token")
        if not answer.is_success or not token:
            raise error_of(answer.status_code, {**envelope, "data": {}}, request, "")
        self._version = "5" if "metadata" in envelope or "tokens" in envelope else "4.3"
        return str(token)

    def _tried(
        self,
        method: Method,
        target: str,
        data: Any,
        headers: Mapping[str, str],
        tries: int,
        *,
        is_safe: bool = False,
    ) -> httpx.Response:
        import httpx

        is_safe = is_safe or method == "GET"
        request = f"{method} {target.partition('?')[0]}"
        for left in range(tries - 1, -1, -1):
            self._pace.take()
            pause = PAUSE_S * 2 ** (tries - 1 - left)
            try:
                answer = self._client().request(
                    method,
                    self.url + target,
                    headers=dict(headers) | ({"X-Request-ID": self.request_id} if self.request_id else {}),
                    json=None if data is None else {"data": data},
                )
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                failure = CrossbarUnavailableError(
                    f"{request}: {self.url} is not reached ({error}); check the url and KAZOO's firewall",
                    request=request,
                )
                can_repeat = True
            except httpx.HTTPError as error:
                failure = CrossbarUnavailableError(
                    f"{request}: no answer from {self.url} within {self._timeout_s:g} s "
                    f"({type(error).__name__}){'' if is_safe else '; it may have taken effect'}",
                    request=request,
                )
                can_repeat = is_safe
            else:
                too_many = answer.status_code == 429
                if not left or not (too_many or (is_safe and answer.status_code >= 500)):
                    return answer
                self._sleep(TOO_MANY_PAUSE_S * 2 ** (tries - 1 - left) if too_many else pause)
                continue
            if not left or not can_repeat:
                raise failure
            self._sleep(pause)
        raise AssertionError("tries is at least 1")

    def _client(self) -> httpx.Client:
        if self._given is None:
            import httpx

            self._given = httpx.Client(timeout=self._timeout_s, follow_redirects=False)
        return self._given

    def _reply(self, answer: httpx.Response, request: str) -> Reply:
        request_id = answer.headers.get("x-request-id", "")
        envelope = self._envelope(answer, request)
        if not answer.is_success:
            raise error_of(answer.status_code, envelope, request, request_id)
        metadata = envelope.get("metadata")
        revision = str(envelope.get("revision") or "")
        next_key, size = envelope.get("next_start_key"), envelope.get("page_size")
        return Reply(
            status=answer.status_code,
            data=envelope.get("data"),
            metadata=metadata if isinstance(metadata, Mapping) else {},
            revision=revision,
            etag=answer.headers.get("etag") or (f'"{revision}"' if revision else ""),
            request_id=request_id,
            next_start_key=str(next_key) if next_key else None,
            page_size=int(str(size)) if str(size or "").isdigit() else None,
        )

    @staticmethod
    def _envelope(answer: httpx.Response, request: str) -> Mapping[str, Any]:
        """Return the JSON object of an answer; errors of the HTTP layer itself have an empty body."""
        try:
            envelope = json.loads(answer.content) if answer.content else {}
        except ValueError:
            envelope = None
        if isinstance(envelope, dict):
            return envelope
        if not answer.is_success:
            return {}
        raise CrossbarUnavailableError(
            f"{request}: the answer is not a JSON object; is the url that of Crossbar, KAZOO's API?",
            status=answer.status_code,
            request=request,
        )
