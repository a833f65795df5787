"""Modules with a dialogue of their own: menus, voicemail, queues, conferences, feature codes."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING

from kazoo_simulator._events import Bridged, JsonObject
from kazoo_simulator._steps import Branch, Continue, HangUp, ModuleCrash, Next, Stay, Steps, Wait, Wake

from ._registry import module, silent
from .bridging import ring, talk
from .digits import collect
from .sound import ALL_KEYS, media_ms, speech_ms

if TYPE_CHECKING:
    from kazoo_simulator._channel import Channel

_MESSAGE_S = 5  # how long a simulated caller speaks to a voicemail box


def prompt(
    call: Channel, text: str, keys: tuple[str, ...] = ALL_KEYS, source: str = "prompt"
) -> Generator[Wait, Wake, str]:
    """Play one of KAZOO's own prompts, described in words; return the key that stopped it, or nothing."""
    lasting = media_ms(call, text) if source == "media" else speech_ms(text)
    language = call.language or ""
    key = yield from call.play(
        keys, keep=False, source=source, text=text, language=language, duration_ms=lasting
    )
    return key or ""


@module("menu")
def menu(call: Channel, data: JsonObject) -> Steps:
    """Play a stored menu: greeting, digits, children named by the digits, retries."""
    document = call.config.documents.get(str(data.get("id")), {})
    max_digits = int(document.get("max_extension_length") or 4)
    timeout_ms = int(document.get("timeout") or 10_000)
    call.answer()
    for _ in range(int(document.get("retries") or 3)):
        greeting = document.get("media", {}).get("greeting")
        if greeting:
            early = yield from prompt(call, greeting, source="media")
        else:
            early = yield from prompt(call, "menu-no_prompt")
        digits = yield from collect(
            call, collection="menu", max_digits=max_digits, timeout_ms=timeout_ms, early=early
        )
        if not digits:
            if call.attempt("timeout"):
                return Continue("timeout")
            continue
        if call.attempt(digits):
            return Continue(digits)
        if document.get("hunt") and digits in call.config.callflows:
            return Branch(call.config.callflows[digits])
        yield from prompt(call, "menu-invalid_entry")
    yield from prompt(call, "menu-exit")
    if call.attempt("max_retries"):
        return Continue("max_retries")
    if call.attempt("_"):
        yield from prompt(call, "menu-transferring_call")
        return Continue()
    yield from prompt(call, "vm-goodbye")
    return HangUp("the menu's tries are used up")


@module("voicemail")
def voicemail(call: Channel, data: JsonObject) -> Steps:
    """Take a message (compose), or play the mailbox dialogue as far as its greeting (check)."""
    call.answer()
    box = str(data.get("id") or "")
    if box in call.config.failing:
        yield from prompt(call, "vm-not_available_no_voicemail")
        return Continue()
    if data.get("action") == "check":
        early = yield from prompt(call, "vm-enter_pass")
        yield from collect(call, collection="voicemail", max_digits=10, timeout_ms=5000, early=early)
        call.note("the mailbox dialogue is not played further")
        return Continue()
    yield from prompt(call, "vm-person_not_available")
    yield from prompt(call, "vm-record_message")
    limit_s = min(_MESSAGE_S, int(data.get("max_message_length") or 500))
    call.note(f"recording a message, until a key or {limit_s} s of the caller's speech")
    yield Wait(call.now_ms + limit_s * 1000, listener="recording")
    yield from prompt(call, "vm-saved")
    return Continue()


@module("record_caller")
def record_caller(call: Channel, data: JsonObject) -> Steps:
    """Record the caller until a key, silence or the time limit."""
    call.answer()
    call.note("recording the caller")
    yield Wait(
        call.now_ms + min(_MESSAGE_S, int(data.get("time_limit") or 3600)) * 1000, listener="recording"
    )
    return Continue()


