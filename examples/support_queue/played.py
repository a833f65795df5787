"""The calls of this example, as callers live them."""

from kazoo_simulator import Simulator

MONEY: dict[str, str] = {}
PATH = "/menu"
QUEUE = "f6bc17ed390590b0283afc1c6073b2b6"


def an_agent_takes_the_call(kazoo: Simulator) -> None:
    """After some music."""
    call = kazoo.call("+14155550121", "+14155550100", path=PATH).hears("harbour support").presses("1")
    call.hears("While you wait").hears(QUEUE).hangs_up(after_s=20)


def tired_of_waiting(kazoo: Simulator) -> None:
    """Pound leaves the queue, one key more orders the call back."""
    call = kazoo.call("+14155550121", "+14155550100", path=PATH).presses("1").hears(QUEUE)
    call.presses("#").hears("called back").presses("1").hears("We will call 1 4 1 5 5 5 5 0 1 2 1").ends()
    assert "tickets.example.com" in call.ladder()


def another_number_is_read_back(kazoo: Simulator) -> None:
    """And entered again where it was wrong."""
    call = kazoo.call("+14155550121", "+14155550100", path=PATH).presses("2").presses("2")
    call.presses("2125550100#").hears("We call 2 1 2 5 5 5 0 1 0 0").presses("2")
    call.presses("2125550101#").presses("1").hears("We will call 2 1 2 5 5 5 0 1 0 1").ends()


def a_hidden_number_has_to_be_typed(kazoo: Simulator) -> None:
    """Nobody can be called back at `anonymous`."""
    call = kazoo.call("anonymous", "+14155550100", path=PATH).presses("2").presses("1")
    call.hears("Please enter your number").presses("2125550100#").presses("1").hears("We will call").ends()
