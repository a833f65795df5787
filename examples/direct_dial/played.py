"""The calls of this example, as callers live them."""

from kazoo_simulator import Simulator

MONEY: dict[str, str] = {}
PATH = "/menu"


def an_extension_after_a_look_at_the_sub_menu(kazoo: Simulator) -> None:
    """Back speaks the question only; an extension that does not exist is a wrong key."""
    call = kazoo.call("+14155550123", "2000", path=PATH).hears("Thank you for calling the harbour office")
    call.presses("6#").hears("To go back").presses("*").hears("If you know the extension")
    assert "Thank you" not in call.heard[-1]
    call.presses("1025").hears("This extension does not exist").presses("1007").waits(2).hangs_up()
    assert "1007" in call.ladder()


def the_conference_room(kazoo: Simulator) -> None:
    """A key of one digit beside extensions of four."""
    call = kazoo.call("+14155550123", "2000", path=PATH).presses("1#").waits(5).hangs_up()
    assert "07cd28fe4a16a1c1394b0d2d7184c3c6" in call.ladder()
