"""The `tts` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Literal, Never, TYPE_CHECKING

from kazoo_callflow._flow import Flow, build

if TYPE_CHECKING:
    from collections.abc import Sequence


def tts(
    text: str,
    *,
    endless_playback: bool | None = None,
    engine: Literal["flite", "google", "ispeech", "voicefabric"] | None = None,
    language: str | None = None,
    terminators: Sequence[str] | None = None,
    voice: str | None = None,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """Answers, speaks a text and waits for its end or for a key.

    Fields:
      text: What is said. (1 to 1000 characters)
      endless_playback: Whether the text is repeated until a key is pressed.
      engine: The speech engine to use instead of the system's own.
      language: The language of the text, such as en-us.
      terminators: Keys that stop the sound; an empty list makes it uninterruptible. (KAZOO fills in all
        twelve keys)
      voice: The voice to speak with, such as male or female. (KAZOO fills in 'female')
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: `_`.

    Trap: A speech engine that fails hangs the caller up; the wildcard child does not run.

    Trap: A text of more than 1,000 characters rejects the whole answer; `callflow.say_long` splits one.

    Trap: A key that stops the speech is kept and is the first digit of the next collect_dtmf.
    """
    return build(
        "tts",
        {
            "text": text,
            "endless_playback": endless_playback,
            "engine": engine,
            "language": language,
            "terminators": terminators,
            "voice": voice,
            "skip_module": skip_module,
        },
        unknown,
    )
