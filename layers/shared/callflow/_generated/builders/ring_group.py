"""The `ring_group` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Literal, Never, TYPE_CHECKING

from callflow._flow import Flow, build

if TYPE_CHECKING:
    from collections.abc import Sequence
    from callflow._generated.types import RingGroupEndpoint, RingGroupRingtones, RingGroupSca


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
    """Runs the module `ring_group`.

    Fields:
      endpoints:  (at least 1 items)
      fail_on_single_reject:
      group_id:  (1 to 128 characters; KAZOO 5 only)
      group_name:  (KAZOO 5 only)
      hard_stop_after_successful_group:  (KAZOO 5 only)
      ignore_early_media:  (KAZOO 5 only)
      ignore_forward:  (KAZOO fills in True)
      repeats:  (at least 1; KAZOO fills in 1)
      ringback:
      ringtones:
      sca:  (KAZOO 5 only)
      strategy:  (KAZOO fills in 'simultaneous')
      timeout:  (KAZOO fills in 20)
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: none; nothing runs after it.
    """
    return build("ring_group", {"endpoints": endpoints, "fail_on_single_reject": fail_on_single_reject, "group_id": group_id, "group_name": group_name, "hard_stop_after_successful_group": hard_stop_after_successful_group, "ignore_early_media": ignore_early_media, "ignore_forward": ignore_forward, "repeats": repeats, "ringback": ringback, "ringtones": ringtones, "sca": sca, "strategy": strategy, "timeout": timeout, "skip_module": skip_module}, unknown)
