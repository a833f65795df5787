"""Channels that are up, and CDRs of legs that ended."""

from __future__ import annotations

from collections.abc import Mapping

from ._cluster import GREGORIAN_OFFSET_S, Account, Channel, Cluster
from ._context import Context
from ._lists import paged, passes
from ._messages import JsonObject, RefusalError, Reply, bad_identifier, not_found

LONGEST_SPAN_S = 2_682_000
CDR_FIELDS = (
    "call_id",
    "caller_id_number",
    "caller_id_name",
    "callee_id_number",
    "callee_id_name",
    "hangup_cause",
    "disposition",
    "other_leg_call_id",
    "owner_id",
    "to",
    "from",
    "request",
    "authorizing_id",
    "interaction_id",
)
ACTIONS = ("hangup", "transfer", "break", "callflow", "intercept", "move")


def channels(context: Context) -> Reply:
    """Answer `channels` and one of them."""
    match context.parts, context.verb:
        case [], "GET":
            return Reply([_row(context, each) for each in _up(context)])
        case [call_id], "GET" | "POST":
            channel = _channel(context, call_id)
            if context.verb == "GET":
                return Reply(_one(context, channel))
            action = context.document.get("action")
            if action not in ACTIONS:
                raise RefusalError(400, "invalid data", {"message": f"unknown action {action}"})
            if action == "hangup" and context.cluster.switches.is_metaflows_running and channel.hang_up:
                channel.hang_up()
            return Reply("hangup initiated" if action == "hangup" else f"{action} initiated", 202)
    raise RefusalError(405, "invalid_method")


def _up(context: Context) -> list[Channel]:
    if context.cluster.switches.are_call_managers_silent:
        return []
    return [each for each in context.cluster.channels.values() if each.account_id == context.account.id]


def _channel(context: Context, call_id: str) -> Channel:
    cluster = context.cluster
    channel = None if cluster.switches.are_call_managers_silent else cluster.channels.get(call_id)
    if channel is not None and channel.account_id == context.account.id:
        return channel
    if channel is None and (context.version == "4.3" or cluster.switches.are_call_managers_silent):
        # Call managers that do not know the call stay silent.
        cluster.sleep(cluster.switches.channel_wait_s)
        raise RefusalError(503, "datastore timeout", {})
    raise RefusalError(404, "bad identifier", [call_id])


def _row(context: Context, channel: Channel) -> JsonObject:
    return {
        "uuid": channel.call_id,
        "answered": channel.is_answered,
        "direction": "inbound",
        "destination": channel.dialled,
        "caller_id_number": channel.caller,
        "elapsed_s": int(context.cluster.now() - channel.began_at),
        "timestamp": int(channel.began_at) + GREGORIAN_OFFSET_S,
    }


def _one(context: Context, channel: Channel) -> JsonObject:
    return {
        "call_id": channel.call_id,
        "call_direction": "inbound",
        "answered": channel.is_answered,
        "destination": channel.dialled,
        "caller_id_number": channel.caller,
        "elapsed_seconds": int(context.cluster.now() - channel.began_at),
        "timestamp": int(channel.began_at) + GREGORIAN_OFFSET_S,
        "custom_application_vars": {},
    }


def keep_cdr(cluster: Cluster, account: Account, payload: Mapping[str, object], interaction: str) -> None:
    """Write the CDR of a leg that ended; a second one for the same leg is ignored."""
    ended = int(str(payload["timestamp"]))
    duration = int(str(payload["duration_seconds"]))
    month = cluster.month(int(interaction.partition("-")[0]) - GREGORIAN_OFFSET_S)
    fields = {key: value for key, value in payload.items() if key not in ("hook_event", "account_id")}
    cdr_id = f"{month}-{payload['call_id']}"
    account.cdrs.setdefault(
        cdr_id,
        {
            **fields,
            "id": cdr_id,
            "timestamp": ended,
            "channel_created_time": (ended - duration - GREGORIAN_OFFSET_S) * 1_000_000,
            "disposition": "ANSWER" if payload["billing_seconds"] else "CANCEL",
            "interaction_id": interaction,
            "interaction_time": int(interaction.partition("-")[0]),
        },
    )


def cdrs(context: Context) -> Reply:
    """Answer `cdrs`, one CDR, and the legs of an interaction."""
    if context.verb != "GET":
        raise RefusalError(405, "invalid_method")
    match context.parts:
        case []:
            return _list(context)
        case ["legs", interaction]:
            found = context.account.cdrs
            wanted = found[interaction]["interaction_id"] if interaction in found else interaction
            return Reply([each for each in found.values() if each["interaction_id"] == wanted])
        case [cdr_id]:
            if not cdr_id[:6].isdigit() or cdr_id[6:7] != "-":
                raise RefusalError(404, "bad_identifier", {"message": "could not find cdr with supplied id"})
            if cdr_id not in context.account.cdrs:
                raise bad_identifier(cdr_id)
            return Reply(context.account.cdrs[cdr_id])
    raise not_found()


def _list(context: Context) -> Reply:
    since, until = context.span(LONGEST_SPAN_S)
    # A call over the end of a month is only in the month of its start.
    months = {
        context.cluster.month(moment - GREGORIAN_OFFSET_S)
        for moment in (*range(since, until, 20 * 86_400), until)
    }
    found = [
        each
        for each in context.account.cdrs.values()
        if since <= each["timestamp"] <= until
        and each["id"][:6] in months
        and passes(each, context.query, context.version)
    ]
    found.sort(
        key=lambda each: (each["timestamp"], each["id"]), reverse=context.query.get("ascending") != "true"
    )
    rows = [(f"{each['timestamp']}-{each['id']}", _cdr_row(each)) for each in found]
    return paged(context, rows, is_chunked=True)


def _cdr_row(cdr: JsonObject) -> JsonObject:
    """Return a row of the list: its timestamp is the start, as text; variables are left out."""
    started = cdr["timestamp"] - cdr["duration_seconds"]
    return {
        "id": cdr["id"],
        **{name: cdr.get(name, "") for name in CDR_FIELDS},
        "direction": cdr.get("call_direction", ""),
        "duration_seconds": cdr["duration_seconds"],
        "billing_seconds": cdr["billing_seconds"],
        "timestamp": str(started),
        "unix_timestamp": str(started - GREGORIAN_OFFSET_S),
        "media_recordings": [],
    }
