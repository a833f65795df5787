"""The `pivot` command: each sub-command is a module of its own, imported only when it is named."""

from __future__ import annotations

import os
from difflib import get_close_matches
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from pivotctl.errors import user_errors

# Where each sub-command is: a function, or a Typer application with sub-commands of its own; and its help,
# which the list of commands shows without importing it.
COMMANDS = {
    "accounts": ("pivotctl.accounts.command:app", "Prepaid accounts: money, limits, statements."),
    "call": ("pivotctl.call:call", "Place one call and watch it."),
    "check": ("pivotctl.check.command:check", "Check a deployment on AWS; every finding has a remedy."),
    "data": ("pivotctl.data.commands:app", "Menus, routing rules and callers: check, compare, bring live."),
    "debug": ("pivotctl.debug.command:debug", "Show recent calls in a browser: asked, answered, and why."),
    "debug-access": ("pivotctl.debug._access:app", "Access to KAZOO accounts in Live Debug."),
    "delete": ("pivotctl.deploy.command:delete", "Delete a stage; its tables stay."),
    "demo": ("pivotctl.local:demo", "Deploy to a local AWS and play the demo's calls."),
    "deploy": ("pivotctl.deploy.command:deploy", "Deploy to a stage, prove it with a call, or go back."),
    "doctor": (
        "pivotctl.doctor.command:doctor",
        "Check a KAZOO account against a deployment, and repair it.",
    ),
    "dev": (
        "pivotctl.dev.command:dev",
        "Run this checkout's callbacks here, restarted on every save.",
    ),
    "down": ("pivotctl.local:down", "Stop what `pivot up` started."),
    "events": ("pivotctl.event_files:write", "Write the event files of a callback."),
    "export": ("pivotctl.tenant.command:export", "Write all that is kept of a stage to a file."),
    "explain": ("pivotctl.data.explain:explain", "Say which routing rule decides a call, and why."),
    "logs": ("pivotctl.logs.command:logs", "Show what the functions of a stage wrote."),
    "load": ("pivotctl.load:load", "Place many calls and measure the answers."),
    "new": ("pivotctl.new:new", "Make a new callback with its route, role, events and test."),
    "phone": ("pivotctl.phone:phone", "Call the application from the browser."),
    "provision": (
        "pivotctl.provision.command:provision",
        "Make callflows, numbers and webhooks of a KAZOO account.",
    ),
    "kazoo": ("pivotctl.kazoo:kazoo", "Run a KAZOO with a Crossbar on this machine, to try it all."),
    "privacy": ("pivotctl.privacy.command:app", "One caller's data: export it, erase it."),
    "restore": ("pivotctl.tenant.command:restore", "Write what `pivot export` wrote into a stage."),
    "rollback": ("pivotctl.deploy.command:rollback", "Bring the deployment before the last one back."),
    "tenant": ("pivotctl.tenant.command:app", "KAZOO accounts: list, show, remove."),
    "token": ("pivotctl.tokens:app", "Tokens and settings of KAZOO accounts."),
    "up": ("pivotctl.local:up", "Run the application on a local AWS, or update what runs."),
    "validate": ("pivotctl.validate:command", "Judge callflow documents as KAZOO would."),
}

# Options by the names they had; help shows only the new ones.
OLD_NAMES = {"--account": "--kazoo-account", "-a": "--kazoo-account", "--account-id": "--kazoo-account"}


class LazyGroup(TyperGroup):
    """Sub-commands that are imported when they are used: `pivot validate` never waits for the deploy code."""

    listing = False

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - click's signature
        """Return every name, in alphabetical order."""
        return sorted(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002
        """Return the sub-command of that name, imported unless only help is shown; None if unknown."""
        if cmd_name not in COMMANDS:
            return None
        target, summary = COMMANDS[cmd_name]
        if self.listing:
            return TyperCommand(cmd_name, help=summary)
        module, _, attribute = target.partition(":")
        with user_errors():
            found = getattr(import_module(module), attribute)
        if not isinstance(found, typer.Typer):
            single = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
            single.command(name=cmd_name)(found)
            found = single
        command = get_command(found)
        command.name = cmd_name
        _hide_old_names(command)
        return command

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Show each command's summary without importing it."""
        self.listing = True
        try:
            super().format_help(ctx, formatter)
        finally:
            self.listing = False

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Return the command named, or an error that names the nearest one."""
        name = args[0]
        if name not in COMMANDS and not name.startswith("-") and not ctx.resilient_parsing:
            near = get_close_matches(name, COMMANDS, n=1)
            ctx.fail(f"no command {name!r}" + (f"; did you mean `pivot {near[0]}`?" if near else ""))
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: Any) -> Any:
        """Run the command; user errors become one line and an exit code."""
        with user_errors():
            return super().invoke(ctx)


def _hide_old_names(command: Any) -> None:
    """Accept options by their old names in a command and below, without showing those."""
    for below in getattr(command, "commands", {}).values():
        _hide_old_names(below)
    options = {name: param for param in command.params for name in getattr(param, "opts", ())}
    param = options.get("--kazoo-account")
    if param is None:
        return
    param.opts = [name for name in param.opts if name not in OLD_NAMES]
    taken = {name for name, other in options.items() if other is not param}
    old = {name: new for name, new in OLD_NAMES.items() if name not in taken}
    parse = command.parse_args

    def parse_args(ctx: Any, args: list[str]) -> Any:
        return parse(ctx, [_renamed(arg, old) for arg in args])

    command.parse_args = parse_args


def _renamed(argument: str, names: dict[str, str]) -> str:
    name, equals, value = argument.partition("=")
    return names[name] + equals + value if name in names else argument


app = typer.Typer(
    cls=LazyGroup,
    name="pivot",
    help="Build, check, deploy and watch KAZOO Pivot callbacks.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    # Plain help: rich alone takes a quarter of a second to import.
    rich_markup_mode=None,
)


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"pivot {version('pivot-lambda')}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[  # noqa: ARG001 - its callback answers
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
    profile: Annotated[str, typer.Option(help="The AWS profile, instead of AWS_PROFILE.")] = "",
    region: Annotated[str, typer.Option(help="The AWS region, instead of the profile's.")] = "",
) -> None:
    """Build, check, deploy and watch KAZOO Pivot callbacks."""
    if profile:
        os.environ["AWS_PROFILE"] = profile
    if region:
        os.environ["AWS_REGION"] = os.environ["AWS_DEFAULT_REGION"] = region


def main() -> None:
    """Run the command line."""
    app()
