"""The two updates of an account's item: a hold made, and a posting. Each says what must still be so."""

from __future__ import annotations

from typing import Any

from pivot_app.ledger._account import DAY_SECONDS, HOUR_SECONDS, Account, Hold, Posting, windows
from pivot_app.ledger._items import account_key, hold_to_map, open_holds, value


def hold_update(account: Account, hold: Hold, instead_of: Hold | None = None) -> dict[str, Any]:
    """A hold, on the condition that everything its decision rested on still is so.

    A hold as long as the controls allow needs only *enough* money. One that was cut to what there was needs
    exactly what there was: with more it would have been longer, with less it would be too long.
    """
    controls = account.controls
    more = hold.hold_micros - (instead_of.hold_micros if instead_of else 0)
    shortened = instead_of is not None or hold.held_seconds < (
        controls.hold_seconds or controls.max_call_seconds
    )
    names = {"#id": hold.hold_id, "#open": "open"}
    values = {
        ":hold": value(hold_to_map(hold)),
        ":more": value(more),
        ":less": value(-more),
        ":revision": value(account.revision),
        ":open": open_holds(account.kazoo_account_id),
    }
    sets = ["holds.#id = :hold", "#open = :open"]
    conditions = ["revision = :revision"]
    if instead_of:
        conditions.append("holds.#id.hold_micros = :held")
        values[":held"] = value(instead_of.hold_micros)
    else:
        conditions += ["attribute_not_exists(holds.#id)", "size(holds) < :calls"]
        values[":calls"] = value(controls.max_live_calls)
    if shortened:
        conditions.append("available_micros = :available")
        values[":available"] = value(account.balance_micros - account.held_micros)
    else:
        conditions.append("available_micros >= :available")
        values[":available"] = value(more - account.credit_limit_micros)
    hour, day = windows(account, hold.authorized_at)
    for name, seen, now, limit, seconds in (
        ("hour", account.hour, hour, controls.max_hour_micros, HOUR_SECONDS),
        ("day", account.day, day, controls.max_day_micros, DAY_SECONDS),
    ):
        names[f"#{name}"] = name
        values[f":{name}_seen"] = value(seen.start)
        conditions.append(f"#{name} = :{name}_seen")
        if not now.holds(hold.authorized_at, seconds):
            continue
        names[f"#{name}_micros"] = f"{name}_micros"
        if now.start != seen.start:
            sets += [f"#{name} = :{name}_now", f"#{name}_micros = :more"]
            values[f":{name}_now"] = value(now.start)
            continue
        sets.append(f"#{name}_micros = #{name}_micros + :more")
        if limit is not None:
            conditions.append(f"#{name}_micros {'=' if shortened else '<='} :{name}_room")
            values[f":{name}_room"] = value(seen.micros if shortened else limit - more)
    return {
        "Key": account_key(account.kazoo_account_id, account.account_id),
        "UpdateExpression": f"SET {', '.join(sets)} ADD held_micros :more, available_micros :less",
        "ConditionExpression": " AND ".join(conditions),
        "ExpressionAttributeNames": names,
        "ExpressionAttributeValues": values,
    }


def posting_update(account: Account, posting: Posting, *, late: bool) -> dict[str, Any]:
    """What a posting changes of the account: the money, the number of entries, the hold that ends.

    Args:
        account: The account the posting was decided on.
        posting: The entry, and the hold it ends.
        late: The hold's money was given back before: only the charge is left to book.

    """
    entry, hold = posting.entry, posting.closes
    update: dict[str, Any] = {"Key": account_key(account.kazoo_account_id, account.account_id)}
    values = {":before": value(account.entries), ":number": value(entry.number)}
    if hold is None:
        update["UpdateExpression"] = (
            "SET entries = :number ADD available_micros :amount, credited_micros :amount"
        )
        update["ConditionExpression"] = "entries = :before"
        update["ExpressionAttributeValues"] = values | {":amount": value(entry.amount_micros)}
        return update
    held = 0 if late else hold.hold_micros
    update["UpdateExpression"] = (
        "SET entries = :number ADD available_micros :available, spent_micros :spent, held_micros :held, "
        "hour_micros :hour, day_micros :day" + ("" if late else " REMOVE holds.#id")
    )
    update["ConditionExpression"] = "entries = :before AND #hour = :hour_seen AND #day = :day_seen AND " + (
        "attribute_not_exists(holds.#id)" if late else "holds.#id.hold_micros = :set_aside"
    )
    update["ExpressionAttributeNames"] = {"#id": hold.hold_id, "#hour": "hour", "#day": "day"}
    update["ExpressionAttributeValues"] = (
        values
        | {
            ":available": value(entry.amount_micros + held),
            ":spent": value(-entry.amount_micros),
            ":held": value(-held),
            ":hour": value(posting.hour_micros),
            ":day": value(posting.day_micros),
            ":hour_seen": value(account.hour.start),
            ":day_seen": value(account.day.start),
        }
        | ({} if late else {":set_aside": value(held)})
    )
    return update
