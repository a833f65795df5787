"""The webhook on the ends of calls: there once, switched on, at this deployment, not failing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from pivot_app.crossbar import Crossbar, CrossbarError, Document, Provisioned, from_gregorian, token_of

from ._callflows import AGAIN, IsLive
from ._findings import Finding

ATTEMPTS_SINCE = timedelta(hours=1)


def check_webhooks(
    crossbar: Crossbar, ours: list[Provisioned], url: str, is_live: IsLive, now: datetime, *, fix: bool
) -> Iterator[Finding]:
    """Look at every webhook whose address is this deployment's, made by it or by hand."""
    made = {each.document.id for each in ours if each.collection == "webhooks"}
    rows = [
        row
        for row in crossbar.webhooks.rows()
        if row["id"] in made or str(row.get("uri", "")).startswith(f"{url}/")
    ]
    if not rows:
        yield Finding(
            "webhook",
            "warning",
            f"no webhook tells {url} of the ends of calls: prepaid calls are not billed",
            "add `webhooks: [call_ended]` to kazoo.yaml and run `pivot provision`",
        )
    addresses: dict[tuple[Any, str], int] = {}
    for row in rows:
        key = (row.get("hook"), str(row.get("uri")).partition("?")[0])
        addresses[key] = addresses.get(key, 0) + 1
        yield from _check(crossbar, row, url, is_live, now, fix=fix)
    for (hook, address), count in addresses.items():
        if count > 1:
            yield Finding(
                "webhook",
                "warning",
                f"{count} webhooks send {hook} to {address}: every end arrives {count} times",
                "delete all but one in KAZOO's Webhooks",
            )


def _check(
    crossbar: Crossbar, row: Mapping[str, Any], url: str, is_live: IsLive, now: datetime, *, fix: bool
) -> Iterator[Finding]:
    document = crossbar.webhooks.get(str(row["id"]))
    name = f"webhook {row.get('name')!r}"
    findings = list(_faults(document, name, url, is_live))
    attempts = _failures(crossbar, document.id, now)
    last = f"; the last failure: {attempts[0]}" if attempts else ""
    if row.get("enabled") is False:
        reason = row.get("disable_reason")
        why = f"KAZOO switched it off: {reason}" if reason else "a person switched it off"
        yield from _off(crossbar, document, f"{name} is off, no end of a call arrives; {why}{last}", fix=fix)
    elif attempts:
        yield Finding(
            "webhook",
            "warning",
            f"{name}: {len(attempts)} deliveries failed in the last hour{last}",
            "look at the function call_ended's log; six failures in a minute switch the webhook off",
        )
    elif not findings:
        yield Finding("webhook", "ok", f"{name} is on and sends to {str(row.get('uri')).partition('?')[0]}")
    yield from findings


def _off(crossbar: Crossbar, document: Document, message: str, *, fix: bool) -> Iterator[Finding]:
    if not fix:
        remedy = "find out why it failed, then `pivot doctor --fix` switches it on"
        yield Finding("webhook", "error", message, remedy)
        return
    # Only this one: KAZOO's own way to switch on takes every webhook of the account.
    data = {key: value for key, value in document.data.items() if key != "disable_reason"}
    try:
        crossbar.webhooks.replace(document, {**data, "enabled": True})
    except CrossbarError as error:
        yield Finding("webhook", "error", f"{message}; switching it on failed: {error}", "run it again")
        return
    remedy = "ends that were lost meanwhile: `pivot accounts import-cdrs`"
    yield Finding("webhook", "ok", f"{message}. It is on again", remedy, is_mended=True)


def _faults(document: Document, name: str, url: str, is_live: IsLive) -> Iterator[Finding]:
    data = document.data
    address, token = str(data.get("uri", "")), token_of(data)
    if not address.startswith(f"{url}/"):
        yield Finding("webhook", "error", f"{name} sends to {address.partition('?')[0]}, not to {url}", AGAIN)
    if data.get("http_verb") == "get":
        yield Finding("webhook", "error", f"{name} uses GET, which breaks an address with a query", AGAIN)
    if not token:
        yield Finding("token", "error", f"{name} carries no token: every end is refused", AGAIN)
    elif not is_live("webhooks", token):
        yield Finding("token", "error", f"{name}: its token is not live: every end is refused", AGAIN)


def _failures(crossbar: Crossbar, webhook_id: str, now: datetime) -> list[str]:
    """Return the failed deliveries of the last hour, newest first, in words."""
    found = []
    for each in crossbar.webhook_attempts(webhook_id, now - ATTEMPTS_SINCE, now):
        if each.get("result") != "failure":
            continue
        what = each.get("resp_status_code") or each.get("client_error") or each.get("reason")
        try:
            at = f" at {from_gregorian(int(each['timestamp'])):%H:%M:%S} UTC"
        except (KeyError, TypeError, ValueError):
            at = ""
        found.append(f"{what}{at}")
    return found
