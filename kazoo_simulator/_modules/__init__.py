"""The effect of each callflow module on the caller; a module without one is noted and skipped."""

from __future__ import annotations

from ._registry import Module, module_named, played_modules

__all__ = ["Module", "module_named", "played_modules"]
