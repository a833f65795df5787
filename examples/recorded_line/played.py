"""The calls of this example, as callers live them."""

from kazoo_simulator import Simulator

MONEY: dict[str, str] = {}
PATH = "/menu"


def a_message_is_left(kazoo: Simulator) -> None:
    """After a recording that says so."""
    call = kazoo.call("+14155550123", "2000", path=PATH).hears("hello.wav").hears("choices.wav").presses("1")
    call.hears("leave.wav").ends()
    assert "c3e9b4fa06d26b8dbf507c9e3b4d0f82" in call.ladder()


def silence_and_wrong_keys_have_counts_of_their_own(kazoo: Simulator) -> None:
    """Two wrong keys end the call, three silences do."""
    call = kazoo.call("+14155550123", "2000", path=PATH).presses("7").hears("wrong.wav").presses("7")
    call.hears("goodbye.wav").ends()
    call = kazoo.call("+14155550123", "2000", path=PATH).hears("choices.wav").hears("nothing.wav")
    call.hears("nothing.wav").hears("goodbye.wav").ends()


def nobody_hears_a_synthetic_voice(kazoo: Simulator) -> None:
    """Not even at the end."""
    call = kazoo.call("+14155550123", "2000", path=PATH).presses("2").hears("bye.wav").ends()
    assert all(".wav" in heard for heard in call.heard)
