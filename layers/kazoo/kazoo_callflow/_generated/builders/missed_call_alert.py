"""The `missed_call_alert` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Never, TYPE_CHECKING

from kazoo_callflow._flow import Flow, build

if TYPE_CHECKING:
    from collections.abc import Sequence
    from kazoo_callflow._generated.types import MissedCallAlertRecipient


def missed_call_alert(
    recipients: Sequence[MissedCallAlertRecipient],
    *,
    alert_on_internal_calls: bool | None = None,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """Mails if the call ends unanswered.

    Fields:
      recipients: Who gets the mail.
      alert_on_internal_calls: Whether calls from the account's own devices count. (KAZOO fills in False;
        KAZOO 5 only)
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: `_`.

    Trap: KAZOO 4.3 ignores calls from the account's own devices.
    """
    return build(
        "missed_call_alert",
        {
            "recipients": recipients,
            "alert_on_internal_calls": alert_on_internal_calls,
            "skip_module": skip_module,
        },
        unknown,
    )
