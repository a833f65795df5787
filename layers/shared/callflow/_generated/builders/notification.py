"""The `notification` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Literal, Never, TYPE_CHECKING

from callflow._flow import Flow, build

if TYPE_CHECKING:
    from collections.abc import Sequence
    from callflow._generated.types import NotificationRecipient


def notification(
    *,
    comments: str | None = None,
    notification_media: Sequence[Literal["email", "sms"]] | None = None,
    recipients: Sequence[NotificationRecipient] | None = None,
    send_at: Literal["callflow_exec", "channel_destroy"] | None = None,
    template_id: str | None = None,
    **unknown: Never,
) -> Flow:
    """

    Fields:
      comments:
      notification_media:
      recipients:  (KAZOO fills in [])
      send_at:  (KAZOO fills in 'channel_destroy')
      template_id:

    Branches: none; nothing runs after it.

    KAZOO 5 only.
    """
    return build("notification", {"comments": comments, "notification_media": notification_media, "recipients": recipients, "send_at": send_at, "template_id": template_id}, unknown)
