"""The calls of this example, as callers live them."""

from kazoo_simulator import Simulator

MONEY = {"2501": "0.00"}
PATH = "/menu"


def the_number_the_caller_has(kazoo: Simulator) -> None:
    """One key is enough; KAZOO tells the ticket system."""
    call = kazoo.call("+14155550121", "+14155550100", path=PATH)
    call.hears("All our agents are talking").presses("1").hears(
        "We will call you back within the hour."
    ).ends()
    assert "webhook" in call.ladder()


def another_number(kazoo: Simulator) -> None:
    """It is read back."""
    call = kazoo.call("+14155550121", "+14155550100", path=PATH)
    call.presses("2").hears("enter your number").presses("2125550100#")
    call.hears("We will call you back at 2 1 2 5 5 5 0 1 0 0.").ends()


def waiting(kazoo: Simulator) -> None:
    """Nobody comes free, so the question is put again."""
    call = kazoo.call("+14155550121", "+14155550100", path=PATH)
    call.presses("3").rings("f6bc17ed390590b0283afc1c6073b2b5").unanswered().hears("press 1")
