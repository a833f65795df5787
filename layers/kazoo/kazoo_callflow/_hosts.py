"""The check KAZOO makes on the host of a URL (KAZOO 4.3: on save, and on every node of a pivot answer)."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from ._errors import show

if TYPE_CHECKING:
    from ipaddress import IPv4Network, IPv6Network


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
    host = _host(rest)
    if host in lists.names:
        return f"names the host {host}, which is on KAZOO's black list."
    address = _address(host)
    if address is not None:
        for network in _networks(lists.networks):
            if address.version == network.version and address in network:
                return f"names the address {host}, which is in {network} on KAZOO's black list."
    return None


def _host(rest: str) -> str:
    if not rest.startswith("//"):
        return ""
    location = rest[2:]
    for end in "/?#":
        location = location.partition(end)[0]
    location = location.rpartition("@")[2].lower()
    if location.startswith("["):
        return location[1:].partition("]")[0]
    return location.partition(":")[0]


def _address(host: str):  # type: ignore[no-untyped-def]
    if not host or not (host[0].isdigit() or ":" in host):
        return None
    from ipaddress import ip_address

    try:
        return ip_address(host)
    except ValueError:
        return None


@lru_cache(maxsize=16)
def _networks(networks: Iterable[str]) -> tuple[IPv4Network | IPv6Network, ...]:
    from ipaddress import ip_network

    return tuple(ip_network(network, strict=False) for network in networks)
