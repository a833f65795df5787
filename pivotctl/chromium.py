"""The browser that draws pictures and that the tests drive."""

from __future__ import annotations

import os
from pathlib import Path

REMEDY = "no Chromium: install it (Debian: apt-get install chromium) or set PIVOT_CHROMIUM"
_USUAL_PLACES = (
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)


def find() -> str | None:
    """Return the path of the system's Chromium, PIVOT_CHROMIUM first; None where there is none."""
    candidates = (os.environ.get("PIVOT_CHROMIUM"), *_USUAL_PLACES)
    return next((path for path in candidates if path and Path(path).exists()), None)


def png(svg: str) -> bytes:
    """Return an SVG document as a PNG picture, twice its size for sharp text.

    Raises:
        RuntimeError: There is no Chromium.
    """
    from playwright.sync_api import sync_playwright

    path = find()
    if path is None:
        raise RuntimeError(REMEDY)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        try:
            page = browser.new_page(device_scale_factor=2)
            page.set_content(f"<style>body{{margin:0}}</style>{svg}")
            return page.locator("svg").screenshot()
        finally:
            browser.close()
