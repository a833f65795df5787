"""The `notification` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Literal, Never, TYPE_CHECKING

from kazoo_callflow._flow import Flow, build

if TYPE_CHECKING:
    from collections.abc import Sequence
    from kazoo_callflow._generated.types import NotificationRecipient


def notification(
    recipients: Sequence[NotificationRecipient] | None = None,
    *,
    comments: str | None = None,
    notification_media: Sequence[Literal["email", "sms"]] | None = None,
    send_at: Literal["callflow_exec", "channel_destroy"] | None = None,
    template_id: str | None = None,
    **unknown: Never,
) -> Flow:
    """Sends an e-mail or text message now or when the call ends.

    Fields:
      recipients: Who gets the message. (KAZOO fills in [])
      comments: Text added to the message.
      notification_media: How the message is sent.
      send_at: Whether it is sent now or at the call's end. (KAZOO fills in 'channel_destroy')
      template_id: The template of the message.

    Branches: `_`.

    KAZOO 5 only.
    """
    return build(
        "notification",
        {
            "recipients": recipients,
            "comments": comments,
            "notification_media": notification_media,
            "send_at": send_at,
            "template_id": template_id,
        },
        unknown,
    )
