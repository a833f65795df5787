"""`pivot token`: the token and the settings of each KAZOO account, in SSM.

A token is shown once, when it is made; only its SHA-256 is kept. Two are live at a time, so that a new one
can be put into KAZOO before the old one goes.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from botocore.exceptions import BotoCoreError, ClientError

from kazoo_pivot import MisconfiguredError
from pivot_app.tenants import Tenant
from pivotctl.deployment import LOCAL, Deployment, DeploymentError, Stage, parameter_prefix, ssm_of

LIVE_TOKENS = 2
LIVE_STATE_KEYS = 2

Document = dict[str, Any]


class TokenError(Exception):
    """What was asked cannot be done; the message says what to do instead."""


@dataclass(frozen=True, slots=True)
class AccountParameters:
    """The parameters of KAZOO accounts under one prefix; `ssm` is a client of SSM."""

    ssm: Any
    prefix: str

    def create(self, account_id: str, settings: Document, *, now: datetime | None = None) -> str:
        """Make the account's first token and keep its settings; return the token."""
        if self.read(account_id) is not None:
            raise TokenError(f"KAZOO account {account_id} has a token; `pivot token rotate` makes another")
        _check_places(Tenant.from_document(account_id, settings))
        self.ensure_state_keys(now=now)
        token, entry = _new_token(now)
        self._write(account_id, {"tokens": [entry], **settings})
        return token

    def rotate(self, account_id: str, *, now: datetime | None = None) -> str:
        """Make another token, newest first; the older one stays live beside it."""
        document = self._existing(account_id)
        token, entry = _new_token(now)
        document["tokens"] = [entry, *document.get("tokens", [])][:LIVE_TOKENS]
        self._write(account_id, document)
        return token

    def revoke(self, account_id: str, beginning: str) -> int:
        """Remove the tokens whose SHA-256 begins so; return how many are left."""
        document = self._existing(account_id)
        kept = [entry for entry in document.get("tokens", []) if not entry["sha256"].startswith(beginning)]
        if len(kept) == len(document.get("tokens", [])):
            raise TokenError(
                f"no token of {account_id} begins with {beginning}; `pivot token list` shows them"
            )
        document["tokens"] = kept
        self._write(account_id, document)
        return len(kept)

    def revoke_older(self, account_id: str) -> int:
        """Remove all tokens but the newest; return how many were removed."""
        document = self._existing(account_id)
        removed = len(document.get("tokens", [])) - 1
        document["tokens"] = document.get("tokens", [])[:1]
        self._write(account_id, document)
        return max(removed, 0)

    def change(self, account_id: str, settings: Document) -> Document:
        """Change settings, of Live Debug one by one; return the document as it now is."""
        document = self._existing(account_id)
        debug = {**document.get("debug", {}), **settings.pop("debug", {})}
        document |= settings | ({"debug": debug} if debug else {})
        self._write(account_id, document)
        return document

    def read(self, account_id: str) -> Document | None:
        """Return the account's document, or None when there is none."""
        document: Document | None = self._read(self._name(account_id))
        return document

    def account_ids(self) -> list[str]:
        """Return the KAZOO accounts there are."""
        found, arguments = [], {"Path": f"{self.prefix}/accounts", "MaxResults": 10}
        while True:
            page = self.ssm.get_parameters_by_path(**arguments)
            found += [item["Name"].rpartition("/")[2] for item in page["Parameters"]]
            if not page.get("NextToken"):
                return sorted(found)
            arguments["NextToken"] = page["NextToken"]

    def ensure_state_keys(self, *, now: datetime | None = None) -> None:
        """Make the first state-signing key where there is none."""
        if not self._read(f"{self.prefix}/state-keys"):
            self.rotate_state_key(now=now)

    def rotate_state_key(self, *, now: datetime | None = None) -> None:
        """Make a state-signing key, newest first; chains begun with the older one go on."""
        keys = self._read(f"{self.prefix}/state-keys") or []
        entry = {"key": secrets.token_urlsafe(32), "created": _stamp(now)}
        self._put(f"{self.prefix}/state-keys", [entry, *keys][:LIVE_STATE_KEYS])

    def _name(self, account_id: str) -> str:
        if not re.fullmatch("[0-9A-Za-z]{1,64}", account_id):
            raise TokenError(f"{account_id!r} is not the id of a KAZOO account: 32 hex characters")
        return f"{self.prefix}/accounts/{account_id}"

    def _existing(self, account_id: str) -> Document:
        document = self.read(account_id)
        if document is None:
            raise TokenError(f"KAZOO account {account_id} is unknown here; `pivot token create` adds it")
        return document

    def _write(self, account_id: str, document: Document) -> None:
        _check_places(Tenant.from_document(account_id, document))
        self._put(self._name(account_id), document)

    def _read(self, name: str) -> Any:
        found = self.ssm.get_parameters(Names=[name], WithDecryption=True)["Parameters"]
        return json.loads(found[0]["Value"]) if found else None

    def _put(self, name: str, document: object) -> None:
        value = json.dumps(document, separators=(",", ":"))
        self.ssm.put_parameter(Name=name, Value=value, Type="SecureString", Overwrite=True)


