"""What both KAZOO versions define for each module, merged: the union that builders and models are typed
with.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .docs import ModuleDocs
from .schemas import Rule

NOT_MODULES = {"action", "audio_macro.prompt", "audio_macro.say", "audio_macro.tone"}
"""Names that have a schema but no module: the node itself, and parts of audio_macro."""


@dataclass(frozen=True, slots=True)
class Field:
    """One key of an object, with its rule in each version that has it, the newest last."""

    name: str
    rules: dict[str, Rule]
    required: bool
    words: str

    @property
    def rule(self) -> Rule:
        """The newest version's rule."""
        return list(self.rules.values())[-1]

    @property
    def versions(self) -> tuple[str, ...]:
        """The versions that know this key."""
        return tuple(self.rules)


@dataclass(frozen=True, slots=True)
class Object:
    """A module's data, a shape, or an object inside one."""

    name: str
    versions: tuple[str, ...]
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Module:
    """One module: its data and our documentation of it."""

    name: str
    data: Object
    docs: ModuleDocs

    @property
    def versions(self) -> tuple[str, ...]:
        """The versions that have the module."""
        return self.data.versions


def read_language(
    tables: dict[str, dict[str, dict[str, Rule]]], docs: dict[str, ModuleDocs]
) -> dict[str, Module]:
    """Return every module by name, from `{version: tables}` and our docs."""
    language = {}
    for name in sorted({name for table in tables.values() for name in table["modules"]} - NOT_MODULES):
        rules = {
            version: table["modules"][name] for version, table in tables.items() if name in table["modules"]
        }
        language[name] = Module(name, merge(name, rules, docs[name]), docs[name])
    return language


def merge(name: str, rules: dict[str, Rule], docs: ModuleDocs, prefix: str = "") -> Object:
    """Put the versions of one object together; `prefix` is where it is inside what the docs are about."""
    fields = []
    for key in sorted({key for rule in rules.values() for key in rule.get("fields", {})}):
        each = {
            version: rule["fields"][key] for version, rule in rules.items() if key in rule.get("fields", {})
        }
        needed = len(each) == len(rules) and all(is_required(key, rule) for rule in rules.values())
        fields.append(Field(key, each, needed, docs.of(prefix + key)))
    order = {key: place for place, key in enumerate(docs.first)}
    fields.sort(
        key=lambda one: (
            order.get(one.name, len(order)),
            not one.required,
            one.name == "skip_module",
            one.name,
        )
    )
    return Object(name, tuple(rules), tuple(fields))


def is_required(key: str, rule: Rule) -> bool:
    """Say whether an object that follows this rule must be given the key."""
    field = rule["fields"][key]
    fewest, _ = field.get("size", [0, None])
    if has_default(field) and field["default"] == [] and fewest:
        # KAZOO fills in an empty list, and then refuses it for being empty.
        return True
    return key in rule.get("required", ()) and not has_default(field)


def has_default(rule: Rule) -> bool:
    """Say whether KAZOO fills this field in: it does so only where the rule states a type."""
    return "default" in rule and "type" in rule


def limits(field: Field, versions: tuple[str, ...]) -> str:
    """Say a field's bounds, default and versions in one short clause for a docstring."""
    rule: dict[str, Any] = field.rule
    parts = []
    if "length" in rule:
        low, high = rule["length"]
        parts.append((f"exactly {low}" if low == high else _between(low, high)) + " characters")
    if "range" in rule:
        parts.append(_between(*rule["range"]))
    if "size" in rule:
        parts.append(_between(*rule["size"]) + (" item" if rule["size"] == [1, None] else " items"))
    if rule.get("unique"):
        parts.append("unique items")
    if "pattern" in rule:
        parts.append(f"matching `{rule['pattern']}`")
    if has_default(rule) and not field.required:
        default = rule["default"]
        shown = "all twelve keys" if isinstance(default, list) and len(default) == 12 else repr(default)
        parts.append(f"KAZOO fills in {shown}")
    if field.versions != versions:
        parts.append(f"KAZOO {' and '.join(field.versions)} only")
    return "; ".join(parts)


def _between(low: int | None, high: int | None) -> str:
    if low is None:
        return f"at most {high}"
    return f"at least {low}" if high is None else f"{low} to {high}"
