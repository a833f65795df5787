"""`pivot debug`: serve Live Debug's page on this machine until Ctrl-C."""

from __future__ import annotations

import secrets
import socket
import webbrowser
from typing import Annotated

import typer
import uvicorn
from rich.console import Console

from pivotctl.debug._deployed import Deployment
from pivotctl.debug._kazoo_log import KazooLog
from pivotctl.debug._server import make_app
from pivotctl.deployment import LOCAL, DeploymentError, Stage, parameter_prefix
from pivotctl.deployment import Deployment as AnyDeployment
from pivotctl.options import KazooAccount

console = Console()


def debug(
    stage: Stage = LOCAL,
    url: Annotated[str, typer.Option(help="A deployed API's address, instead of --stage.")] = "",
    profile: Annotated[
        str | None, typer.Option(help="The AWS profile that signs requests.", envvar="AWS_PROFILE")
    ] = None,
    region: Annotated[str | None, typer.Option(help="AWS region of the deployment.")] = None,
    account: KazooAccount = "",
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1; 0 takes a free one.")] = 0,
    browser: Annotated[bool, typer.Option("--open/--no-open", help="Open a browser.")] = True,
    crossbar_url: Annotated[
        str,
        typer.Option(help="KAZOO's API, if not the one that provision stored.", envvar="KAZOO_CROSSBAR_URL"),
    ] = "",
    api_key: Annotated[
        str, typer.Option(help="KAZOO account API key; better in the environment.", envvar="KAZOO_API_KEY")
    ] = "",
) -> None:
    """Show the recent calls of a deployment in a browser: what KAZOO asked, what was answered, and why."""
    try:
        deployment = (
            Deployment.at(url, profile, region)
            if url
            else Deployment.local()
            if stage == LOCAL
            else Deployment.of_stack(f"pivot-lambda-{stage}", profile, region)
        )
    except DeploymentError as error:
        console.print(f"[red]{error}[/]")
        raise typer.Exit(1) from None
    if crossbar_url and not api_key:
        console.print("[red]KAZOO's log needs a key with its address: set KAZOO_API_KEY[/]")
        raise typer.Exit(2)
    kazoo_log = KazooLog.at(crossbar_url, api_key) if crossbar_url else None if url else _stored_log(stage)
    word = secrets.token_urlsafe(16)
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
        except OSError as error:
            console.print(f"[red]port {port}: {error.strerror}; leave --port out to take a free one[/]")
            raise typer.Exit(1) from None
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/{word}/debug"
        if account:
            address += f"#account={account}"
        console.print(f"Live Debug of {deployment.url}\n\n  {address}\n\nCtrl-C ends it.", highlight=False)
        if browser:
            webbrowser.open(address)
        # No access log: it would hold the Call-IDs and numbers people look for.
        config = uvicorn.Config(make_app(deployment, word, kazoo_log), log_level="warning", access_log=False)
        uvicorn.Server(config).run(sockets=[listener])


def _stored_log(stage: str) -> KazooLog | None:
    """Return KAZOO's log through the access that `pivot provision` stored; None if it stored none."""
    ssm, prefix = AnyDeployment.find(stage, quiet=True).client("ssm"), parameter_prefix(stage)
    stored = ssm.get_parameters_by_path(Path=f"{prefix}/crossbar", MaxResults=1)["Parameters"]
    return KazooLog.stored(ssm, prefix) if stored else None
