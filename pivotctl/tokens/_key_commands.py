"""The commands of `pivot token` that rotate keys: published first, used when every function has read them."""

from __future__ import annotations

import typer

from pivotctl.deployment import LOCAL, Deployment, Stage
from pivotctl.errors import user_errors
from pivotctl.tokens._admin import TenantAdmin


def where(deployment: Deployment) -> str:
    """Return where a deployment is, as a person reads it."""
    return f"on stage {deployment.stage}" + (f" ({deployment.place})" if deployment.place else "")


def rotate_state_key(stage: Stage = LOCAL) -> None:
    """Make a new key for signing state. It signs two minutes later, so that no call fails."""
    with user_errors():
        deployment = Deployment.find(stage)
        starts = TenantAdmin.of(deployment).keys.rotate_state_key()
        typer.echo(
            f"A new key is published {where(deployment)}; it signs from {starts:%H:%M:%S} UTC on. "
            "Older keys stay for the calls that they signed."
        )


def rotate_key(stage: Stage = LOCAL) -> None:
    """Make a new key for making tokens. Every token stays live; `rotate` makes one with the new key."""
    with user_errors():
        deployment = Deployment.find(stage)
        admin = TenantAdmin.of(deployment)
        counts = admin.tokens_by_key()
        name, starts, ended = admin.keys.rotate_token_key(counts)
        typer.echo(
            f"Key {name} is published {where(deployment)}; it makes tokens from {starts:%H:%M:%S} UTC on."
        )
        for key_id in admin.keys.token_keys():
            if count := counts[key_id]:
                typer.echo(f"{count} live tokens were made with {key_id}: each works until it is revoked.")
        for key_id in ended:
            typer.echo(f"Key {key_id} is gone: no live token was made with it.")
        typer.echo(
            f"From then on `pivot token rotate ACCOUNT_ID --stage {stage}` makes a token with {name}. "
            "Put it into KAZOO, then end the older one with `pivot token revoke`."
        )
