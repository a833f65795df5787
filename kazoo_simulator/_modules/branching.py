"""Silent modules that choose a child or set something."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from kazoo_simulator._events import JsonObject, VariablesSet
from kazoo_simulator._steps import Continue, ModuleCrash, Next

from ._registry import silent

if TYPE_CHECKING:
    from kazoo_simulator._channel import Channel

_RESERVED = frozenset(
    (
        "account-id", "application-name", "application-node", "authorizing-id", "authorizing-type",
        "bridge-id", "call-interaction-id", "channel-authorized", "fetch-id", "global-resource", "inception",
        "owner-id", "realm", "reseller-id", "resource-id", "username",
    )
)  # fmt: skip


@silent("set_variables")
def set_variables(call: Channel, data: JsonObject) -> Next:
    """Store call variables: KAZOO 5 sends them with later requests, 4.3 does not.

    KAZOO 4.3 keeps them as channel variables, so branch_variable sees them; names it uses itself are dropped.
    """
    variables = dict(data.get("custom_application_vars") or {})
    if call.config.version == "5":
        call.variables.update(variables)
    else:
        variables = {name: value for name, value in variables.items() if name.lower() not in _RESERVED}
        call.channel_variables.update(variables)
    call.set_variables(variables)
    call.emit(VariablesSet(at_ms=call.now_ms, variables=variables, visible=call.config.version == "5"))
    return Continue()


@silent("branch_variable")
def branch_variable(call: Channel, data: JsonObject) -> Next:
    """Go to the child named as a variable's value."""
    named = data.get("variable") or ""
    path = named if isinstance(named, list) else [named]
    value: object = (
        call.channel_variables if data.get("scope", "custom_channel_vars") == "custom_channel_vars" else {}
    )
    for name in path:
        inner = value if isinstance(value, dict) else {}
        value = {_normal(str(key)): item for key, item in inner.items()}.get(_normal(str(name)))
    return Continue("_" if value is None or isinstance(value, dict) else str(value))


def _normal(name: str) -> str:
    return name.lower().replace("-", "_")


@silent("check_cid")
def check_cid(call: Channel, data: JsonObject) -> Next:
    """Compare the caller's number with a pattern."""
    number = call.caller.number or "anonymous"
    if data.get("use_absolute_mode"):
        return Continue(call.attempt(number) or "_")
    try:
        matches = re.search(str(data.get("regex") or ".*"), number) is not None
    except re.error as error:
        raise ModuleCrash(str(error)) from error
    key = call.attempt("match" if matches else "nomatch")
    external = (data.get("caller_id") or {}).get("external") or {}
    if matches and key and data.get("user_id") and external.get("name") and external.get("number"):
        call.caller = replace(
            call.caller, name=external["name"], number=external["number"], user_ids=(str(data["user_id"]),)
        )
        call.note(f"the caller is now {external['name']} {external['number']}")
    return Continue(key or "_")


@silent("cidlistmatch")
def cidlistmatch(call: Channel, data: JsonObject) -> Next:
    """Look the caller's number up in a stored list."""
    entries = call.config.documents.get(str(data.get("id")), {}).get("numbers", [])
    return Continue("match" if call.caller.number in entries else "nomatch")


@silent("temporal_route")
def temporal_route(call: Channel, data: JsonObject) -> Next:
    """Take the first rule that is active: a document of that id with `active` true; with an action the rules
    are changed instead."""
    if data.get("action"):
        call.note(f"the rules are changed: {data['action']}")
        return Continue()
    rules = [*(data.get("rules") or []), *(call.node.get("children") or {})]
    active = (str(rule) for rule in rules if call.config.documents.get(str(rule), {}).get("active"))
    return Continue(call.attempt(*active) or "_")


@silent("acdc_wait_time", "nomorobo")
def highest_key(call: Channel, data: JsonObject) -> Next:
    """Take the highest numeric child not above a value out of the documents (wait time, score)."""
    name = str(call.node["module"])
    value = call.config.documents.get(str(data.get("id") or name), {}).get("value")
    keys = [key for key in (call.node.get("children") or {}) if key != "_"]
    if any(not key.lstrip("-").isdigit() for key in keys):
        msg = "a child key that is not an integer"
        raise ModuleCrash(msg)
    fitting = [] if value is None else [int(key) for key in keys if int(key) <= value]
    if not fitting and name == "nomorobo":
        # KAZOO 4.3: a look-up that failed takes the wildcard child, else the one for the score 0.
        return Continue(call.attempt("_", "0") or "_")
    return Continue(str(max(fitting)) if fitting else "_")


@silent("after_bridge")
def after_bridge(call: Channel, data: JsonObject) -> Next:
    """Remember what happens to the caller when the other side hangs up."""
    call.after_bridge = dict(data)
    return Continue()


@silent(
    "detect_speech",
    "edr",
    "lookupcidname",
    "missed_call_alert",
    "noop",
    "notification",
    "prepend_cid",
    "record_call",
    "set",
    "set_alert_info",
    "set_cid",
    "set_variable",
    "skel",
    "webhook",
)
def unnoticed(call: Channel, data: JsonObject) -> Next:
    """Go on at once: the caller notices nothing of these."""
    call.note("the caller notices nothing of this module; passed through as KAZOO would go on")
    return Continue()


@silent("branch_bnumber", "function")
def without_its_input(call: Channel, data: JsonObject) -> Next:
    """Go on: no number was captured by a pattern, and a stored function is not run here."""
    call.note(
        "what this module works on is not there in a simulated call; passed through to the wildcard child"
    )
    return Continue()
