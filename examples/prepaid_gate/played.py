"""The calls of this example, as callers live them."""

from kazoo_simulator import Simulator

MONEY = {"2101": "10.00", "2102": "0.40", "2103": "0.00"}
PATH = "/call_routing"


def enough_money_goes_out(kazoo: Simulator) -> None:
    """Grace's call continues in the callflow with the carriers."""
    call = kazoo.call("+14155550171", "+12125550100", path=PATH).ends()
    assert "d4fac50b17e37c9ec0618dafa4e51093" in call.ladder()


def too_little_money_hears_why(kazoo: Simulator) -> None:
    """Nils hears what is left, and that it is not enough."""
    call = kazoo.call("+14155550172", "+12125550100", path=PATH)
    call.hears("Your balance is forty cents.").hears("Please top up your account.").ends()


def staff_is_not_asked_for_money(kazoo: Simulator) -> None:
    """An attribute decides before the balance does."""
    call = kazoo.call("+14155550173", "+12125550100", path=PATH).ends()
    assert "d4fac50b17e37c9ec0618dafa4e51093" in call.ladder()


def premium_numbers_and_strangers_are_refused(kazoo: Simulator) -> None:
    """In that order: the first rule that holds decides."""
    kazoo.call("anonymous", "+19005550100", path=PATH).hears("This number can not be called").ends()
    kazoo.call("anonymous", "+12125550100", path=PATH).hears("We do not know your telephone.").ends()
