"""The `language` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Never, TYPE_CHECKING

from callflow._flow import Flow, build



def language(
    language: str,
    *,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """Runs the module `language`.

    Fields:
      language:  (matching `^[A-Za-z]{2}(-[A-Za-z]{2})?$`)
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: none; nothing runs after it.
    """
    return build("language", {"language": language, "skip_module": skip_module}, unknown)