def _check_places(account: Tenant) -> None:
    """Refuse a country or time zone that is none: no number would be one, and no hour could be told."""
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    from phonenumbers import SUPPORTED_REGIONS

    if account.region not in SUPPORTED_REGIONS:
        raise TokenError(f"region {account.region!r}: give an ISO 3166 country, such as US")
    try:
        ZoneInfo(account.time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise TokenError(
            f"time zone {account.time_zone!r}: give an IANA name, such as Europe/Paris"
        ) from None


def _new_token(now: datetime | None) -> tuple[str, Document]:
    token = secrets.token_urlsafe(32)
    return token, {"sha256": hashlib.sha256(token.encode()).hexdigest(), "created": _stamp(now)}


def _stamp(now: datetime | None) -> str:
    return (now or datetime.now(UTC)).isoformat(timespec="seconds")


def pivot_node(base_url: str, callback: str, token: str, kazoo_version: str) -> Document:
    """Return the callflow node to put into KAZOO; POST, as some builds fail on a GET with brackets."""
    data: Document = {
        "voice_url": f"{base_url}/{callback}",
        "method": "post",
        "req_format": "kazoo",
        "req_body_format": "json",
        "req_timeout_ms": 5000,
    }
    if kazoo_version == "5":
        data["custom_request_headers"] = {"X-Pivot-Token": token}
    else:
        data["voice_url"] += f"?token={token}"
    return {"module": "pivot", "data": data, "children": {"_": {"module": "hangup", "data": {}}}}


app = typer.Typer(help="Tokens and settings of KAZOO accounts.", no_args_is_help=True, add_completion=False)

Account = Annotated[
    str, typer.Argument(help="The KAZOO Account-ID: 32 hex characters.", metavar="ACCOUNT_ID")
]
Url = Annotated[str, typer.Option(help="The API's address, for the printed node.", envvar="PIVOT_PUBLIC_URL")]
Name = Annotated[str, typer.Option("--callback", help="The callback the printed node asks.")]
Kazoo = Annotated[str | None, typer.Option("--kazoo", help="4.3 or 5: what answers must be valid on.")]
Language = Annotated[str | None, typer.Option(help="For callers whose request names none, such as en-us.")]
Region = Annotated[str | None, typer.Option(help="Country of numbers in national form, such as US.")]
TimeZone = Annotated[str | None, typer.Option(help="IANA name, such as America/New_York.")]
Debug = Annotated[bool | None, typer.Option("--debug/--no-debug", help="Live Debug on or off.")]
Sample = Annotated[float | None, typer.Option("--debug-sample", help="Share of calls recorded, 0 to 1.")]
Callbacks = Annotated[
    list[str] | None, typer.Option("--debug-callback", help="Record this callback only; may be given again.")
]
Masked = Annotated[bool | None, typer.Option("--mask-numbers/--show-numbers", help="In Live Debug.")]


def _parameters(stage: str) -> AccountParameters:
    return AccountParameters(ssm_of(stage), parameter_prefix(stage))


@contextmanager
def _plainly() -> Iterator[None]:
    """Turn what an operator can act on into one line and exit status 1."""
    try:
        yield
    except (TokenError, DeploymentError, MisconfiguredError, BotoCoreError, ClientError) as error:
        typer.secho(str(error), err=True, fg="red")
        raise typer.Exit(1) from None


def _settings(**given: Any) -> Document:
    debug = {
        "enabled": given.pop("debug"),
        "sample": given.pop("sample"),
        "callbacks": given.pop("callbacks") or None,
        "mask_numbers": given.pop("masked"),
    }
    settings = {name: value for name, value in given.items() if value is not None}
    debug = {name: value for name, value in debug.items() if value is not None}
    return settings | ({"debug": debug} if debug else {})


def _address(stage: str) -> str:
    """The deployment's own address, or a place for it where there is no deployment yet."""
    try:
        return Deployment.find(stage).url
    except DeploymentError:
        return "https://YOUR-API"


def _show(url: str, callback: str, token: str, document: Document, stage: str) -> None:
    typer.echo(f"token: {token}")
    typer.echo(
        "It is shown this once. Put this node into the callflow, with a `_` child that works without us:"
    )
    version = document.get("kazoo_version", "4.3")
    node = pivot_node(url or _address(stage), callback, token, version)
    typer.echo(json.dumps(node, indent=2))


@app.command()
def create(
    account_id: Account,
    stage: Stage = LOCAL,
    url: Url = "",
    callback: Name = "account_balance",
    kazoo: Kazoo = "4.3",
    language: Language = "en-us",
    region: Region = "US",
    time_zone: TimeZone = "UTC",
    debug: Debug = None,
    sample: Sample = None,
    callbacks: Callbacks = None,
    masked: Masked = None,
) -> None:
    """Let a KAZOO account in: make its first token."""
    settings = _settings(
        kazoo_version=kazoo,
        language=language,
        region=region,
        time_zone=time_zone,
        debug=debug,
        sample=sample,
        callbacks=callbacks,
        masked=masked,
    )
    with _plainly():
        token = _parameters(stage).create(account_id, settings)
        _show(url, callback, token, settings, stage)


@app.command()
def rotate(
    account_id: Account, stage: Stage = LOCAL, url: Url = "", callback: Name = "account_balance"
) -> None:
    """Make another token; the older one stays live until it is revoked or rotated out."""
    with _plainly():
        parameters = _parameters(stage)
        token = parameters.rotate(account_id)
        _show(url, callback, token, parameters.read(account_id) or {}, stage)


@app.command()
def revoke(
    account_id: Account,
    sha256: Annotated[str, typer.Argument(help="How the token's SHA-256 begins; `list` shows it.")] = "",
    stage: Stage = LOCAL,
) -> None:
    """Remove the older token, or the one named. Callbacks that know it still take it for up to a minute."""
    with _plainly():
        parameters = _parameters(stage)
        if sha256:
            typer.echo(f"{parameters.revoke(account_id, sha256)} tokens left")
        else:
            typer.echo(f"{parameters.revoke_older(account_id)} older tokens removed")


@app.command("list")
def list_accounts(stage: Stage = LOCAL) -> None:
    """List the KAZOO accounts, their settings and how their tokens' SHA-256 begin."""
    with _plainly():
        parameters = _parameters(stage)
        for account_id in parameters.account_ids():
            document = parameters.read(account_id) or {}
            tokens = [
                f"{entry['sha256'][:8]} of {entry.get('created', '?')}"
                for entry in document.pop("tokens", [])
            ]
            typer.echo(f"{account_id}  {', '.join(tokens) or 'no token'}  {json.dumps(document)}")


@app.command("set")
def change(
    account_id: Account,
    stage: Stage = LOCAL,
    kazoo: Kazoo = None,
    language: Language = None,
    region: Region = None,
    time_zone: TimeZone = None,
    debug: Debug = None,
    sample: Sample = None,
    callbacks: Callbacks = None,
    masked: Masked = None,
) -> None:
    """Change an account's settings; callbacks follow within a minute."""
    settings = _settings(
        kazoo_version=kazoo,
        language=language,
        region=region,
        time_zone=time_zone,
        debug=debug,
        sample=sample,
        callbacks=callbacks,
        masked=masked,
    )
    with _plainly():
        document = _parameters(stage).change(account_id, settings)
        document.pop("tokens", None)
        typer.echo(json.dumps(document))


@app.command("rotate-state-key")
def rotate_state_key(stage: Stage = LOCAL) -> None:
    """Make a new key for signing state tokens; calls in progress go on with the older one."""
    with _plainly():
        _parameters(stage).rotate_state_key()
        typer.echo("done; two keys are live at most")
