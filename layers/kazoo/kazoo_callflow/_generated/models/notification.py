"""Models of the `notification` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from typing import ClassVar, Literal

from pydantic import Field

from kazoo_callflow._models import Data, ModuleNode


class NotificationRecipient(Data):
    """Who gets the message."""

    id: str | list[str] = Field(description="The user's id, or e-mail addresses.")
    type: Literal["user", "email"] = Field(description="What the id is.")


class NotificationData(Data):
    """The data of `notification`."""

    recipients: list[NotificationRecipient] = Field(
        default_factory=lambda: [],
        description="Who gets the message. (KAZOO fills in [])",
    )
    comments: str | None = Field(default=None, description="Text added to the message.")
    notification_media: list[Literal["email", "sms"]] | None = Field(
        default=None,
        description="How the message is sent.",
    )
    send_at: Literal["callflow_exec", "channel_destroy"] = Field(
        default="channel_destroy",
        description="Whether it is sent now or at the call's end. (KAZOO fills in 'channel_destroy')",
    )
    template_id: str | None = Field(default=None, description="The template of the message.")


class Notification(ModuleNode):
    """Sends an e-mail or text message now or when the call ends.

    Branches: `_`.
    """

    kazoo_versions: ClassVar[tuple[str, ...]] = ("5",)
    child_keys: ClassVar[tuple[str, ...]] = ("_",)
    other_child_keys: ClassVar[str] = ""
    traps: ClassVar[tuple[str, ...]] = ()

    module: Literal["notification"] = "notification"
    data: NotificationData = Field(default_factory=NotificationData)
