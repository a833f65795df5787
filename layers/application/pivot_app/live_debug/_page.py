"""The web page's files and the headers that keep a browser from doing anything else with them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

PAGE: Final = Path(__file__).parent / "page"
_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}


def page_file(name: str) -> tuple[bytes, str] | None:
    """Return a file of the page with its content type; None if there is no such file."""
    found = next((file for file in PAGE.iterdir() if file.name == name), None)
    if found is None or found.suffix not in _TYPES:
        return None
    return found.read_bytes(), _TYPES[found.suffix]


def security_headers(connect: Iterable[str] = ()) -> dict[str, str]:
    """Headers of every answer: nothing from elsewhere, nothing inline, nothing kept.

    `connect` are the origins the page may talk to besides its own: an OIDC provider's token endpoint.
    """
    policy = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self'",
        "connect-src": " ".join(["'self'", *connect]),
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
        # What strangers sent is text: with this a browser refuses to make markup of any string.
        "require-trusted-types-for": "'script'",
        "trusted-types": "'none'",
    }
    return {
        "content-security-policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "cache-control": "no-store",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "referrer-policy": "no-referrer",
        "strict-transport-security": "max-age=31536000",
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
    }
