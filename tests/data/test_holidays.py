"""Public holidays: computed by the push, by the names people use, and with a warning where they differ."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from pivot_app.schedules import state
from pivotctl.data import MenuDocument, lint, load, pages_of


def document(holidays: dict[str, str], weekly: str = "00:00-24:00") -> MenuDocument:
    """A menu with a schedule that keeps these holidays."""
    made = load(
        {
            "kind": "menus",
            "start": "main",
            "schedules": {
                "office": {"time_zone": "UTC", "weekly": {"mon-sun": weekly}, "holidays": holidays}
            },
            "menus": {
                "main": {
                    "prompt": "Press 1.",
                    "keys": {"1": "hang_up"},
                    "hours": {"schedule": "office", "closed": "hang_up"},
                }
            },
        }
    )
    assert isinstance(made, MenuDocument)
    return made


def warnings(made: MenuDocument) -> list[str]:
    """What lint warns of."""
    return [each.message for each in lint(made) if each.level == "warning"]


@pytest.mark.parametrize("name", ["BY", "Bavaria", "bavaria", "Bayern", "by"])
def test_a_subdivision_is_its_code_or_its_name(name: str) -> None:
    """Epiphany is a holiday in Bavaria, and not in all of Germany."""
    epiphany = datetime(datetime.now(UTC).year + 1, 1, 6, 12, tzinfo=UTC)
    local = document({"country": "DE", "subdivision": name})
    assert state(local.schedules["office"], epiphany) == "holiday"
    assert state(document({"country": "DE"}).schedules["office"], epiphany) == "open"
    assert warnings(local) == []


def test_a_country_whose_holidays_differ_warns_with_its_subdivisions() -> None:
    """A country whose own ones are what most places keep does not."""
    (warning,) = warnings(document({"country": "DE"}))
    assert "kept in some subdivisions only" in warning
    assert "BY" in warning
    assert warnings(document({"country": "US"})) == []


def test_an_unknown_subdivision_is_refused_with_those_there_are() -> None:
    """And with the nearest name."""
    with pytest.raises(ValidationError, match="did you mean 'bavaria'"):
        document({"country": "DE", "subdivision": "Bavarai"})
    with pytest.raises(ValidationError, match="no public holidays are known for XX"):
        document({"country": "XX"})


def test_the_days_are_stored_with_the_page() -> None:
    """A call needs no calendar."""
    stored = pages_of(document({"country": "US"}))["main"].decode()
    assert f"{datetime.now(UTC).year + 5}-12-25" in stored


@pytest.mark.parametrize(
    ("weekly", "hint"),
    [("09:00-00:00", "write the end of a day as 24:00"), ("22:00-06:00", "split a night at midnight")],
)
def test_the_end_of_a_day_is_hinted(weekly: str, hint: str) -> None:
    """24:00; and a span that ends a minute before is a warning."""
    with pytest.raises(ValidationError, match=hint):
        document({"country": "US"}, weekly)
    assert any("24:00" in each for each in warnings(document({"country": "US"}, "00:00-23:59")))


def test_authors_cannot_write_what_the_push_computes() -> None:
    """The days of a country are not fields of a document."""
    days: Any = {"country": "US", "days": ["2026-01-01"]}
    with pytest.raises(ValidationError, match="Extra inputs"):
        document(days)
