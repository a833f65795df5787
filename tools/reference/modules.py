"""Every module of the callflow language, from its model."""

from __future__ import annotations

import inspect
from typing import Any

from kazoo_callflow import KazooVersion, models
from kazoo_callflow._generated.builders import __all__ as names
from tools.reference.markdown import table


def page(version: KazooVersion) -> str:
    """Return the page of one KAZOO version."""
    found = [(name, models.model_of(name)) for name in sorted(names)]
    parts = [
        f"# Callflow modules of KAZOO {version}\n",
        "Each module has a builder of the same name: `from kazoo_callflow import tts`.\n",
    ]
    parts += [_module(name, model) for name, model in found if version in model.kazoo_versions]
    return "\n".join(parts)


def _module(name: str, model: type[models.ModuleNode]) -> str:
    about = inspect.cleandoc(model.__doc__ or "").strip()
    fields: dict[str, Any] = model.model_fields["data"].annotation.model_fields  # type: ignore[union-attr]
    rows = [
        (
            f"`{field.alias or key}`",
            _type(field),
            "yes" if field.is_required() else "",
            field.description or "",
        )
        for key, field in fields.items()
    ]
    traps = "\n".join(f"- {trap}" for trap in model.traps)
    parts = [f"## {name}\n", about + "\n", table(("field", "type", "required", "meaning"), rows)]
    if traps:
        parts.append(f"What to know:\n\n{traps}\n")
    return "\n".join(parts)


def _type(field: Any) -> str:
    schema = field.annotation
    text = getattr(schema, "__name__", None) if "[" not in str(schema) else None
    shown = text or str(schema).replace("typing.", "").replace("kazoo_callflow._generated.models.", "")
    shown = shown.replace(" | None", "").replace("NoneType", "None")
    return f"`{shown}`" if len(shown) < 60 else "`" + shown[:56] + "…`"
