"""Models of the `answer` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from typing import ClassVar, Literal

from pydantic import Field

from kazoo_callflow._models import Data, ModuleNode


class AnswerData(Data):
    """The data of `answer`."""

    skip_module: bool | None = Field(
        default=None,
        description="Skip this node: go straight to the wildcard child.",
    )


class Answer(ModuleNode):
    """Answers the call.

    Branches: `_`.
    """

    kazoo_versions: ClassVar[tuple[str, ...]] = ("5",)
    child_keys: ClassVar[tuple[str, ...]] = ("_",)
    other_child_keys: ClassVar[str] = ""
    traps: ClassVar[tuple[str, ...]] = ()

    module: Literal["answer"] = "answer"
    data: AnswerData = Field(default_factory=AnswerData)
