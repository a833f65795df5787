"""The `check_cid` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Never, TYPE_CHECKING

from kazoo_callflow._flow import Flow, build

if TYPE_CHECKING:
    from kazoo_callflow._generated.types import CheckCidCallerId


def check_cid(
    regex: str | None = None,
    *,
    caller_id: CheckCidCallerId | None = None,
    use_absolute_mode: bool | None = None,
    user_id: str | None = None,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """Branches on whether the caller's number matches.

    Fields:
      regex: A regular expression looked for anywhere in the number. (KAZOO fills in '.*')
      caller_id: The identity the call gets on a match.
      use_absolute_mode: Whether the number itself is the child key. (KAZOO fills in False)
      user_id: The owner the call gets on a match.
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: `match`, `nomatch`, `_`, the caller's number, with use_absolute_mode.
    """
    return build(
        "check_cid",
        {
            "regex": regex,
            "caller_id": caller_id,
            "use_absolute_mode": use_absolute_mode,
            "user_id": user_id,
            "skip_module": skip_module,
        },
        unknown,
    )
