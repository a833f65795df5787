"""Documents drawn from the schema itself: every action, every condition, every field, values and tables."""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

from pivot_app.actions import ACTIONS
from pivot_app.conditions import _schema as conditions_schema
from pivot_app.documents import Between, Computed, Fillable, Form, Pattern, Tagged, document_name, tags_of

ID = "a" * 32
NAMES = ("main", "sales", "help")
LANGUAGES = ("en", "es")
TABLE = {"1001": ID, "7": "b" * 32}
NUMBERS = {"1001": "+14155550181", "7": "+14155550182"}

texts = st.sampled_from(
    [
        "Press 1.",
        {"en": "Hello {caller.name}.", "es": "Hola {caller.name|amigo}."},
        "You have {account.balance}. You dialled {call.dialled}. {state.order}.",
        "Only {caller.name}.",
        {"media": "https://media.example.com/a.wav"},
        ["Hello.", {"text": {"es": "Hola."}, "language": "es"}, {"media": {"en": ID}}],
    ]
)

BY_FORM: dict[str, st.SearchStrategy[Any]] = {
    "sentence": texts,
    "texts": st.just({"en": "Hello."}),
    "media": st.sampled_from([ID, {"en": "https://media.example.com/b.wav", "es": ID}]),
    "money": st.sampled_from(["0.01", "5.00"]),
    "language": st.sampled_from(LANGUAGES),
    "time_zone": st.sampled_from(["UTC", "America/New_York"]),
    "country": st.just("US"),
    "day": st.just("12-24"),
    "moment": st.just("2026-11-29T18:00"),
    "spans": st.just(["09:00-17:00"]),
    "weekdays": st.sampled_from(["mon-fri", "sat,sun"]),
    "nth": st.sampled_from([1, -1]),
    "one_of": st.lists(st.sampled_from(["yes", "gold", "1001"]), min_size=1, max_size=2),
    "numbers": st.just(["+14155550100", "1001"]),
    "prefixes": st.just(["+1415"]),
    "countries": st.just(["US"]),
    "number_types": st.just(["mobile"]),
    "kazoo_ids": st.just([ID]),
    "prefix_list": st.just(["+1415"]),
    "frequencies": st.sampled_from([[440], [350, 440]]),
}
BY_REGEX = {
    r"[a-z][a-z0-9_]{0,39}": "main",
    r"[a-z][a-z0-9_]{0,31}": "order",
    r"https?://[^\s{}]{1,500}": "https://other.example.com/x",
    r"[a-z][a-z0-9_/-]{0,79}": "my_own",
    r"[A-Za-z][A-Za-z0-9_-]{0,63}": "cdr-note",
    r"[A-Za-z][A-Za-z0-9_.-]{0,63}": "vip",
    r"[A-Za-z0-9_.-]{1,100}": "customer.tier",
}
MODULES = [
    {"module": "user", "data": {"id": ID, "timeout": 20}, "then": "hang_up"},
    {"module": "tts", "data": {"text": "Hello {caller.name|friend}."}, "then": "hang_up"},
    {"module": "check_cid", "data": {"regex": "^\\+1"}, "children": {"match": "hang_up"}, "then": "repeat"},
    {"module": "hangup"},
]


def fillable(form: Fillable) -> st.SearchStrategy[Any]:
    """A text of the form, a value, or an entry of a table."""
    if form.regex == r"[0-9a-f]{32}":
        return st.sampled_from(
            [ID, "{caller.agent}", "{call.digits}", {"from": "extensions", "by": "{call.digits}"}]
        )
    if form.regex == r"\+?[0-9]{2,18}":
        return st.sampled_from(
            ["+14155550181", "{caller.mobile}", {"from": "numbers", "by": "{call.digits}"}]
        )
    if "0-9*#" in form.regex and "+" in form.regex:
        return st.sampled_from(["1001", "*98", "{caller.extension}"])
    if form.regex.startswith("[0-9A-D"):
        return st.sampled_from(["123#", "1w2", "{caller.pin}"])
    if form.regex.startswith("[0-9]{1,6}"):
        return st.sampled_from(["701", "{caller.slot}"])
    return st.sampled_from(["sales", "{caller.name}", "{state.order|none}", "{lookup.crm.tier}"])


