"""Models of the `privacy` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from typing import ClassVar, Literal

from pydantic import Field

from kazoo_callflow._models import Data, ModuleNode


class PrivacyData(Data):
    """The data of `privacy`."""

    endpoint_strategy: Literal["overwrite", "merge"] = Field(
        default="overwrite",
        description="Whether the privacy of the phone's own settings is kept. (KAZOO fills in 'overwrite')",
    )
    mode: Literal["full", "name", "number", "yes"] = Field(
        default="full",
        description="What is hidden. (KAZOO fills in 'full')",
    )
    skip_module: bool | None = Field(
        default=None,
        description="Skip this node: go straight to the wildcard child.",
    )


class Privacy(ModuleNode):
    """Hides the caller's identity and goes on in the callflow of the captured number.

    Branches: `_`.
    """

    kazoo_versions: ClassVar[tuple[str, ...]] = ("4.3", "5")
    child_keys: ClassVar[tuple[str, ...]] = ("_",)
    other_child_keys: ClassVar[str] = ""
    traps: ClassVar[tuple[str, ...]] = (
        "On KAZOO 4.3 without a captured number the caller hears an error and is hung up.",
    )

    module: Literal["privacy"] = "privacy"
    data: PrivacyData = Field(default_factory=PrivacyData)
