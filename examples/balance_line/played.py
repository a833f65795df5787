"""The calls of this example, as callers live them."""

from kazoo_simulator import Simulator

MONEY = {"2001": "12.50", "2002": "3.05"}
PATH = "/menu"


def ada_hears_her_balance_and_talks_to_support(kazoo: Simulator) -> None:
    """Greeted by name, from either of her numbers."""
    call = kazoo.call("+14155550162", "+14155550100", path=PATH)
    call.hears("Hello Ada. Welcome to Acme Telecom. For your balance, press 1.").presses("1")
    call.hears("Your balance is twelve dollars, fifty cents.")
    call.hears("For your balance, press 1.").presses("2")
    call.hears("I am connecting you").rings("a1c7f2d8e4b04f6b9d3e5a7c1f2b8d60").answered(talk_s=20).ends()


def luis_is_spoken_to_in_spanish(kazoo: Simulator) -> None:
    """His account names his language; nobody answers, so he leaves a message."""
    call = kazoo.call("+14155550163", "+14155550100", path=PATH)
    call.hears("Hola Luis.", language="es-es").presses("1").hears(
        "Su saldo es de tres dólares con cinco centavos."
    )
    call.presses("2").rings("a1c7f2d8e4b04f6b9d3e5a7c1f2b8d60").unanswered().hears("deje un mensaje")


def a_stranger_has_no_balance(kazoo: Simulator) -> None:
    """The greeting leaves out the name it does not have; silence ends the call after three tries."""
    call = kazoo.call("anonymous", "+14155550100", path=PATH)
    call.hears("Welcome to Acme Telecom.").presses("1").hears("Your balance is not available right now.")
    for _ in range(2):
        call.hears("I did not hear a key.")
    call.hears("Goodbye.").ends()