def of(hint: Any, depth: int, field: str = "") -> st.SearchStrategy[Any]:
    """A value of a field's type, as an author writes it."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        for extra in arguments[1:]:
            match extra:
                case Tagged(field="do"):
                    return actions(depth - 1)
                case Tagged():
                    return conditions(depth - 1)
                case Form() if extra.name in BY_FORM:
                    return BY_FORM[extra.name]
                case Fillable():
                    return fillable(extra)
                case Pattern():
                    return st.just(BY_REGEX[extra.regex])
                case Between():
                    low, high = int(extra.low), min(int(extra.high), int(extra.low) + 30)
                    return st.integers(low, high)
        return of(arguments[0], depth, field)
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        return records(hint, depth)
    if origin in (Union, types.UnionType):
        return of(next(each for each in arguments if each is not type(None)), depth, field)
    if origin is Literal:
        return st.sampled_from(arguments)
    if origin is tuple:
        return st.lists(of(arguments[0], depth), min_size=1, max_size=2)
    if origin is Mapping:
        return st.dictionaries(of(arguments[0], depth), of(arguments[1], depth), min_size=1, max_size=2)
    if hint is bool:
        return st.booleans()
    return st.just({int: 20, float: 5.0, str: "text"}[hint])


@cache
def records(record: Any, depth: int) -> st.SearchStrategy[Any]:
    """A record with its required fields, and some of the others."""
    if record.__name__ == "Module":
        return st.sampled_from(MODULES).map(lambda node: {"do": "module", **node})
    hints = get_type_hints(record, include_extras=True)
    required: dict[str, Any] = {}
    optional: dict[str, Any] = {}
    for field in dataclasses.fields(record):
        hint = hints[field.name]
        if any(isinstance(each, Computed) for each in get_args(hint)):
            continue
        name = document_name(field.name)
        has_default = (
            field.default is not dataclasses.MISSING or field.default_factory is not dataclasses.MISSING
        )
        if not has_default:
            required[name] = of(hint, depth, name)
        elif depth > 0 or "Action" not in str(hint):
            optional[name] = of(hint, depth, name)
    exactly_one = _EXACTLY_ONE.get(record.__name__, ())
    for name in exactly_one:
        optional.pop(name, None)
    made = st.fixed_dictionaries(required, optional=optional)
    if exactly_one:
        single = [st.fixed_dictionaries({name: of(hints[name], depth)}) for name in exactly_one]
        made = st.builds(lambda a, b: a | b, made, st.one_of(single))
    return made.map(lambda value: _repaired(record.__name__, value))


_EXACTLY_ONE = {
    "RingGroup": ("id", "members"),
    "HuntEntry": ("user", "device", "group", "number"),
    "GoToCallflow": ("id", "number"),
    "Conference": ("id", "name"),
    "Pickup": ("user", "device", "group"),
    "CallerId": ("number", "name", "prefix"),
    "CallerName": ("one_of", "contains", "prefix"),
}


def _repaired(name: str, value: dict[str, Any]) -> dict[str, Any]:
    """What no single field can know: names that exist, and an alternative for every condition."""
    made = {key.removesuffix("_"): each for key, each in value.items()}
    if "schedule" in made:
        made["schedule"] = "office"
    if made.get("when") and made.get("do") and "otherwise" not in made:
        made["otherwise"] = "hang_up"
    if name == "Within" and len(made.keys() & {"from", "until"}) != 1:
        made = {"until": "2026-11-29T18:00", **{key: each for key, each in made.items() if key != "from"}}
    if name == "Holiday":
        made.pop("subdivision", None)
    return made


@cache
def actions(depth: int = 1) -> st.SearchStrategy[Any]:
    """Any action of the grammar, nested a little."""
    if depth <= 0:
        return st.sampled_from(
            ["back", "repeat", "hang_up", {"do": "voicemail", "id": ID}, {"do": "menu", "menu": "sales"}]
        )
    usual = [record for name, record in ACTIONS.items() if name != "check_pin"]
    return st.one_of([_tagged(record, "do", depth) for record in usual])


@cache
def conditions(depth: int = 1) -> st.SearchStrategy[Any]:
    """Any condition of the grammar."""
    members = get_args(get_args(conditions_schema.AnyCondition)[0])
    simple = [each for each in members if depth > 0 or each.__name__ not in ("AnyOf", "AllOf", "Not")]
    return st.one_of([_tagged(record, "test", depth) for record in simple])


def _tagged(record: type[Any], field: str, depth: int) -> st.SearchStrategy[Any]:
    (tag,) = tags_of(record, field)
    return records(record, depth).map(lambda value: {**value, field: tag})
