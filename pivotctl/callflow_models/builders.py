"""Write one builder function per module: typed keyword arguments in, a checked Flow out."""

from __future__ import annotations

import keyword
import re
import textwrap

from .language import Field, Module, limits
from .nested import Nested, class_name

COMMAND = "python -m pivotctl.callflow_models"
WIDTH = 110


def builder_source(module: Module, nested: Nested) -> str:
    """Return the source of the file with one module's builder function."""
    annotated = [
        (
            one,
            nested.annotation(
                one.rules, class_name(f"{module.name}_{one.name}"), module.docs, f"{one.name}."
            ),
        )
        for one in module.data.fields
    ]
    used = " ".join(annotation for _, annotation in annotated)
    names = words_in(used, nested.declared)
    containers = words_in(used, ("Mapping", "Sequence"))
    lines = [header(f"The `{module.name}` module."), ""]
    typing = [
        *words_in(used, ("Any", "Literal")),
        "Never",
        *(["TYPE_CHECKING"] if names or containers else []),
    ]
    lines += [
        f"from typing import {', '.join(sorted(typing))}",
        "",
        "from kazoo_callflow._flow import Flow, build",
        "",
    ]
    if names or containers:
        lines += ["if TYPE_CHECKING:"]
        lines += [f"    from collections.abc import {', '.join(containers)}"] if containers else []
        lines += [f"    from kazoo_callflow._generated.types import {', '.join(names)}"] if names else []
        lines += [""]
    positional = [_parameter(one, kind) for one, kind in annotated if one.name in module.docs.first]
    named = [_parameter(one, kind) for one, kind in annotated if one.name not in module.docs.first]
    lines += ["", f"def {module.name}(", *positional, *(["    *,", *named] if named else [])]
    lines += ["    **unknown: Never,", ") -> Flow:", textwrap.indent(docstring(module), "    ")]
    lines += ["    return build(", f'        "{module.name}",', "        {"]
    lines += [f'            "{one.name}": {one.name},' for one in module.data.fields]
    return "\n".join([*lines, "        },", "        unknown,", "    )", ""])


def header(says: str) -> str:
    """Return the first lines of a generated file."""
    return f'"""{says} Written by `{COMMAND}`; do not edit."""\n\nfrom __future__ import annotations'


def words_in(text: str, names: object) -> list[str]:
    """Return, sorted, those of `names` that `text` mentions."""
    return [name for name in sorted(names) if re.search(rf"\b{name}\b", text)]  # type: ignore[call-overload]


def _parameter(one: Field, kind: str) -> str:
    return f"    {one.name}: {kind}," if one.required else f"    {one.name}: {kind} | None = None,"


def docstring(module: Module) -> str:
    """Return the docstring of a module: what it does, its fields, its branches, its traps."""
    docs = module.docs
    parts = [*textwrap.wrap(f'"""{docs.says}', WIDTH - 4), "", "Fields:"]
    for one in module.data.fields:
        text = f"{one.name}: {_with_limits(one, module.versions)}"
        parts += textwrap.wrap(text, WIDTH - 6, initial_indent="  ", subsequent_indent="    ")
    parts += ["", *textwrap.wrap(branches(module), WIDTH - 4)]
    for trap in docs.traps:
        parts += ["", *textwrap.wrap(f"Trap: {trap}", WIDTH - 4)]
    if len(module.versions) == 1:
        parts += ["", f"KAZOO {module.versions[0]} only."]
    return "\n".join([*parts, '"""']).replace("\\", "\\\\")


def _with_limits(one: Field, versions: tuple[str, ...]) -> str:
    extra = limits(one, versions)
    return f"{one.words} ({extra})" if extra else one.words


def branches(module: Module) -> str:
    """Say in a sentence which child keys a module looks at."""
    docs = module.docs
    keys = [f"`{key}`" for key in docs.children]
    if docs.other_keys == "bridge":
        keys.append("a hang-up cause such as `USER_BUSY` or a SIP code such as `sip:486`")
    elif docs.other_keys:
        keys.append(docs.other_keys)
    return f"Branches: {', '.join(keys)}." if keys else "Branches: none; nothing runs after it."


def index_source(modules: list[str]) -> str:
    """Return the source of the package that names every builder, importing none until it is used."""
    lines = [header("The builder function of every module."), "", "from typing import TYPE_CHECKING", ""]
    lines += ["if TYPE_CHECKING:", *(f"    from .{name} import {name} as {name}" for name in modules)]
    return "\n".join([*lines, "", "__all__ = (", *(f'    "{name}",' for name in modules), ")", ""])


def types_source(nested: Nested) -> str:
    """Return the source of the module with every nested object's TypedDict."""
    lines = [header("The nested objects builders take."), "", "from collections.abc import Mapping, Sequence"]
    lines += ["from typing import Any, Literal, Required, TypedDict", ""]
    lines += ["__all__ = (", *(f'    "{name}",' for name in sorted(nested.declared)), ")", ""]
    for name in sorted(nested.declared):
        lines += ["", typed_dict(nested, name), ""]
    return "\n".join([*lines, ""]).replace("\n\n\n\n", "\n\n\n").rstrip("\n") + "\n"


def typed_dict(nested: Nested, name: str) -> str:
    """Return the TypedDict of one object, each key with its sentence."""
    fields = nested.declared[name].fields
    kinds = nested.annotations[name]
    versions = nested.declared[name].versions
    shown = [(one, f"Required[{kinds[one.name]}]" if one.required else kinds[one.name]) for one in fields]
    if all(one.name.isidentifier() and not keyword.iskeyword(one.name) for one in fields):
        lines = [f"class {name}(TypedDict, total=False):", f'    """{nested.says[name]}"""', ""]
        for one, kind in shown:
            lines += [
                f"    {one.name}: {kind}",
                f'    """{_with_limits(one, versions)}"""'.replace("\\", "\\\\"),
            ]
        return "\n".join(lines)
    lines = [f"{name} = TypedDict(", f'    "{name}",', "    {"]
    for one, kind in shown:
        lines += [f"        # {_with_limits(one, versions)}", f'        "{one.name}": {kind},']
    return "\n".join([*lines, "    },", "    total=False,", ")", f'"""{nested.says[name]}"""'])
