"""The `play` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Never, TYPE_CHECKING

from callflow._flow import Flow, build

if TYPE_CHECKING:
    from collections.abc import Sequence


def play(
    id: str | None = None,
    *,
    answer: bool | None = None,
    endless_playback: bool | None = None,
    loop_count: int | None = None,
    terminators: Sequence[str] | None = None,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """Runs the module `play`.

    Fields:
      id:
      answer:
      endless_playback:  (KAZOO fills in False)
      loop_count:  (at least 1)
      terminators:  (KAZOO fills in ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'])
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: none; nothing runs after it.
    """
    return build("play", {"id": id, "answer": answer, "endless_playback": endless_playback, "loop_count": loop_count, "terminators": terminators, "skip_module": skip_module}, unknown)
