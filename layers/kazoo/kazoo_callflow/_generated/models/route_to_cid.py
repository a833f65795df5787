"""Models of the `route_to_cid` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from typing import Any, ClassVar, Literal

from pydantic import Field

from kazoo_callflow._models import Data, ModuleNode


class RouteToCidData(Data):
    """The data of `route_to_cid`."""

    can_call_self: bool | None = Field(
        default=None,
        description="Whether the calling device or user may be rung as well.",
    )
    can_text_self: bool | None = Field(
        default=None,
        description="Whether the sending device or user may get its own text message.",
    )
    cid_types: list[str] = Field(
        default_factory=lambda: ["internal"],
        min_length=1,
        description="Which caller identities are looked through. (at least 1 item; KAZOO fills in ['internal'])",
    )
    delay: int = Field(
        default=0,
        description="How many seconds to wait before this phone rings. (KAZOO fills in 0)",
    )
    endpoint_types: list[Any] | list[str] = Field(
        default_factory=lambda: [],
        description="What may be rung: devices, users. (KAZOO fills in [])",
    )
    static_invite: str | None = Field(
        default=None,
        description="SIP address to ring instead of the registered one.",
    )
    suppress_clid: bool | None = Field(
        default=None,
        description="Whether the caller's identity is kept from the phone.",
    )
    timeout: int = Field(default=0, description="How many seconds to ring. (KAZOO fills in 0)")
    skip_module: bool | None = Field(
        default=None,
        description="Skip this node: go straight to the wildcard child.",
    )


class RouteToCid(ModuleNode):
    """Rings whatever device or user has the called number as its caller identity.

    Branches: `_`, a hang-up cause such as `USER_BUSY` or a SIP code such as `sip:486`.
    """

    kazoo_versions: ClassVar[tuple[str, ...]] = ("4.3", "5")
    child_keys: ClassVar[tuple[str, ...]] = ("_",)
    other_child_keys: ClassVar[str] = "bridge"
    traps: ClassVar[tuple[str, ...]] = ()

    module: Literal["route_to_cid"] = "route_to_cid"
    data: RouteToCidData = Field(default_factory=RouteToCidData)
