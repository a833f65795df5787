"""The `check_cid` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Never, TYPE_CHECKING

from callflow._flow import Flow, build

if TYPE_CHECKING:
    from callflow._generated.types import CheckCidCallerId


def check_cid(
    *,
    caller_id: CheckCidCallerId | None = None,
    regex: str | None = None,
    use_absolute_mode: bool | None = None,
    user_id: str | None = None,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """

    Fields:
      caller_id:
      regex:  (KAZOO fills in '.*')
      use_absolute_mode:  (KAZOO fills in False)
      user_id:
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: none; nothing runs after it.
    """
    return build("check_cid", {"caller_id": caller_id, "regex": regex, "use_absolute_mode": use_absolute_mode, "user_id": user_id, "skip_module": skip_module}, unknown)
