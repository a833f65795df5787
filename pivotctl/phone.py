"""`pivot phone`: call a stack from the browser, as a person would."""

from __future__ import annotations

import os
import webbrowser
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlsplit

import typer
from rich.console import Console

from pivotctl.targets import is_loopback

if TYPE_CHECKING:
    from kazoo_simulator import Target
    from kazoo_simulator.softphone import Number, Settings

PORT = 8480
CALL_ENDED = "/call_ended"
OUR_NUMBERS = (
    ("2000", "/account_balance", "Account balance"),
    ("3000", "/menu", "Main menu"),
    ("4000", "/call_routing", "Call routing"),
    ("+12125550188", "/balance_gate", "Prepaid call"),
)
console = Console()


def phone(
    url: Annotated[str, typer.Option(help="Call this deployment instead of the local stack.")] = "",
    token: Annotated[str, typer.Option(envvar="PIVOT_TOKEN", help="The KAZOO account's token.")] = "",
    account_id: Annotated[
        str, typer.Option("--kazoo-account", "--account-id", help="The KAZOO account.")
    ] = "",
    public_url: Annotated[
        str, typer.Option(help="The deployment's address in voice_urls, if it differs from --url.")
    ] = "",
    handler: Annotated[
        list[str] | None,
        typer.Option(help="Call handlers of this checkout, without deploying: /path=package.module."),
    ] = None,
    number: Annotated[
        list[str] | None, typer.Option(help="The callback of a dialled number: 2000=/account_balance.")
    ] = None,
    kazoo: Annotated[str, typer.Option(help="The first KAZOO version: 4.3, 4.3-2023-11 or 5.")] = "4.3",
    port: Annotated[int, typer.Option(help="The page's port; another one if it is in use.")] = PORT,
    confirm_url: Annotated[str, typer.Option(help="Repeat --url when it is not on this machine.")] = "",
    browser: Annotated[bool, typer.Option("--open/--no-open", help="Open the page in a browser.")] = True,
) -> None:
    """Call the application from the browser: dial, listen, press keys, and watch every request beside it."""
    from kazoo_simulator import BUILDS

    if kazoo not in BUILDS:
        raise typer.BadParameter(f"use one of {', '.join(BUILDS)}", param_hint="--kazoo")
    numbers = tuple(_number(text) for text in number or ())
    if handler:
        settings = in_process(handler, numbers)
    elif url:
        refuse_elsewhere(url, confirm_url)
        settings = deployment(url, token, public_url, numbers)
    else:
        settings = local_stack(numbers)
    settings = replace(settings, kazoo=kazoo)
    if account_id:
        settings = replace(settings, account_id=account_id)
    serve(settings, port, browser=browser)


def serve(settings: Settings, port: int, *, browser: bool) -> None:
    """Serve the page until Ctrl-C."""
    from kazoo_simulator.softphone import Softphone

    softphone = Softphone(settings, port)
    console.print(
        f"\nThe softphone calls {settings.title}. It is at\n\n  [bold]{softphone.url}[/]\n", highlight=False
    )
    console.print("Ctrl-C ends it.")
    if browser:
        webbrowser.open(softphone.url)
    softphone.run()


def local_stack(numbers: tuple[Number, ...] = ()) -> Settings:
    """Return the settings for the stack that `make up` keeps running."""
    from pivotctl.running import local_stack as running

    target = running()
    if target is None:
        console.print(
            "Nothing is running. Run `make up` first, or give a target: `--url` for a deployment,\n"
            "`--handler /account_balance=functions.account_balance.app` for code of this checkout."
        )
        raise typer.Exit(1)
    return with_demo_data(target, "the local stack", numbers, hook=True)


