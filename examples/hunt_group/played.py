"""The calls of this example, as callers live them."""

from kazoo_simulator import Simulator

MONEY: dict[str, str] = {}
PATH = "/menu"
DESK, BOX = "a1c7f2d8e4b04f6b9d3e5a7c1f2b8d60", "c3e9b4fa06d26b8dbf507c9e3b4d0f82"


def the_mobile_answers(kazoo: Simulator) -> None:
    """Nobody is at the desk; the second number of the list talks."""
    call = kazoo.call("+14155550121", "+14155550100", path=PATH).hears("Thank you").presses("1#")
    call.hears("One moment").rings(DESK).unanswered().rings("+14155550181").answered(talk_s=30).ends()


def a_busy_mobile_goes_to_the_mailbox_at_once(kazoo: Simulator) -> None:
    """Home is not tried: the person who talks on the mobile is not at home."""
    call = kazoo.call("+14155550121", "+14155550100", path=PATH).presses("1#")
    call.rings(DESK).unanswered().rings("+14155550181").busy().ends()
    assert BOX in call.ladder()


def nobody_anywhere(kazoo: Simulator) -> None:
    """After the last number a message is taken."""
    call = kazoo.call("+14155550121", "+14155550100", path=PATH).presses("1#")
    call.rings(DESK).unanswered().rings("+14155550181").unanswered().rings("+14155550182").unanswered()
    call.hears("The harbour master is at sea.").ends()


def an_extension_is_typed(kazoo: Simulator) -> None:
    """The table says who it is; one that is not in it is a wrong key."""
    call = kazoo.call("+14155550121", "+14155550100", path=PATH).presses("1009")
    call.hears("This extension does not exist.").presses("1002")
    call.rings("e5ab06dc28f48daf1729eb0b5f62a1a4").unanswered().ends()
    assert "f6bc17ed390590b0283afc1c6073b2b5" in call.ladder()
