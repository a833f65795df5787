"""The `nomorobo` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Never

from kazoo_callflow._flow import Flow, build


def nomorobo(
    username: str,
    password: str | None = None,
    *,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """Branches on how likely the caller is a robot, as an outside service says.

    Fields:
      username: The name at the service. (1 to 1000 characters)
      password: The password at the service. (1 to 1000 characters)
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: `_`, an integer from 0 to 10.
    """
    return build(
        "nomorobo",
        {
            "username": username,
            "password": password,
            "skip_module": skip_module,
        },
        unknown,
    )
