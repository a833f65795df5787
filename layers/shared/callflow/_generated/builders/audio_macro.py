"""The `audio_macro` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Never, TYPE_CHECKING

from callflow._flow import Flow, build

if TYPE_CHECKING:
    from collections.abc import Sequence
    from callflow._generated.types import PlayAudioMacroMacro, PromptAudioMacroMacro, SayAudioMacroMacro, ToneAudioMacroMacro, TtsAudioMacroMacro


def audio_macro(
    macros: Sequence[PlayAudioMacroMacro | ToneAudioMacroMacro | PromptAudioMacroMacro | SayAudioMacroMacro | TtsAudioMacroMacro] | None = None,
    *,
    language: str | None = None,
    terminators: Sequence[str] | None = None,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """Runs the module `audio_macro`.

    Fields:
      macros:  (at least 1 items; KAZOO fills in [])
      language:
      terminators:  (KAZOO fills in ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'])
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: none; nothing runs after it.
    """
    return build("audio_macro", {"macros": macros, "language": language, "terminators": terminators, "skip_module": skip_module}, unknown)
