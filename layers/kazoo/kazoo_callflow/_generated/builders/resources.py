"""The `resources` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Any, Never, TYPE_CHECKING

from kazoo_callflow._flow import Flow, build

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from kazoo_callflow._generated.types import ResourcesAddresses


def resources(
    to_did: str | None = None,
    *,
    addresses: ResourcesAddresses | None = None,
    bypass_e164: bool | None = None,
    caller_id_type: str | None = None,
    custom_sip_headers: Mapping[str, Any] | None = None,
    do_not_normalize: bool | None = None,
    dynamic_flags: Sequence[str] | None = None,
    emit_account_id: bool | None = None,
    format_from_uri: bool | None = None,
    from_uri_realm: str | None = None,
    hunt_account_id: str | None = None,
    ignore_early_media: bool | None = None,
    outbound_flags: Sequence[str] | None = None,
    resource_type: str | None = None,
    ringback: str | None = None,
    timeout: int | None = None,
    use_local_resources: bool | None = None,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """Calls a number through the account's carriers.

    Fields:
      to_did: The number to call; the number dialled when left out.
      addresses: Addresses for emergency calls. (KAZOO 5 only)
      bypass_e164: Whether the number is used as it is, without being turned into +1... form.
      caller_id_type: Which caller identity of the account is shown. (KAZOO fills in 'external')
      custom_sip_headers: SIP headers added to the call, by name.
      do_not_normalize: Whether the number is left as dialled.
      dynamic_flags: Names of call properties carriers are selected by.
      emit_account_id: Whether the account's id is sent to the carrier in a header.
      format_from_uri: Whether the From address is rewritten.
      from_uri_realm: The host part of the From address.
      hunt_account_id: The account whose carriers are used.
      ignore_early_media: Whether sound the far side sends before answering is kept from the caller. (KAZOO
        fills in False)
      outbound_flags: Flags a carrier must have to be used. (KAZOO fills in [])
      resource_type: The kind of carrier, such as audio or originate.
      ringback: What the caller hears while it rings: a media id, a URL or a tone description.
      timeout: How many seconds to wait for an answer.
      use_local_resources: Whether the account's own carriers are tried. (KAZOO fills in True)
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: a hang-up cause such as `USER_BUSY` or a SIP code such as `sip:486`.

    Trap: On failure only a child named after the cause or SIP code runs. The wildcard child does not: it only
    silences the error announcement, and the caller is hung up.
    """
    return build(
        "resources",
        {
            "to_did": to_did,
            "addresses": addresses,
            "bypass_e164": bypass_e164,
            "caller_id_type": caller_id_type,
            "custom_sip_headers": custom_sip_headers,
            "do_not_normalize": do_not_normalize,
            "dynamic_flags": dynamic_flags,
            "emit_account_id": emit_account_id,
            "format_from_uri": format_from_uri,
            "from_uri_realm": from_uri_realm,
            "hunt_account_id": hunt_account_id,
            "ignore_early_media": ignore_early_media,
            "outbound_flags": outbound_flags,
            "resource_type": resource_type,
            "ringback": ringback,
            "timeout": timeout,
            "use_local_resources": use_local_resources,
            "skip_module": skip_module,
        },
        unknown,
    )
