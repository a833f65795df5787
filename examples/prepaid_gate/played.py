"""The calls of this example, as callers live them."""

from kazoo_simulator import Simulator

MONEY = {"2101": "10.00", "2102": "0.40", "2103": "0.00", "2104": "0.00"}
PATH = "/call_routing"


def enough_money_goes_out(kazoo: Simulator) -> None:
    """Grace hears what she has and how long she may talk."""
    call = kazoo.call("+14155550171", "+12125550100", path=PATH)
    call.hears("Your balance is ten dollars.").hears("minutes").rings("+12125550100").answered(
        talk_s=60
    ).ends()


def two_calls_on_one_balance(kazoo: Simulator) -> None:
    """The first holds all of it, so the second is refused: nobody talks on money that is spent already."""
    kazoo.call("+14155550172", "+12125550100", path=PATH).rings("+12125550100")
    kazoo.call("+14155550172", "+12125550101", path=PATH).hears("empty").ends()


def an_empty_account_hears_so(kazoo: Simulator) -> None:
    """A rule says it before the gate is asked."""
    kazoo.call("+14155550174", "+12125550100", path=PATH).hears("Your account is empty.").ends()


def staff_is_not_asked_for_money(kazoo: Simulator) -> None:
    """An attribute decides before the balance does."""
    call = kazoo.call("+14155550173", "+12125550100", path=PATH).ends()
    assert "d4fac50b17e37c9ec0618dafa4e51093" in call.ladder()


def premium_numbers_and_strangers_are_refused(kazoo: Simulator) -> None:
    """In that order: the first rule that holds decides."""
    kazoo.call("anonymous", "+19005550100", path=PATH).hears("This number cannot be called").ends()
    kazoo.call("anonymous", "+12125550100", path=PATH).hears("We do not know your telephone.").ends()
