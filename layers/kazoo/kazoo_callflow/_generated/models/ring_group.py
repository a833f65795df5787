"""Models of the `ring_group` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from typing import ClassVar, Literal

from pydantic import Field

from kazoo_callflow._models import Data, ModuleNode


class RingGroupSca(Data):
    """Settings for shared call appearance."""

    enabled: bool | None = Field(
        default=None,
        description="Whether the phones share the appearance of the call.",
    )


class RingGroupRingtones(Data):
    """Ring tone hints for the phones rung."""

    external: str | None = Field(default=None, description="Hint when the caller comes from outside.")
    internal: str | None = Field(default=None, description="Hint when the caller is in the same account.")


class RingGroupEndpoint(Data):
    """Who is rung."""

    endpoint_type: Literal["device", "user", "group"] = Field(description="What the id names.")
    id: str = Field(
        min_length=1,
        max_length=128,
        description="The id of the device, user or group. (1 to 128 characters)",
    )
    delay: int = Field(default=0, description="How many seconds to wait before it rings. (KAZOO fills in 0)")
    timeout: int = Field(default=20, description="How many seconds it rings. (KAZOO fills in 20)")
    weight: int | None = Field(
        default=None,
        ge=1,
        le=100,
        description="How likely it is to be first under weighted_random. (1 to 100)",
    )


class RingGroupData(Data):
    """The data of `ring_group`."""

    endpoints: list[RingGroupEndpoint] | None = Field(
        default=None,
        min_length=1,
        description="Who is rung. (at least 1 item)",
    )
    fail_on_single_reject: bool | None = Field(
        default=None,
        description="Whether one phone that rejects the call ends the ringing of all.",
    )
    group_id: str | None = Field(
        default=None,
        min_length=1,
        max_length=128,
        description="A stored group to ring in place of `endpoints`. (1 to 128 characters; KAZOO 5 only)",
    )
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
    repeats: int = Field(
        default=1,
        ge=1,
        description="How many times the whole group is rung. (at least 1; KAZOO fills in 1)",
    )
    ringback: str | None = Field(
        default=None,
        description="What the caller hears while it rings: a media id, a URL or a tone description.",
    )
    ringtones: RingGroupRingtones | None = Field(
        default=None,
        description="Ring tone hints for the phones rung.",
    )
    sca: RingGroupSca | None = Field(
        default=None,
        description="Settings for shared call appearance. (KAZOO 5 only)",
    )
    strategy: Literal["simultaneous", "single", "weighted_random"] = Field(
        default="simultaneous",
        description="Together, one after another, or in a weighted random order. (KAZOO fills in 'simultaneous')",
    )
    timeout: int = Field(default=20, description="How many seconds to ring in all. (KAZOO fills in 20)")
    skip_module: bool | None = Field(
        default=None,
        description="Skip this node: go straight to the wildcard child.",
    )


class RingGroup(ModuleNode):
    """Rings several devices, users or groups, together or one after another.

    Branches: `_`, a hang-up cause such as `USER_BUSY` or a SIP code such as `sip:486`.
    """

    kazoo_versions: ClassVar[tuple[str, ...]] = ("4.3", "5")
    child_keys: ClassVar[tuple[str, ...]] = ("_",)
    other_child_keys: ClassVar[str] = "bridge"
    traps: ClassVar[tuple[str, ...]] = (
        "Endpoints are objects with `id` and `endpoint_type`; a list of ids rejects the whole answer.",
        "KAZOO 5 takes exactly one of `endpoints` and `group_id`, and tries the child NO_ENDPOINTS when nobody can be rung.",
        "KAZOO 5 hangs up after a successful bridge unless `hard_stop_after_successful_group` is false.",
    )

    module: Literal["ring_group"] = "ring_group"
    data: RingGroupData = Field(default_factory=RingGroupData)
