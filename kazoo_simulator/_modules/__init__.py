"""What each callflow module does to the caller; one that nobody notices is noted and passed."""

from __future__ import annotations

from ._registry import Module, module_named, played_modules

__all__ = ["Module", "module_named", "played_modules"]
