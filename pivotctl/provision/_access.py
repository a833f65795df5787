"""The API key of a KAZOO account: from the environment, from SSM, or asked for."""

from __future__ import annotations

import os
import sys
from typing import Any

import typer

from pivot_app.crossbar import CrossbarAccess, CrossbarAccessError, parameter_name

KEY_VARIABLE = "KAZOO_API_KEY"


def stored_access(ssm: Any, prefix: str, kazoo_account_id: str) -> CrossbarAccess | None:
    """Return the access in SSM; None if there is none."""
    name = parameter_name(prefix, kazoo_account_id)
    found = ssm.get_parameters(Names=[name], WithDecryption=True)["Parameters"]
    if not found:
        return None
    try:
        return CrossbarAccess.from_json(found[0]["Value"])
    except CrossbarAccessError as error:
        raise CrossbarAccessError(f"parameter {name}: {error}") from None


def store_access(ssm: Any, prefix: str, kazoo_account_id: str, access: CrossbarAccess) -> None:
    """Keep the access in SSM, encrypted."""
    name = parameter_name(prefix, kazoo_account_id)
    ssm.put_parameter(Name=name, Value=access.to_json(), Type="SecureString", Overwrite=True)


def find_access(ssm: Any, prefix: str, kazoo_account_id: str, url: str) -> tuple[CrossbarAccess, bool]:
    """Return the access, and whether it is not in SSM yet; CrossbarAccessError without a key."""
    stored = stored_access(ssm, prefix, kazoo_account_id)
    url = url.rstrip("/").removesuffix("/v2")
    key = os.environ.get(KEY_VARIABLE) or (stored.api_key if stored else "")
    if not key and sys.stdin.isatty():
        key = typer.prompt(f"API key of the KAZOO account {kazoo_account_id}", hide_input=True, err=True)
    if not key:
        raise CrossbarAccessError(
            f"no API key: set {KEY_VARIABLE} once; it is then kept in the parameter "
            f"{parameter_name(prefix, kazoo_account_id)}"
        )
    access = CrossbarAccess(url, key.strip())
    return access, access != stored
