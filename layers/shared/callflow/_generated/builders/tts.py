"""The `tts` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Literal, Never, TYPE_CHECKING

from callflow._flow import Flow, build

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
    """Runs the module `tts`.

    Fields:
      text:  (1 to 1000 characters)
      endless_playback:
      engine:
      language:
      terminators:  (KAZOO fills in ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'])
      voice:  (KAZOO fills in 'female')
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: none; nothing runs after it.
    """
    return build("tts", {"text": text, "endless_playback": endless_playback, "engine": engine, "language": language, "terminators": terminators, "voice": voice, "skip_module": skip_module}, unknown)
