"""The `audio_macro` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Never, TYPE_CHECKING

from kazoo_callflow._flow import Flow, build

if TYPE_CHECKING:
    from collections.abc import Sequence
    from kazoo_callflow._generated.types import PlaySound, PromptSound, SaySound, ToneSound, TtsSound


def audio_macro(
    macros: Sequence[PlaySound | ToneSound | PromptSound | SaySound | TtsSound],
    *,
    language: str | None = None,
    terminators: Sequence[str] | None = None,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """Plays a list of sounds without a gap: media, prompts, numbers, tones and speech.

    Fields:
      macros: The sounds, in order; `macro` names the kind of each. (at least 1 item)
      language: The language of prompts and numbers, such as en-us.
      terminators: Keys that stop the sound; an empty list makes it uninterruptible. (KAZOO fills in all
        twelve keys)
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: `_`.

    Trap: It does not answer the call by itself, unlike play and tts.

    Trap: On KAZOO 4.3 entries of kind tone reach the switch in the wrong form: do not count on them.

    Trap: A list in which nothing can be played goes on to the wildcard child at once.
    """
    return build(
        "audio_macro",
        {
            "macros": macros,
            "language": language,
            "terminators": terminators,
            "skip_module": skip_module,
        },
        unknown,
    )
