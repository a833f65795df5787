"""Destinations: the numbers a call can be rated for, read from what was dialled. Pure.

The checked number is dialled. Only ASCII digits, with or without one leading +, are read: a dial string
behind a number ("/x33899123456", ",,33", ";ext=5"), letters, and the digits of other scripts are no
destination. `Destination.dialled` is what the callflow tells KAZOO to dial, whatever was dialled first.

phonenumbers is imported where it is used: functions that only read balances do without it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final, Literal

from pivot_app.lazy_dataclass import dataclass

_DIALLED = re.compile(r"\+?[0-9]{2,20}")
_SHORT_CODE = re.compile(r"[0-9]{2,8}")
# Mexico wrote +52 1 before mobile numbers until 2019, and address books still do.
_MEXICAN_MOBILE = re.compile(r"\+521([0-9]{10})")

SERVICE_CODE_DIGITS = 3
"""N11 codes (411, 611) count as one carrier's in phonenumbers' data, and everybody dials them."""

HELP_LINES: Final[Mapping[str, frozenset[str]]] = {
    "BE": frozenset({"106", "107", "108", "1813"}),
    "BR": frozenset({"180", "188"}),
    "CA": frozenset({"988"}),
    "ES": frozenset({"016", "024"}),
    "FR": frozenset({"115", "119", "3114", "3919"}),
    "IN": frozenset({"1098", "14416"}),
    "IT": frozenset({"114", "1522"}),
    "NL": frozenset({"113"}),
    "US": frozenset({"933", "988"}),
}
"""Crisis lines of a region, and the test of emergency calls (933)."""

FreeCall = Literal["emergency", "helpline"]


@dataclass(frozen=True, slots=True)
class Destination:
    """A number a call can be rated for.

    Args:
        number: E.164 with +, or the digits alone of a short code ("411").
        country: The ISO 3166 region it belongs to; "" for one that is none's, as +800.

    """

    number: str
    country: str

    @property
    def is_short_code(self) -> bool:
        """Whether it is a short code of its region, such as 411 or 116117."""
        return not self.number.startswith("+")

    @classmethod
    def parse(cls, dialled: str, region: str | None, *, typed: bool = False) -> Destination | None:
        """Return the number that somebody in `region` dialled, or None if it is not a telephone number.

        Args:
            dialled: ASCII digits, with or without a leading +: E.164, national, or a short code.
            region: ISO 3166, "US".
            typed: It was typed on a calling card's line, where many leave out the + of a number abroad. What
                is not a number of `region` is then read as E.164 without +.

        """
        if not _DIALLED.fullmatch(dialled):
            return None
        dialled = _MEXICAN_MOBILE.sub(r"+52\1", dialled)
        found = _e164(dialled, region)
        if found is None and region and _is_short_code(dialled, region):
            return cls(dialled, region)
        if found is None and typed and dialled[0] not in "+0":
            found = _e164(f"+{dialled}", None)
        return cls(*found) if found else None


def free_call(dialled: str, region: str) -> FreeCall | None:
    """Return what makes a call free for a caller in `region`, known or not; None if nothing does.

    An emergency number (911, 112, 999), or a help line: one of `HELP_LINES`, or one of Europe's 116 xxx that
    costs its callers nothing. Other short codes, also those that a carrier's own phones call for nothing
    (611), may cost the operator, so they need a rate. Only the number itself, in ASCII digits.
    """
    import phonenumbers
    from phonenumbers.shortnumberinfo import ShortNumberCost

    if not _SHORT_CODE.fullmatch(dialled):
        return None
    if phonenumbers.is_emergency_number(dialled, region):
        return "emergency"
    if dialled in HELP_LINES.get(region, ()):
        return "helpline"
    if len(dialled) != 6 or not dialled.startswith("116") or not _is_short_code(dialled, region):
        return None
    cost = phonenumbers.expected_cost_for_region(_short_number(dialled, region), region)
    return "helpline" if cost == ShortNumberCost.TOLL_FREE else None


def is_emergency(dialled: str, region: str) -> bool:
    """Return whether somebody in `region` who dialled this calls for help: 911, 112, 999."""
    return free_call(dialled, region) == "emergency"


def _e164(text: str, region: str | None) -> tuple[str, str] | None:
    """Return the E.164 number and its country, or None."""
    import phonenumbers

    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    country = phonenumbers.region_code_for_number(number)
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return e164, "" if country in {None, "001"} else country


def _is_short_code(digits: str, region: str) -> bool:
    """Return whether the digits can be called in a region.

    Left out are codes that only take text messages, and those of four digits and more that one carrier gives
    to its own customers: in the US any extension such as 2030 would be one.
    """
    import phonenumbers
    from phonenumbers.shortnumberinfo import is_sms_service_for_region

    if not _SHORT_CODE.fullmatch(digits):
        return False
    number = _short_number(digits, region)
    if not phonenumbers.is_valid_short_number_for_region(number, region):
        return False
    is_of_one_carrier = len(digits) > SERVICE_CODE_DIGITS and (
        phonenumbers.is_carrier_specific_for_region(number, region)
    )
    return not is_of_one_carrier and not is_sms_service_for_region(number, region)


def _short_number(digits: str, region: str) -> Any:
    """Return a short code for phonenumbers with its leading zeros: `parse` refuses two digits."""
    import phonenumbers

    return phonenumbers.PhoneNumber(
        country_code=phonenumbers.country_code_for_region(region),
        national_number=int(digits),
        italian_leading_zero=digits.startswith("0") or None,
        number_of_leading_zeros=max(len(digits) - len(digits.lstrip("0")), 1) if digits[0] == "0" else None,
    )
