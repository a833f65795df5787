"""The `group` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Literal, Never, TYPE_CHECKING

from kazoo_callflow._flow import Flow, build

if TYPE_CHECKING:
    from collections.abc import Sequence
    from kazoo_callflow._generated.types import GroupRingtones, GroupSca


def group(
    id: str | None = None,
    *,
    endpoints: Sequence[str] | None = None,
    fail_on_single_reject: bool | None = None,
    group_id: str | None = None,
    group_name: str | None = None,
    hard_stop_after_successful_group: bool | None = None,
    ignore_early_media: bool | None = None,
    ignore_forward: bool | None = None,
    repeats: int | None = None,
    ringback: str | None = None,
    ringtones: GroupRingtones | None = None,
    sca: GroupSca | None = None,
    strategy: Literal["single", "simultaneous"] | None = None,
    timeout: int | None = None,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """Rings all members of a stored group.

    Fields:
      id: The group's id.
      endpoints: Leave it out: KAZOO's schema wants strings here where its code wants objects. (KAZOO fills
        in [])
      fail_on_single_reject: Whether one phone that rejects the call ends the ringing of all.
      group_id: Another name for the group's id. (KAZOO 5 only)
      group_name: The group's name, for people. (KAZOO 5 only)
      hard_stop_after_successful_group: Whether the call is hung up after a successful bridge; on by
        default. (KAZOO 5 only)
      ignore_early_media: Whether sound the far side sends before answering is kept from the caller. (KAZOO
        5 only)
      ignore_forward: Whether call forwarding of the phones is ignored. (KAZOO fills in True)
      repeats: How many times the group is rung. (KAZOO fills in 1)
      ringback: What the caller hears while it rings: a media id, a URL or a tone description.
      ringtones: Ring tone hints for the phones rung.
      sca: Settings for shared call appearance. (KAZOO 5 only)
      strategy: Whether the members ring together or one after another. (KAZOO fills in 'simultaneous')
      timeout: How many seconds to ring. (KAZOO fills in 20)
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: `_`, a hang-up cause such as `USER_BUSY` or a SIP code such as `sip:486`.

    Trap: KAZOO 4.3 answers the caller before anyone is rung.

    Trap: KAZOO 5 hangs up after a successful bridge unless `hard_stop_after_successful_group` is false.
    """
    return build(
        "group",
        {
            "id": id,
            "endpoints": endpoints,
            "fail_on_single_reject": fail_on_single_reject,
            "group_id": group_id,
            "group_name": group_name,
            "hard_stop_after_successful_group": hard_stop_after_successful_group,
            "ignore_early_media": ignore_early_media,
            "ignore_forward": ignore_forward,
            "repeats": repeats,
            "ringback": ringback,
            "ringtones": ringtones,
            "sca": sca,
            "strategy": strategy,
            "timeout": timeout,
            "skip_module": skip_module,
        },
        unknown,
    )
