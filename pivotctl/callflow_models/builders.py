"""Write one builder function per module: typed keyword arguments in, a checked Flow out."""

from __future__ import annotations

import re
import textwrap

from .language import Field, Module, limits
from .python_types import Types, class_name

COMMAND = "python -m pivotctl.callflow_models"
WIDTH = 110


def builder_source(module: Module, types: Types) -> str:
    """Return the source of the file with one module's builder function."""
    annotated = [
        (one, types.annotation(list(one.rules.values()), class_name(f"{module.name}_{one.name}")))
        for one in module.fields
    ]
    used = " ".join(annotation for _, annotation in annotated)
    names = [name for name in types.declared if re.search(rf"\b{name}\b", used)]
    typing = [name for name in ("Any", "Literal") if re.search(rf"\b{name}\b", used)]
    containers = [name for name in ("Mapping", "Sequence") if re.search(rf"\b{name}\b", used)]
    lines = [
        f'"""The `{module.name}` module. Written by `{COMMAND}`; do not edit."""',
        "",
        "from __future__ import annotations",
        "",
    ]
    lines += [f"from typing import {', '.join(sorted(['TYPE_CHECKING', 'Never', *typing]))}", ""]
    lines += ["from callflow._flow import Flow, build", "", "if TYPE_CHECKING:"]
    inner = [f"    from collections.abc import {', '.join(containers)}"] if containers else []
    inner += [f"    from callflow._generated.types import {', '.join(sorted(names))}"] if names else []
    if inner:
        lines += [*inner, "", ""]
    else:
        lines[-1:] = ["", ""]
        lines = [line.replace("TYPE_CHECKING, ", "") for line in lines]
    lines += [f"def {module.name}("]
    positional = [(one, kind) for one, kind in annotated if one.name in module.words.first]
    named = [(one, kind) for one, kind in annotated if one.name not in module.words.first]
    lines += [_parameter(one, kind) for one, kind in positional]
    lines += ["    *,"] if named else []
    lines += [_parameter(one, kind) for one, kind in named]
    lines += ["    **unknown: Never,", ") -> Flow:"]
    lines += [textwrap.indent(docstring(module), "    ")]
    given = ", ".join(f'"{one.name}": {one.name}' for one in module.fields)
    lines += [f'    return build("{module.name}", {{{given}}}, unknown)', ""]
    return "\n".join(lines)


def _parameter(one: Field, kind: str) -> str:
    return f"    {one.name}: {kind}," if one.required else f"    {one.name}: {kind} | None = None,"


def docstring(module: Module) -> str:
    """Return the docstring of a module: what it does, its fields, its branches, its traps."""
    says = module.words.says
    parts = [*textwrap.wrap(f'"""{says}', WIDTH - 4)]
    if module.fields:
        parts += ["", "Fields:"]
        for one in module.fields:
            extra = limits(one, module.versions)
            text = f"{one.name}: {one.words}" + (f" ({extra})" if extra else "")
            parts += textwrap.wrap(text, WIDTH - 6, initial_indent="  ", subsequent_indent="    ")
    parts += ["", *textwrap.wrap(branches(module), WIDTH - 4)]
    for trap in module.words.traps:
        parts += ["", *textwrap.wrap(f"Trap: {trap}", WIDTH - 4)]
    if len(module.versions) == 1:
        parts += ["", f"KAZOO {module.versions[0]} only."]
    return "\n".join([*parts, '"""']).replace("\\", "\\\\")


def branches(module: Module) -> str:
    """Say in a sentence which child keys a module looks at."""
    words = module.words
    keys = [f"`{key}`" for key in words.children]
    if words.more == "bridge":
        keys.append("a hang-up cause such as `USER_BUSY` or a SIP code such as `sip:486`")
    elif words.more:
        keys.append(words.more)
    return f"Branches: {', '.join(keys)}." if keys else "Branches: none; nothing runs after it."


def index_source(modules: list[str]) -> str:
    """Return the source of the package that names every builder, importing none until it is used."""
    lines = [f'"""The builder function of every module. Written by `{COMMAND}`; do not edit."""', ""]
    lines += ["from typing import TYPE_CHECKING", "", "if TYPE_CHECKING:"]
    lines += [f"    from .{name} import {name} as {name}" for name in modules]
    lines += ["", "__all__ = (", *(f'    "{name}",' for name in modules), ")", ""]
    return "\n".join(lines)


def types_source(types: Types) -> str:
    """Return the source of the module with every nested object's TypedDict."""
    lines = [f'"""The nested objects builders take. Written by `{COMMAND}`; do not edit."""', ""]
    lines += ["from __future__ import annotations", "", "from collections.abc import Mapping, Sequence"]
    lines += ["from typing import Any, Literal, Required, TypedDict", ""]
    for name in sorted(types.declared):
        lines += ["", types.declared[name], ""]
    return "\n".join([*lines, ""]).replace("\n\n\n\n", "\n\n\n")
