"""The calls of this example, as callers live them."""

from kazoo_simulator import Simulator

MONEY = {"2201": "7.00"}
PATH = "/menu"


def rosa_hears_her_balance_in_spanish(kazoo: Simulator) -> None:
    """Two menus deep, and back again."""
    call = kazoo.call("+14155550181", "+14155550100", path=PATH)
    call.hears("For English, press 1.").presses("2").hears("Para facturación").presses("1")
    call.hears("Para su saldo").presses("1").hears("Su saldo es de siete dólares")
    call.hears("Para su saldo").presses("*").hears("Para facturación")


def the_operator_group_rings_and_the_caller_leaves_a_message(kazoo: Simulator) -> None:
    """Nobody answers; the menu after it comes from the same version of the data."""
    call = kazoo.call("+14155550181", "+14155550100", path=PATH)
    call.hears("For English").presses("1").hears("For billing").presses("0")
    call.rings("a1c7f2d8e4b04f6b9d3e5a7c1f2b8d60").unanswered()
    call.hears("Nobody is free right now.").presses("1").ends()


def a_wrong_key_and_silence_are_told_apart(kazoo: Simulator) -> None:
    """And a silent caller's call ends with the document's own goodbye."""
    call = kazoo.call("+14155550181", "+14155550100", path=PATH)
    call.hears("For English").presses("7").hears("That is not one of the choices. For English")
    call.presses("1").hears("For billing").hears("Are you still there? For billing")
    call.hears("Are you still there?").hears("Thank you for calling. Goodbye.").ends()
