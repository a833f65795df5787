"""A lazy dataclass behaves as the standard library's does."""

from __future__ import annotations

import copy
import dataclasses
import pickle
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pivot_app.lazy_dataclass import dataclass


def _both(**options: Any) -> tuple[Any, Any]:
    """The same class twice: lazy, and of the standard library."""

    def body() -> type:
        class Call:
            number: str
            minutes: int = 0
            tags: list[str] = dataclasses.field(default_factory=list, compare=False)
            secret: str = dataclasses.field(default="", repr=False)

        Call.__qualname__ = "Call"
        return Call

    return dataclass(**options)(body()), dataclasses.dataclass(**options)(body())


OPTIONS = st.fixed_dictionaries(
    {}, optional={name: st.booleans() for name in ("frozen", "slots", "kw_only", "eq", "repr")}
)
VALUES = st.fixed_dictionaries(
    {"number": st.text(max_size=3)},
    optional={
        "minutes": st.integers(0, 1),
        "tags": st.lists(st.text(max_size=1)),
        "secret": st.text(max_size=1),
    },
)


@given(OPTIONS, VALUES, VALUES)
def test_it_is_made_compared_hashed_printed_and_replaced_alike(
    options: dict[str, bool], first: dict[str, Any], second: dict[str, Any]
) -> None:
    """Whatever the decorator is given, both classes behave alike."""
    seen = []
    for made in _both(**options):
        one, other, same = made(**first), made(**second), made(**first)
        facts = [dataclasses.asdict(one), one == other, one == same, one != same, one == 1]
        facts += [dataclasses.asdict(dataclasses.replace(one, minutes=7))]
        if options.get("repr", True):
            facts.append(repr(one))
        if options.get("eq", True):
            facts.append(hash(one) == hash(same) if options.get("frozen") else made.__hash__)
        facts += [dataclasses.asdict(copy.copy(one)), hasattr(one, "__dict__")]
        seen.append(facts)
    assert seen[0] == seen[1]


@pytest.mark.parametrize("arguments", [(), ("1", 2, [], "", 5)])
@pytest.mark.parametrize("named", [{}, {"colour": "red"}, {"number": "1", "minutes": 1}])
def test_wrong_arguments_are_a_type_error_of_both(arguments: tuple[Any, ...], named: dict[str, Any]) -> None:
    """The message names the same argument."""
    outcomes = []
    for made in _both(frozen=True):
        try:
            outcomes.append(dataclasses.asdict(made(*arguments, **named)))
        except TypeError as error:
            outcomes.append(str(error))
    assert str(outcomes[0]).split(".")[-1] == str(outcomes[1]).split(".")[-1]


def test_a_frozen_one_refuses_changes() -> None:
    """Whatever is assigned, as with the standard library's."""
    for made in _both(frozen=True, slots=True):
        with pytest.raises(dataclasses.FrozenInstanceError, match="cannot assign to field 'minutes'"):
            made("1").minutes = 2
        with pytest.raises(dataclasses.FrozenInstanceError):
            del made("1").minutes


def test_the_application_uses_them_everywhere() -> None:
    """A class of the standard library costs each cold start; Tenant inherits from one."""
    application = Path(__file__).parents[1] / "layers" / "application" / "pivot_app"
    users = {
        str(path.relative_to(application))
        for path in application.rglob("*.py")
        if re.search(r"^from dataclasses import .*\bdataclass\b", path.read_text(), re.MULTILINE)
    }
    assert users == {"tenants/_tenant.py"}


@dataclass(frozen=True)
class Leg:
    """A leg."""

    name: str
    seconds: int = 0
    doubled: int = dataclasses.field(init=False, default=0)

    def __post_init__(self) -> None:
        object.__setattr__(self, "doubled", 2 * self.seconds)


@dataclass(frozen=True, slots=True)
class BilledLeg(Leg):
    """A leg with its price."""

    micros: int = 0


def test_fields_are_inherited_and_the_work_after_init_is_done() -> None:
    """The order of the fields is the standard library's, too."""
    made = BilledLeg("b", 30, 5)
    assert (made, made.doubled) == (BilledLeg(name="b", seconds=30, micros=5), 60)
    assert Leg("b", 30) != made
    assert pickle.loads(pickle.dumps(made)) == made
    match made:
        case BilledLeg(name, seconds):
            assert (name, seconds) == ("b", 30)
