"""Models of the `acdc_agent` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from typing import ClassVar, Literal

from pydantic import Field

from kazoo_callflow._models import Data, ModuleNode


class AcdcAgentData(Data):
    """The data of `acdc_agent`."""

    action: Literal["login", "logout", "paused", "resume"] | None = Field(
        default=None,
        description="What the agent does.",
    )
    presence_id: str | None = Field(default=None, description="The presence light to change.")
    presence_state: Literal["early", "confirmed", "terminated", "red_flash", "red_solid", "green"] | None = Field(
        default=None,
        description="How the light shows.",
    )
    timeout: int | None = Field(default=None, description="How many seconds a pause lasts.")
    skip_module: bool | None = Field(
        default=None,
        description="Skip this node: go straight to the wildcard child.",
    )


class AcdcAgent(ModuleNode):
    """Lets a queue agent log in, log out, pause or resume, with a prompt.

    Branches: `_`.
    """

    kazoo_versions: ClassVar[tuple[str, ...]] = ("4.3", "5")
    child_keys: ClassVar[tuple[str, ...]] = ("_",)
    other_child_keys: ClassVar[str] = ""
    traps: ClassVar[tuple[str, ...]] = (
        "KAZOO 5 has its schema; whether it has the module depends on the build.",
    )

    module: Literal["acdc_agent"] = "acdc_agent"
    data: AcdcAgentData = Field(default_factory=AcdcAgentData)
