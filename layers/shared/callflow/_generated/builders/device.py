"""The `device` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Any, Literal, Never, TYPE_CHECKING

from callflow._flow import Flow, build

if TYPE_CHECKING:
    from collections.abc import Mapping


def device(
    id: str | None = None,
    *,
    can_call_self: bool | None = None,
    can_text_self: bool | None = None,
    custom_sip_headers: Mapping[str, Any] | None = None,
    delay: int | None = None,
    dial_strategy: Literal["simultaneous", "single"] | None = None,
    fail_on_single_reject: bool | None = None,
    static_invite: str | None = None,
    suppress_clid: bool | None = None,
    timeout: int | None = None,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """Runs the module `device`.

    Fields:
      id:
      can_call_self:
      can_text_self:
      custom_sip_headers:
      delay:  (KAZOO fills in 0)
      dial_strategy:  (KAZOO fills in 'simultaneous')
      fail_on_single_reject:  (KAZOO 5 only)
      static_invite:
      suppress_clid:
      timeout:  (KAZOO fills in 0)
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: none; nothing runs after it.
    """
    return build("device", {"id": id, "can_call_self": can_call_self, "can_text_self": can_text_self, "custom_sip_headers": custom_sip_headers, "delay": delay, "dial_strategy": dial_strategy, "fail_on_single_reject": fail_on_single_reject, "static_invite": static_invite, "suppress_clid": suppress_clid, "timeout": timeout, "skip_module": skip_module}, unknown)
