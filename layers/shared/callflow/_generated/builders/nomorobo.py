"""The `nomorobo` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Never, TYPE_CHECKING

from callflow._flow import Flow, build



def nomorobo(
    *,
    username: str,
    password: str | None = None,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """

    Fields:
      username:  (1 to 1000 characters)
      password:  (1 to 1000 characters)
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: none; nothing runs after it.
    """
    return build("nomorobo", {"username": username, "password": password, "skip_module": skip_module}, unknown)
