"""The `language` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Never

from kazoo_callflow._flow import Flow, build


def language(
    language: str,
    *,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """Sets the language of prompts and of later Pivot requests.

    Fields:
      language: The language, such as en or en-US; en_US is refused. (matching
        `^[A-Za-z]{2}(-[A-Za-z]{2})?$`)
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: `_`.
    """
    return build(
        "language",
        {
            "language": language,
            "skip_module": skip_module,
        },
        unknown,
    )
