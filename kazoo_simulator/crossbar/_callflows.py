"""Callflows: numbers, ownership, uniqueness, the schemas of the flow."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import kazoo_callflow
from kazoo_simulator._kazoo import normalize_number

from ._cluster import Cluster, Stored
from ._context import Context
from ._documents import PlainRules, reply_of
from ._lists import summary
from ._messages import Faults, JsonObject, RefusalError, Reply

_BOOLEANS = {"true": True, "false": False}
_E164 = re.compile(r"\+?\d{8,}|00\d+|011\d+")


class CallflowRules(PlainRules):
    """KAZOO's checks and changes when a callflow is saved, in its order."""

    def prepare(self, context: Context, data: JsonObject, stored: Stored | None) -> JsonObject:
        """Return the callflow with normalised numbers and the schemas' defaults."""
        cluster, account_id = context.cluster, context.account.id
        data = {"numbers": [], "patterns": [], **data}
        faults = Faults()
        if not data["numbers"] and not data["patterns"]:
            faults.add("numbers", "required", "A callflow needs a number or a pattern")
        if isinstance(data["numbers"], list):
            data["numbers"] = [normalize_number(str(number)) for number in data["numbers"]]
            was = set(stored.data.get("numbers") or []) if stored else set()
            if set(data["numbers"]) != was:
                _check_unique(cluster, account_id, "numbers", data["numbers"], stored, faults)
            for number in data["numbers"]:
                owner = cluster.owner_of(number)
                if owner is not None and owner.id != account_id:
                    # KAZOO does not say which number.
                    raise RefusalError(403, "forbidden")
            _check_numbers(data["numbers"], faults)
        else:
            faults.add("numbers", "type", "Value did not match type(s): array", value=data["numbers"])
        if isinstance(data["patterns"], list):
            _check_unique(cluster, account_id, "patterns", data["patterns"], stored, faults)
        check_flow(cluster, data, faults)
        faults.raise_if_any()
        if "flow" in data:
            data["flow"] = kazoo_callflow.defaults(data["flow"], kazoo=context.version)
        return data

    def saved(self, context: Context, stored: Stored, before: JsonObject) -> None:
        """Mark the numbers that are in a callflow now, and those that no longer are."""
        now = set() if stored.is_deleted else set(stored.data.get("numbers") or [])
        for number in now | set(before.get("numbers") or []):
            owned = context.account.numbers.get(number)
            if owned is None or not _E164.fullmatch(number):
                continue
            if number in now:
                owned["used_by"] = "callflow"
            else:
                owned.pop("used_by", None)

    def shown(self, context: Context, stored: Stored) -> Reply:
        """Return the callflow with the names of what it refers to; deleted documents are named too."""
        named: JsonObject = {}
        for document_id in set(_references(stored.data.get("flow"))):
            if found := context.cluster.documents.get(document_id):
                facts = {"name": found.data.get("name"), "numbers": found.data.get("numbers")}
                named[document_id] = {key: value for key, value in facts.items() if value} | {
                    "pvt_type": "vmbox" if found.kind == "vmboxes" else found.kind.removesuffix("s")
                }
        return reply_of(stored, extra={"metadata": named} if named else {})

    def row(self, stored: Stored) -> JsonObject:
        """Return the summary with the modules of the flow."""
        return {
            **summary(stored),
            "featurecode": stored.data.get("featurecode") or False,
            "modules": sorted(set(_modules(stored.data.get("flow")))),
        }


def check_flow(cluster: Cluster, data: JsonObject, faults: Faults) -> None:
    """Hold a flow against KAZOO's schemas and the black lists of hosts."""
    if "flow" not in data:
        if cluster.version == "5":
            faults.add("flow", "required", "Field is required but missing")
        return
    for problem in _problems(cluster, data):
        name = "flow" + problem.path.removeprefix("$")
        value = _at(data, name)
        match problem.rule:
            case "url":
                faults.add(name, "error", "invalid client URL", value=value)
            case "module":
                message = f"unable to find callflow schema for module {value}"
                faults.add(name, "error", message, value=value)
            case "required":
                faults.add(name, "required", "Field is required but missing")
            case rule:
                faults.add(name, rule, problem.message, value=value)


def _problems(cluster: Cluster, data: JsonObject) -> list[kazoo_callflow.Problem]:
    """Return what breaks a schema after KAZOO turned text into the numbers and booleans it should be."""
    blocked = cluster.switches.blocked_hosts
    problems = kazoo_callflow.validate(data["flow"], kazoo=cluster.version, blocked=blocked)
    for problem in [each for each in problems if each.rule == "type"]:
        *way, last = problem.path.removeprefix("$.").split(".")
        holder = _at(data, ".".join(["flow", *way]))
        text = holder.get(last) if isinstance(holder, dict) else None
        if isinstance(text, str) and (text in _BOOLEANS or re.fullmatch(r"-?\d+", text)):
            holder[last] = _BOOLEANS[text] if text in _BOOLEANS else int(text)
    return kazoo_callflow.validate(data["flow"], kazoo=cluster.version, blocked=blocked)


def callflow_of(cluster: Cluster, account_id: str, dialled: str) -> Stored | None:
    """Return the callflow that answers a dialled number: exact, then the longest pattern, then no_match."""
    number = normalize_number(dialled)
    callflows = cluster.of_kind(account_id, "callflows")
    for stored in callflows:
        if number in (stored.data.get("numbers") or []):
            return stored
    matches = [
        (len(found[0]), stored.id, stored)
        for stored in callflows
        for pattern in stored.data.get("patterns") or []
        if (found := _match(str(pattern), number))
    ]
    if matches:
        return max(matches)[2]
    if number.isdigit():
        return next((each for each in callflows if "no_match" in (each.data.get("numbers") or [])), None)
    return None


def _match(pattern: str, number: str) -> re.Match[str] | None:
    try:
        return re.search(pattern, number)
    except re.error:
        # KAZOO saves a broken pattern, which then never matches.
        return None


def _check_unique(
    cluster: Cluster, account_id: str, name: str, values: list[Any], stored: Stored | None, faults: Faults
) -> None:
    for other in cluster.of_kind(account_id, "callflows"):
        if stored is not None and other.id == stored.id:
            continue
        for value in values:
            if value in (other.data.get(name) or []):
                message = f"{value} exists in callflow {other.id} ({other.data.get('name', '')})"
                faults.add(name, "unique", message, cause=value)


def _check_numbers(numbers: list[str], faults: Faults) -> None:
    if len(set(numbers)) != len(numbers):
        faults.add("numbers", "uniqueItems", "The same number is there twice", value=numbers)
    for place, number in enumerate(numbers):
        if not 1 <= len(number) <= 36:
            rule = "maxLength" if number else "minLength"
            faults.add(f"numbers.{place}", rule, "A number has 1 to 36 characters", value=number)


def _nodes(flow: Any) -> Iterator[JsonObject]:
    waiting = [flow]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            yield node
            waiting.extend((node.get("children") or {}).values())


def _modules(flow: Any) -> Iterator[str]:
    for node in _nodes(flow):
        data = node.get("data")
        if isinstance(data, dict) and not data.get("skip_module") and "module" in node:
            yield str(node["module"])


def _references(flow: Any) -> Iterator[str]:
    for node in _nodes(flow):
        for key, value in (node.get("data") or {}).items():
            if isinstance(value, str) and (key == "id" or "_id" in key):
                yield value
        yield from (key for key in node.get("children") or {} if len(key) > 1)


def _at(data: Any, path: str) -> Any:
    for key in path.split("."):
        data = data.get(key) if isinstance(data, dict) else None
    return data
