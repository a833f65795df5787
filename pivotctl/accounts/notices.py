"""`pivot accounts notices`: where low-balance notices of a KAZOO account go."""

from __future__ import annotations

import json
import secrets
from typing import Annotated
from urllib.parse import urlsplit

import typer

from pivot_app.http_source import AddressRefusedError, check_url
from pivot_app.low_balance import Endpoint, parameter_name
from pivotctl.accounts._books import books
from pivotctl.accounts._console import show, show_json
from pivotctl.deployment import LOCAL, parameter_prefix
from pivotctl.errors import UsageError
from pivotctl.options import AsJson, KazooAccount, Stage

KEY_BYTES = 32


def notices(
    url: Annotated[
        str, typer.Argument(help="The https address of your system; default: show the current one.")
    ] = "",
    new_key: Annotated[bool, typer.Option("--new-key", help="Sign with a new key from now on.")] = False,
    remove: Annotated[bool, typer.Option("--remove", help="Stop sending notices.")] = False,
    allow_http: Annotated[
        bool, typer.Option("--allow-http", help="Accept an http address, for a test on this machine.")
    ] = False,
    as_json: AsJson = False,
    tenant: KazooAccount = "",
    stage: Stage = LOCAL,
) -> None:
    """Set the address for low-balance notices. A new signing key is printed once."""
    with books(stage, tenant) as here:
        name = parameter_name(parameter_prefix(stage), here.kazoo_account_id)
        ssm = here.client("ssm")
        found = ssm.get_parameters(Names=[name], WithDecryption=True)["Parameters"]
        kept = Endpoint.from_json(found[0]["Value"], name) if found else None
        if remove:
            if kept:
                ssm.delete_parameter(Name=name)
            show("no notices are sent" if kept else "no notices were sent")
            return
        if not url and not new_key:
            if as_json:
                show_json({"url": kept.url if kept else None})
            else:
                show(
                    f"notices go to {kept.url}"
                    if kept
                    else "no notices are sent; name the address of your system"
                )
            return
        address = url or (kept.url if kept else "")
        _check(address, allow_http=allow_http)
        key = kept.key if kept and not new_key else secrets.token_urlsafe(KEY_BYTES)
        document = json.dumps({"url": address, "key": key})
        ssm.put_parameter(Name=name, Value=document, Type="SecureString", Overwrite=True)
        is_new = kept is None or key != kept.key
        if as_json:
            show_json({"url": address, "key": key if is_new else None})
            return
        show(f"notices go to {address}")
        if is_new:
            show(f"they are signed with this key, which is not shown again: {key}")


def _check(url: str, *, allow_http: bool) -> None:
    allowed = frozenset({urlsplit(url).hostname or ""} if allow_http else ())
    try:
        check_url(url, allowed)
    except AddressRefusedError as error:
        raise UsageError(f"{url}: {error}") from None
