"""Models of the `voicemail` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from typing import ClassVar, Literal

from pydantic import Field

from kazoo_callflow._models import Data, ModuleNode


class VoicemailData(Data):
    """The data of `voicemail`."""

    id: str | None = Field(
        default=None,
        min_length=32,
        max_length=32,
        description="The voicemail box's id. (exactly 32 characters)",
    )
    action: Literal["check", "compose"] = Field(
        default="compose",
        description="Leave a message or check the box. (KAZOO fills in 'compose')",
    )
    callerid_match_login: bool = Field(
        default=False,
        description="Whether the box may be opened without a PIN from its owner's number. (KAZOO fills in False)",
    )
    interdigit_timeout: int = Field(
        default=2000,
        description="How many milliseconds to wait for the next digit. (KAZOO fills in 2000)",
    )
    max_message_length: int = Field(
        default=500,
        description="The longest message, in seconds. (KAZOO fills in 500)",
    )
    single_mailbox_login: bool = Field(
        default=False,
        description="Whether an account with one box opens it without asking for its number. (KAZOO fills in False)",
    )
    skip_module: bool | None = Field(
        default=None,
        description="Skip this node: go straight to the wildcard child.",
    )


class Voicemail(ModuleNode):
    """Answers and takes a message for a voicemail box, or lets its owner listen.

    Branches: `_`.
    """

    kazoo_versions: ClassVar[tuple[str, ...]] = ("4.3", "5")
    child_keys: ClassVar[tuple[str, ...]] = ("_",)
    other_child_keys: ClassVar[str] = ""
    traps: ClassVar[tuple[str, ...]] = (
        "A box's owner who calls it gets the box's menu, not the greeting.",
    )

    module: Literal["voicemail"] = "voicemail"
    data: VoicemailData = Field(default_factory=VoicemailData)
