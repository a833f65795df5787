"""The `collect_dtmf` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Literal, Never, TYPE_CHECKING

from callflow._flow import Flow, build

if TYPE_CHECKING:
    from collections.abc import Sequence


def collect_dtmf(
    collection_name: str | None = None,
    *,
    interdigit_timeout: int | None = None,
    max_digits: int | None = None,
    terminator: Literal["1", "2", "3", "4", "5", "6", "7", "8", "9", "0", "#", "*"] | None = None,
    terminators: Sequence[Literal["1", "2", "3", "4", "5", "6", "7", "8", "9", "0", "#", "*"]] | None = None,
    timeout: int | None = None,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """Runs the module `collect_dtmf`.

    Fields:
      collection_name:
      interdigit_timeout:  (at least 1)
      max_digits:  (at least 1; KAZOO fills in 1)
      terminator:  (KAZOO fills in '#')
      terminators:  (no item twice)
      timeout:  (at least 1; KAZOO fills in 5000)
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: none; nothing runs after it.
    """
    return build("collect_dtmf", {"collection_name": collection_name, "interdigit_timeout": interdigit_timeout, "max_digits": max_digits, "terminator": terminator, "terminators": terminators, "timeout": timeout, "skip_module": skip_module}, unknown)
