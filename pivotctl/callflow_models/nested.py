"""Find the objects inside a module's data and name them, for the builders' TypedDicts and for the models."""

from __future__ import annotations

from dataclasses import dataclass, field

from .docs import ModuleDocs
from .language import Object, merge
from .schemas import Rule

_PLAIN = {"string": "str", "integer": "int", "number": "float", "boolean": "bool"}
_ORDER = ("Literal", "bool", "int", "float", "str", "Sequence", "list", "Mapping", "dict")


def class_name(name: str) -> str:
    """Turn `ring_group` or `conferences.profile` into `RingGroup` or `ConferencesProfile`."""
    return "".join(part.capitalize() for part in name.replace(".", "_").replace("-", "_").split("_"))


@dataclass(slots=True)
class Nested:
    """Writes annotations, and collects the objects they mention.

    `shapes` are the rules of every shape and module by version; `sequence` and `mapping` are the containers
    an annotation uses: what a builder takes is wider than what a model holds.
    """

    shapes: dict[str, dict[str, Rule]]
    docs: dict[str, ModuleDocs]
    sequence: str = "Sequence"
    mapping: str = "Mapping"
    node: str = "Flow | Mapping[str, Any]"
    declared: dict[str, Object] = field(default_factory=dict)

    def annotation(self, rules: dict[str, Rule], name: str, docs: ModuleDocs, prefix: str) -> str:
        """Return the annotation of a value that follows one of these rules (by version).

        `name` is the class name an object gets; `prefix` is where the value is in what `docs` are about.
        """
        found: list[str] = []
        for version, rule in rules.items():
            found += [
                part for part in self._parts(version, rule, rules, name, docs, prefix) if part not in found
            ]
        literals = [part[len("Literal[") : -1].split(", ") for part in found if part.startswith("Literal[")]
        if literals:
            choices = list(dict.fromkeys(choice for each in literals for choice in each))
            found = [f"Literal[{', '.join(choices)}]", *(p for p in found if not p.startswith("Literal["))]
        found.sort(key=lambda part: next((i for i, start in enumerate(_ORDER) if part.startswith(start)), 99))
        return " | ".join(found)

    def _parts(
        self, version: str, rule: Rule, rules: dict[str, Rule], name: str, docs: ModuleDocs, prefix: str
    ) -> list[str]:
        if rule.get("same_as") == "action":
            return [self.node]
        if "same_as" in rule:
            return [self._shape(rule["same_as"], class_name(rule["same_as"]), {})]
        if "one_of" in rule and "fields" in rule:
            return [self._entry(one) for one in rule["one_of"]]
        if "one_of" in rule and "type" not in rule:
            return [p for one in rule["one_of"] for p in self._parts(version, one, rules, name, docs, prefix)]
        parts: list[str] = []
        for kind in rule["type"] if isinstance(rule["type"], list) else [rule["type"]]:
            if "choices" in rule and kind in {"string", "integer"}:
                listed = ", ".join(repr(choice) for choice in rule["choices"]).replace("'", '"')
                parts.append(f"Literal[{listed}]")
            elif kind == "array":
                items = {version: rule["items"]} if "items" in rule else {}
                item = self.annotation(items, name.removesuffix("s"), docs, prefix) if items else "Any"
                parts.append(f"{self.sequence}[{item}]")
            elif kind == "object":
                parts.append(self._object(rule, rules, name, docs, prefix))
            else:
                parts.append(_PLAIN[kind])
        return parts

    def _shape(self, shape: str, name: str, extra: dict[str, Rule]) -> str:
        rules = {
            version: {
                **rule,
                "fields": {**extra, **rule.get("fields", {})},
                "required": [*rule.get("required", ()), *extra],
            }
            for version, rule in self.shapes[shape].items()
        }
        if not any(rule["fields"] for rule in rules.values()):
            return self._object(self.shapes[shape]["5"], self.shapes[shape], name, self.docs[shape], "")
        docs = self.docs[shape]
        about = ModuleDocs(
            says=docs.says,
            fields={"macro": "The kind of sound this is.", **docs.fields},
            common=docs.common,
        )
        return self._declare(name, rules, about, "")

    def _entry(self, rule: Rule) -> str:
        kind = rule["fields"]["macro"]["choices"][0]
        return self._shape(rule["same_as"], f"{kind.title()}Sound", rule["fields"])

    def _object(self, rule: Rule, rules: dict[str, Rule], name: str, docs: ModuleDocs, prefix: str) -> str:
        if "fields" in rule:
            each = {version: _object_of(one) for version, one in rules.items()}
            return self._declare(name, {v: one for v, one in each.items() if one is not None}, docs, prefix)
        kinds = [self.annotation({"5": one}, name, docs, prefix) for _, one in rule.get("named", ())]
        certain = kinds and all("named" in one for one in rules.values())
        return f"{self.mapping}[str, {kinds[0] if certain else 'Any'}]"

    def _declare(self, name: str, rules: dict[str, Rule], docs: ModuleDocs, prefix: str) -> str:
        if name not in self.declared:
            merged = merge(name, rules, docs, prefix)
            self.declared[name] = merged
            self.annotations[name] = {
                one.name: self.annotation(
                    one.rules, name + class_name(one.name), docs, f"{prefix}{one.name}."
                )
                for one in merged.fields
            }
            self.says[name] = docs.says if not prefix else docs.of(prefix.removesuffix("."))
        return name

    annotations: dict[str, dict[str, str]] = field(default_factory=dict)
    says: dict[str, str] = field(default_factory=dict)


def _object_of(rule: Rule) -> Rule | None:
    """Return the rule that has the fields: a list's items, or the rule itself."""
    if "fields" in rule:
        return rule
    return _object_of(rule["items"]) if "items" in rule else None
