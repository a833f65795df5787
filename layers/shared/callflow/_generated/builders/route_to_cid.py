"""The `route_to_cid` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Any, Never, TYPE_CHECKING

from callflow._flow import Flow, build

if TYPE_CHECKING:
    from collections.abc import Sequence


def route_to_cid(
    *,
    can_call_self: bool | None = None,
    can_text_self: bool | None = None,
    cid_types: Sequence[str] | None = None,
    delay: int | None = None,
    endpoint_types: Sequence[Any] | Sequence[str] | None = None,
    static_invite: str | None = None,
    suppress_clid: bool | None = None,
    timeout: int | None = None,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """

    Fields:
      can_call_self:
      can_text_self:
      cid_types:  (at least 1 items; KAZOO fills in ['internal'])
      delay:  (KAZOO fills in 0)
      endpoint_types:  (KAZOO fills in [])
      static_invite:
      suppress_clid:
      timeout:  (KAZOO fills in 0)
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: none; nothing runs after it.
    """
    return build("route_to_cid", {"can_call_self": can_call_self, "can_text_self": can_text_self, "cid_types": cid_types, "delay": delay, "endpoint_types": endpoint_types, "static_invite": static_invite, "suppress_clid": suppress_clid, "timeout": timeout, "skip_module": skip_module}, unknown)
