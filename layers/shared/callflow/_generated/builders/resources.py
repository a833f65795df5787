"""The `resources` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Any, Never, TYPE_CHECKING

from callflow._flow import Flow, build

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from callflow._generated.types import ResourcesAddresses


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
    """Runs the module `resources`.

    Fields:
      to_did:
      addresses:  (KAZOO 5 only)
      bypass_e164:
      caller_id_type:  (KAZOO fills in 'external')
      custom_sip_headers:
      do_not_normalize:
      dynamic_flags:
      emit_account_id:
      format_from_uri:
      from_uri_realm:
      hunt_account_id:
      ignore_early_media:  (KAZOO fills in False)
      outbound_flags:  (KAZOO fills in [])
      resource_type:
      ringback:
      timeout:
      use_local_resources:  (KAZOO fills in True)
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: none; nothing runs after it.
    """
    return build("resources", {"to_did": to_did, "addresses": addresses, "bypass_e164": bypass_e164, "caller_id_type": caller_id_type, "custom_sip_headers": custom_sip_headers, "do_not_normalize": do_not_normalize, "dynamic_flags": dynamic_flags, "emit_account_id": emit_account_id, "format_from_uri": format_from_uri, "from_uri_realm": from_uri_realm, "hunt_account_id": hunt_account_id, "ignore_early_media": ignore_early_media, "outbound_flags": outbound_flags, "resource_type": resource_type, "ringback": ringback, "timeout": timeout, "use_local_resources": use_local_resources, "skip_module": skip_module}, unknown)
