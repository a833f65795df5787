"""Reads a stored menu."""

from __future__ import annotations

import json
from typing import Any

from pivot_app.documents import decode
from pivot_app.menus._schema import MenuPage


def read_page(stored: bytes) -> MenuPage:
    """Return one menu from the JSON it is stored as."""
    value: dict[str, Any] = json.loads(stored)
    menu = value["menu"]
    if "media" in menu:
        # Until a prompt could mix texts and recordings, a recording stood in a field of its own.
        if menu["media"] is not None and menu.get("prompt") is None:
            menu["prompt"] = {"media": menu["media"]}
        del menu["media"]
    schedule = value.pop("schedule", None)
    if schedule is not None and menu.get("hours"):
        value["schedules"] = {menu["hours"]["schedule"]: schedule}
    return decode(MenuPage, value)
