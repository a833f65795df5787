"""The commands of `pivot token`.

A token is shown once, when it is made; it proves itself, so that nothing that opens anything is stored.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated, Any

import typer

from pivot_app.tenants import KNOWN_FOR_S, Scope, TenantItem, is_issued_form, verify
from pivotctl.deployment import LOCAL, Deployment, Stage
from pivotctl.errors import user_errors
from pivotctl.options import AsJson, Yes
from pivotctl.tokens._admin import Document, TenantAdmin, TokenError, TokenUsageError, live_tokens, shown
from pivotctl.tokens._key_commands import rotate_key, rotate_state_key, where
from pivotctl.tokens._migrate import delete_old, migrate
from pivotctl.tokens._nodes import PLACE_FOR_TOKEN, check_callback, pivot_node
from pivotctl.tokens._settings import (
    Callbacks,
    Debug,
    Kazoo,
    Language,
    Masked,
    PinFailures,
    Region,
    RequirePin,
    Sample,
    Sources,
    SubAccounts,
    TimeZone,
    settings_of,
)

app = typer.Typer(help="Tokens and settings of KAZOO accounts.", no_args_is_help=True, add_completion=False)

Account = Annotated[
    str, typer.Argument(help="The KAZOO Account-ID: 32 hex characters.", metavar="ACCOUNT_ID")
]
Url = Annotated[str, typer.Option(help="The API's address, for the printed node.", envvar="PIVOT_PUBLIC_URL")]
Name = Annotated[str, typer.Option("--callback", help="The callback of the printed node.")]
Door = Annotated[str, typer.Option("--scope", help="pivot: for callbacks; webhook: for events of calls.")]


def _scope(value: str) -> Scope:
    if value == "pivot":
        return "pivot"
    if value == "webhook":
        return "webhook"
    raise TokenUsageError(f"--scope {value!r}: give pivot or webhook")


def _show_node(url: str, callback: str, token: str, settings: Mapping[str, Any]) -> None:
    typer.echo("Put this node into the callflow, with a `_` child that works without us:")
    node = pivot_node(url, callback, token, settings.get("kazoo_version", "4.3"))
    typer.echo(json.dumps(node, indent=2))


def _show_webhook(url: str, token: str) -> None:
    typer.echo("Give KAZOO's webhook channel_destroy this address, with http_verb post and format json:")
    typer.echo(_webhook(url, token))


def _webhook(url: str, token: str) -> str:
    return f"{url}/call_ended?token={token}"


def _show_json(**facts: Any) -> None:
    typer.echo(json.dumps(facts, indent=2, ensure_ascii=False))


def _show_live(admin: TenantAdmin, account_id: str) -> None:
    typer.echo("live now:")
    for line in shown(admin.live(account_id)):
        typer.echo(f"  {line}")


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
    sources: Sources = None,
    sub_accounts: SubAccounts = None,
    require_pin: RequirePin = None,
    pin_failures: PinFailures = None,
    as_json: AsJson = False,
) -> None:
    """Register a KAZOO account and create its tokens: one for callbacks, one for webhooks."""
    settings = settings_of(
        kazoo_version=kazoo,
        language=language,
        region=region,
        time_zone=time_zone,
        debug=debug,
        sample=sample,
        callbacks=callbacks,
        masked=masked,
        sources=sources,
        sub_accounts=sub_accounts,
        require_pin=require_pin,
        pin_failures_per_hour=pin_failures,
    )
    with user_errors():
        # Nothing is written where nothing is deployed.
        deployment = Deployment.find(stage)
        name = check_callback(deployment, callback)
        tokens = TenantAdmin.of(deployment).create(account_id, settings)
        base = url or deployment.url
        if as_json:
            _show_json(
                kazoo_account=account_id,
                token=tokens.pivot,
                webhook_token=tokens.webhook,
                node=pivot_node(base, name, tokens.pivot, settings["kazoo_version"]),
                webhook_url=_webhook(base, tokens.webhook),
            )
            return
        typer.echo(
            f"KAZOO account {account_id} is registered {where(deployment)}. The tokens are shown only once:"
        )
        typer.echo(f"token: {tokens.pivot}")
        typer.echo(f"webhook token: {tokens.webhook}")
        _show_node(base, name, tokens.pivot, settings)
        _show_webhook(base, tokens.webhook)


@app.command()
def rotate(
    account_id: Account, stage: Stage = LOCAL, url: Url = "", scope: Door = "pivot", as_json: AsJson = False
) -> None:
    """Create another token; the others stay live until they are revoked."""
    with user_errors():
        from pivotctl.provision.rotation import put_token

        deployment = Deployment.find(stage)
        admin, door = TenantAdmin.of(deployment), _scope(scope)
        token = admin.rotate(account_id, door)
        collection = "webhooks" if door == "webhook" else "callflows"
        if as_json:
            titles = list(put_token(deployment, account_id, collection, token))
            live = [asdict(each) for each in admin.live(account_id)]
            _show_json(kazoo_account=account_id, scope=door, token=token, put_into=titles, live=live)
            return
        typer.echo(f"A new token {where(deployment)}. It is shown only once:")
        typer.echo(f"token: {token}")
        if door == "webhook":
            _show_webhook(url or deployment.url, token)
        else:
            typer.echo(
                f"`pivot token node CALLBACK --stage {stage}` prints the node of any callback with it."
            )
        for title in put_token(deployment, account_id, collection, token):
            typer.echo(f"KAZOO's {title} carries it now.")
        _show_live(admin, account_id)
        typer.echo(
            "None of the others falls out. What `pivot provision` made carries the new one; put it into "
            "all else, then end an older one with "
            f"`pivot token revoke {account_id} ID --stage {stage}`."
        )


@app.command()
def revoke(
    account_id: Account,
    token_id: Annotated[
        str,
        typer.Argument(
            help="The token's id, or its first characters; see `list`. One with a dash in front: after --.",
            metavar="ID",
        ),
    ],
    stage: Stage = LOCAL,
    yes: Yes = False,
) -> None:
    """Revoke one token. Functions may accept it for one more minute; calls in progress continue."""
    with user_errors():
        deployment = Deployment.find(stage)
        admin = TenantAdmin.of(deployment)
        token, left = admin.find(account_id, token_id)
        line = shown([token])[0]
        if not left:
            typer.echo(
                f"{line}: this is the last token of its scope. Requests with it are refused afterwards.",
                err=True,
            )
        if not yes:
            if not sys.stdin.isatty():
                raise TokenUsageError(f"nothing was revoked: --yes says that {token.id} is to end")
            if not typer.confirm(f"End token {line} {where(deployment)}?"):
                raise TokenError("nothing was revoked")
        admin.revoke(account_id, token.id)
        typer.echo(f"ended, within {KNOWN_FOR_S:.0f} s everywhere: {line}")
        _show_live(admin, account_id)


@app.command("list")
def list_tokens(
    account_id: Annotated[str, typer.Argument(metavar="[ACCOUNT_ID]")] = "",
    stage: Stage = LOCAL,
    as_json: AsJson = False,
) -> None:
    """List the KAZOO accounts, their settings and their live tokens by their ids."""
    with user_errors():
        deployment = Deployment.find(stage)
        admin = TenantAdmin.of(deployment)
        items = admin.tenants()
        chosen = [item for item in items if account_id in ("", item.account_id)]
        if as_json:
            rows = [
                {"kazoo_account": item.account_id, "settings": dict(item.settings)}
                | {"tokens": [asdict(token) for token in live_tokens(item)]}
                for item in chosen
            ]
            typer.echo(json.dumps(rows, indent=2, ensure_ascii=False, default=str))
        else:
            for item in chosen:
                _show_tenant(item)
        if account_id and account_id not in {item.account_id for item in items}:
            raise TokenError(f"KAZOO account {account_id} is unknown here; `pivot token create` adds it")
        if admin.store.old_tokens() is None and (waiting := admin.in_ssm()):
            typer.echo(
                f"{len(waiting)} KAZOO accounts are still in SSM: `pivot token migrate --stage {stage}`",
                err=True,
            )


def _show_tenant(item: TenantItem) -> None:
    typer.echo(f"{item.account_id}  {json.dumps(item.settings, sort_keys=True)}")
    for line in shown(live_tokens(item)) or ["no live token: it may not ask"]:
        typer.echo(f"  {line}")


@app.command()
def node(
    callback: Annotated[str, typer.Argument(help="The callback, such as menu.", metavar="CALLBACK")],
    token: Annotated[
        str,
        typer.Option(
            "--token",
            help="A live pivot token; default: the node has a placeholder.",
            envvar="PIVOT_TOKEN",
        ),
    ] = "",
    query: Annotated[
        list[str] | None, typer.Option("--query", help="NAME=VALUE of the voice_url; repeatable.")
    ] = None,
    stage: Stage = LOCAL,
    url: Url = "",
    kazoo: Kazoo = None,
    as_json: AsJson = False,
) -> None:
    """Print the pivot node of a callback of this deployment. It neither makes nor ends a token."""
    with user_errors():
        deployment = Deployment.find(stage)
        name = check_callback(deployment, callback)
        parameters = _query(query or [])
        version = kazoo or "4.3"
        if is_issued_form(token):
            settings = _settings_of_token(TenantAdmin.of(deployment), token)
            version = kazoo or settings.get("kazoo_version", "4.3")
        printed = pivot_node(url or deployment.url, name, token or PLACE_FOR_TOKEN, version, parameters)
        typer.echo(json.dumps(printed, indent=2))
        if not token and not as_json:
            typer.echo(f"{PLACE_FOR_TOKEN}: put a token here, or give it with --token", err=True)


def _query(given: list[str]) -> dict[str, str]:
    pairs = [each.partition("=") for each in given]
    for name, equals, _ in pairs:
        if not name or not equals:
            raise TokenUsageError(f"--query {name!r}: give NAME=VALUE")
        if name in ("token", "state"):
            raise TokenUsageError(f"--query {name}: a name of our own")
    return {name: value for name, _, value in pairs}


def _settings_of_token(admin: TenantAdmin, text: str) -> Document:
    """Return the settings of the tenant whose live pivot token this is; TokenError when it is not live."""
    token = verify(text, admin.keys.token_keys())
    if token.scope != "pivot":
        raise TokenError("this token tells ends of calls; a callback takes one of scope pivot")
    item = admin.store.get(token.account_id, consistent=True)
    if item is None or not item.holds(token.id, "pivot"):
        raise TokenError(f"token {token.id} was revoked")
    return item.settings


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
    sources: Sources = None,
    sub_accounts: SubAccounts = None,
    require_pin: RequirePin = None,
    pin_failures: PinFailures = None,
) -> None:
    """Change an account's settings; callbacks follow within a minute."""
    settings = settings_of(
        kazoo_version=kazoo,
        language=language,
        region=region,
        time_zone=time_zone,
        debug=debug,
        sample=sample,
        callbacks=callbacks,
        masked=masked,
        sources=sources,
        sub_accounts=sub_accounts,
        require_pin=require_pin,
        pin_failures_per_hour=pin_failures,
    )
    with user_errors():
        changed = TenantAdmin.of(Deployment.find(stage)).change(account_id, settings)
        typer.echo(json.dumps(changed, sort_keys=True))


