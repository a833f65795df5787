"""Phone numbers as KAZOO sends them, to one E.164 number for each subscriber.

`phonenumbers` is imported only where it is needed: a number that comes in E.164, and a North American one, do
without.
"""

from __future__ import annotations

import re
from collections.abc import Callable

MAX_LENGTH = 64

_PHONE = frozenset("+0123456789 -().\u00a0")
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_NANP = re.compile(r"1?([2-9][0-9]{2}[2-9][0-9]{6})")
_NANP_REGIONS = frozenset({"US", "CA"})
# Vietnam's mobile prefixes of three digits became two in 2018; the seven digits after them stayed.
_VIETNAM = {
    "120": "70", "121": "79", "122": "77", "126": "76", "128": "78",
    "123": "83", "124": "84", "125": "85", "127": "81", "129": "82",
    "162": "32", "163": "33", "164": "34", "165": "35", "166": "36", "167": "37", "168": "38", "169": "39",
    "186": "56", "188": "58", "199": "59",
}  # fmt: skip


def _vietnam(found: re.Match[str]) -> str:
    return f"+84{_VIETNAM.get(found[1], found[1])}{found[2]}"


def _ivory_coast(found: re.Match[str]) -> str:
    """Put the operator's two digits before the eight of the old number, whose second or third digit names
    it."""
    old = found[1]
    if old[0] in "23":
        before = {"0": "25", "8": "21"}.get(old[2], "27")
    else:
        before = "01" if old[1] in "0123" else "05" if old[1] in "456" else "07"
    return f"+225{before}{old}"


# One subscriber, two numbers: what networks still send beside what the numbering plan says today.
_VARIANTS: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    # Mexico gave up the 1 before mobile numbers in 2019.
    (re.compile(r"\+521([0-9]{10})"), r"+52\1"),
    # Argentina: mobiles are called with 9 from abroad and with 15 at home; the ten digits are unique without.
    (re.compile(r"\+549([0-9]{10})"), r"+54\1"),
    (re.compile(r"\+54(?:9)?(11)15([0-9]{8})"), r"+54\1\2"),
    (re.compile(r"\+54(?:9)?([23][0-9]{2})15([0-9]{7})"), r"+54\1\2"),
    (re.compile(r"\+54(?:9)?([23][0-9]{3})15([0-9]{6})"), r"+54\1\2"),
    # Brazil put a 9 before the eight digits of mobile numbers, which began with 6 to 9 (2012 to 2016).
    (re.compile(r"\+55([1-9][0-9])([6-9][0-9]{7})"), r"+55\g<1>9\2"),
    # Colombia: area codes of one digit became 60 and that digit in 2021.
    (re.compile(r"\+57([1-8][0-9]{7})"), r"+5760\1"),
    # Benin put 01 before all numbers in 2024.
    (re.compile(r"\+229([2-9][0-9]{7})"), r"+22901\1"),
    # Ivory Coast put two digits before all numbers in 2021.
    (re.compile(r"\+225([0-9]{8})"), _ivory_coast),
    (re.compile(r"\+84(1[0-9]{2})([0-9]{7})"), _vietnam),
)


def e164(number: str | None, region: str | None) -> str | None:
    """Return the subscriber's number in E.164 (`+14155550100`), None where it is not a phone number.

    KAZOO sends the number as the switch has it: E.164, national digits, an extension, a SIP user name, or
    `anonymous` (KAZOO 4.3: Caller-ID-Number). A national number is read as one of `region` (ISO 3166, `US`).
    """
    # Only what looks like a number: phonenumbers would read the letters of "ALICE2000" as keys.
    if not number or len(number) > MAX_LENGTH or not set(number) <= _PHONE:
        return None
    if _E164.fullmatch(number):
        return subscriber(number)
    if region in _NANP_REGIONS and (found := _NANP.fullmatch(re.sub(r"[ \-().\u00a0]", "", number))):
        return f"+1{found[1]}"
    import phonenumbers

    try:
        parsed = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        return None
    formatted: str = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    if not phonenumbers.is_possible_number(parsed) and subscriber(formatted) == formatted:
        return None
    return subscriber(formatted)


def subscriber(number: str) -> str:
    """Return the one form of an E.164 number under which a subscriber is known: `+5215512345678` and
    `+525512345678` are one."""
    for pattern, form in _VARIANTS:
        if found := pattern.fullmatch(number):
            return found.expand(form) if isinstance(form, str) else form(found)
    return number


def country(number: str) -> str | None:
    """Return the ISO 3166 country of an E.164 number, None where it belongs to none (satellite, shared)."""
    import phonenumbers

    try:
        region: str | None = phonenumbers.region_code_for_number(phonenumbers.parse(number, None))
    except phonenumbers.NumberParseException:
        return None
    return region if region != "001" else None
