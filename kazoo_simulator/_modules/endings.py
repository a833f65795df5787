"""Modules that end the callflow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kazoo_simulator._events import Bridged, JsonObject
from kazoo_simulator._steps import Continue, HangUp, Next, Replace, Stay, Steps

from ._registry import module, silent
from .sound import media_ms

if TYPE_CHECKING:
    from kazoo_simulator._channel import Channel

_CAUSE_OF_CODE = {
    404: "UNALLOCATED_NUMBER",
    408: "NO_USER_RESPONSE",
    480: "NO_ANSWER",
    484: "INVALID_NUMBER_FORMAT",
    486: "USER_BUSY",
    503: "NORMAL_TEMPORARY_FAILURE",
    603: "CALL_REJECTED",
}


@silent("hangup")
def hangup(call: Channel, data: JsonObject) -> Next:
    """Hang up behind the audio already sent."""
    return HangUp("the module hangup")


@module("response")
def response(call: Channel, data: JsonObject) -> Steps:
    """Refuse the call with a SIP code, after an optional recording."""
    code = int(data.get("code") or 486)
    media = data.get("media")
    if media:
        yield from call.play(source="media", text=media, duration_ms=media_ms(call, media))
    reason = f"the module response: {code} {data.get('message') or ''}".rstrip()
    return HangUp(reason, _CAUSE_OF_CODE.get(code, "NORMAL_UNSPECIFIED"), code)


@silent("transfer")
def transfer(call: Channel, data: JsonObject) -> Next:
    """Transfer the call; a stored callflow of that number then runs."""
    target = str(data.get("target") or "")
    if target in call.config.callflows:
        call.note(f"transferred to {target}")
        return Replace(call.config.callflows[target])
    call.emit(Bridged(at_ms=call.now_ms, to=f"transfer:{target}"))
    return Stay(f"transferred to {target}")


@silent("callflow")
def callflow(call: Channel, data: JsonObject) -> Next:
    """Continue in a stored callflow (5: also an inline one)."""
    from kazoo_simulator._steps import Branch

    if call.config.version == "5" and isinstance(data.get("flow"), dict):
        return Branch(data["flow"])
    stored = call.config.callflows.get(str(data.get("id") or data.get("doc_id") or ""))
    if stored is None:
        call.note("no such stored callflow is known to the simulator")
        return Continue()
    return Branch(stored)


@silent("faxbox", "receive_fax")
def fax(call: Channel, data: JsonObject) -> Next:
    """Hand the call to the fax application."""
    call.answer()
    call.start_audio(source="tone", text="fax")
    return Stay("the fax application has the call")
