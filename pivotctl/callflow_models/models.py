"""Write one file of pydantic models per module: its data, the objects inside, and its node."""

from __future__ import annotations

import json
import textwrap
from typing import Any

from .builders import WIDTH, branches, header, words_in
from .language import Field, Module, Object, has_default, limits
from .nested import Nested, class_name


def model_source(module: Module, shapes: Any, docs: Any) -> tuple[str, list[str]]:
    """Return the source of one module's models, and the names of the classes in it."""
    nested = Nested(shapes, docs, sequence="list", mapping="dict", node="ChildNode")
    name = class_name(module.name)
    kinds = {
        one.name: nested.annotation(one.rules, f"{name}{class_name(one.name)}", module.docs, f"{one.name}.")
        for one in module.data.fields
    }
    classes = [
        *(
            _data_class(each, nested.declared[each], nested.annotations[each], nested.says[each])
            for each in _inner_first(nested)
        ),
        _data_class(f"{name}Data", module.data, kinds, f"The data of `{module.name}`."),
        _node_class(module),
    ]
    text = "\n\n\n".join(classes)
    typing = words_in(text, ("Any", "ClassVar", "Literal"))
    base = words_in(text, ("ChildNode", "Data", "ModuleNode"))
    lines = [
        header(f"Models of the `{module.name}` module.").removesuffix(
            "\n\nfrom __future__ import annotations"
        ),
        "",
    ]
    lines += [f"from typing import {', '.join(typing)}", "", "from pydantic import Field", ""]
    lines += [f"from kazoo_callflow._models import {', '.join(base)}", "", ""]
    return "\n".join([*lines, text, ""]), [*nested.declared, f"{name}Data", name]


def models_index(homes: dict[str, str]) -> str:
    """Return the source of the package that names every model, importing none until it is used."""
    lines = [
        header("The models of every module."),
        "",
        "from typing import TYPE_CHECKING",
        "",
        "if TYPE_CHECKING:",
    ]
    for module in sorted(set(homes.values())):
        lines += [
            f"    from .{module} import {name} as {name}" for name in sorted(homes) if homes[name] == module
        ]
    lines += ["", "HOMES = {", *(f'    "{name}": "{module}",' for name, module in sorted(homes.items())), "}"]
    return "\n".join([*lines, '"""In which file each model is."""', ""])


def _inner_first(nested: Nested) -> list[str]:
    # A class is written after those its annotations mention, which were declared after it.
    return list(reversed(nested.declared))


def _data_class(name: str, about: Object, kinds: dict[str, str], says: str) -> str:
    lines = [f"class {name}(Data):", f'    """{says}"""', ""]
    for one in about.fields:
        lines += [_field(one, kinds[one.name], about.versions)]
    return "\n".join(lines).rstrip()


def _field(one: Field, kind: str, versions: tuple[str, ...]) -> str:
    options: list[str] = []
    python_name = one.name.replace("-", "_")
    if one.required:
        options.append("...")
    elif all(has_default(rule) for rule in one.rules.values()) and one.versions == versions:
        default = one.rule["default"]
        options.append(
            f"default_factory=lambda: {_literal(default)}"
            if isinstance(default, list)
            else f"default={_literal(default)}"
        )
        if isinstance(default, dict):
            # KAZOO fills in the object, then what is missing inside it.
            options[-1] = f"default_factory={kind}" if kind[0].isupper() else "default_factory=dict"
    else:
        kind, options = f"{kind} | None", ["default=None"]
    if python_name != one.name:
        options.append(f'alias="{one.name}"')
    options += _constraints(one)
    extra = limits(one, versions)
    options.append("description=" + json.dumps(f"{one.words} ({extra})" if extra else one.words))
    text = f"    {python_name}: {kind} = Field({', '.join(options)})".replace("(..., ", "(")
    if len(text) <= WIDTH:
        return text
    inner = [option for option in options if option != "..."]
    return "\n".join(
        [f"    {python_name}: {kind} = Field(", *(f"        {option}," for option in inner), "    )"]
    )


def _constraints(one: Field) -> list[str]:
    rule = one.rule
    if not isinstance(rule.get("type"), str):
        return []
    options = []
    for key, lowest, highest in (
        ("length", "min_length", "max_length"),
        ("range", "ge", "le"),
        ("size", "min_length", "max_length"),
    ):
        each = [version.get(key, [None, None]) for version in one.rules.values()]
        lows, highs = [low for low, _ in each], [high for _, high in each]
        # The wider bound of the two versions: the exact check follows once the module's data is complete.
        if None not in lows:
            options.append(f"{lowest}={min(low for low in lows if low is not None)}")
        if None not in highs:
            options.append(f"{highest}={max(high for high in highs if high is not None)}")
    if "pattern" in rule:
        options.append(f'pattern=r"{rule["pattern"]}"')
    return options


def _node_class(module: Module) -> str:
    docs = module.docs
    name = class_name(module.name)
    lines = [f"class {name}(ModuleNode):"]
    lines += textwrap.wrap(f'"""{docs.says}', WIDTH, initial_indent="    ", subsequent_indent="    ")
    lines += ["", f"    {branches(module)}".replace("\\", "\\\\"), '    """', ""]
    if len(lines[-3]) > WIDTH:
        lines[-3:-2] = textwrap.wrap(branches(module), WIDTH, initial_indent="    ", subsequent_indent="    ")
    lines += [f"    kazoo_versions: ClassVar[tuple[str, ...]] = {_tuple(module.versions)}"]
    lines += [f"    child_keys: ClassVar[tuple[str, ...]] = {_tuple(docs.children)}"]
    lines += [f"    other_child_keys: ClassVar[str] = {json.dumps(docs.other_keys)}"]
    traps = [f"        {json.dumps(trap)}," for trap in docs.traps]
    lines += (
        ["    traps: ClassVar[tuple[str, ...]] = (", *traps, "    )"]
        if traps
        else ["    traps: ClassVar[tuple[str, ...]] = ()"]
    )
    lines += ["", f'    module: Literal["{module.name}"] = "{module.name}"']
    factory = (
        f" = Field(default_factory={name}Data)" if not any(one.required for one in module.data.fields) else ""
    )
    return "\n".join([*lines, f"    data: {name}Data{factory}"])


def _tuple(values: tuple[str, ...]) -> str:
    return f"({', '.join(json.dumps(value) for value in values)}{',' if len(values) == 1 else ''})"


def _literal(value: Any) -> str:
    return repr(value) if isinstance(value, bool) else json.dumps(value)
