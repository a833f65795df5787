"""The `route_to_cid` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Any, Never, TYPE_CHECKING

from kazoo_callflow._flow import Flow, build

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
    """Rings whatever device or user has the called number as its caller identity.

    Fields:
      can_call_self: Whether the calling device or user may be rung as well.
      can_text_self: Whether the sending device or user may get its own text message.
      cid_types: Which caller identities are looked through. (at least 1 item; KAZOO fills in ['internal'])
      delay: How many seconds to wait before this phone rings. (KAZOO fills in 0)
      endpoint_types: What may be rung: devices, users. (KAZOO fills in [])
      static_invite: SIP address to ring instead of the registered one.
      suppress_clid: Whether the caller's identity is kept from the phone.
      timeout: How many seconds to ring. (KAZOO fills in 0)
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: `_`, a hang-up cause such as `USER_BUSY` or a SIP code such as `sip:486`.
    """
    return build(
        "route_to_cid",
        {
            "can_call_self": can_call_self,
            "can_text_self": can_text_self,
            "cid_types": cid_types,
            "delay": delay,
            "endpoint_types": endpoint_types,
            "static_invite": static_invite,
            "suppress_clid": suppress_clid,
            "timeout": timeout,
            "skip_module": skip_module,
        },
        unknown,
    )
