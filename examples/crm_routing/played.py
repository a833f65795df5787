"""The calls of this example, as callers live them."""

from kazoo_simulator import Simulator

MONEY: dict[str, str] = {}
PATH = "/call_routing"
AGENT, TEAM = "a1c7f2d8e4b04f6b9d3e5a7c1f2b8d60", "f6bc17ed390590b0283afc1c6073b2b5"
CRM = {
    "/v1/callers/%2B14155550181": {
        "customer": {"name": "Ines", "tier": "gold", "blocked": False},
        "agent": {"id": AGENT, "name": "Omar"},
    },
    "/v1/callers/%2B14155550182": {"customer": {"name": "Zed", "tier": "gold", "blocked": True}},
    "/v1/callers/%2B14155550183": {"customer": {"name": "Uma", "tier": "new", "blocked": False}},
}
"""What the CRM answers, by address; the tests serve it over HTTPS."""


def a_customer_reaches_their_agent(kazoo: Simulator) -> None:
    """By name, with the tier on the agent's phone."""
    call = kazoo.call("+14155550181", "+14155550100", path=PATH).hears("Hello Ines. Omar will be with you.")
    call.rings(AGENT).answered(talk_s=60).ends()
    assert "gold " in call.ladder()


def an_agent_who_is_out_has_a_team(kazoo: Simulator) -> None:
    """Then the mailbox."""
    call = kazoo.call("+14155550181", "+14155550100", path=PATH).rings(AGENT).unanswered()
    call.rings(TEAM).unanswered().ends()
    assert "c3e9b4fa06d26b8dbf507c9e3b4d0f82" in call.ladder()


def blocked_callers_are_declined(kazoo: Simulator) -> None:
    """Before anybody answers."""
    assert "603" in kazoo.call("+14155550182", "+14155550100", path=PATH).ends().ladder()


def others_and_strangers_reach_the_team(kazoo: Simulator) -> None:
    """So does everybody while the CRM is unavailable: it answers an unknown number with 404."""
    for number in ("+14155550183", "+14155550199", "anonymous"):
        kazoo.call(number, "+14155550100", path=PATH).rings(TEAM).answered().ends()
