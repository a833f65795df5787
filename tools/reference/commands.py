"""Every command, with its arguments and options, as `--help` knows them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from typer.main import get_command

from pivotctl.cli import app
from tools.reference.markdown import table

ABOUT = """\
`pivot COMMAND --help` says the same. Run it as `.venv/bin/pivot` in a clone, or activate the environment
once: `source .venv/bin/activate`.
"""


def page() -> str:
    """Return the page."""
    top = get_command(app)
    parts = ["# Commands\n", ABOUT]
    context = top.context_class(top, info_name="pivot")
    parts += [_section(path, command) for path, command in _walk(top, context, "pivot")]
    return "\n".join(parts)


def _walk(command: Any, context: Any, path: str) -> Iterator[tuple[str, Any]]:
    if not hasattr(command, "list_commands"):
        yield path, command
        return
    if path != "pivot":
        yield path, command
    for name in command.list_commands(context):
        below = command.get_command(context, name)
        yield from _walk(below, below.context_class(below, info_name=name, parent=context), f"{path} {name}")


def _section(path: str, command: Any) -> str:
    level = "##" if path.count(" ") == 1 else "###"
    rows = []
    for parameter in command.params:
        if getattr(parameter, "hidden", False) or parameter.name == "help":
            continue
        is_option = parameter.param_type_name == "option"
        shown = ", ".join(parameter.opts + parameter.secondary_opts) if is_option else parameter.name.upper()
        wanted = "required" if parameter.required else ""
        rows.append((f"`{shown}`", wanted, getattr(parameter, "help", "") or ""))
    return "\n".join(
        (
            f"{level} {path}\n",
            (command.help or "").replace("\b", "").strip() + "\n",
            table(("", "", "meaning"), rows),
        )
    )
