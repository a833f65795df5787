"""What both KAZOO versions say of each module, put together: the union a builder or a model is typed with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .facts import Rule
from .words import Words

NOT_MODULES = {"action", "audio_macro.prompt", "audio_macro.say", "audio_macro.tone"}
"""Names that have a schema but no module: the node itself, and parts of audio_macro."""


@dataclass(frozen=True, slots=True)
class Field:
    """One key of a module's data or of a shape."""

    name: str
    rules: dict[str, Rule]
    versions: tuple[str, ...]
    required: bool
    words: str

    @property
    def rule(self) -> Rule:
        """The newest version's rule."""
        return self.rules[max(self.rules, key=list(self.rules).index)]


@dataclass(frozen=True, slots=True)
class Module:
    """One module, or one named shape of data."""

    name: str
    versions: tuple[str, ...]
    fields: tuple[Field, ...]
    words: Words


def read_language(facts: dict[str, dict[str, dict[str, Rule]]], words: dict[str, Words]) -> dict[str, Module]:
    """Return every module by name, from `{version: facts}` and our words."""
    names = sorted({name for table in facts.values() for name in table["modules"]} - NOT_MODULES)
    return {
        name: describe(name, {v: t["modules"][name] for v, t in facts.items() if name in t["modules"]}, words)
        for name in names
    }


def describe(name: str, rules: dict[str, Rule], words: dict[str, Words]) -> Module:
    """Return one module or shape, given its rule in each version."""
    about = words.get(name, Words())
    keys = sorted({key for rule in rules.values() for key in rule.get("fields", {})})
    fields = []
    for key in keys:
        each = {
            version: rule["fields"][key] for version, rule in rules.items() if key in rule.get("fields", {})
        }
        needed = len(each) == len(rules) and all(
            key in rule.get("required", ()) and not _filled(rule["fields"][key]) for rule in rules.values()
        )
        says = (
            "Skip this node: go straight to the wildcard child."
            if key == "skip_module"
            else about.fields.get(key, "")
        )
        fields.append(Field(key, each, tuple(each), needed, says))
    order = {key: place for place, key in enumerate(about.first)}
    fields.sort(
        key=lambda one: (
            order.get(one.name, len(order)),
            not one.required,
            one.name == "skip_module",
            one.name,
        )
    )
    return Module(name, tuple(rules), tuple(fields), about)


def _filled(rule: Rule) -> bool:
    return "default" in rule and "type" in rule


def limits(field: Field, versions: tuple[str, ...]) -> str:
    """Say a field's bounds, default and versions in one short clause for a docstring."""
    rule: dict[str, Any] = field.rule
    parts = []
    if "length" in rule:
        low, high = rule["length"]
        parts.append(f"exactly {low} characters" if low == high else _between(low, high) + " characters")
    if "range" in rule:
        parts.append(_between(*rule["range"]))
    if "size" in rule:
        parts.append(_between(*rule["size"]) + " items")
    if rule.get("unique"):
        parts.append("no item twice")
    if "pattern" in rule:
        parts.append(f"matching `{rule['pattern']}`")
    if "default" in rule and "type" in rule:
        parts.append(f"KAZOO fills in {rule['default']!r}")
    if field.versions != versions:
        parts.append(f"KAZOO {' and '.join(field.versions)} only")
    return "; ".join(parts)


def _between(low: int | None, high: int | None) -> str:
    if low is None:
        return f"at most {high}"
    return f"at least {low}" if high is None else f"{low} to {high}"
