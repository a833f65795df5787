"""Which child keys each module really looks at, and which modules are done at once."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import cache, lru_cache
from typing import Any

from ._schemas import read_table

_CAUSE = re.compile(r"[A-Z][A-Z0-9_]*|sip:[0-9]{3}", re.ASCII).fullmatch


class Branch(StrEnum):
    """Names of branches that modules define."""

    OTHERWISE = "_"
    MATCH = "match"
    NO_MATCH = "nomatch"
    TIMEOUT = "timeout"
    MAX_RETRIES = "max_retries"
    FAX = "ON_FAX"
    VOICE = "ON_VOICE"
    BUSY = "USER_BUSY"
    NO_ANSWER = "NO_ANSWER"
    NO_RESPONSE = "NO_USER_RESPONSE"
    REJECTED = "CALL_REJECTED"
    NOT_REGISTERED = "USER_NOT_REGISTERED"
    UNALLOCATED_NUMBER = "UNALLOCATED_NUMBER"
    TEMPORARY_FAILURE = "NORMAL_TEMPORARY_FAILURE"
    UNSPECIFIED = "UNSPECIFIED"
    DO_NOT_DISTURB = "DO_NOT_DISTURB"
    NO_ENDPOINTS = "NO_ENDPOINTS"


@cache
def branch_rules() -> dict[str, dict[str, Any]]:
    """Return, by module, `children` (exact keys), `other_keys` (what others it takes) and `non_blocking`."""
    table: dict[str, dict[str, Any]] = read_table("branches.json")["modules"]
    return table


@lru_cache(maxsize=4096)
def why_never_taken(module: str, key: str, skipped: bool = False) -> str | None:
    """Say why a child under `key` would never run, or None when it may."""
    if key == "_" and skipped:
        return None
    known = branch_rules().get(module)
    if known is None:
        return None
    children, more = known["children"], known.get("other_keys", "")
    if key in children:
        return None
    if more == "bridge":
        # A `_` where it never runs still keeps KAZOO from playing its error announcement (resources, offnet).
        if key == "_" or _CAUSE(key):
            return None
        return (
            f"never takes the branch {key!r}: it takes hang-up causes (USER_BUSY), SIP codes (sip:486) and _."
        )
    if more and key and key != "_":
        return None
    if not children and not more:
        return f"is the end of the call: nothing runs after it, so there is no branch {key!r}."
    listed = ", ".join([*children, *([more] if more else [])])
    return f"never takes the branch {key!r}; it takes {listed}."
