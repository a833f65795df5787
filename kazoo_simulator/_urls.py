"""Splits URLs for the HTTP client without validating them: KAZOO accepts hosts that Python refuses."""

from __future__ import annotations

from typing import NamedTuple


class Url(NamedTuple):
    """The parts of a URL, unchanged; the fragment is left out."""

    scheme: str
    authority: str
    path: str
    query: str

    def __str__(self) -> str:
        return f"{self.scheme}://{self.authority}{self.target}"

    @property
    def target(self) -> str:
        """The path and query, as a request line has them."""
        return (self.path or "/") + (f"?{self.query}" if self.query else "")

    @property
    def host(self) -> str:
        """The host without user, port and brackets."""
        place = self.authority.rpartition("@")[2]
        if place.startswith("["):
            return place[1:].partition("]")[0]
        return place.partition(":")[0]

    @property
    def port(self) -> int | None:
        """The port, None when there is none; ValueError when it is not a number."""
        place = self.authority.rpartition("@")[2].rpartition("]")[2]
        text = place.partition(":")[2]
        if not text:
            return None
        if not (text.isascii() and text.isdigit() and int(text) < 65536):
            msg = f"no port: {text!r}"
            raise ValueError(msg)
        return int(text)


def split_url(url: str) -> Url:
    """Cut an absolute URL."""
    scheme, _, rest = url.partition("#")[0].partition("://")
    end = next((place for place, mark in enumerate(rest) if mark in "/?"), len(rest))
    path, _, query = rest[end:].partition("?")
    return Url(scheme, rest[:end], path, query)
