"""Models of the `detect_speech` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from typing import Any, ClassVar, Literal

from pydantic import Field

from kazoo_callflow._models import Data, ModuleNode


class DetectSpeechData(Data):
    """The data of `detect_speech`."""

    action: Literal["start", "stop"] | None = Field(
        default=None,
        description="Whether to start or to stop; anything but stop starts.",
    )
    asr_engine: str | None = Field(default=None, description="The recognition engine.")
    asr_params: dict[str, Any] | None = Field(default=None, description="Parameters handed to the engine.")
    asr_settings: dict[str, Any] | None = Field(default=None, description="Settings of the recognition.")
    skip_module: bool | None = Field(
        default=None,
        description="Skip this node: go straight to the wildcard child.",
    )


class DetectSpeech(ModuleNode):
    """Starts or stops speech recognition and goes on at once.

    Branches: `_`.
    """

    kazoo_versions: ClassVar[tuple[str, ...]] = ("5",)
    child_keys: ClassVar[tuple[str, ...]] = ("_",)
    other_child_keys: ClassVar[str] = ""
    traps: ClassVar[tuple[str, ...]] = (
        "What is recognised never reaches a Pivot request.",
    )

    module: Literal["detect_speech"] = "detect_speech"
    data: DetectSpeechData = Field(default_factory=DetectSpeechData)
