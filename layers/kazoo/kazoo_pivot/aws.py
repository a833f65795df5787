"""AWS clients with timeouts that fit the time KAZOO waits, and items without boto3's resource layer."""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import Any

# Two tries of a request that hangs take 2 * (0.5 + 1) s at most, and botocore waits up to 1 s between them.
CONNECT_TIMEOUT_S = 0.5
READ_TIMEOUT_S = 1.0
TRIES = 2

_clients: dict[tuple[str, str, str, bool], Any] = {}
_lock = threading.Lock()


def client(service: str, *, complete: bool = False) -> Any:
    """Return the process's botocore client of an AWS service, made on first use; honours AWS_ENDPOINT_URL.

    The client of SSM reads parameters, and does nothing else unless it is `complete`.
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
        from kazoo_pivot._aws_data import QuickLoader

        session.register_component("data_loader", QuickLoader())
    return session


def _create(service: str, region: str, endpoint: str, complete: bool) -> Any:
    from botocore.config import Config

    return _session(complete).create_client(
        service,
        region_name=region,
        endpoint_url=endpoint or None,
        config=Config(
            connect_timeout=CONNECT_TIMEOUT_S,
            read_timeout=READ_TIMEOUT_S,
            retries={"total_max_attempts": TRIES, "mode": "standard"},
            tcp_keepalive=True,
        ),
    )


def to_item(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return a mapping in DynamoDB's attribute-value form; a float is refused, as money is never one."""
    return {name: to_attribute(value) for name, value in values.items()}


def from_item(item: Mapping[str, Any]) -> dict[str, Any]:
    """Return the plain values of an item in DynamoDB's attribute-value form; whole numbers as int."""
    return {name: from_attribute(value) for name, value in item.items()}


def to_attribute(value: Any) -> dict[str, Any]:
    """Return one value in DynamoDB's attribute-value form."""
    if isinstance(value, str):
        return {"S": value}
    if isinstance(value, bool):
        return {"BOOL": value}
    if isinstance(value, int | Decimal):
        return {"N": str(value)}
    if value is None:
        return {"NULL": True}
    if isinstance(value, Mapping):
        return {"M": to_item(value)}
    if isinstance(value, list | tuple):
        return {"L": [to_attribute(item) for item in value]}
    if isinstance(value, bytes):
        return {"B": value}
    if isinstance(value, set | frozenset) and value and all(isinstance(item, str) for item in value):
        return {"SS": sorted(value)}
    raise TypeError(
        f"a {type(value).__name__} cannot be stored in DynamoDB; use text, int, Decimal, list or dict"
    )


def from_attribute(attribute: Mapping[str, Any]) -> Any:
    """Return the plain value of one DynamoDB attribute value."""
    ((kind, value),) = attribute.items()
    if kind in ("S", "BOOL", "B"):
        return value
    if kind == "N":
        number = Decimal(value)
        return int(number) if number == number.to_integral_value() else number
    if kind == "NULL":
        return None
    if kind == "M":
        return from_item(value)
    if kind == "L":
        return [from_attribute(item) for item in value]
    if kind in ("SS", "BS"):
        return set(value)
    if kind == "NS":
        return {from_attribute({"N": item}) for item in value}
    raise TypeError(f"not a DynamoDB attribute value: {kind}")
