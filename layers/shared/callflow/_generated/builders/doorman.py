"""The `doorman` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Literal, Never, TYPE_CHECKING

from callflow._flow import Flow, build

if TYPE_CHECKING:
    from collections.abc import Sequence
    from callflow._generated.types import Tone


def doorman(
    *,
    id: str,
    call_timeout: int | None = None,
    caller_greeting: str | None = None,
    caller_id_name: str | None = None,
    failover_strategy: Literal["hangup", "voicemail"] | None = None,
    max_menu_attempts: int | None = None,
    origin: str | None = None,
    recording_limit: int | None = None,
    tones: Sequence[Tone] | None = None,
    vmbox_id: str | None = None,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """

    Fields:
      id:
      call_timeout:  (KAZOO fills in 30)
      caller_greeting:  (KAZOO fills in 'Hi. Please state your name after the tone.')
      caller_id_name:  (KAZOO fills in 'Doorman')
      failover_strategy:  (KAZOO fills in 'hangup')
      max_menu_attempts:  (KAZOO fills in 3)
      origin:  (KAZOO fills in 'callflow : cf_doorman')
      recording_limit:  (KAZOO fills in 3)
      tones:
      vmbox_id:
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: none; nothing runs after it.

    KAZOO 5 only.
    """
    return build("doorman", {"id": id, "call_timeout": call_timeout, "caller_greeting": caller_greeting, "caller_id_name": caller_id_name, "failover_strategy": failover_strategy, "max_menu_attempts": max_menu_attempts, "origin": origin, "recording_limit": recording_limit, "tones": tones, "vmbox_id": vmbox_id, "skip_module": skip_module}, unknown)
