"""The calls of this example, as callers live them."""

from kazoo_simulator import Simulator

MONEY: dict[str, str] = {}
PATH = "/menu"


def two_voices_in_one_question(kazoo: Simulator) -> None:
    """Each sentence is spoken in the voice of its language; the guest goes on in German."""
    call = kazoo.call("204", "100", path=PATH).hears("For English").hears("Für Deutsch").presses("2")
    call.hears("Willkommen im Hotel Seeblick.").presses("2").hears("Geben Sie die Uhrzeit").presses("2575")
    call.hears("Das ist keine Uhrzeit.").presses("0630").hears("Wir wecken Sie um").ends()
    assert "de-de" in call.ladder()


def reception_is_rung(kazoo: Simulator) -> None:
    """And takes a message when nobody is there."""
    call = kazoo.call("204", "100", path=PATH).presses("1").hears("Welcome to the Seaview").presses("1")
    call.rings("f6bc17ed390590b0283afc1c6073b2b5").unanswered().ends()


def the_restaurant_has_hours_of_its_own(kazoo: Simulator) -> None:
    """Open or not, the call gets somewhere."""
    kazoo.call("204", "100", path=PATH).presses("1").hears("Welcome").presses("3").ends()
