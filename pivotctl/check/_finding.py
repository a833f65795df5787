"""The finding of a check."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any, Literal

Level = Literal["ok", "note", "warning", "failure", "unknown"]
SIGNS: dict[Level, str] = {"ok": "✓", "note": "·", "warning": "!", "failure": "✗", "unknown": "?"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    level: ok and note need nothing; warning may hurt; failure hurts callers or money; unknown was refused
    """

    check: str
    level: Level
    message: str
    remedy: str = ""

    def to_dict(self) -> dict[str, str]:
        """Return it as JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Subject:
    """The deployment that is checked.

    client: makes a botocore client of an AWS service
    stack, outputs, parameters: as CloudFormation has them
    """

    stage: str
    client: Callable[[str], Any]
    stack: dict[str, Any]
    outputs: dict[str, str]
    parameters: dict[str, str]
    url: str
    account: str
    region: str


Check = Callable[[Subject], Iterator[Finding]]


def ok(check: str, message: str) -> Finding:
    """Return a finding that needs nothing."""
    return Finding(check, "ok", message)
