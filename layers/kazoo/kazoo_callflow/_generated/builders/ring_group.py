"""The `ring_group` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Literal, Never, TYPE_CHECKING

from kazoo_callflow._flow import Flow, build

if TYPE_CHECKING:
    from collections.abc import Sequence
    from kazoo_callflow._generated.types import RingGroupEndpoint, RingGroupRingtones, RingGroupSca


def ring_group(
    endpoints: Sequence[RingGroupEndpoint] | None = None,
    *,
    fail_on_single_reject: bool | None = None,
    group_id: str | None = None,
    group_name: str | None = None,
    hard_stop_after_successful_group: bool | None = None,
    ignore_early_media: bool | None = None,
    ignore_forward: bool | None = None,
    repeats: int | None = None,
    ringback: str | None = None,
    ringtones: RingGroupRingtones | None = None,
    sca: RingGroupSca | None = None,
    strategy: Literal["simultaneous", "single", "weighted_random"] | None = None,
    timeout: int | None = None,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """Rings several devices, users or groups, together or one after another.

    Fields:
      endpoints: Who is rung. (at least 1 item)
      fail_on_single_reject: Whether one phone that rejects the call ends the ringing of all.
      group_id: A stored group to ring in place of `endpoints`. (1 to 128 characters; KAZOO 5 only)
      group_name: The group's name, for people. (KAZOO 5 only)
      hard_stop_after_successful_group: Whether the call is hung up after a successful bridge; on by
        default. (KAZOO 5 only)
      ignore_early_media: Whether sound the far side sends before answering is kept from the caller. (KAZOO
        5 only)
      ignore_forward: Whether call forwarding of the phones is ignored. (KAZOO fills in True)
      repeats: How many times the whole group is rung. (at least 1; KAZOO fills in 1)
      ringback: What the caller hears while it rings: a media id, a URL or a tone description.
      ringtones: Ring tone hints for the phones rung.
      sca: Settings for shared call appearance. (KAZOO 5 only)
      strategy: Together, one after another, or in a weighted random order. (KAZOO fills in 'simultaneous')
      timeout: How many seconds to ring in all. (KAZOO fills in 20)
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: `_`, a hang-up cause such as `USER_BUSY` or a SIP code such as `sip:486`.

    Trap: Endpoints are objects with `id` and `endpoint_type`; a list of ids rejects the whole answer.

    Trap: KAZOO 5 takes exactly one of `endpoints` and `group_id`, and tries the child NO_ENDPOINTS when
    nobody can be rung.

    Trap: KAZOO 5 hangs up after a successful bridge unless `hard_stop_after_successful_group` is false.
    """
    return build(
        "ring_group",
        {
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
