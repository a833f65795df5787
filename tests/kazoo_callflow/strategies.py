"""Hypothesis strategies drawn from KAZOO's facts: data a rule accepts, and data it refuses."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from kazoo_callflow import KazooVersion, building_for, node
from kazoo_callflow._branches import branch_rules
from kazoo_callflow._flow import NOT_MODULES, Flow
from kazoo_callflow._schemas import VersionSchemas, schemas_of
from kazoo_callflow._validator import Rule, usable_default

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
JSON = st.recursive(
    st.booleans() | st.integers() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=5,
)
WRONG_TYPE: dict[str, Any] = {
    "string": [5, True, None, [], {}, 1.5],
    "integer": ["5", True, None, 4.0, [], {}],
    "number": ["5", True, None, [], {}],
    "boolean": ["true", 1, 0, None, [], {}],
    "array": ["a", {}, None, 3, False],
    "object": ["a", [], None, 3, False],
}


def modules(kazoo: KazooVersion) -> list[str]:
    """Name the modules a version can run."""
    return sorted(set(schemas_of(kazoo).modules) - NOT_MODULES)


def values(rule: Rule, known: VersionSchemas) -> st.SearchStrategy[Any]:
    """Draw values a rule accepts."""
    if "same_as" in rule:
        if rule["same_as"] == "action":
            return st.just({"module": "play", "data": {"id": "x"}})
        return values(known.shape(rule["same_as"]), known)
    if "choices" in rule:
        return st.sampled_from(rule["choices"])
    if "one_of" in rule and "type" not in rule:
        return st.one_of(*(values(one, known) for one in rule["one_of"]))
    kinds = rule["type"] if isinstance(rule["type"], list) else [rule["type"]]
    return st.one_of(*(_of_kind(kind, rule, known) for kind in kinds))


def _of_kind(kind: str, rule: Rule, known: VersionSchemas) -> st.SearchStrategy[Any]:
    if kind == "boolean":
        return st.booleans()
    if kind == "integer":
        low, high = rule.get("range", [None, None])
        return st.integers(low, high)
    if kind == "number":
        return st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    if kind == "array":
        fewest, most = rule.get("size", [None, None])
        if "one_of" in rule.get("items", {}) and "fields" in rule["items"]:
            item: Any = st.one_of(*(_sound(one, known) for one in rule["items"]["one_of"]))
        else:
            item = values(rule["items"], known) if "items" in rule else JSON
        return st.lists(item, min_size=fewest or 0, max_size=most or 4, unique=rule.get("unique", False))
    if kind == "object":
        return objects(rule, known)
    return _text(rule)


def _text(rule: Rule) -> st.SearchStrategy[str]:
    low, high = rule.get("length", [None, None])
    if rule.get("url"):
        return st.from_regex(r"https?://[a-z]{1,10}\.example\.com(/[a-z]{0,8})?", fullmatch=True)
    if rule.get("pattern"):
        return st.from_regex(rule["pattern"]).filter(lambda text: low is None or len(text) >= low)
    if rule.get("email"):
        return st.just("someone@example.com")
    return st.text(st.characters(exclude_categories=["Cs"]), min_size=low or 0, max_size=high or 30)


def _sound(rule: Rule, known: VersionSchemas) -> st.SearchStrategy[Any]:
    kind = rule["fields"]["macro"]["choices"][0]
    return objects(known.shape(rule["same_as"]), known).map(lambda entry: {**entry, "macro": kind})


@st.composite
def objects(draw: st.DrawFn, rule: Rule, known: VersionSchemas) -> dict[str, Any]:
    """Draw objects a rule accepts: required keys, and some of the others."""
    if "any_of" in rule:
        rule = draw(st.sampled_from(rule["any_of"]))
    if "same_as" in rule:
        rule = known.shape(rule["same_as"])
    fields = rule.get("fields", {})
    needed = set(rule.get("required", ())) - {key for key, sub in fields.items() if usable_default(sub)}
    # A default that is itself refused must be replaced (the empty list of an audio_macro).
    needed |= {key for key, sub in fields.items() if sub.get("default") == [] and sub.get("size")}
    ties = [one["required"] for one in rule.get("one_of", ()) if set(one) == {"required"}]
    if ties:
        needed |= set(draw(st.sampled_from(ties)))
    tied = {key for keys in ties for key in keys}
    optional = sorted(set(fields) - needed - tied)
    chosen = needed | (draw(st.sets(st.sampled_from(optional), max_size=5)) if optional else set())
    made = {key: draw(values(fields[key], known)) for key in sorted(chosen)}
    for pattern, sub in rule.get("named", ()):
        made |= draw(st.dictionaries(st.from_regex(pattern), values(sub, known), max_size=2))
    if not fields and not rule.get("named") and not rule.get("closed"):
        made |= draw(st.dictionaries(TEXT, JSON, max_size=2))
    return made


@st.composite
def nodes(draw: st.DrawFn, kazoo: KazooVersion) -> tuple[str, dict[str, Any]]:
    """Draw a module and data it accepts."""
    known = schemas_of(kazoo)
    module = draw(st.sampled_from(modules(kazoo)))
    return module, draw(objects(known.modules[module], known))


@st.composite
def flows(draw: st.DrawFn, kazoo: KazooVersion, most: int = 6) -> Flow:
    """Draw a tree the builder can express for a version."""
    with building_for(kazoo):
        trees = [node(*draw(nodes(kazoo)))]
        for _ in range(draw(st.integers(0, most - 1))):
            parent = node(*draw(nodes(kazoo)))
            habit = branch_rules()[parent.module]
            keys = [*habit["children"]]
            if habit.get("other_keys"):
                keys += ["USER_BUSY", "sip:486"] if habit["other_keys"] == "bridge" else ["1", "0", "31"]
            while trees and keys:
                key = keys.pop(draw(st.integers(0, len(keys) - 1)))
                parent = parent.on(key, trees.pop())
            trees.append(parent)
        return trees[-1]


def spoiled(rule: Rule, known: VersionSchemas) -> list[Any]:
    """List values a rule refuses: wrong types, and one step beyond each limit."""
    if "same_as" in rule:
        return [5, "text", None]
    if "one_of" in rule and "type" not in rule:
        kinds = {kind for one in rule["one_of"] for kind in [one["type"]]}
        return [value for value in (5, True, "text", None, [], {}) if not _fits_any(value, kinds)]
    kinds = set(rule["type"]) if isinstance(rule["type"], list) else {rule["type"]}
    bad = [value for kind in kinds for value in WRONG_TYPE[kind] if not _fits_any(value, kinds)]
    if "choices" in rule:
        bad.append("no such choice")
    if "length" in rule:
        low, high = rule["length"]
        bad += ["x" * (low - 1)] if low else []
        bad += ["x" * (high + 1)] if high else []
    if "range" in rule:
        low, high = rule["range"]
        bad += [low - 1] if low is not None else []
        bad += [high + 1] if high is not None else []
    if rule.get("pattern"):
        bad.append("\n!")
    if rule.get("url"):
        bad += ["https://localhost/x", "http://127.0.0.1:8080/", "HTTPS://x.example", "gopher://x"]
    if rule.get("size"):
        bad.append([])
    if "items" in rule and "type" in rule["items"]:
        bad += [[value] for value in spoiled(rule["items"], known)]
    return bad


def _fits_any(value: Any, kinds: set[str]) -> bool:
    from kazoo_callflow._validator import is_of_type

    return any(is_of_type(value, kind) for kind in kinds)
