"""Models of the `user` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from typing import Any, ClassVar, Literal

from pydantic import Field

from kazoo_callflow._models import Data, ModuleNode


class UserData(Data):
    """The data of `user`."""

    id: str | None = Field(default=None, description="The user's id.")
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
    fail_on_single_reject: bool | None = Field(
        default=None,
        description="Whether one phone that rejects the call ends the ringing of all.",
    )
    static_invite: str | None = Field(
        default=None,
        description="SIP address to ring instead of the registered one.",
    )
    strategy: Literal["simultaneous", "single"] = Field(
        default="simultaneous",
        description="Whether the devices ring together or one after another. (KAZOO fills in 'simultaneous')",
    )
    suppress_clid: bool | None = Field(
        default=None,
        description="Whether the caller's identity is kept from the phone.",
    )
    timeout: int = Field(default=20, description="How many seconds to ring. (KAZOO fills in 20)")
    skip_module: bool | None = Field(
        default=None,
        description="Skip this node: go straight to the wildcard child.",
    )


class User(ModuleNode):
    """Rings all devices of a user; once answered, the call is over when the bridge ends.

    Branches: `_`, a hang-up cause such as `USER_BUSY` or a SIP code such as `sip:486`.
    """

    kazoo_versions: ClassVar[tuple[str, ...]] = ("4.3", "5")
    child_keys: ClassVar[tuple[str, ...]] = ("_",)
    other_child_keys: ClassVar[str] = "bridge"
    traps: ClassVar[tuple[str, ...]] = ()

    module: Literal["user"] = "user"
    data: UserData = Field(default_factory=UserData)
