"""Phone numbers as KAZOO sends them, to E.164."""

from __future__ import annotations

MAX_LENGTH = 64


def e164(number: str | None, region: str | None) -> str | None:
    """The number in E.164 (`+14155550100`), or None where it is not a phone number.

    KAZOO sends the number as the switch has it: E.164, national digits, an extension, a SIP user name, or
    `anonymous` (KAZOO 4.3: Caller-ID-Number). A national number is read as one of `region` (ISO 3166, `US`).
    """
    import phonenumbers

    # Only what looks like a number: phonenumbers would read the letters of "ALICE2000" as keys.
    if not number or len(number) > MAX_LENGTH or not set(number) <= set("+0123456789 -().\u00a0"):
        return None
    try:
        parsed = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(parsed):
        return None
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def country(number: str) -> str | None:
    """The ISO 3166 country of an E.164 number, None where it belongs to none (satellite, shared codes)."""
    import phonenumbers

    try:
        region: str | None = phonenumbers.region_code_for_number(phonenumbers.parse(number, None))
    except phonenumbers.NumberParseException:
        return None
    return region if region != "001" else None
