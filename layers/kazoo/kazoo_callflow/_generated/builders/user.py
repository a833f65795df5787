"""The `user` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Any, Literal, Never, TYPE_CHECKING

from kazoo_callflow._flow import Flow, build

if TYPE_CHECKING:
    from collections.abc import Mapping


def user(
    id: str | None = None,
    *,
    can_call_self: bool | None = None,
    can_text_self: bool | None = None,
    custom_sip_headers: Mapping[str, Any] | None = None,
    delay: int | None = None,
    fail_on_single_reject: bool | None = None,
    static_invite: str | None = None,
    strategy: Literal["simultaneous", "single"] | None = None,
    suppress_clid: bool | None = None,
    timeout: int | None = None,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """Rings all devices of a user; once answered, the call is over when the bridge ends.

    Fields:
      id: The user's id.
      can_call_self: Whether the calling device or user may be rung as well.
      can_text_self: Whether the sending device or user may get its own text message.
      custom_sip_headers: SIP headers added to the call, by name.
      delay: How many seconds to wait before this phone rings. (KAZOO fills in 0)
      fail_on_single_reject: Whether one phone that rejects the call ends the ringing of all.
      static_invite: SIP address to ring instead of the registered one.
      strategy: Whether the devices ring together or one after another. (KAZOO fills in 'simultaneous')
      suppress_clid: Whether the caller's identity is kept from the phone.
      timeout: How many seconds to ring. (KAZOO fills in 20)
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: `_`, a hang-up cause such as `USER_BUSY` or a SIP code such as `sip:486`.
    """
    return build(
        "user",
        {
            "id": id,
            "can_call_self": can_call_self,
            "can_text_self": can_text_self,
            "custom_sip_headers": custom_sip_headers,
            "delay": delay,
            "fail_on_single_reject": fail_on_single_reject,
            "static_invite": static_invite,
            "strategy": strategy,
            "suppress_clid": suppress_clid,
            "timeout": timeout,
            "skip_module": skip_module,
        },
        unknown,
    )
