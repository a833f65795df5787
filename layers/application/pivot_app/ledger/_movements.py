"""Each movement of money, described once: what must still be so, and what changes.

A movement is carried out in memory by `perform` and on the table by `update_of`, which turns the same
description into one conditional UpdateItem. Neither knows what a hold or a charge is.

    hold made          available → held, on everything its decision rested on
    hold extended      available → held
    call settled       held → spent and available; the hold ends
    call corrected     available ↔ spent, after its hold has ended
    credited           outside ↔ available
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import field
from typing import Any, Literal

from pivot_app.lazy_dataclass import dataclass
from pivot_app.ledger._account import Account, Hold, windows
from pivot_app.ledger._items import (
    account_from_map,
    account_key,
    account_to_map,
    hold_to_map,
    open_holds,
    value,
)

Path = tuple[str, ...]
Test = Literal["=", "<", "<=", ">=", "absent", "fewer"]


@dataclass(frozen=True, slots=True)
class Requirement:
    """A condition on one attribute; `fewer` counts the entries of a map."""

    path: Path
    test: Test
    operand: Any = None


@dataclass(frozen=True, slots=True)
class Movement:
    """A change of an account's item.

    Args:
        requires: All of these must be so.
        either: One of these must be so, if there are any.
        puts: Attributes to set.
        adds: Numbers to add to.
        follows: Attributes to set to another one, as it was before, and so much.
        removes: Attributes to remove.

    """

    requires: tuple[Requirement, ...] = ()
    either: tuple[Requirement, ...] = ()
    puts: Mapping[Path, Any] = field(default_factory=dict)
    adds: Mapping[str, int] = field(default_factory=dict)
    follows: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    removes: tuple[Path, ...] = ()


# --- The movements ----------------------------------------------------------------------------------


def hold_made(
    account: Account, hold: Hold, instead_of: Hold | None = None, at: int | None = None
) -> Movement:
    """Return the movement that makes a hold, or a longer one in its place.

    A hold as long as the controls allow needs only *enough* money. One that was cut to what there was needs
    exactly what there was: with more it would have been longer, with less it would be too long.

    Args:
        account: The account it was decided on.
        hold: The hold.
        instead_of: The shorter hold it takes the place of.
        at: When, in epoch seconds; by default when the hold was authorized.

    """
    controls = account.controls
    more = hold.hold_micros - (instead_of.hold_micros if instead_of else 0)
    wanted = controls.hold_seconds or controls.max_call_seconds
    is_cut = instead_of is not None or hold.held_seconds < wanted
    requires = [Requirement(("revision",), "=", account.revision)]
    if instead_of:
        requires.append(Requirement(("holds", hold.place, "hold_micros"), "=", instead_of.hold_micros))
        requires.append(Requirement(("holds", hold.place, "hold_id"), "=", hold.hold_id))
    else:
        requires.append(Requirement(("holds", hold.place), "absent"))
        requires.append(Requirement(("holds",), "fewer", controls.max_live_calls))
    if is_cut:
        available = account.balance_micros - account.held_micros
        requires.append(Requirement(("available_micros",), "=", available))
    elif more:
        requires.append(Requirement(("available_micros",), ">=", more - account.credit_limit_micros))
    now = hold.authorized_at if at is None else at
    counted = _count(account, more, now)
    limits = ((controls.max_hour_micros, "hour"), (controls.max_day_micros, "day"))
    for limit, name in limits:
        if limit is None:
            continue
        # In a new window what is held counts from its beginning.
        spent = "held_micros" if name in counted.moved else f"{name}_micros"
        if is_cut:
            seen = account.held_micros if name in counted.moved else getattr(account, name).micros
            requires.append(Requirement((spent,), "=", seen))
        else:
            requires.append(Requirement((spent,), "<=", limit - more))
    return Movement(
        requires=(*requires, *counted.requires),
        puts={
            ("holds", hold.place): hold_to_map(hold),
            ("open",): open_holds(account.kazoo_account_id)["S"],
            **counted.puts,
        },
        adds={"held_micros": more, "available_micros": -more, **counted.adds},
        follows=counted.follows,
    )


def call_settled(account: Account, hold: Hold, cost_micros: int, at: int) -> Movement:
    """Return the movement that ends a hold and books what its call cost."""
    counted = _count(account, cost_micros - hold.hold_micros, at)
    return Movement(
        requires=(
            Requirement(("holds", hold.place, "hold_id"), "=", hold.hold_id),
            Requirement(("holds", hold.place, "hold_micros"), "=", hold.hold_micros),
            *counted.requires,
        ),
        puts=counted.puts,
        adds={
            "held_micros": -hold.hold_micros,
            "available_micros": hold.hold_micros - cost_micros,
            "spent_micros": cost_micros,
            **counted.adds,
        },
        follows=counted.follows,
        removes=(("holds", hold.place),),
    )


def call_corrected(account: Account, more_micros: int, at: int) -> Movement:
    """Return the movement that books what became known after a call was settled, more or less than before."""
    counted = _count(account, max(more_micros, 0), at)
    return Movement(
        requires=counted.requires,
        puts=counted.puts,
        adds={"available_micros": -more_micros, "spent_micros": more_micros, **counted.adds},
        follows=counted.follows,
    )


def credited(account: Account, micros: int, *, may_take_held: bool = False) -> Movement:
    """Return the movement of a top-up or an adjustment. An adjustment leaves alone what calls hold."""
    either: tuple[Requirement, ...] = ()
    if micros < 0 and not may_take_held:
        either = (
            Requirement(("held_micros",), "=", 0),
            Requirement(("available_micros",), ">=", -micros - account.credit_limit_micros),
        )
    return Movement(either=either, adds={"available_micros": micros, "credited_micros": micros})


def found_unresolved(hold: Hold, at: int) -> Movement:
    """Return the change that marks a hold whose call ended without a report."""
    return Movement(
        requires=(
            Requirement(("holds", hold.place, "hold_id"), "=", hold.hold_id),
            Requirement(("holds", hold.place, "hold_micros"), "=", hold.hold_micros),
        ),
        puts={("holds", hold.place, "unresolved_at"): at},
    )


@dataclass(frozen=True, slots=True)
class _Counted:
    requires: tuple[Requirement, ...]
    puts: Mapping[Path, Any]
    adds: Mapping[str, int]
    follows: Mapping[str, tuple[str, int]]
    moved: frozenset[str]


def _count(account: Account, more: int, at: int) -> _Counted:
    """Count spend in the hour and the day: always what is held and what was posted in them."""
    requires: list[Requirement] = []
    puts: dict[Path, Any] = {}
    adds: dict[str, int] = {}
    follows: dict[str, tuple[str, int]] = {}
    moved: set[str] = set()
    for name, seen, now in zip(
        ("hour", "day"), (account.hour, account.day), windows(account, at), strict=True
    ):
        requires.append(Requirement((name,), "=", seen.start))
        if now.start == seen.start:
            adds[f"{name}_micros"] = more
        else:
            puts[(name,)] = now.start
            follows[f"{name}_micros"] = ("held_micros", more)
            moved.add(name)
    return _Counted(tuple(requires), puts, adds, follows, frozenset(moved))


# --- In memory ----------------------------------------------------------------------------------------


def perform(movement: Movement, item: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the item after a movement, or None where what it requires is not so."""
    if not all(_is_so(one, item) for one in movement.requires):
        return None
    if movement.either and not any(_is_so(one, item) for one in movement.either):
        return None
    after = deepcopy(dict(item))
    for attribute, (base, more) in movement.follows.items():
        after[attribute] = item[base] + more
    for attribute, more in movement.adds.items():
        after[attribute] = item.get(attribute, 0) + more
    for path, new in movement.puts.items():
        _parent(after, path)[path[-1]] = deepcopy(new)
    for path in movement.removes:
        _parent(after, path).pop(path[-1], None)
    return after