def in_process(handlers: list[str], numbers: tuple[Number, ...] = ()) -> Settings:
    """Return the settings for handlers of this checkout, on the running stack's tables if there is one."""
    from kazoo_simulator import InProcess
    from kazoo_simulator.softphone import Number
    from pivotctl.local_stack import Stack
    from pivotctl.local_stack.demo_data import TOKEN

    if stack := Stack.running():
        os.environ.update(stack.environment())
    chosen = dict(_handler(text) for text in handlers)
    target = InProcess(chosen, token=os.environ.get("PIVOT_TOKEN", TOKEN), measured=True)
    ours = tuple(Number(number, path, title) for number, path, title in OUR_NUMBERS if path in chosen)
    others = tuple(Number(str(4001 + position), path) for position, path in enumerate(chosen))
    return with_demo_data(
        target, "handlers in this process", numbers or ours or others, hook=CALL_ENDED in chosen
    )


def deployment(url: str, token: str, public_url: str, numbers: tuple[Number, ...] = ()) -> Settings:
    """Return the settings for any deployment."""
    from kazoo_simulator import Http
    from kazoo_simulator.softphone import Settings

    target = Http(url, token or None, public_url=public_url or None)
    return Settings(target, urlsplit(url).netloc, numbers or our_numbers())


def with_demo_data(
    target: Target, title: str, numbers: tuple[Number, ...] = (), *, hook: bool = False
) -> Settings:
    """Return settings with the demo's callers; with `hook` the application is notified of each call's end."""
    from kazoo_simulator import Webhook
    from kazoo_simulator.softphone import KnownCaller, Settings
    from pivotctl.local_stack.demo_data import (
        CUSTOMERS,
        KAZOO_ACCOUNT,
        SUPPORT_DEVICE,
        SUPPORT_USER,
    )

    known = tuple(
        KnownCaller(
            number,
            customer["profile"]["name"],
            customer["profile"]["language"],
            note="Can make prepaid calls: has money and rates." if customer.get("rates") else "",
        )
        for customer in CUSTOMERS
        for number in customer["numbers"]
    )
    first = CUSTOMERS[0]
    stranger = KnownCaller(
        "+14155550177",
        "Somebody unknown",
        note=f"Account number {first['account_id']} and PIN {first['profile']['pin']}, each ended with #.",
    )
    return Settings(
        target,
        title,
        numbers or our_numbers(),
        callers=(*known, stranger, KnownCaller("", "", note="Calls without a number.")),
        account_id=KAZOO_ACCOUNT,
        names={SUPPORT_USER: "customer support", SUPPORT_DEVICE: "customer support's desk phone"},
        webhook=Webhook(f"{target.public_url}{CALL_ENDED}?token={target.token}") if hook else None,
    )


def our_numbers() -> tuple[Number, ...]:
    """Return a number for each of our callbacks that begin a call, as far as the template has them."""
    from kazoo_simulator.softphone import Number

    template = (Path(__file__).resolve().parents[1] / "template.yaml").read_text()
    return tuple(Number(*ours) for ours in OUR_NUMBERS if f"Path: {ours[1]}," in template)


def refuse_elsewhere(url: str, confirm_url: str) -> None:
    """Let calls leave this machine only when the address was said twice.

    Raises:
        typer.BadParameter: The URL is none, or it is neither on this machine nor confirmed.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise typer.BadParameter("an http or https address is needed", param_hint="--url")
    if not is_loopback(url) and confirm_url != url:
        message = f"{url} is not on this machine; if you mean it, add --confirm-url {url}"
        raise typer.BadParameter(message, param_hint="--url")


def _number(text: str) -> Number:
    from kazoo_simulator.softphone import Number

    number, _, path = text.partition("=")
    if not number or not path.startswith("/"):
        raise typer.BadParameter("a number looks like 2000=/account_balance", param_hint="--number")
    return Number(number, path)


def _handler(text: str) -> tuple[str, Any]:
    path, _, module = text.partition("=")
    if not path.startswith("/") or not module:
        raise typer.BadParameter(
            "a handler looks like /account_balance=functions.account_balance.app", param_hint="--handler"
        )
    name, _, attribute = module.partition(":")
    try:
        return path, getattr(import_module(name), attribute or "handler")
    except (ImportError, AttributeError) as error:
        raise typer.BadParameter(f"{module}: {error}", param_hint="--handler") from None
