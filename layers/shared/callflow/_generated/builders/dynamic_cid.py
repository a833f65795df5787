"""The `dynamic_cid` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Literal, Never, TYPE_CHECKING

from callflow._flow import Flow, build

if TYPE_CHECKING:
    from callflow._generated.types import DynamicCidCallerId


def dynamic_cid(
    *,
    action: Literal["list", "lists", "manual", "static"] | None = None,
    caller_id: DynamicCidCallerId | None = None,
    enforce_call_restriction: bool | None = None,
    id: str | None = None,
    idx_name: str | None = None,
    interdigit_timeout: int | None = None,
    max_digits: int | None = None,
    media_id: str | None = None,
    min_digits: int | None = None,
    permit_custom_callflow: bool | None = None,
    whitelist_regex: str | None = None,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """

    Fields:
      action:
      caller_id:
      enforce_call_restriction:  (KAZOO fills in True)
      id:
      idx_name:
      interdigit_timeout:
      max_digits:
      media_id:
      min_digits:
      permit_custom_callflow:  (KAZOO fills in False)
      whitelist_regex:
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: none; nothing runs after it.
    """
    return build("dynamic_cid", {"action": action, "caller_id": caller_id, "enforce_call_restriction": enforce_call_restriction, "id": id, "idx_name": idx_name, "interdigit_timeout": interdigit_timeout, "max_digits": max_digits, "media_id": media_id, "min_digits": min_digits, "permit_custom_callflow": permit_custom_callflow, "whitelist_regex": whitelist_regex, "skip_module": skip_module}, unknown)
