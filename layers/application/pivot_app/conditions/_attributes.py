"""The facts that conditions use; a fact that costs a read is read when first needed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from pivot_app.conditions._withheld import is_withheld
from pivot_app.lazy_dataclass import dataclass
from pivot_app.speech import base


@dataclass(frozen=True, slots=True)
class KnownCallerRecord:
    """A caller found in the callers' table."""

    account_id: str
    name: str = ""
    attributes: Mapping[str, Any] = field(default_factory=dict)


def nobody() -> None:
    """No caller, or no balance, is known."""


def nothing(name: str, language: str) -> str | None:  # noqa: ARG001
    """No value is known."""
    return None


@dataclass
class CallAttributes:
    """One call as conditions see it.

    caller_number, dialled: as KAZOO sent them; region reads national numbers (ISO 3166).
    find_caller, find_available_micros: called at most once, and only when a condition needs the answer.
    value: a placeholder's value in a language, None when there is none.
    """

    now: datetime
    caller_number: str = ""
    caller_name: str = ""
    dialled: str = ""
    region: str | None = None
    language: str = ""
    variables: Mapping[str, Any] = field(default_factory=dict)
    sip_headers: Mapping[str, Any] = field(default_factory=dict)
    user_ids: Sequence[str] = ()
    from_user: str = ""
    from_realm: str = ""
    query: Mapping[str, str] = field(default_factory=dict)
    find_caller: Callable[[], KnownCallerRecord | None] = nobody
    find_available_micros: Callable[[], int | None] = nobody
    value: Callable[[str, str], str | None] = nothing

    @cached_property
    def caller_e164(self) -> str:
        """The caller's number in E.164, or an empty text when it is not a telephone number."""
        return "" if self.withheld else _number_facts(self.caller_number, self.region)[0]

    @cached_property
    def caller_country(self) -> str:
        """The country of the caller's number, or an empty text."""
        return "" if self.withheld else _number_facts(self.caller_number, self.region)[1]

    @cached_property
    def caller_type(self) -> str:
        """The type of the caller's number, such as `mobile`; `unknown` when it has none."""
        return "unknown" if self.withheld else _number_facts(self.caller_number, self.region)[2]

    @cached_property
    def withheld(self) -> bool:
        """Whether the caller hides the number."""
        return is_withheld(self.caller_number, self.sip_headers)

    @cached_property
    def forwarders(self) -> tuple[str, ...]:
        """The numbers that forwarded the call, in E.164 where they are telephone numbers, latest first."""
        found = []
        for header in _FORWARDING_HEADERS:
            for text in self.header_values(header):
                found.extend(_ADDRESS.findall(text) or _NUMBER.findall(text))
        return tuple(dict.fromkeys(_number_facts(number, self.region)[0] or number for number in found))

    @cached_property
    def caller(self) -> KnownCallerRecord | None:
        """The known caller, None for strangers."""
        return self.find_caller()

    @cached_property
    def available_micros(self) -> int | None:
        """The amount that the caller's account can spend, None when unknown."""
        return self.find_available_micros()

    @cached_property
    def spoken_language(self) -> str:
        """The known caller's language, else the call's, without its region: `pt` of `pt_BR`."""
        own = self.caller.attributes.get("language") if self.caller else None
        return base(str(own or self.language))

    def local(self, time_zone: str) -> datetime:
        """Return the time of the call on a clock of that zone."""
        return self.now.astimezone(ZoneInfo(time_zone))

    def header_values(self, name: str) -> Iterator[str]:
        """Yield the texts of a SIP header, whatever the case of its name: KAZOO sends some as lists."""
        wanted = name.lower()
        for header, value in self.sip_headers.items():
            if header.lower() == wanted:
                for each in value if isinstance(value, list) else [value]:
                    if isinstance(each, str | int):
                        yield str(each)


_FORWARDING_HEADERS = ("Diversions", "Diversion", "X-Diversion", "P-Diversion", "History-Info")
_ADDRESS = re.compile(r"(?:sips?|tel):([+0-9*#A-Za-z._-]{1,40})")
_NUMBER = re.compile(r"^\s*(\+?[0-9]{2,18})\s*(?:[;@>]|$)")

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
    # Imported on first use: only conditions about numbers need it.
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
