"""The demo's calls, played against the deployed local stack and shown as ladders."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from rich.console import Console
from rich.panel import Panel

import kazoo_callflow as callflow
from kazoo_simulator import CallMismatchError, Http, ScriptedCall, Simulator
from pivotctl import prepaid_demo
from pivotctl.local_stack import PUBLIC_URL, Stack
from pivotctl.local_stack.demo_data import (
    ADA,
    KAZOO_ACCOUNT,
    LUIS,
    MARIE,
    SUPPORT_DEVICE,
    SUPPORT_USER,
    TOKEN,
)


@dataclass(frozen=True, slots=True)
class Scene:
    """One call of the demo: what happens in it, and how it is placed and checked."""

    title: str
    play: Callable[[Simulator], ScriptedCall]
    kazoo: callflow.KazooVersion = "4.3"
    token: str = TOKEN

    def played_on(self, stack: Stack) -> ScriptedCall:
        """Place the call over HTTP; CallMismatchError says what went otherwise, with the ladder so far."""
        target = Http(stack.url, token=self.token, public_url=PUBLIC_URL)
        return self.play(Simulator(target, kazoo=self.kazoo, account_id=KAZOO_ACCOUNT))


def known_caller(kazoo: Simulator) -> ScriptedCall:
    """Ada's number is known: her balance, then her support, who answers."""
    call = kazoo.call(ADA, "2000", path="/account_balance", name="Ada")
    call.hears("Hello Ada. Your balance is twelve dollars, fifty cents.").hears("customer support")
    return call.rings(SUPPORT_USER).answered(talk_s=30).ends()


def known_caller_in_spanish(kazoo: Simulator) -> ScriptedCall:
    """Luis hears his own language, and support is busy."""
    call = kazoo.call(LUIS, "2000", path="/account_balance", name="Luis")
    call.hears("Hola Luis. Su saldo es de un dólar con cinco centavos.").rings(SUPPORT_DEVICE).busy()
    return call.hears("no puede atenderle").ends()


def unknown_caller(kazoo: Simulator) -> ScriptedCall:
    """Call from an unknown number: account number, a wrong PIN, the right one, then the balance."""
    call = kazoo.call("+14155550177", "2000", path="/account_balance")
    call.hears("enter your account number").presses("1001#").hears("PIN").presses("9999#")
    call.hears("do not match").hears("enter your account number").presses("1001#").hears("PIN").presses(
        "2468#"
    )
    call.hears("Your balance is twelve dollars, fifty cents.")
    return call.rings(SUPPORT_USER).answered(talk_s=12).ends()


def withheld_number(kazoo: Simulator) -> ScriptedCall:
    """No number at all, and a caller who keys nothing: three questions, then goodbye."""
    call = kazoo.call("anonymous", "2000", path="/account_balance", name="Anonymous")
    for _ in range(3):
        call.hears("enter your account number").hears("PIN")
    return call.hears("could not identify you").ends()


def french_number(kazoo: Simulator) -> ScriptedCall:
    """KAZOO 5, which sends the token in a header; Marie's support is a phone number that does not answer."""
    call = kazoo.call(MARIE, "2000", path="/account_balance", name="Marie")
    call.hears("Bonjour Marie. Votre solde est de quarante euros.").rings("+33142685301").unanswered()
    return call.hears("service client n'est pas disponible").ends()


def wrong_token(kazoo: Simulator) -> ScriptedCall:
    """Someone without our token: 403 without a reason, and KAZOO runs the wildcard child of its own node."""
    fallback = callflow.tts("Please call again later.").to_dict()
    call = kazoo.call(ADA, "2000", path="/account_balance", fallback=fallback)
    return call.hears("Please call again later.").ends()


SCENES = (
    Scene("A known caller hears the balance and reaches support", known_caller),
    Scene("A known caller in Spanish; support is busy", known_caller_in_spanish),
    Scene("An unknown caller keys a wrong PIN, then the right one", unknown_caller),
    Scene("A withheld number, and nobody keys anything", withheld_number),
    Scene("KAZOO 5, French, and support does not answer", french_number, kazoo="5"),
    Scene("A request with a wrong token", wrong_token, token="not-our-token"),  # noqa: S106 - that is the point
)


def play(stack: Stack, console: Console) -> int:
    """Play every scene; returns how many deviated from what they should do."""
    deviations = 0
    for number, scene in enumerate(SCENES, start=1):
        console.print(f"\n[bold]{number}. {scene.title}[/]")
        try:
            ladder = scene.played_on(stack).ladder()
        except CallMismatchError as mismatch:
            deviations += 1
            console.print(Panel(str(mismatch), border_style="red"), highlight=False)
            continue
        console.print(ladder, highlight=False, markup=False, soft_wrap=True)
    return deviations + prepaid_demo.play(stack, console, len(SCENES) + 1)
