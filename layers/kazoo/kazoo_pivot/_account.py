"""A KAZOO account as the contract needs to know it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class KazooAccount:
    """The settings of a KAZOO account, the tenant whose calls KAZOO asks about.

    kazoo_version: which KAZOO its answers must be valid on
    language: for callers whose request names no language; region: ISO country of numbers in national form
    time_zone: IANA name, for greetings and opening hours
    """

    id: str
    kazoo_version: Literal["4.3", "5"] = "4.3"
    language: str = "en-us"
    region: str = "US"
    time_zone: str = "UTC"
