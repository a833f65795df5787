"""The `voicemail` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Literal, Never, TYPE_CHECKING

from callflow._flow import Flow, build



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
    """Runs the module `voicemail`.

    Fields:
      id:  (exactly 32 characters)
      action:  (KAZOO fills in 'compose')
      callerid_match_login:  (KAZOO fills in False)
      interdigit_timeout:  (KAZOO fills in 2000)
      max_message_length:  (KAZOO fills in 500)
      single_mailbox_login:  (KAZOO fills in False)
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: none; nothing runs after it.
    """
    return build("voicemail", {"id": id, "action": action, "callerid_match_login": callerid_match_login, "interdigit_timeout": interdigit_timeout, "max_message_length": max_message_length, "single_mailbox_login": single_mailbox_login, "skip_module": skip_module}, unknown)
