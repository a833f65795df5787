"""The calls of this example, as callers live them.

The machine's clock gives the time; `pivot explain --at` evaluates any other time (see the README).
"""

from kazoo_simulator import Simulator

MONEY = {"2301": "0.00"}
PATH = "/call_routing"


def the_emergency_contract_rings_the_engineer(kazoo: Simulator) -> None:
    """At any hour; a mailbox when the engineer does not answer."""
    call = kazoo.call("+14155550191", "+14155550100", path=PATH)
    call.rings("+12125550177").unanswered().ends()


def everybody_else_gets_an_answer_at_any_hour(kazoo: Simulator) -> None:
    """At any time, exactly one rule decides, and the call reaches a target."""
    call = kazoo.call("+14155550199", "+14155550100", path=PATH).ends()
    ladder = call.ladder()
    assert any(
        target in ladder
        for target in (
            "f6bc17ed390590b0283afc1c6073b2b5",
            "c3e9b4fa06d26b8dbf507c9e3b4d0f82",
            "+12125550188",
        )
    )