def after(account: Account, movement: Movement) -> Account | None:
    """Return the account after a movement, or None where what it requires is not so."""
    item = perform(movement, account_to_map(account))
    return account_from_map(account.kazoo_account_id, account.account_id, item) if item is not None else None


def _is_so(requirement: Requirement, item: Mapping[str, Any]) -> bool:
    found: Any = item
    for name in requirement.path:
        if not isinstance(found, Mapping) or name not in found:
            return requirement.test == "absent"
        found = found[name]
    operand = requirement.operand
    if requirement.test == "absent":
        return False
    if requirement.test == "fewer":
        return bool(len(found) < operand)
    if requirement.test == "=":
        return bool(found == operand)
    if requirement.test == "<":
        return bool(found < operand)
    return bool(found <= operand if requirement.test == "<=" else found >= operand)


def _parent(item: dict[str, Any], path: Path) -> dict[str, Any]:
    for name in path[:-1]:
        item = item[name]
    return item


# --- On the table ---------------------------------------------------------------------------------------


def update_of(account_id: tuple[str, str], movement: Movement) -> dict[str, Any]:
    """Return a movement as one conditional UpdateItem of the account's item."""
    names: dict[str, str] = {}
    values: dict[str, Any] = {}

    def path_of(path: Path) -> str:
        parts = []
        for name in path:
            short = f"#{len(names)}"
            known = next((key for key, full in names.items() if full == name), None)
            if known is None:
                names[short] = name
            parts.append(known or short)
        return ".".join(parts)

    def operand_of(operand: Any) -> str:
        short = f":{len(values)}"
        values[short] = value(operand)
        return short

    def condition_of(one: Requirement) -> str:
        path = path_of(one.path)
        if one.test == "absent":
            return f"attribute_not_exists({path})"
        if one.test == "fewer":
            return f"size({path}) < {operand_of(one.operand)}"
        return f"{path} {one.test} {operand_of(one.operand)}"

    sets = [f"{path_of(path)} = {operand_of(new)}" for path, new in movement.puts.items()]
    sets += [
        f"{path_of((attribute,))} = {path_of((base,))} + {operand_of(more)}"
        for attribute, (base, more) in movement.follows.items()
    ]
    adds = [f"{path_of((attribute,))} {operand_of(more)}" for attribute, more in movement.adds.items()]
    removes = [path_of(path) for path in movement.removes]
    conditions = ["attribute_exists(pk)", *map(condition_of, movement.requires)]
    if movement.either:
        conditions.append(f"({' OR '.join(map(condition_of, movement.either))})")
    clauses = (("SET", sets), ("ADD", adds), ("REMOVE", removes))
    return {
        "Key": account_key(*account_id),
        "UpdateExpression": " ".join(f"{word} {', '.join(each)}" for word, each in clauses if each),
        "ConditionExpression": " AND ".join(conditions),
        "ExpressionAttributeNames": names,
        "ExpressionAttributeValues": values,
    }
