"""Checks of one part of a document that no single field can make."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from pivot_app.menus import end_key

_KEYS = "#*0987654321"
_PATTERN = re.compile(r"(?:[0-9*#.|()?^$-]|\\[d*#]|\[\^?[0-9*#\-\\d]+\]|\{[0-9]{1,2}(?:,[0-9]{0,2})?\})+")
_UNBOUNDED = re.compile(r"(?:\\[d*#]|[\])0-9#.])[*]|\)\{|\)\?|\+")
COMPARISONS = ("one_of", "contains", "prefix")


def _one_of(model: Any, *names: str) -> None:
    given = [name for name in names if getattr(model, name) not in (None, (), [])]
    if len(given) != 1:
        raise ValueError(f"give exactly one of {', '.join(names[:-1])} and {names[-1]}")


def _ring_group(action: Any) -> None:
    if (action.id is None) == (not action.members):
        raise ValueError("give either the id of a stored group or a list of members")


def _hunt_entry(entry: Any) -> None:
    _one_of(entry, "user", "device", "group", "number")


def _callflow(action: Any) -> None:
    _one_of(action, "id", "number")


def _conference(action: Any) -> None:
    _one_of(action, "id", "name")


def _pickup(action: Any) -> None:
    _one_of(action, "user", "device", "group")


def _caller_id(action: Any) -> None:
    if action.number is None and action.name is None and action.prefix is None:
        raise ValueError("give a number, a name or a prefix")


def _part(part: Any) -> None:
    _one_of(part, "text", "media")


def _dates(condition: Any) -> None:
    first, last = condition.first, condition.last
    if len(first) != len(last):
        raise ValueError("give both days with a year, or both without")
    if len(first) > len("12-24") and first > last:
        raise ValueError(f"the first day {first} is after the last {last}")


def _moment(condition: Any) -> None:
    if condition.from_ is None and condition.until is None:
        raise ValueError("give from, until, or both")
    if condition.from_ is not None and condition.until is not None and condition.from_ >= condition.until:
        raise ValueError(f"from {condition.from_} is not before until {condition.until}")


def _caller_name(condition: Any) -> None:
    if all(getattr(condition, name) is None for name in COMPARISONS):
        raise ValueError(f"say what the name is compared with: {', '.join(COMPARISONS)}")


def _key_pattern(key: str) -> None:
    """Check a key between slashes: a pattern that cannot take long to match."""
    inside = key[1:-1]
    try:
        re.compile(inside)
    except re.error as error:
        raise ValueError(f"the key {key} is not a pattern: {error}") from None
    if not _PATTERN.fullmatch(inside) or _UNBOUNDED.search(inside):
        raise ValueError(
            f"the key {key} is more than a pattern of keys; write digits, [0-9], \\d, a|b and {{2,4}}, "
            "like /10[0-9]{2}/"
        )


def _menu(menu: Any) -> None:
    if not menu.keys and menu.any is None:
        raise ValueError("give at least one key, or an action for any answer")
    if menu.sensitive and menu.echo is not None:
        raise ValueError("the digits of a sensitive question must not be spoken; leave echo out")
    for key in menu.keys:
        if len(key) > 2 and key.startswith("/") and key.endswith("/"):
            _key_pattern(key)
            continue
        if not re.fullmatch(r"[0-9*#]{1,20}", key):
            raise ValueError(
                f'{key!r} is not a key; write the keys callers press ("1", "1001", "*"), or a pattern like '
                "/10[0-9]{2}/"
            )
        if len(key) > menu.digits:
            raise ValueError(
                f"the key {key} has {len(key)} digits but only {menu.digits} are collected; raise digits"
            )
    exact = [key for key in menu.keys if not key.startswith("/")]
    if menu.digits == 1 and menu.terminator is None:
        if set(_KEYS) <= set(exact):
            raise ValueError("all twelve keys are in use; KAZOO needs one of them to end the collection")
        return
    for key in exact:
        if end_key(menu) in key:
            raise ValueError(
                f"the key {key} holds {end_key(menu)}, which ends the collection; set another terminator"
            )


def _route(route: Any) -> None:
    seen: set[str] = set()
    for rule in route.rules:
        if rule.name in seen:
            raise ValueError(f"two rules are named {rule.name!r}; give each a name of its own")
        seen.add(rule.name)


def _holidays(part: Any) -> None:
    from pivotctl.data._holidays import check_place

    check_place(part.country, part.subdivision)


def _module(action: Any) -> None:
    from pivotctl.data._module_check import check_module

    check_module(action.module, action.data, action.children)


def _support(support: Any) -> None:
    if support.kind == "ring_group":
        if not support.ids:
            raise ValueError("a ring_group needs ids, a list of users")
    elif support.id is None:
        raise ValueError(f"a {support.kind} needs an id")


def _one_account_an_identity(document: Any) -> None:
    from pivot_app.identity import subscriber

    owner: dict[str, tuple[str, str]] = {}
    for account_id, account in document.accounts.items():
        for listed in (*account.numbers, *account.users):
            key = subscriber(listed)
            if key in owner:
                other, other_account = owner[key]
                raise ValueError(
                    f"{listed} is listed under {other_account} and {account_id}; one account owns it"
                    if other == listed
                    else f"{listed} and {other} are one subscriber; list one of them"
                )
            owner[key] = (listed, account_id)


def _pins(document: Any) -> None:
    from pivot_app.identity import check_pin

    for account_id, account in document.accounts.items():
        if account.pin is not None:
            check_pin(account.pin, account_id, *account.numbers)


CHECKS: dict[str, tuple[Callable[[Any], None], ...]] = {
    "RingGroup": (_ring_group,),
    "HuntEntry": (_hunt_entry,),
    "GoToCallflow": (_callflow,),
    "Conference": (_conference,),
    "Pickup": (_pickup,),
    "CallerId": (_caller_id,),
    "Part": (_part,),
    "Dates": (_dates,),
    "Within": (_moment,),
    "CallerName": (_caller_name,),
    "Menu": (_menu,),
    "Route": (_route,),
    "PublicHolidays": (_holidays,),
    "Holiday": (_holidays,),
    "Module": (_module,),
    "SupportDocument": (_support,),
    "CallersDocument": (_one_account_an_identity, _pins),
}
