"""Models of the `device` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from typing import Any, ClassVar, Literal

from pydantic import Field

from kazoo_callflow._models import Data, ModuleNode


class DeviceData(Data):
    """The data of `device`."""

    id: str | None = Field(default=None, description="The device's id.")
    can_call_self: bool | None = Field(
        default=None,
        description="Whether the calling device or user may be rung as well.",
    )
    can_text_self: bool | None = Field(
        default=None,
        description="Whether the sending device or user may get its own text message.",
    )
    custom_sip_headers: dict[str, Any] | None = Field(
        default=None,
        description="SIP headers added to the call, by name.",
    )
    delay: int = Field(
        default=0,
        description="How many seconds to wait before this phone rings. (KAZOO fills in 0)",
    )
    dial_strategy: Literal["simultaneous", "single"] = Field(
        default="simultaneous",
        description="How several devices that match are rung. (KAZOO fills in 'simultaneous')",
    )
    fail_on_single_reject: bool | None = Field(
        default=None,
        description="Whether one phone that rejects the call ends the ringing of all. (KAZOO 5 only)",
    )
    static_invite: str | None = Field(
        default=None,
        description="SIP address to ring instead of the registered one.",
    )
    suppress_clid: bool | None = Field(
        default=None,
        description="Whether the caller's identity is kept from the phone.",
    )
    timeout: int = Field(
        default=0,
        description="How many seconds to ring; always give one. (KAZOO fills in 0)",
    )
    skip_module: bool | None = Field(
        default=None,
        description="Skip this node: go straight to the wildcard child.",
    )


class Device(ModuleNode):
    """Rings one device; once answered, the call is over when the bridge ends.

    Branches: `_`, a hang-up cause such as `USER_BUSY` or a SIP code such as `sip:486`.
    """

    kazoo_versions: ClassVar[tuple[str, ...]] = ("4.3", "5")
    child_keys: ClassVar[tuple[str, ...]] = ("_",)
    other_child_keys: ClassVar[str] = "bridge"
    traps: ClassVar[tuple[str, ...]] = (
        "Without `timeout` KAZOO fills in 0, which sets no dial timeout: the caller waits about 40 seconds.",
    )

    module: Literal["device"] = "device"
    data: DeviceData = Field(default_factory=DeviceData)
