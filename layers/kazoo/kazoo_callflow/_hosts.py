"""The check KAZOO makes on the host of a URL (KAZOO 4.3: on save, and on every node of a pivot answer)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from ._errors import show

if TYPE_CHECKING:
    from ipaddress import IPv4Address, IPv4Network, IPv6Network


class BlockedHosts(NamedTuple):
    """The black lists of a KAZOO cluster. `BlockedHosts()` is what KAZOO ships with.

    `names` are compared with the host as text, in lower case; nothing is looked up. `networks` are CIDR
    ranges; operators often add the private ones: `BlockedHosts(networks=(*DEFAULT_NETWORKS, "10.0.0.0/8"))`.
    """

    names: tuple[str, ...] = ("localhost",)
    networks: tuple[str, ...] = ("127.0.0.1/32", "0.0.0.0/32")

    @classmethod
    def none(cls) -> BlockedHosts:
        """Return empty lists: scheme only, as on a cluster whose operator emptied them."""
        return cls((), ())


DEFAULT = BlockedHosts()
DEFAULT_NETWORKS = DEFAULT.networks


@lru_cache(maxsize=1024)
def refusal(url: str, blocked: BlockedHosts | None) -> str | None:
    """Say why KAZOO refuses this URL, or None when it takes it. `None` lists mean KAZOO's own."""
    lists = DEFAULT if blocked is None else blocked
    scheme, separator, rest = url.partition(":")
    if scheme not in {"http", "https"} or not separator:
        return f"must begin with http:// or https:// in lower case; {show(url)} does not."
    try:
        host = host_checked(rest)
    except UnsplittableUrlError:
        return (
            f"has a user name and no colon after it, on which KAZOO's check crashes; {show(url)} rejects the "
            "whole answer. Take the user name out of the URL."
        )
    if host in lists.names:
        return f"names the host {host}, which is on KAZOO's black list."
    address = _ipv4(host)
    if address is not None:
        for network in _networks(lists.networks):
            if network.version == 4 and address in network:
                return f"names the address {host}, which is in {network} on KAZOO's black list."
    return None


class UnsplittableUrlError(ValueError):
    """KAZOO has no rule for a URL of this form: its validator crashes."""


def host_checked(rest: str) -> str:
    """Return the host KAZOO compares with its lists, in ASCII lower case; `rest` follows the scheme's colon.

    KAZOO splits URLs by a rule of its own: a user name ends at `@`, the password that follows it ends at the
    next colon, and only behind that colon the host begins. Of `https://user:pass@host/` it checks `user`;
    a user name without a later colon crashes it (UnsplittableUrlError).
    """
    if not rest.startswith("//"):
        return ""
    place = 2
    while True:
        found = _HOST_END(rest, place)
        if found is None:
            return _ascii_lower(rest[place:])
        if found.group() != "@":
            return _ascii_lower(rest[place : found.start()])
        colon = rest.find(":", found.end())
        if colon < 0:
            raise UnsplittableUrlError(rest)
        place = colon + 1


_HOST_END = re.compile("[/?#:@]").search
_IPV4 = re.compile(r"(?:0|[1-9][0-9]{0,2})(?:\.(?:0|[1-9][0-9]{0,2})){3}").fullmatch


def _ascii_lower(text: str) -> str:
    if text.isascii():
        return text.lower()
    return text.encode("utf-8", "surrogatepass").lower().decode("utf-8", "surrogatepass")


def _ipv4(host: str) -> IPv4Address | None:
    if not _IPV4(host):
        return None
    from ipaddress import AddressValueError, IPv4Address

    try:
        return IPv4Address(host)
    except AddressValueError:
        return None


@lru_cache(maxsize=16)
def _networks(networks: Iterable[str]) -> tuple[IPv4Network | IPv6Network, ...]:
    from ipaddress import ip_network

    return tuple(ip_network(network, strict=False) for network in networks)