@module("conference", "conference_feature")
def conference(call: Channel, data: JsonObject) -> Steps:
    """Join a conference until the end."""
    call.answer()
    config = data.get("config") or {}
    name = str(data.get("id") or config.get("name") or "")
    if not name and not config:
        early = yield from prompt(call, "conf-enter_conf_number")
        name = yield from collect(call, collection="conference", max_digits=16, timeout_ms=5000, early=early)
    if (data.get("welcome_prompt") or {}).get("play", True):
        yield from prompt(call, "conf-welcome")
    if (config.get("member") or {}).get("join_muted"):
        call.note("the caller is muted: the schema fills in member.join_muted true unless config says false")
    call.bridged_to = f"conference:{name or 'ad hoc'}"
    call.emit(Bridged(at_ms=call.now_ms, to=call.bridged_to))
    return Stay("in the conference")


@module("acdc_member")
def acdc_member(call: Channel, data: JsonObject) -> Steps:
    """Wait in a queue with hold music, until an agent answers or the exit key leaves it."""
    queue = str(data.get("id") or "")
    document = call.config.documents.get(queue, {})
    if queue in call.config.failing:
        msg = "no such queue"
        raise ModuleCrash(msg)
    call.answer()
    call.start_audio(source="hold_music", text=f"queue {queue}", duration_ms=None)
    until_ms = call.now_ms + int(document.get("connection_timeout") or 3600) * 1000
    while True:
        wake = yield Wait(until_ms, listener="queue", legs=True)
        if wake.why == "leg" and wake.value.startswith("answers"):
            call.stop_audio("cut")
            return (yield from talk(call, f"queue:{queue}"))
        if wake.why == "time" or wake.value == document.get("caller_exit_key", "#"):
            call.stop_audio("cut")
            return Continue()


@module("park")
def park(call: Channel, data: JsonObject) -> Steps:
    """Park with hold music until somebody fetches the caller, or ring back and go on."""
    call.answer()
    slot = str(data.get("slot") or "101")
    if data.get("action") == "retrieve":
        return (yield from talk(call, f"parked:{slot}"))
    yield from prompt(call, f"park-call_placed_in_spot {slot}", ())
    call.start_audio(source="hold_music", text=f"parked in {slot}", duration_ms=None)
    wake = yield Wait(call.now_ms + int(data.get("default_ringback_timeout") or 120_000), legs=True)
    call.stop_audio("cut")
    if wake.why == "leg" and wake.value.startswith("answers"):
        return (yield from talk(call, f"parked:{slot}"))
    return Continue(slot)


@module("directory")
def directory(call: Channel, data: JsonObject) -> Steps:
    """Dial by name: `entries` of the directory's document map digits to stored callflows."""
    document = call.config.documents.get(str(data.get("id")))
    if document is None:
        msg = "no such directory"
        raise ModuleCrash(msg)
    call.answer()
    for _ in range(3):
        early = yield from prompt(call, "dir-enter_person")
        digits = yield from collect(call, collection="directory", max_digits=3, timeout_ms=5000, early=early)
        if digits.startswith("0"):
            return Continue()
        found = call.config.callflows.get(str((document.get("entries") or {}).get(digits)))
        if found is not None:
            return Branch(found)
        yield from prompt(call, "dir-no_results_found")
    return HangUp("nobody found in the directory")


@module("disa")
def disa(call: Channel, data: JsonObject) -> Steps:
    """Ask for the PIN, give dial tone, let the caller dial."""
    call.answer()
    for _ in range(int(data.get("retries") or 3)):
        if data.get("pin"):
            early = yield from prompt(call, "disa-enter_pin")
            pin = yield from collect(
                call, collection="disa", max_digits=len(str(data["pin"])), timeout_ms=5000, early=early
            )
            if pin != str(data["pin"]):
                yield from prompt(call, "disa-invalid_pin")
                continue
        call.start_audio(source="tone", text="dial tone")
        number = yield from collect(
            call, collection="disa", max_digits=int(data.get("max_digits") or 15), timeout_ms=5000
        )
        call.stop_audio("cut")
        if number in call.config.callflows:
            return Branch(call.config.callflows[number])
        if number:
            return (yield from ring(call, [f"number:{number}"], 60_000, wildcard=False))
        yield from prompt(call, "disa-invalid_extension")
    return Continue() if not data.get("pin") else HangUp("no valid PIN")


