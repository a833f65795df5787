"""The `device` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Any, Literal, Never, TYPE_CHECKING

from kazoo_callflow._flow import Flow, build

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
    """Rings one device; once answered, the call is over when the bridge ends.

    Fields:
      id: The device's id.
      can_call_self: Whether the calling device or user may be rung as well.
      can_text_self: Whether the sending device or user may get its own text message.
      custom_sip_headers: SIP headers added to the call, by name.
      delay: How many seconds to wait before this phone rings. (KAZOO fills in 0)
      dial_strategy: How several devices that match are rung. (KAZOO fills in 'simultaneous')
      fail_on_single_reject: Whether one phone that rejects the call ends the ringing of all. (KAZOO 5 only)
      static_invite: SIP address to ring instead of the registered one.
      suppress_clid: Whether the caller's identity is kept from the phone.
      timeout: How many seconds to ring; always give one. (KAZOO fills in 0)
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: `_`, a hang-up cause such as `USER_BUSY` or a SIP code such as `sip:486`.

    Trap: Without `timeout` KAZOO fills in 0, which sets no dial timeout: the caller waits about 40 seconds.
    """
    return build(
        "device",
        {
            "id": id,
            "can_call_self": can_call_self,
            "can_text_self": can_text_self,
            "custom_sip_headers": custom_sip_headers,
            "delay": delay,
            "dial_strategy": dial_strategy,
            "fail_on_single_reject": fail_on_single_reject,
            "static_invite": static_invite,
            "suppress_clid": suppress_clid,
            "timeout": timeout,
            "skip_module": skip_module,
        },
        unknown,
    )
