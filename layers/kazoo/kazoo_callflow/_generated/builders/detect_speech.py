"""The `detect_speech` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Any, Literal, Never, TYPE_CHECKING

from kazoo_callflow._flow import Flow, build

if TYPE_CHECKING:
    from collections.abc import Mapping


def detect_speech(
    action: Literal["start", "stop"] | None = None,
    *,
    asr_engine: str | None = None,
    asr_params: Mapping[str, Any] | None = None,
    asr_settings: Mapping[str, Any] | None = None,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """Starts or stops speech recognition and goes on at once.

    Fields:
      action: Whether to start or to stop; anything but stop starts.
      asr_engine: The recognition engine.
      asr_params: Parameters handed to the engine.
      asr_settings: Settings of the recognition.
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: `_`.

    Trap: What is recognised never reaches a Pivot request.

    KAZOO 5 only.
    """
    return build(
        "detect_speech",
        {
            "action": action,
            "asr_engine": asr_engine,
            "asr_params": asr_params,
            "asr_settings": asr_settings,
            "skip_module": skip_module,
        },
        unknown,
    )
