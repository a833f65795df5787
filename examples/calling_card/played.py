"""The calls of this example, as callers live them."""

from kazoo_simulator import Simulator

MONEY = {"2601": "5.00"}
PATH = "/menu"


def a_pin_and_a_number(kazoo: Simulator) -> None:
    """The gate says what the account has, and dials the number that was typed."""
    call = kazoo.call("+14155550161", "+14155550100", path=PATH).hears("Calling card").presses("719305#")
    call.hears("the number you want to call").presses("12125550100#").hears("five dollars")
    call.rings("+12125550100").answered(talk_s=60).ends()


def without_the_pin_nothing_is_dialled(kazoo: Simulator) -> None:
    """A stranger has no PIN that could be right."""
    call = kazoo.call("+14155550199", "+14155550100", path=PATH).presses("719305#").hears("not right")
    call.presses("719305#").hears("not right").presses("719305#").ends()
