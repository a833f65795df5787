"""The target of the simulator's commands: a given address, or the stack that `make up` started."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

import typer

from kazoo_simulator import Http
from pivotctl.running import local_stack


def choose(url: str | None, token: str | None, public_url: str | None) -> Http:
    """Return the target of these options; without an address, the running local stack."""
    if url is not None:
        if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
            raise typer.BadParameter(
                f"an address like https://HOST/STAGE is needed, not {url!r}", param_hint="--url"
            )
        return Http(url, token, public_url=public_url)
    running = local_stack()
    if running is None:
        raise typer.BadParameter(
            "nothing runs here: start the local stack with `make up`, or name a deployed one",
            param_hint="--url",
        )
    return running


def is_loopback(url: str) -> bool:
    """Return whether an address is on this machine."""
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
