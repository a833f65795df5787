"""The calls of this example, as callers live them."""

from kazoo_simulator import Simulator

MONEY = {"2701": "5.00", "2702": "0.00"}
PATH = "/call_routing"
BAKER, CLERK = "a1c7f2d8e4b04f6b9d3e5a7c1f2b8d60", "e5ab06dc28f48daf1729eb0b5f62a1a4"


def a_registered_phone_calls_out(kazoo: Simulator) -> None:
    """Its user has the account, whatever number the phone shows."""
    call = kazoo.call("2001", "+12125550100", path=PATH, user_ids=(BAKER,)).hears("five dollars")
    call.rings("+12125550100").answered(talk_s=60).ends()


def an_empty_account_makes_no_calls(kazoo: Simulator) -> None:
    """The gate says so."""
    kazoo.call("2009", "+12125550100", path=PATH, user_ids=(CLERK,)).hears("not enough").ends()


def extensions_are_free(kazoo: Simulator) -> None:
    """No money is asked for."""
    call = kazoo.call("2009", "2001", path=PATH, user_ids=(CLERK,))
    call.rings(BAKER).answered(talk_s=60).ends()


def the_same_number_from_outside_is_a_stranger(kazoo: Simulator) -> None:
    """A caller chooses the Caller ID, but not the registered user."""
    kazoo.call("2001", "+12125550100", path=PATH).hears("no account").ends()
