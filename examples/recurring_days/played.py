"""The calls of this example, as callers live them; `pivot explain --at` tries its days."""

from kazoo_simulator import Simulator

MONEY: dict[str, str] = {}
PATH = "/call_routing"


def unwanted_callers_are_declined(kazoo: Simulator) -> None:
    """By their number or their name, on any day."""
    assert "603" in kazoo.call("+19005550100", "+493012345678", path=PATH).ends().ladder()
    call = kazoo.call("+14155550123", "+493012345678", path=PATH, name="Spam Likely").ends()
    assert "603" in call.ladder()


def everybody_gets_somewhere(kazoo: Simulator) -> None:
    """Whatever day it is."""
    kazoo.call("+14155550123", "+493012345678", path=PATH).ends()


def another_number_is_not_ours(kazoo: Simulator) -> None:
    """The default route."""
    kazoo.call("+14155550123", "+493087654321", path=PATH).hears("not in service").ends()
