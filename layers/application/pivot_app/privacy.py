"""Removes names of people before events of calls are stored: the ledger needs numbers and times only."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

# caller_id_name, Caller-ID-Name, callee_id_name, caller_name, from_name, owner_name, cnam, ...; not `name`,
# which says what the webhook is about.
_NAME = re.compile(
    r"(?i)(?:.*[-_ ](?:full|first|last|display|given|family)?[-_ ]?name|(?:display|first|last|full)name|cnam)"
)
_KEPT = frozenset({"hook_event_name", "event_name", "app_name", "realm_name", "host_name", "node_name"})


def without_names(value: Any) -> Any:
    """Return a webhook's parameters without the fields that hold people's names, however deep they are."""
    if isinstance(value, Mapping):
        return {name: without_names(each) for name, each in value.items() if not _holds_a_name(str(name))}
    if isinstance(value, list | tuple):
        return [without_names(each) for each in value]
    return value


def _holds_a_name(field: str) -> bool:
    return field.lower().replace("-", "_") not in _KEPT and bool(_NAME.fullmatch(field))
