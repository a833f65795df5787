"""Phone numbers: their owner and their use."""

from __future__ import annotations

from kazoo_simulator._kazoo import normalize_number

from ._context import Context
from ._messages import JsonObject, RefusalError, Reply, not_found


def phone_numbers(context: Context) -> Reply:
    """Answer `phone_numbers`, one of them, `identify` and `classifiers`."""
    if context.verb != "GET":
        # This cluster's numbers are its operator's; this application never buys or changes one.
        raise RefusalError(405, "invalid_method")
    match context.parts:
        case []:
            numbers = {number: _row(context, facts) for number, facts in context.account.numbers.items()}
            return Reply({"numbers": numbers, "cascade_quantity": len(numbers)})
        case ["classifiers"]:
            return Reply({"unknown": {"regex": "^(.*)$", "friendly_name": "Unknown"}})
        case ["classifiers", number]:
            return Reply({"name": "unknown", "number": number, "e164": normalize_number(number)})
        case [number]:
            return Reply(_one(context, number))
        case [number, "identify"]:
            owner = context.cluster.owner_of(normalize_number(number))
            if owner is None:
                raise _unknown()
            return Reply({"account_id": owner.id, "number": normalize_number(number)})
    raise not_found()


def _row(context: Context, facts: JsonObject) -> JsonObject:
    return {**facts, "features": [], "features_available": [], "assigned_to": context.account.id}


def _one(context: Context, number: str) -> JsonObject:
    known = normalize_number(number)
    facts = context.account.numbers.get(known)
    if facts is None:
        raise _unknown()
    shown: JsonObject = {key: facts[key] for key in ("state", "used_by") if key in facts}
    return {"id": known, **shown, "features": [], "_read_only": {**facts, "carrier_module": "local"}}


def _unknown() -> RefusalError:
    data = {"message": "bad identifier", "not_found": "The number could not be found"}
    return RefusalError(404, "bad_identifier", data)
