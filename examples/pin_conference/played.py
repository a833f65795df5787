"""The calls of this example, as callers live them."""

from kazoo_simulator import Simulator

MONEY = {"2401": "0.00"}
PATH = "/menu"


def the_right_pin_opens_the_door(kazoo: Simulator) -> None:
    """On the second try; the PIN goes along with no later request."""
    call = kazoo.call("+14155550111", "+14155550100", path=PATH)
    call.hears("Welcome to the conference line, Ines. Please enter your PIN").presses("1111#")
    call.hears("This PIN is not right.").presses("864213#")
    call.hears("You are joining the conference.").waits(10)
    assert "07cd28fe4a16a1c1394b0d2d7184c3c6" in call.ladder()


def three_wrong_pins_end_the_call(kazoo: Simulator) -> None:
    """A stranger has no PIN that could be right."""
    call = kazoo.call("anonymous", "+14155550100", path=PATH)
    call.hears("dear guest").presses("1234#").hears("not right").presses("1234#").hears("not right")
    call.presses("1234#").hears("Please ask your host for the PIN.").ends()
