"""The calls of this example, as callers live them."""

from kazoo_simulator import Simulator

MONEY: dict[str, str] = {}
PATH = "/call_routing"


def some_office_or_the_mailbox_answers(kazoo: Simulator) -> None:
    """Whatever time it is."""
    call = kazoo.call("+14155550121", "+14155550100", path=PATH).ends()
    offices = ("f6bc17ed390590b0283afc1c6073b2b5", "d4fac50b17e37c9ec0618dafa4e51093")
    assert any(each in call.ladder() for each in (*offices, "c3e9b4fa06d26b8dbf507c9e3b4d0f82"))


def hidden_numbers_are_asked_to_show_themselves(kazoo: Simulator) -> None:
    """However the network writes it."""
    for number in ("Anonymous", "Restricted", "+266696687"):
        kazoo.call(number, "+14155550100", path=PATH).hears("show your number").ends()


def premium_numbers_are_declined(kazoo: Simulator) -> None:
    """With a SIP code: nobody hears a thing."""
    call = kazoo.call("+19005550100", "+14155550100", path=PATH).ends()
    assert "603" in call.ladder()
