"""What each callflow module does to the caller; a module nobody notices is passed through and noted."""

from __future__ import annotations

from ._registry import Module, module_named, played_modules

__all__ = ["Module", "module_named", "played_modules"]
