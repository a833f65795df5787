"""The `doorman` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Literal, Never, TYPE_CHECKING

from kazoo_callflow._flow import Flow, build

if TYPE_CHECKING:
    from collections.abc import Sequence
    from kazoo_callflow._generated.types import Tone


def doorman(
    id: str,
    *,
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
    """Screens the caller: records the name, rings the callee, who accepts, rejects or sends to voicemail.

    Fields:
      id: The user or device to ring.
      call_timeout: How many seconds to ring. (KAZOO fills in 30)
      caller_greeting: What the caller is asked. (KAZOO fills in 'Hi. Please state your name after the
        tone.')
      caller_id_name: The name the callee's phone shows. (KAZOO fills in 'Doorman')
      failover_strategy: What happens when the callee does not take the call. (KAZOO fills in 'hangup')
      max_menu_attempts: How many times the callee may press a wrong key. (KAZOO fills in 3)
      origin: A word that says where the call came from. (KAZOO fills in 'callflow : cf_doorman')
      recording_limit: How many seconds of the name are recorded; 2 to 16 are used. (KAZOO fills in 3)
      tones: Tones played before the recording.
      vmbox_id: The voicemail box for callers who are turned away.
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: `_`.

    KAZOO 5 only.
    """
    return build(
        "doorman",
        {
            "id": id,
            "call_timeout": call_timeout,
            "caller_greeting": caller_greeting,
            "caller_id_name": caller_id_name,
            "failover_strategy": failover_strategy,
            "max_menu_attempts": max_menu_attempts,
            "origin": origin,
            "recording_limit": recording_limit,
            "tones": tones,
            "vmbox_id": vmbox_id,
            "skip_module": skip_module,
        },
        unknown,
    )
