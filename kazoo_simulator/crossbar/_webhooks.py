"""Webhooks as documents: what may be saved, how a switched-off one shows, how it is switched on."""

from __future__ import annotations

import kazoo_callflow

from ._cluster import Cluster, Stored
from ._context import Context
from ._documents import PlainRules, on_collection, on_document, reply_of
from ._lists import paged
from ._messages import (
    Faults,
    JsonObject,
    RefusalError,
    Reply,
    bad_identifier,
    not_found,
    public,
    without_nulls,
)

HOOKS = ("channel_answer", "channel_bridge", "channel_create", "channel_destroy", "notifications", "object")
HOOKS_OF_5 = (*HOOKS, "cdr", "channel_hold", "channel_unhold", "stream")
DISABLED = "pvt_disabled_message"
LONGEST_SPAN_S = 2_682_000
DEFAULTS: JsonObject = {
    "enabled": True,
    "http_verb": "post",
    "format": "form-data",
    "include_internal_legs": True,
    "retries": 2,
}


class WebhookRules(PlainRules):
    """KAZOO's checks and changes when a webhook is saved."""

    def prepare(self, context: Context, data: JsonObject, stored: Stored | None) -> JsonObject:
        """Return the webhook with the schema's defaults."""
        data = {**DEFAULTS, **({"version": "v1"} if context.version == "5" else {}), **data}
        faults = Faults()
        for name in ("name", "hook", "uri"):
            if not data.get(name):
                faults.add(name, "required", "Field is required but missing")
        allowed = {"all", *hooks_of(context.version)}
        _check_enum(data, "hook", sorted(allowed), faults)
        _check_enum(data, "http_verb", ["get", "post", "put"], faults)
        _check_enum(data, "format", ["form-data", "json"], faults)
        if not isinstance(data["retries"], int) or not 0 <= data["retries"] <= 4:
            faults.add("retries", "maximum", "Value is more than maximum", target=4, value=data["retries"])
        custom = data.get("custom_data", {})
        if not isinstance(custom, dict) or any(not isinstance(each, str) for each in custom.values()):
            faults.add("custom_data", "type", "Value did not match type(s): string")
        if data.get("hook") in ("object", "notifications") and "type" not in custom:
            faults.add(
                "type" if context.version == "4.3" else "custom_data.type", "required", "Field is required"
            )
        if data.get("uri") and _is_blocked(context, str(data["uri"])):
            faults.add("uri", "error", "invalid client URL", value=data["uri"])
        faults.raise_if_any()
        if stored is not None and data["enabled"]:
            stored.private.pop(DISABLED, None)
            stored.private.pop("failures", None)
        return data

    def patched(self, context: Context, stored: Stored) -> JsonObject:
        """Merge: KAZOO 4.3 only at the top, and into a copy that the reason leaked into."""
        if context.version == "5":
            return super().patched(context, stored)
        leaked = {"disable_reason": stored.private[DISABLED]} if DISABLED in stored.private else {}
        result = {**stored.data, **leaked}
        for key, value in public(context.document).items():
            if value is None:
                result.pop(key, None)
            else:
                result[key] = without_nulls(value)
        return result

    def shown(self, context: Context, stored: Stored) -> Reply:
        """Return the webhook; KAZOO 5 says in the envelope why it is off."""
        reply = reply_of(stored)
        if context.version == "5" and DISABLED in stored.private:
            reason = {"disable_reason": stored.private[DISABLED]}
            return Reply(reply.data, revision=reply.revision, etag=reply.etag, metadata=reason)
        return reply

    def row(self, stored: Stored) -> JsonObject:
        """Return the row of the list, with the reason why a webhook is off."""
        shown = ("hook", "name", "uri", "enabled")
        row = {"id": stored.id} | {name: stored.data.get(name) for name in shown}
        return row | ({"disable_reason": stored.private[DISABLED]} if DISABLED in stored.private else {})


def webhooks(context: Context) -> Reply:
    """Answer everything below `webhooks`."""
    match context.parts:
        case [] if context.verb == "PATCH":
            return _enable_all(context)
        case []:
            return on_collection(context, WebhookRules())
        case ["attempts"] if context.verb == "GET":
            return _attempts(context, None)
        case [document_id, "attempts"] if context.verb == "GET":
            if context.cluster.find(context.account.id, "webhooks", document_id) is None:
                raise bad_identifier(document_id)
            return _attempts(context, document_id)
        case [document_id]:
            return on_document(context, document_id, WebhookRules())
    raise not_found()


def available(cluster: Cluster) -> Reply:
    """Answer `GET /v2/webhooks`, which needs no token."""
    names = hooks_of(cluster.version)
    rows = [{"id": each, "name": each.replace("_", " ").title(), "description": ""} for each in names]
    return Reply(rows)


def hooks_of(version: str) -> tuple[str, ...]:
    """Return the hooks a version has."""
    return HOOKS_OF_5 if version == "5" else HOOKS


def _enable_all(context: Context) -> Reply:
    wanted = context.document.get("re-enable")
    if wanted is None:
        message = "re-enable is required to patch collections"
        raise RefusalError(400, "validation error", {"re-enable": {"required": {"message": message}}})
    if wanted is not True:
        detail = {"message": "Value not found in enumerated list of values", "target": [True]}
        raise RefusalError(400, "validation error", {"re-enable": {"enum": detail}})
    if context.cluster.switches.is_webhooks_app_down:
        raise RefusalError(500, "The backend is not configured for this request", {})
    for stored in context.cluster.of_kind(context.account.id, "webhooks"):
        if DISABLED in stored.private:
            stored.private.clear()
            stored.save({**stored.data, "enabled": True})
    return Reply("hooks updated")


def _attempts(context: Context, hook_id: str | None) -> Reply:
    since, until = context.span(LONGEST_SPAN_S)
    rows = [
        (f"{each['timestamp']}-{place}", each)
        for place, each in enumerate(context.account.attempts)
        if since <= each["timestamp"] <= until and hook_id in (None, each["hook_id"])
    ]
    rows.reverse()
    return paged(context, rows)


def _check_enum(data: JsonObject, name: str, allowed: list[str], faults: Faults) -> None:
    if data.get(name) and data[name] not in allowed:
        message = "Value not found in enumerated list of values"
        faults.add(name, "enum", message, target=allowed, value=data[name])


def _is_blocked(context: Context, uri: str) -> bool:
    # The check of a pivot node's voice_url is the same.
    node = {"module": "pivot", "data": {"voice_url": uri}}
    lists = context.cluster.switches.blocked_hosts
    return bool(kazoo_callflow.validate(node, kazoo=context.version, blocked=lists))
