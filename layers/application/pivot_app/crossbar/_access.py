"""The address and key of a KAZOO account's API, from SSM under `PREFIX/crossbar/ACCOUNT`."""

from __future__ import annotations

import json
import re
from typing import Any, Self

from pivot_app.aws import Parameters

from ._crossbar import Crossbar
from ._errors import CrossbarAccessError

_URL = re.compile(r"https?://[^?#\s/]+(/[^?#\s]*[^?#\s/])?")


class CrossbarAccess:
    """The address of Crossbar, without `/v2` and a trailing slash, and the API key of a KAZOO account.

    The key may be that of a parent account. A plain class: neither its `repr` nor `dataclasses.asdict` shows
    the key.
    """

    __slots__ = ("api_key", "url")

    def __init__(self, url: str, api_key: str) -> None:
        if not _URL.fullmatch(url):
            raise CrossbarAccessError(
                f"url {url!r}: give Crossbar's address, such as https://crossbar.example.com:8443"
            )
        if not api_key.strip():
            raise CrossbarAccessError("api_key is empty: give the KAZOO account's API key of 64 characters")
        self.url = url
        self.api_key = api_key

    def __eq__(self, other: object) -> bool:
        """Return whether address and key are the same: `pivot provision` stores an access that changed."""
        return isinstance(other, CrossbarAccess) and (self.url, self.api_key) == (other.url, other.api_key)

    def __hash__(self) -> int:
        return hash((self.url, self.api_key))

    @classmethod
    def from_json(cls, text: str) -> CrossbarAccess:
        """Read the value of the parameter; CrossbarAccessError names the missing field, never the key."""
        try:
            document = json.loads(text)
            return cls(str(document["url"]).rstrip("/").removesuffix("/v2"), str(document["api_key"]))
        except (ValueError, TypeError):
            raise CrossbarAccessError('not a JSON object {"url": ..., "api_key": ...}') from None
        except KeyError as missing:
            raise CrossbarAccessError(f"field {missing} is missing") from None

    def to_json(self) -> str:
        """Return the value of the parameter."""
        return json.dumps({"url": self.url, "api_key": self.api_key}, separators=(",", ":"))


def parameter_name(prefix: str, kazoo_account_id: str) -> str:
    """Return the name of the SSM parameter that holds the access to a KAZOO account."""
    return f"{prefix}/crossbar/{kazoo_account_id}"


class Crossbars:
    """The Crossbar of each KAZOO account whose access is in SSM; each keeps its token.

    `parameters` may read those under `crossbar`. Other keywords are those of `Crossbar`.
    """

    def __init__(self, parameters: Parameters, **settings: Any) -> None:
        self._parameters = parameters
        self._settings = settings
        self._found: dict[str, tuple[str, Crossbar]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for _text, crossbar in self._found.values():
            crossbar.http.close()

    def of(self, kazoo_account_id: str) -> Crossbar:
        """Return the Crossbar of a KAZOO account; a key that was changed counts within a minute.

        CrossbarAccessError if its access is not configured, StoreUnavailableError if SSM does not answer.
        """
        name = parameter_name(self._parameters.prefix, kazoo_account_id)
        text = self._parameters.first(f"crossbar/{kazoo_account_id}")
        if text is None:
            raise CrossbarAccessError(
                f"parameter {name} is missing: `pivot provision` stores it, with Crossbar's url and the "
                "account's api_key"
            )
        known = self._found.get(kazoo_account_id)
        if known is not None and known[0] == text:
            return known[1]
        try:
            access = CrossbarAccess.from_json(text)
        except CrossbarAccessError as error:
            raise CrossbarAccessError(f"parameter {name}: {error}") from None
        if known is not None:
            known[1].http.close()
        crossbar = Crossbar(access.url, access.api_key, kazoo_account_id, **self._settings)
        self._found[kazoo_account_id] = (text, crossbar)
        return crossbar

    def hang_up(self, kazoo_account_id: str, call_id: str) -> None:
        """End a call; a call that is over is fine. Raise CrossbarError if Crossbar does not take it."""
        self.of(kazoo_account_id).hang_up(call_id)