app.command("rotate-state-key")(rotate_state_key)
app.command("rotate-key")(rotate_key)


@app.command("migrate")
def migrate_command(
    stage: Stage = LOCAL,
    delete: Annotated[
        bool, typer.Option("--delete", help="Delete the parameters that an earlier run moved from SSM.")
    ] = False,
    yes: Yes = False,
) -> None:
    """Move tenants and old tokens from SSM into the table. Every token stays live; repeatable."""
    with user_errors():
        deployment = Deployment.find(stage)
        admin = TenantAdmin.of(deployment)
        if delete:
            _delete_old(admin, yes=yes)
            return
        done = migrate(admin)
        if done.was_done:
            typer.echo("The tokens were moved before; they are no longer read from SSM.")
        else:
            typer.echo(f"moved {len(done.accounts)} KAZOO accounts with {done.tokens} tokens, all still live")
        for name in done.parameters:
            typer.echo(f"copied to {name}")
        for account_id in done.unreadable:
            typer.echo(f"not readable, and not moved: {account_id}", err=True)
        if done.left_in_ssm:
            typer.echo(
                f"{len(done.left_in_ssm)} old parameters are still in SSM, unused in a minute: "
                f"`pivot token migrate --delete --stage {stage}` removes them"
            )


def _delete_old(admin: TenantAdmin, *, yes: bool) -> None:
    done = migrate(admin)
    if not done.was_done:
        raise TokenError("they were moved only now: functions need a minute to see it, then --delete them")
    for name in done.left_in_ssm:
        typer.echo(name)
    if not yes and not (sys.stdin.isatty() and typer.confirm(f"Delete these {len(done.left_in_ssm)}?")):
        raise TokenUsageError("nothing was deleted; --yes deletes without asking")
    delete_old(admin, done.left_in_ssm)
    typer.echo(f"deleted {len(done.left_in_ssm)} parameters")
