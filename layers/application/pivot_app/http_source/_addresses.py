"""Which addresses a source may have: public ones, unless the operator allows a host by name.

The settings of a source are data, and so is DNS. Without this check a source could read the metadata of the
machine, or a system of the operator's own network. The check is made on the addresses that are then connected
to, so a name that resolves differently a moment later (DNS rebinding) gains nothing.
"""

from __future__ import annotations

import os
import queue
import socket
import threading
import time
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

from pivot_app.http_source._errors import HttpSourceError

ALLOWED_HOSTS_VARIABLE = "PIVOT_ALLOWED_HOSTS"

# Python's own list of what is not global grew over its versions; these hold on all of them.
_NEVER = tuple(
    ip_network(each)
    for each in (
        "0.0.0.0/8",
        "100.64.0.0/10",
        "168.63.129.16/32",
        "169.254.0.0/16",
        "192.0.0.0/24",
        "192.88.99.0/24",
        "198.18.0.0/15",
        "224.0.0.0/3",
        "::/96",
        "64:ff9b:1::/48",
        "100::/64",
        "fc00::/7",
        "fe80::/10",
        "fec0::/10",
        "ff00::/8",
    )
)
_NAT64 = IPv6Network("64:ff9b::/96")


class AddressRefusedError(HttpSourceError):
    """The address of a source is not a public one, and the operator did not allow its host."""


def allowed_hosts() -> frozenset[str]:
    """Return the hosts, or `host:port`, that the operator allows although they are private or without TLS."""
    listed = os.environ.get(ALLOWED_HOSTS_VARIABLE, "").replace(",", " ").lower().split()
    return frozenset(listed)


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Return whether an address belongs to the public internet, also the IPv4 address inside an IPv6 one."""
    if isinstance(address, IPv6Address):
        inside = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if address in _NAT64:
            inside = IPv4Address(int(address) & 0xFFFFFFFF)
        if inside is not None:
            return is_public(inside)
    if any(address.version == network.version and address in network for network in _NEVER):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def resolve(host: str, port: int, deadline: float) -> list[str]:
    """Return the addresses of a host within the deadline (monotonic seconds).

    `getaddrinfo` has no timeout of its own, so it runs in a thread that is left to itself when time is up.
    """
    found: queue.SimpleQueue[list[str] | OSError | UnicodeError] = queue.SimpleQueue()

    def look_up() -> None:
        try:
            infos = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            found.put(list(dict.fromkeys(str(info[4][0]) for info in infos)))
        except (OSError, UnicodeError) as error:
            found.put(error)

    threading.Thread(target=look_up, daemon=True, name="pivot-resolve").start()
    try:
        result = found.get(timeout=max(0.001, deadline - time.monotonic()))
    except queue.Empty:
        raise HttpSourceError("its name did not resolve in time") from None
    if isinstance(result, list):
        return result
    raise HttpSourceError("its name does not resolve")


def check_public(addresses: list[str]) -> None:
    """Raise AddressRefusedError unless every address is public."""
    for address in addresses:
        if not is_public(ip_address(address.partition("%")[0])):
            raise AddressRefusedError(
                "its address is private, link-local or reserved; an operator who means it lists the host in "
                f"{ALLOWED_HOSTS_VARIABLE}"
            )
