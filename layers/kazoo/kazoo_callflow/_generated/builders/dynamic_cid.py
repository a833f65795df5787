"""The `dynamic_cid` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Literal, Never, TYPE_CHECKING

from kazoo_callflow._flow import Flow, build

if TYPE_CHECKING:
    from kazoo_callflow._generated.types import DynamicCidCallerId


def dynamic_cid(
    action: Literal["list", "lists", "manual", "static"] | None = None,
    *,
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
    """Changes the caller identity for the rest of the call: asked for, fixed, or from a list.

    Fields:
      action: Where the identity comes from.
      caller_id: The fixed identity.
      enforce_call_restriction: Whether the account's call restrictions still apply. (KAZOO fills in True)
      id: The list's id.
      idx_name: The index in the list.
      interdigit_timeout: How many milliseconds to wait for the next digit.
      max_digits: The most digits of the number.
      media_id: The prompt that asks for the number.
      min_digits: The fewest digits of the number.
      permit_custom_callflow: Whether the number dialled afterwards may be another callflow. (KAZOO fills in
        False)
      whitelist_regex: A regular expression numbers must match.
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: `_`.
    """
    return build(
        "dynamic_cid",
        {
            "action": action,
            "caller_id": caller_id,
            "enforce_call_restriction": enforce_call_restriction,
            "id": id,
            "idx_name": idx_name,
            "interdigit_timeout": interdigit_timeout,
            "max_digits": max_digits,
            "media_id": media_id,
            "min_digits": min_digits,
            "permit_custom_callflow": permit_custom_callflow,
            "whitelist_regex": whitelist_regex,
            "skip_module": skip_module,
        },
        unknown,
    )
