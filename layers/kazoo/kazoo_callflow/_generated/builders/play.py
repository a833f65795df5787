"""The `play` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Never, TYPE_CHECKING

from kazoo_callflow._flow import Flow, build

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
    """Answers unless told not to, plays one sound and waits for its end or for a key.

    Fields:
      id: A media document's id, or a URL or path when it has a slash in it.
      answer: Whether the call is answered first.
      endless_playback: Whether the sound is repeated until a key is pressed. (KAZOO fills in False)
      loop_count: How many times the sound is played. (at least 1)
      terminators: Keys that stop the sound; an empty list makes it uninterruptible. (KAZOO fills in all
        twelve keys)
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: `_`.

    Trap: A sound that cannot be found is not an error: the call goes on to the wildcard child at once.

    Trap: With no `terminators` every key stops the sound: KAZOO fills in all twelve.
    """
    return build(
        "play",
        {
            "id": id,
            "answer": answer,
            "endless_playback": endless_playback,
            "loop_count": loop_count,
            "terminators": terminators,
            "skip_module": skip_module,
        },
        unknown,
    )
