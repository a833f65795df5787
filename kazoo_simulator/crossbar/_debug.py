"""KAZOO's debug log of pivot nodes, written while a node has `debug` on."""

from __future__ import annotations

from collections.abc import Mapping

from ._cluster import GREGORIAN_OFFSET_S, Account, Cluster
from ._context import Context
from ._lists import paged
from ._messages import JsonObject, RefusalError, Reply, not_found

LONGEST_SPAN_S = 31 * 86_400


def keep(
    cluster: Cluster, account: Account, call_id: str, iteration: int, facts: Mapping[str, object]
) -> None:
    """Store one debug document of a call."""
    now = cluster.now()
    account.debug.append(
        {
            "call_id": call_id,
            "iteration": iteration,
            "created": int(now) + GREGORIAN_OFFSET_S,
            "node": "kazoo_apps@k1.example.com",
            "debug_id": f"{cluster.month(now)}-{call_id}",
            **facts,
        }
    )


def pivot(context: Context) -> Reply:
    """Answer `pivot/debug` and the log of one call; an unknown call has an empty one."""
    if context.verb != "GET":
        raise RefusalError(405, "invalid_method")
    match context.parts:
        case ["debug"]:
            return _calls(context)
        case ["debug", call_id]:
            found = [each for each in context.account.debug if call_id in (each["call_id"], each["debug_id"])]
            if found and call_id == found[0]["call_id"]:
                found.reverse()
            return Reply(found)
    raise not_found()


def _calls(context: Context) -> Reply:
    """Return one row for each call: its first request and answer, merged."""
    since, until = context.span(LONGEST_SPAN_S)
    months = {context.cluster.month(moment - GREGORIAN_OFFSET_S) for moment in (since, until)}
    rows: dict[str, JsonObject] = {}
    for each in context.account.debug:
        if each["debug_id"][:6] not in months or each["iteration"] != 1:
            continue
        names = ("call_id", "created", "node", "iteration", "debug_id")
        row = rows.setdefault(each["call_id"], {name: each[name] for name in names})
        if "uri" in each:
            row.setdefault("uri", each["uri"])
        if "resp_status_code" in each:
            row.setdefault("status_code", each["resp_status_code"])
        row |= {
            "has_schema_errors": "schema_errors" in each,
            "has_json_errors": "json_errors" in each,
        }
    newest = sorted(rows.items(), key=lambda pair: pair[1]["created"], reverse=True)
    return paged(context, newest)
