"""Public holidays: computed when a document is pushed, so that no call waits for a calendar."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import Any

YEARS_AHEAD = 6
"""How many years a push knows the holidays of, after the present one."""


def check_place(country: str, subdivision: str | None) -> None:
    """Raise ValueError when no holidays are known for a country or its subdivision."""
    days_of(country, subdivision)


@cache
def days_of(country: str, subdivision: str | None) -> frozenset[str]:
    """Return the public holidays of the last, the present and the coming years as dates.

    ValueError names the subdivisions there are.
    """
    import holidays

    year = datetime.now(UTC).year
    years = range(year - 1, year + YEARS_AHEAD + 1)
    if country not in holidays.list_supported_countries():
        raise ValueError(f"no public holidays are known for {country}; list the days under `closed`")
    code = None if subdivision is None else _code(country, subdivision)
    found = holidays.country_holidays(country, subdiv=code, years=years)
    return frozenset(day.isoformat() for day in found)


def differing_subdivisions(country: str) -> dict[str, list[str]]:
    """Return the holidays of a country that are kept in some subdivisions only, with those.

    Nothing where each is a matter of few: then the country's own holidays are what most places keep.
    """
    import holidays

    year = datetime.now(UTC).year
    everywhere = set(holidays.country_holidays(country, years=year))
    extra: dict[str, list[str]] = {}
    codes = _subdivisions(country)
    for code in codes:
        local = holidays.country_holidays(country, subdiv=code, years=year)
        for day in set(local) - everywhere:
            extra.setdefault(local[day], []).append(code)
    return extra if any(len(kept) * 2 >= len(codes) for kept in extra.values()) else {}


def subdivision_names(country: str) -> dict[str, str]:
    """Return code by lower-case name, for the subdivisions of a country whose names are known."""
    import holidays

    instance: Any = holidays.country_holidays(country)
    aliases = getattr(instance, "subdivisions_aliases", {}) or {}
    return {name.casefold(): code for name, code in aliases.items()}


def _subdivisions(country: str) -> list[str]:
    import holidays

    return list(holidays.list_supported_countries().get(country, []))


_ENGLISH = {
    "DE": {
        "bavaria": "BY",
        "hesse": "HE",
        "lower saxony": "NI",
        "north rhine-westphalia": "NW",
        "rhineland-palatinate": "RP",
        "saxony": "SN",
        "saxony-anhalt": "ST",
        "thuringia": "TH",
        "mecklenburg-western pomerania": "MV",
    },
    "CH": {"geneva": "GE", "zurich": "ZH", "lucerne": "LU", "berne": "BE", "bern": "BE"},
    "AT": {"vienna": "9", "tyrol": "7", "carinthia": "2", "styria": "6", "lower austria": "3"},
    "ES": {"catalonia": "CT", "andalusia": "AN", "basque country": "PV", "balearic islands": "IB"},
    "IT": {"rome": "RM", "milan": "MI", "turin": "TO", "naples": "NA", "florence": "FI"},
}
"""English names, where the calendar has only local ones."""


def _code(country: str, subdivision: str) -> str:
    codes = _subdivisions(country)
    if subdivision in codes:
        return subdivision
    wanted = subdivision.casefold()
    by_name = subdivision_names(country) | _ENGLISH.get(country, {})
    code = by_name.get(wanted) or next((each for each in codes if each.casefold() == wanted), None)
    if code is not None and code in codes:
        return code
    if not codes:
        raise ValueError(
            f"no public holidays are known for {country}-{subdivision}: {country} has no subdivisions"
        )
    from difflib import get_close_matches

    close = get_close_matches(wanted, [*by_name, *(each.casefold() for each in codes)], n=1)
    hint = f"; did you mean {close[0]!r}?" if close else ""
    names = ", ".join(codes[:60])
    raise ValueError(f"no public holidays are known for {country}-{subdivision}{hint}; there are {names}")
