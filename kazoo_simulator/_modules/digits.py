"""Modules that wait for keys."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING

from kazoo_simulator._events import CollectEnded, CollectStarted, JsonObject
from kazoo_simulator._steps import Continue, ModuleCrash, Next, Steps, Wait, Wake

from ._registry import module, silent

if TYPE_CHECKING:
    from kazoo_simulator._channel import Channel

INTERDIGIT_MS = 2000


@module("collect_dtmf")
def collect_dtmf(call: Channel, data: JsonObject) -> Steps:
    """Answer and wait for digits in silence; they never choose a child.

    KAZOO 4.3: digits already in `default` count first; a terminator among them ends them but is lost.
    """
    call.answer()
    terminators = data.get("terminators")
    if terminators is None:
        terminators = [data.get("terminator") or "#"]
    if not terminators:
        msg = "an empty list of terminators"
        raise ModuleCrash(msg)
    max_digits = int(data.get("max_digits") or 1)
    early = call.collected("default")
    if "default" in (call.collections or {}):
        call.collect("default", "")
    for terminator in terminators:
        early = early.partition(terminator)[0]
    digits = yield from collect(
        call,
        collection=data.get("collection_name") or "default",
        max_digits=max_digits,
        timeout_ms=int(data.get("timeout") or 5000),
        interdigit_timeout_ms=int(data.get("interdigit_timeout") or INTERDIGIT_MS),
        terminators=tuple(terminators),
        early=early[:max_digits],
    )
    call.collect(data.get("collection_name") or "default", digits)
    return Continue()


def collect(
    call: Channel,
    *,
    collection: str,
    max_digits: int,
    timeout_ms: int,
    interdigit_timeout_ms: int = INTERDIGIT_MS,
    terminators: tuple[str, ...] = ("#",),
    early: str = "",
) -> Generator[Wait, Wake, str]:
    """Collect digits until there are enough, a terminator comes, or nothing does."""
    digits, reason = ("", "terminator") if early in terminators else (early, "max_digits")
    call.emit(
        CollectStarted(
            at_ms=call.now_ms,
            collection=collection,
            max_digits=max_digits,
            timeout_ms=timeout_ms,
            interdigit_timeout_ms=interdigit_timeout_ms,
            terminators=terminators,
        )
    )
    pressed = False
    while reason == "max_digits" and len(digits) < max_digits:
        patience_ms = interdigit_timeout_ms if pressed else timeout_ms
        wake = yield Wait(call.now_ms + patience_ms, listener="collection")
        if wake.why == "time":
            reason = "interdigit_timeout" if pressed else "timeout"
            break
        if wake.value in terminators:
            reason = "terminator"
            break
        digits += wake.value
        pressed = True
    call.emit(CollectEnded(at_ms=call.now_ms, collection=collection, digits=digits, reason=reason))  # type: ignore[arg-type]
    return digits


@silent("flush_dtmf")
def flush_dtmf(call: Channel, data: JsonObject) -> Next:
    """Forget a collection; when none is left an empty object is sent.

    KAZOO 4.3 before December 2023 clears its own copy only: the digits come again, and early keys count.
    """
    if call.config.kazoo == "4.3-2023-11":
        call.note("this KAZOO's flush_dtmf forgets nothing: the digits come again with later requests")
    else:
        call.forget(data.get("collection_name") or "default")
    return Continue()


@silent("send_dtmf")
def send_dtmf(call: Channel, data: JsonObject) -> Next:
    """Send tones to the caller and go on at once."""
    call.note(f"tones sent to the caller: {data['digits']}")
    return Continue()
