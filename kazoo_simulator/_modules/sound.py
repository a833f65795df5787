"""Modules the caller hears."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kazoo_simulator._events import JsonObject
from kazoo_simulator._steps import Continue, HangUp, Next, Stay, Steps

from ._registry import module, silent

if TYPE_CHECKING:
    from kazoo_simulator._channel import Channel

ALL_KEYS = tuple("1234567890*#")
_MS_PER_CHARACTER = 65
_SHORTEST_MS = 700
_MEDIA_MS = 3000


def speech_ms(text: str) -> int:
    """Estimate how long a text takes to speak."""
    return max(_SHORTEST_MS, len(text) * _MS_PER_CHARACTER)


def media_ms(call: Channel, media: str) -> int:
    """Return how long a recording is: its document's `duration_ms`, or three seconds."""
    return int(call.config.documents.get(media, {}).get("duration_ms", _MEDIA_MS))


def keys_of(data: JsonObject) -> tuple[str, ...]:
    """Return the keys that stop the audio: all twelve unless the node says otherwise."""
    terminators = data.get("terminators")
    return ALL_KEYS if terminators is None else tuple(terminators)


@module("tts")
def tts(call: Channel, data: JsonObject) -> Steps:
    """Answer, speak, wait for the end or a key; a failing engine hangs up."""
    call.answer()
    if "tts" in call.config.failing:
        call.note("the speech engine failed")
        return HangUp("the speech engine failed, and tts has no other way than hanging up")
    text = str(data["text"])
    while True:
        key = yield from call.play(
            keys_of(data),
            source="speech",
            text=text,
            language=data.get("language") or call.language or call.config.language,
            voice=data.get("voice") or "female",
            duration_ms=speech_ms(text),
        )
        if key is not None or not data.get("endless_playback"):
            return Continue()


@module("play")
def play(call: Channel, data: JsonObject) -> Steps:
    """Play a recording; a recording that cannot be played is not an error."""
    media = data.get("id")
    if not media or media in call.config.failing:
        call.note("nothing playable")
        return Continue()
    if data.get("answer") is not False:
        call.answer()
    loops = int(data.get("loop_count") or 1)
    while loops:
        key = yield from call.play(
            keys_of(data), source="media", text=media, duration_ms=media_ms(call, media)
        )
        loops -= 0 if data.get("endless_playback") else 1
        if key is not None:
            break
    return Continue()


@module("audio_macro")
def audio_macro(call: Channel, data: JsonObject) -> Steps:
    """Play a list of sounds without gaps; a key drops the rest. It does not answer."""
    for entry in data.get("macros") or []:
        keys = keys_of(entry if "terminators" in entry else data)
        if (yield from call.play(keys, **_macro_sound(call, data, entry))) is not None:
            break
    return Continue()


def _macro_sound(call: Channel, data: JsonObject, entry: JsonObject) -> JsonObject:
    kind = entry["macro"]
    language = entry.get("language") or data.get("language") or call.language or call.config.language
    if kind in ("tts", "say"):
        text = str(entry.get("text", ""))
        sound: dict[str, Any] = {"source": "speech", "text": text, "duration_ms": speech_ms(text)}
        return sound | {"language": language, "voice": entry.get("voice", "")}
    if kind == "tone":
        return {
            "source": "tone",
            "text": f"{entry.get('frequencies', [])} Hz",
            "duration_ms": _tone_ms(entry),
        }
    media = str(entry.get("id", ""))
    return {
        "source": "prompt" if kind == "prompt" else "media",
        "text": media,
        "language": language if kind == "prompt" else "",
        "duration_ms": media_ms(call, media),
    }


def _tone_ms(tone: JsonObject) -> int:
    once = int(tone.get("duration_on") or 0) + int(tone.get("duration_off") or 0)
    return once * int(tone.get("repeat") or 1)


@module("tones")
def tones(call: Channel, data: JsonObject) -> Steps:
    """Answer and play a cadence."""
    call.answer()
    for tone in data.get("tones") or []:
        yield from call.play(
            ALL_KEYS, source="tone", text=f"{tone.get('frequencies', [])} Hz", duration_ms=_tone_ms(tone)
        )
    return Continue()


@module("sleep")
def sleep(call: Channel, data: JsonObject) -> Steps:
    """Wait in silence, at most a day."""
    factor = {"ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000}[data.get("unit") or "s"]
    yield from call.sleep(min(int(data.get("duration") or 0) * factor, 86_400_000))
    return Continue()


@silent("answer")
def answer(call: Channel, data: JsonObject) -> Next:
    """Answer the caller."""
    call.answer()
    return Continue()


@silent("dead_air")
def dead_air(call: Channel, data: JsonObject) -> Next:
    """Answer and stay silent."""
    call.answer()
    return Stay("the module dead_air: silence until the caller hangs up", dead_air=True)


@silent("wait_for_hangup")
def wait_for_hangup(call: Channel, data: JsonObject) -> Next:
    """Keep the call up silently."""
    return Stay("the module wait_for_hangup: silence until the caller hangs up", dead_air=True)


@silent("language")
def language(call: Channel, data: JsonObject) -> Next:
    """Change the language of prompts and of later requests, which show it in lower case."""
    call.set_language(str(data["language"]).lower())
    return Continue()
