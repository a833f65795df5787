"""Finds rules that can never decide: a call that meets them met an earlier one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

from pivot_app.conditions import Condition
from pivot_app.documents import parse_amount
from pivot_app.routing import Route, Rule
from pivot_app.schedules import parse_days, parse_span
from pivotctl.data.lint._diagnostics import Diagnostic


def shadowed(name: str, route: Route) -> Iterator[Diagnostic]:
    """Yield the rules of a route that can never decide.

    An earlier rule shadows a later one if each of its conditions follows from one of the later rule's.
    Candidates come from an index by a condition's kind and values, so that 10,000 rules are not compared pair
    by pair.
    """
    earlier = _Earlier()
    for index, rule in enumerate(route.rules):
        shadow = next((each for each in earlier.candidates(rule) if _shadows(each, rule)), None)
        if shadow is not None:
            message = (
                f"rule {rule.name!r} can never decide: every call that meets it meets {shadow.name!r} before"
            )
            yield Diagnostic(("routes", name, "rules", index), "warning", message)
        earlier.add(rule)
        numbers = [each for each in rule.when if each.test == "dialled"]
        if name != "default" and any(name not in each.one_of for each in numbers):
            message = f"rule {rule.name!r} can never decide: these are the rules of calls to {name}"
            yield Diagnostic(("routes", name, "rules", index), "warning", message)


def _shadows(earlier: Rule, later: Rule) -> bool:
    return all(any(follows(wide, narrow) for narrow in later.when) for wide in earlier.when)


def follows(wide: Any, narrow: Any) -> bool:
    """Return whether every call that meets `narrow` surely meets `wide`; False when it is not known."""
    if wide == narrow:
        return True
    if wide.test == "share" and wide.percent == 100:
        return True
    if wide.test == "any":
        if narrow.test == "any":
            return all(follows(wide, each) for each in narrow.of)
        return any(follows(each, narrow) for each in wide.of)
    if wide.test == "all":
        return all(follows(each, narrow) for each in wide.of)
    if narrow.test == "all":
        return any(follows(wide, each) for each in narrow.of)
    if wide.test in ("caller_prefix", "dialled_prefix"):
        return _prefix_follows(wide, narrow)
    if wide.test == "known_caller":
        return bool(narrow.test == "caller_attribute")
    check = _FOLLOWS.get(wide.test)
    return check is not None and narrow.test == wide.test and check(wide, narrow)


def _prefix_follows(wide: Any, narrow: Any) -> bool:
    whole = {"caller_prefix": "caller_number", "dialled_prefix": "dialled"}[wide.test]
    if narrow.test not in (wide.test, whole):
        return False
    return all(value.startswith(tuple(wide.one_of)) for value in narrow.one_of)


def _values(wide: Any, narrow: Any) -> bool:
    return set(wide.one_of) >= set(narrow.one_of)


def _named(wide: Any, narrow: Any) -> bool:
    if getattr(wide, "name", "") != getattr(narrow, "name", ""):
        return False
    if any(getattr(each, "contains", None) or getattr(each, "prefix", None) for each in (wide, narrow)):
        return False
    return wide.one_of is None or (narrow.one_of is not None and _values(wide, narrow))


def _balance(wide: Any, narrow: Any) -> bool:
    return parse_amount(narrow.at_least) >= parse_amount(wide.at_least)


def _same_clock(check: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    return lambda wide, narrow: wide.time_zone == narrow.time_zone and check(wide, narrow)


def _spans(wide: Any, narrow: Any) -> bool:
    outer = [parse_span(span) for span in wide.spans]
    inner = [parse_span(span) for span in narrow.spans]
    return all(any(a <= first and last <= b for a, b in outer) for first, last in inner)


def _weekdays(wide: Any, narrow: Any) -> bool:
    return wide.nth in (None, narrow.nth) and set(parse_days(wide.days)) >= set(parse_days(narrow.days))


def _dates(wide: Any, narrow: Any) -> bool:
    same = len(wide.first) == len(narrow.first)
    ordered = wide.first <= wide.last and narrow.first <= narrow.last
    return same and ordered and wide.first <= narrow.first and narrow.last <= wide.last


def _share(wide: Any, narrow: Any) -> bool:
    return bool(wide.split == narrow.split and wide.percent >= narrow.percent)


_FOLLOWS: dict[str, Callable[[Any, Any], bool]] = {
    **dict.fromkeys(("caller_number", "caller_country", "caller_type", "dialled", "language"), _values),
    **dict.fromkeys(("device", "from_realm"), _values),
    **dict.fromkeys(
        ("caller_attribute", "variable", "sip_header", "query", "user_id", "forwarded_by"), _named
    ),
    "balance": _balance,
    "time": _same_clock(_spans),
    "weekday": _same_clock(_weekdays),
    "dates": _same_clock(_dates),
    "share": _share,
    "not": lambda wide, narrow: follows(narrow.of, wide.of),
}


class _Earlier:
    """Rules seen so far, found by what their first condition needs of a later rule."""

    def __init__(self) -> None:
        self._always: list[Rule] = []
        self._by_value: dict[tuple[str, str], list[Rule]] = defaultdict(list)
        self._by_test: dict[str, list[Rule]] = defaultdict(list)

    def add(self, rule: Rule) -> None:
        """Remember a rule."""
        if not rule.when:
            self._always.append(rule)
            return
        first = rule.when[0]
        for key in _keys(first):
            if key[1]:
                self._by_value[key].append(rule)
            else:
                self._by_test[key[0]].append(rule)

    def candidates(self, rule: Rule) -> Iterator[Rule]:
        """Yield the earlier rules that may shadow a later one."""
        yield from self._always
        for test in _COMPOSED:
            yield from self._by_test[test]
        for condition in rule.when:
            for inner in nested(condition):
                yield from self._by_test[inner.test] if inner.test not in _COMPOSED else ()
                # One value is enough: what implies the condition holds all of its values.
                values = getattr(inner, "one_of", None)
                if values:
                    yield from self._with_value(inner.test, min(values))
        if any(inner.test == "caller_attribute" for condition in rule.when for inner in nested(condition)):
            yield from self._by_test["known_caller"]

    def _with_value(self, test: str, value: str) -> Iterator[Rule]:
        yield from self._by_value[(test, value)]
        prefixes = {"caller_number": "caller_prefix", "dialled": "dialled_prefix"}.get(test, test)
        if prefixes.endswith("_prefix"):
            for length in range(1, len(value) + 1):
                yield from self._by_value[(prefixes, value[:length])]


_COMPOSED = ("any", "all", "not", "share")


def nested(condition: Any) -> list[Condition]:
    """Return the condition and all inside it."""
    inner = getattr(condition, "of", ())
    parts = inner if isinstance(inner, tuple) else (inner,)
    return [condition, *(each for part in parts for each in nested(part))]


def _keys(condition: Condition) -> Iterator[tuple[str, str]]:
    """Yield what a later rule must have for this condition to follow from it: a value, or only the kind."""
    values = getattr(condition, "one_of", None)
    if values:
        for value in values:
            yield condition.test, value
    else:
        yield condition.test, ""
