"""Models of the `resources` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from typing import Any, ClassVar, Literal

from pydantic import Field

from kazoo_callflow._models import Data, ModuleNode


class ResourcesAddresses(Data):
    """Addresses for emergency calls."""

    emergency: dict[str, Any] | None = Field(
        default=None,
        description="The caller's address for an emergency call.",
    )


class ResourcesData(Data):
    """The data of `resources`."""

    to_did: str | None = Field(
        default=None,
        description="The number to call; the number dialled when left out.",
    )
    addresses: ResourcesAddresses | None = Field(
        default=None,
        description="Addresses for emergency calls. (KAZOO 5 only)",
    )
    bypass_e164: bool | None = Field(
        default=None,
        description="Whether the number is used as it is, without being turned into +1... form.",
    )
    caller_id_type: str = Field(
        default="external",
        description="Which caller identity of the account is shown. (KAZOO fills in 'external')",
    )
    custom_sip_headers: dict[str, Any] | None = Field(
        default=None,
        description="SIP headers added to the call, by name.",
    )
    do_not_normalize: bool | None = Field(default=None, description="Whether the number is left as dialled.")
    dynamic_flags: list[str] | None = Field(
        default=None,
        description="Names of call properties carriers are selected by.",
    )
    emit_account_id: bool | None = Field(
        default=None,
        description="Whether the account's id is sent to the carrier in a header.",
    )
    format_from_uri: bool | None = Field(default=None, description="Whether the From address is rewritten.")
    from_uri_realm: str | None = Field(default=None, description="The host part of the From address.")
    hunt_account_id: str | None = Field(default=None, description="The account whose carriers are used.")
    ignore_early_media: bool = Field(
        default=False,
        description="Whether sound the far side sends before answering is kept from the caller. (KAZOO fills in False)",
    )
    outbound_flags: list[str] = Field(
        default_factory=lambda: [],
        description="Flags a carrier must have to be used. (KAZOO fills in [])",
    )
    resource_type: str | None = Field(
        default=None,
        description="The kind of carrier, such as audio or originate.",
    )
    ringback: str | None = Field(
        default=None,
        description="What the caller hears while it rings: a media id, a URL or a tone description.",
    )
    timeout: int | None = Field(default=None, description="How many seconds to wait for an answer.")
    use_local_resources: bool = Field(
        default=True,
        description="Whether the account's own carriers are tried. (KAZOO fills in True)",
    )
    skip_module: bool | None = Field(
        default=None,
        description="Skip this node: go straight to the wildcard child.",
    )


class Resources(ModuleNode):
    """Calls a number through the account's carriers.

    Branches: a hang-up cause such as `USER_BUSY` or a SIP code such as `sip:486`.
    """

    kazoo_versions: ClassVar[tuple[str, ...]] = ("4.3", "5")
    child_keys: ClassVar[tuple[str, ...]] = ()
    other_child_keys: ClassVar[str] = "bridge"
    traps: ClassVar[tuple[str, ...]] = (
        "On failure only a child named after the cause or SIP code runs. The wildcard child does not: it only silences the error announcement, and the caller is hung up.",
    )

    module: Literal["resources"] = "resources"
    data: ResourcesData = Field(default_factory=ResourcesData)
