"""The `voicemail` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Literal, Never

from kazoo_callflow._flow import Flow, build


def voicemail(
    id: str | None = None,
    *,
    action: Literal["check", "compose"] | None = None,
    callerid_match_login: bool | None = None,
    interdigit_timeout: int | None = None,
    max_message_length: int | None = None,
    single_mailbox_login: bool | None = None,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """Answers and takes a message for a voicemail box, or lets its owner listen.

    Fields:
      id: The voicemail box's id. (exactly 32 characters)
      action: Leave a message or check the box. (KAZOO fills in 'compose')
      callerid_match_login: Whether the box may be opened without a PIN from its owner's number. (KAZOO
        fills in False)
      interdigit_timeout: How many milliseconds to wait for the next digit. (KAZOO fills in 2000)
      max_message_length: The longest message, in seconds. (KAZOO fills in 500)
      single_mailbox_login: Whether an account with one box opens it without asking for its number. (KAZOO
        fills in False)
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: `_`.

    Trap: A box's owner who calls it gets the box's menu, not the greeting.
    """
    return build(
        "voicemail",
        {
            "id": id,
            "action": action,
            "callerid_match_login": callerid_match_login,
            "interdigit_timeout": interdigit_timeout,
            "max_message_length": max_message_length,
            "single_mailbox_login": single_mailbox_login,
            "skip_module": skip_module,
        },
        unknown,
    )