@module("dynamic_cid")
def dynamic_cid(call: Channel, data: JsonObject) -> Steps:
    """Change the caller id for the phones rung later; the manual way asks for the number."""
    if data.get("action") in (None, "manual"):
        call.answer()
        early = yield from prompt(call, "dynamic-cid-enter_cid")
        await_ms = int(data.get("interdigit_timeout") or 2000)
        digits = yield from collect(
            call,
            collection="dynamic_cid",
            max_digits=int(data.get("max_digits") or 10),
            timeout_ms=await_ms * 2,
            interdigit_timeout_ms=await_ms,
            early=early,
        )
        if len(digits) < int(data.get("min_digits") or 10):
            yield from prompt(call, "fault-can_not_be_completed_at_this_time")
            return HangUp("no valid caller id was keyed")
    call.note("the caller id of later legs is changed")
    return Continue()


@module("doorman")
def doorman(call: Channel, data: JsonObject) -> Steps:
    """Ask for the caller's name, then ring the callee, who may accept."""
    call.answer()
    text = str(data.get("caller_greeting") or "")
    yield from call.play(
        source="speech", text=text, language=call.language or "", duration_ms=speech_ms(text)
    )
    yield Wait(call.now_ms + 2000, listener="recording")
    return (yield from ring(call, [f"user:{data.get('id')}"], int(data.get("call_timeout") or 30) * 1000))


_FEATURES_GOING_ON = {
    "call_forward": "cf-now_forwarded_to",
    "call_waiting": "call waiting changed",
    "do_not_disturb": "dnd changed",
    "ring_group_toggle": "ring group changed",
    "acdc_agent": "agent state changed",
    "acdc_queue": "queue login changed",
}
_FEATURES_OF_USERS = frozenset({"call_forward", "call_waiting", "do_not_disturb"})
_FEATURES_ENDING = {
    "camping_feature": "camper-queue",
    "move": "there is no other call to move",
    "intercom": "cf-cannot_be_completed",
    "eavesdrop": "nothing to listen to",
    "eavesdrop_feature": "nothing to listen to",
    "group_pickup": "no channels ringing",
    "group_pickup_feature": "no channels ringing",
    "intercept": "no channels",
    "intercept_feature": "no channels",
}


@module(*_FEATURES_GOING_ON)
def feature_going_on(call: Channel, data: JsonObject) -> Steps:
    """Confirm a feature code with a prompt and go on; a caller without a user has nothing to change."""
    name = str(call.node["module"])
    call.answer()
    if name in _FEATURES_OF_USERS and not call.caller.user_ids:
        yield from prompt(call, f"{name}-not_available")
        return HangUp(f"the caller is not a user, so {name} has nothing to change")
    yield from prompt(call, _FEATURES_GOING_ON[name])
    return Continue()


@module("hotdesk")
def hotdesk(call: Channel, data: JsonObject) -> Steps:
    """Log in or out of a desk phone with a prompt, or ring where a user is logged in."""
    if data.get("action") == "bridge":
        return (yield from ring(call, [f"user:{data.get('id', '')}"], 20_000))
    call.answer()
    yield from prompt(call, "hotdesk-logged_out" if data.get("action") == "logout" else "hotdesk-logged_in")
    return Continue()


@module(*_FEATURES_ENDING)
def feature_ending(call: Channel, data: JsonObject) -> Steps:
    """Hang up because the feature is not possible here, for example without a second call."""
    name = str(call.node["module"])
    call.answer()
    yield from prompt(call, _FEATURES_ENDING[name])
    return HangUp(f"the feature {name} found nothing to act on")


@module("privacy")
def privacy(call: Channel, data: JsonObject) -> Steps:
    """Need a number captured by a pattern, which a Pivot call does not have: 4.3 ends, 5 goes on."""
    if call.config.version == "5":
        return Continue()
    call.answer()
    yield from prompt(call, "cf-cannot_be_completed")
    return HangUp("privacy has no captured number")


@silent("manual_presence")
def manual_presence(call: Channel, data: JsonObject) -> Next:
    """Answer and set a presence light."""
    call.answer()
    return Continue()


@module("fax_detect")
def fax_detect(call: Channel, data: JsonObject) -> Steps:
    """Listen for a fax tone; a simulated caller is a person."""
    yield Wait(call.now_ms + (int(data.get("duration") or 5) + 2) * 1000)
    return Continue("ON_VOICE")
