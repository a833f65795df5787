"""Models of the `language` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from typing import ClassVar, Literal

from pydantic import Field

from kazoo_callflow._models import Data, ModuleNode


class LanguageData(Data):
    """The data of `language`."""

    language: str = Field(
        pattern=r"^[A-Za-z]{2}(-[A-Za-z]{2})?$",
        description="The language, such as en or en-US; en_US is refused. (matching `^[A-Za-z]{2}(-[A-Za-z]{2})?$`)",
    )
    skip_module: bool | None = Field(
        default=None,
        description="Skip this node: go straight to the wildcard child.",
    )


class Language(ModuleNode):
    """Sets the language of prompts and of later Pivot requests.

    Branches: `_`.
    """

    kazoo_versions: ClassVar[tuple[str, ...]] = ("4.3", "5")
    child_keys: ClassVar[tuple[str, ...]] = ("_",)
    other_child_keys: ClassVar[str] = ""
    traps: ClassVar[tuple[str, ...]] = ()

    module: Literal["language"] = "language"
    data: LanguageData
