"""AWS clients with timeouts that fit the time KAZOO waits."""

from __future__ import annotations

import os
import threading
from functools import cache
from os.path import dirname, join
from typing import Any

# Two tries of a request that hangs take 2 * (0.5 + 1) s at most, and botocore waits up to 1 s between them.
CONNECT_TIMEOUT_S = 0.5
READ_TIMEOUT_S = 1.0
TRIES = 2

# The roots AWS's services chain to; `python -m tools.amazon_roots` renews them.
AMAZON_ROOTS = join(dirname(__file__), "amazon_roots.pem")  # noqa: PTH118, PTH120 - pathlib is not imported yet

_clients: dict[tuple[str, str, str, bool], Any] = {}
_lock = threading.Lock()


def client(service: str, *, complete: bool = False) -> Any:
    """Return the process's botocore client of an AWS service, made on first use; honours AWS_ENDPOINT_URL.

    In a function it knows the operations that `sdk_data.py` of this layer lists; a `complete` one knows all.
    """
    region = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or "us-east-1"
    endpoint = os.environ.get(f"AWS_ENDPOINT_URL_{service.upper()}") or os.environ.get("AWS_ENDPOINT_URL", "")
    key = (service, region, endpoint, complete)
    found = _clients.get(key)
    if found is None:
        with _lock:
            found = _clients.get(key) or _clients.setdefault(key, _create(*key))
    return found


@cache
def _session(complete: bool) -> Any:
    """Return the session all clients share: what it loads for one, such as endpoints, the next one has."""
    from botocore.session import Session

    session = Session()
    if not complete:
        from pivot_app.aws._botocore_loader import SlimLoader

        session.register_component("data_loader", SlimLoader())
    return session


def _create(service: str, region: str, endpoint: str, complete: bool) -> Any:
    from botocore.config import Config

    return _session(complete).create_client(
        service,
        region_name=region,
        endpoint_url=endpoint or None,
        verify=_roots(endpoint),
        config=Config(
            connect_timeout=CONNECT_TIMEOUT_S,
            read_timeout=READ_TIMEOUT_S,
            retries={"total_max_attempts": TRIES, "mode": "standard"},
            tcp_keepalive=True,
        ),
    )


def _roots(endpoint: str) -> str | None:
    """Return the file of root certificates; None for the SDK's own choice.

    The SDK parses its whole bundle for every new connection, some 18 ms of a caller's silence. In a function
    that asks AWS itself, the few roots of AWS are enough. PIVOT_AWS_ROOTS=all brings the whole bundle back.
    """
    in_lambda = "AWS_LAMBDA_FUNCTION_NAME" in os.environ
    chosen = os.environ.get("PIVOT_AWS_ROOTS", "amazon") == "all" or "AWS_CA_BUNDLE" in os.environ
    return AMAZON_ROOTS if in_lambda and not endpoint and not chosen else None
