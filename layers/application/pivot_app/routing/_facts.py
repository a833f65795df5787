"""What rules may ask about a call; everything that costs something is looked up when the first rule asks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class KnownCaller:
    """A caller found in the callers' table."""

    account_id: str
    name: str = ""
    attributes: Mapping[str, Any] = field(default_factory=dict)


def nobody() -> None:
    """No caller, or no balance, is known."""


@dataclass
class Facts:
    """One call as the rules see it.

    caller_number, dialled: as KAZOO sent them; region reads national numbers (ISO 3166).
    find_caller, find_available_micros: called at most once, and only when a rule needs the answer.
    """

    now: datetime
    caller_number: str = ""
    dialled: str = ""
    region: str | None = None
    language: str = ""
    variables: Mapping[str, Any] = field(default_factory=dict)
    sip_headers: Mapping[str, Any] = field(default_factory=dict)
    find_caller: Callable[[], KnownCaller | None] = nobody
    find_available_micros: Callable[[], int | None] = nobody

    @cached_property
    def caller_e164(self) -> str:
        """The caller's number in E.164, or an empty text when it is no telephone number."""
        return _number_facts(self.caller_number, self.region)[0]

    @cached_property
    def caller_country(self) -> str:
        """The country of the caller's number, or an empty text."""
        return _number_facts(self.caller_number, self.region)[1]

    @cached_property
    def caller_type(self) -> str:
        """The type of the caller's number, such as `mobile`; `unknown` when it has none."""
        return _number_facts(self.caller_number, self.region)[2]

    @cached_property
    def caller(self) -> KnownCaller | None:
        """The known caller, None for strangers."""
        return self.find_caller()

    @cached_property
    def available_micros(self) -> int | None:
        """What the caller's account may spend, None when unknown."""
        return self.find_available_micros()

    @cached_property
    def spoken_language(self) -> str:
        """The known caller's language, else the call's, as two letters."""
        own = self.caller.attributes.get("language") if self.caller else None
        return str(own or self.language)[:2].lower()

    def local(self, time_zone: str) -> datetime:
        """The time of the call on a clock of that zone."""
        return self.now.astimezone(ZoneInfo(time_zone))

    def header(self, name: str) -> str | None:
        """A SIP header, whatever the case of its name."""
        wanted = name.lower()
        for header, value in self.sip_headers.items():
            if header.lower() == wanted and isinstance(value, str):
                return value
        return None


NUMBER_TYPES = (
    "fixed_line",
    "mobile",
    "fixed_line_or_mobile",
    "toll_free",
    "premium_rate",
    "shared_cost",
    "voip",
    "personal",
    "pager",
    "uan",
    "voicemail",
    "unknown",
)


@lru_cache(maxsize=256)
def _number_facts(number: str, region: str | None) -> tuple[str, str, str]:
    """Return (E.164, country, type) of a number; empty texts and `unknown` when it is none."""
    # Imported on first use: only rules about numbers need it.
    import phonenumbers

    from pivot_app.identity import e164

    normal = e164(number, region)
    if normal is None:
        return "", "", "unknown"
    parsed = phonenumbers.parse(normal, None)
    country = phonenumbers.region_code_for_number(parsed) or ""
    kind = phonenumbers.number_type(parsed)
    names = {
        getattr(phonenumbers.PhoneNumberType, _CONSTANTS.get(name, name.upper())): name
        for name in NUMBER_TYPES
    }
    return normal, country, names.get(kind, "unknown")


_CONSTANTS = {"personal": "PERSONAL_NUMBER"}
