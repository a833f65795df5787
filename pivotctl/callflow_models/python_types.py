"""Write the Python types that data of a given rule has, and the TypedDict of every nested object."""

from __future__ import annotations

import keyword
from dataclasses import dataclass, field

from .facts import Rule

_PLAIN = {"string": "str", "integer": "int", "number": "float", "boolean": "bool"}
_ORDER = ("Literal", "bool", "int", "float", "str", "Sequence", "Mapping")


@dataclass(slots=True)
class Types:
    """Collects the TypedDicts needed while annotations are written; `shapes` are the named shapes of all
    versions.
    """

    shapes: dict[str, list[Rule]]
    declared: dict[str, str] = field(default_factory=dict)

    def annotation(self, rules: list[Rule], name: str) -> str:
        """Return the annotation of a value that follows one of these rules; `name` is for a nested object."""
        found: list[str] = []
        for rule in rules:
            for part in self._parts(rule, name):
                if part not in found:
                    found.append(part)
        literals = [part[len("Literal[") : -1].split(", ") for part in found if part.startswith("Literal[")]
        if literals:
            choices = list(dict.fromkeys(choice for each in literals for choice in each))
            found = [f"Literal[{', '.join(choices)}]", *(p for p in found if not p.startswith("Literal["))]
        found.sort(key=lambda part: next((i for i, start in enumerate(_ORDER) if part.startswith(start)), 99))
        return " | ".join(found)

    def _parts(self, rule: Rule, name: str) -> list[str]:
        if rule.get("same_as") == "action":
            return ["Flow", "Mapping[str, Any]"]
        if "same_as" in rule:
            shape = rule["same_as"]
            return [self._object(self.shapes[shape], _class_name(shape), extra=rule.get("fields", {}))]
        if "one_of" in rule and "type" not in rule:
            return [part for sub in rule["one_of"] for part in self._parts(sub, name)]
        if "one_of" in rule and "fields" in rule:
            return [self._entry(sub, name) for sub in rule["one_of"]]
        kinds = rule["type"] if isinstance(rule["type"], list) else [rule["type"]]
        parts: list[str] = []
        for kind in kinds:
            if "choices" in rule and kind in ("string", "integer"):
                literal = [repr(choice) for choice in rule["choices"]]
                parts.append(f"Literal[{', '.join(literal)}]".replace("'", '"'))
            elif kind == "array":
                item = self.annotation([rule["items"]], name.removesuffix("s")) if "items" in rule else "Any"
                parts.append(f"Sequence[{item}]")
            elif kind == "object":
                parts.append(self._object([rule], name, extra={}))
            else:
                parts.append(_PLAIN[kind])
        return parts

    def _entry(self, rule: Rule, name: str) -> str:
        shape = rule["same_as"]
        kind = rule["fields"]["macro"]["choices"][0]
        return self._object(self.shapes[shape], f"{kind.title()}{name}", extra=rule["fields"])

    def _object(self, rules: list[Rule], name: str, extra: dict[str, Rule]) -> str:
        keys = sorted({key for rule in rules for key in rule.get("fields", {})} | set(extra))
        if not keys:
            values = {self.annotation([sub], name) for rule in rules for _, sub in rule.get("named", [])}
            certain = len(values) == 1 and all("named" in rule for rule in rules)
            return f"Mapping[str, {values.pop() if certain else 'Any'}]"
        if name not in self.declared:
            self.declared[name] = ""
            self.declared[name] = self._typed_dict(name, rules, keys, extra)
        return name

    def _typed_dict(self, name: str, rules: list[Rule], keys: list[str], extra: dict[str, Rule]) -> str:
        lines = []
        plain = all(key.isidentifier() and not keyword.iskeyword(key) for key in keys)
        for key in keys:
            each = [rule["fields"][key] for rule in rules if key in rule.get("fields", {})]
            each += [extra[key]] if key in extra else []
            kind = self.annotation(each, name + _class_name(key))
            needed = key == "macro" or all(
                key in rule.get("required", ()) and "default" not in rule["fields"][key] for rule in rules
            )
            if plain:
                lines.append(f"    {key}: {f'Required[{kind}]' if needed else kind}")
            else:
                lines.append(f"        {key!r}: {f'Required[{kind}]' if needed else kind},".replace("'", '"'))
        if plain:
            return "\n".join([f"class {name}(TypedDict, total=False):", *lines])
        return "\n".join(
            [f"{name} = TypedDict(", f'    "{name}",', "    {", *lines, "    },", "    total=False,", ")"]
        )


def _class_name(name: str) -> str:
    return "".join(part.capitalize() for part in name.replace(".", "_").replace("-", "_").split("_"))


class_name = _class_name
