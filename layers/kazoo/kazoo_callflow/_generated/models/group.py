"""Models of the `group` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from typing import ClassVar, Literal

from pydantic import Field

from kazoo_callflow._models import Data, ModuleNode


class GroupSca(Data):
    """Settings for shared call appearance."""

    enabled: bool | None = Field(
        default=None,
        description="Whether the phones share the appearance of the call.",
    )


class GroupRingtones(Data):
    """Ring tone hints for the phones rung."""

    external: str | None = Field(default=None, description="Hint when the caller comes from outside.")
    internal: str | None = Field(default=None, description="Hint when the caller is in the same account.")


class GroupData(Data):
    """The data of `group`."""

    id: str | None = Field(default=None, description="The group's id.")
    endpoints: list[str] = Field(
        default_factory=lambda: [],
        description="Leave it out: KAZOO's schema wants strings here where its code wants objects. (KAZOO fills in [])",
    )
    fail_on_single_reject: bool | None = Field(
        default=None,
        description="Whether one phone that rejects the call ends the ringing of all.",
    )
    group_id: str | None = Field(default=None, description="Another name for the group's id. (KAZOO 5 only)")
    group_name: str | None = Field(default=None, description="The group's name, for people. (KAZOO 5 only)")
    hard_stop_after_successful_group: bool | None = Field(
        default=None,
        description="Whether the call is hung up after a successful bridge; on by default. (KAZOO 5 only)",
    )
    ignore_early_media: bool | None = Field(
        default=None,
        description="Whether sound the far side sends before answering is kept from the caller. (KAZOO 5 only)",
    )
    ignore_forward: bool = Field(
        default=True,
        description="Whether call forwarding of the phones is ignored. (KAZOO fills in True)",
    )
    repeats: int = Field(default=1, description="How many times the group is rung. (KAZOO fills in 1)")
    ringback: str | None = Field(
        default=None,
        description="What the caller hears while it rings: a media id, a URL or a tone description.",
    )
    ringtones: GroupRingtones | None = Field(default=None, description="Ring tone hints for the phones rung.")
    sca: GroupSca | None = Field(
        default=None,
        description="Settings for shared call appearance. (KAZOO 5 only)",
    )
    strategy: Literal["single", "simultaneous"] = Field(
        default="simultaneous",
        description="Whether the members ring together or one after another. (KAZOO fills in 'simultaneous')",
    )
    timeout: int = Field(default=20, description="How many seconds to ring. (KAZOO fills in 20)")
    skip_module: bool | None = Field(
        default=None,
        description="Skip this node: go straight to the wildcard child.",
    )


class Group(ModuleNode):
    """Rings all members of a stored group.

    Branches: `_`, a hang-up cause such as `USER_BUSY` or a SIP code such as `sip:486`.
    """

    kazoo_versions: ClassVar[tuple[str, ...]] = ("4.3", "5")
    child_keys: ClassVar[tuple[str, ...]] = ("_",)
    other_child_keys: ClassVar[str] = "bridge"
    traps: ClassVar[tuple[str, ...]] = (
        "KAZOO 4.3 answers the caller before anyone is rung.",
        "KAZOO 5 hangs up after a successful bridge unless `hard_stop_after_successful_group` is false.",
    )

    module: Literal["group"] = "group"
    data: GroupData = Field(default_factory=GroupData)
