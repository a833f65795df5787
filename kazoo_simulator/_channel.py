"""The caller's channel as the modules see it: what was collected and set, what is heard, and how it ends."""

from __future__ import annotations

from collections.abc import Callable, Generator
from itertools import count
from typing import Any

from ._events import (
    Answered,
    AnyEvent,
    AudioStarted,
    AudioStopped,
    CallEnded,
    EndedBy,
    HandedOver,
    JsonObject,
    LanguageSet,
    Noted,
)
from ._kazoo import Caller, KazooConfig
from ._legs import Leg, Switch
from ._steps import Wait, Wake
from ._targets import Target

# A listener that never reports the end of audio delays the flow at most this many times.
PACED_AUDIO_LIMIT = 4


class CallOver(Exception):  # noqa: N818 - no error: how a module is left when the call ends
    """The call ended while a module was running."""


class Channel:
    """The state of one call at KAZOO: the caller's leg, its digits, variables, audio and end.

    Modules work on it. Each event goes to `emit`. With `listener_paces_audio` the length of audio is not
    estimated but reported.
    """

    def __init__(
        self,
        *,
        switch: Switch,
        target: Target,
        emit: Callable[[AnyEvent], None],
        flow: JsonObject,
        caller: Caller,
        dialled: str,
        call_id: str | None = None,
        listener_paces_audio: bool = False,
    ) -> None:
        self.switch = switch
        self.config: KazooConfig = switch.config
        self.target = target
        self.caller = caller
        self.dialled = dialled
        self.random = switch.random
        self.call_id = call_id or switch.call_id(device=True)
        self.leg: Leg | None = None
        self.partner: Leg | None = None
        self.first_flow = flow
        self.node: JsonObject = flow
        self.ended: CallEnded | None = None
        self.answered_at_ms: int | None = None
        self.language = caller.language
        self.collections: dict[str, str] | None = None
        self.twiml_digits: str | dict[str, str] | None = None
        self.variables: JsonObject = dict(caller.variables)
        self.stored_variables: JsonObject = {}
        self.channel_variables: JsonObject = dict(caller.channel_variables)
        self.after_bridge: JsonObject | None = None
        self.bridged_to: str | None = None
        self.talk_s = 30.0
        self.pending_cdr_url: str | None = None
        self.exchanges = 0
        self.listener_paces_audio = listener_paces_audio
        self.replace_flow: Callable[[JsonObject], None] = _no_flow
        self.on_bridged: Callable[[], None] = _nothing
        self.on_end: Callable[[CallEnded], None] = _nobody_listens
        self._emit = emit
        self._audio: AudioStarted | None = None
        self.audio_until_ms = 0
        self._audio_numbers = count(1)

    @property
    def now_ms(self) -> int:
        """The time since the simulation began."""
        return self.switch.now_ms

    def emit(self, event: AnyEvent) -> None:
        """Record an event."""
        self._emit(event)

    def note(self, text: str) -> None:
        """Record something the caller does not notice."""
        self.emit(Noted(at_ms=self.now_ms, text=text))

    def handed_over(self, text: str) -> None:
        """Record that the call changed hands."""
        self.emit(HandedOver(at_ms=self.now_ms, text=text))

    def answer(self) -> None:
        """Answer the caller, if that has not happened."""
        if self.answered_at_ms is None:
            self.answered_at_ms = self.now_ms
            self.emit(Answered(at_ms=self.now_ms))
            if self.leg is not None:
                self.switch.answer(self.leg)

    # --- what is heard ----------------------------------------------------------------------------

    @property
    def audio(self) -> AudioStarted | None:
        """The sound or text that the caller hears now."""
        return self._audio

    def start_audio(self, **audio: Any) -> AudioStarted:
        """Begin audio, cutting whatever plays."""
        self.stop_audio("cut")
        event = AudioStarted(at_ms=self.now_ms, audio=next(self._audio_numbers), **audio)
        self._audio = event
        self.audio_until_ms = self.now_ms + (event.duration_ms or 0)
        self.emit(event)
        return event

    def stop_audio(self, reason: str) -> None:
        """Stop what plays, if anything does."""
        if self._audio is not None:
            event = self._audio
            self._audio = None
            self.emit(AudioStopped(at_ms=self.now_ms, audio=event.audio, reason=reason))  # type: ignore[arg-type]

    def play(
        self, keys: tuple[str, ...] = (), *, keep: bool = True, **audio: Any
    ) -> Generator[Wait, Wake, str | None]:
        """Play audio to its end or until one of `keys`, which is returned.

        Every key pressed goes to collection `default`, unless a dialogue takes them itself (`keep` false).
        """
        event = self.start_audio(interruptible=keys, **audio)
        until_ms = self.audio_until(event)
        while True:
            wake = yield Wait(until_ms, listener="prompt", audio=event.audio)
            if wake.why == "key":
                if keep:
                    self.collect("default", self.collected("default") + wake.value)
                if wake.value in keys:
                    self.stop_audio("key")
                    return wake.value
            else:
                self.stop_audio("finished")
                return None

    def audio_until(self, event: AudioStarted) -> int | None:
        """Return when that audio is over, or at the latest over if the listener says when."""
        if event.duration_ms is None:
            return None
        patience = PACED_AUDIO_LIMIT if self.listener_paces_audio else 1
        return self.now_ms + event.duration_ms * patience

    # --- what is collected and set ----------------------------------------------------------------

    def collected(self, collection: str) -> str:
        """Return the digits of a collection."""
        return (self.collections or {}).get(collection, "")

    def collect(self, collection: str, digits: str) -> None:
        """Store a collection."""
        self.collections = {**(self.collections or {}), collection: digits}

    def forget(self, collection: str) -> None:
        """Drop a collection; an emptied set is still a set."""
        if self.collections is not None:
            self.collections = {
                name: digits for name, digits in self.collections.items() if name != collection
            }

    def set_language(self, language: str) -> None:
        """Change the language of prompts and later requests."""
        self.language = language
        self.emit(LanguageSet(at_ms=self.now_ms, language=language))

    def set_variables(self, variables: JsonObject) -> None:
        """Store application variables, which webhooks about the caller's leg show on both versions."""
        self.stored_variables.update(variables)
        if self.leg is not None:
            self.leg.variables.update(variables)

    def variables_of_carrier_legs(self) -> JsonObject:
        """Return the variables a leg over a carrier gets: on KAZOO 5 all, on 4.3 those from the start."""
        if self.config.version == "5":
            return {**self.variables, **self.stored_variables}
        return dict(self.caller.variables)

    # --- how it goes on ---------------------------------------------------------------------------

    def sleep(self, ms: int) -> Generator[Wait, Wake, None]:
        """Let time pass; keys go nowhere."""
        until_ms = self.now_ms + ms
        while self.now_ms < until_ms:
            yield Wait(until_ms)

    def attempt(self, *keys: str) -> str | None:
        """Return the first of these keys that is a child of the running node."""
        children = self.node.get("children") or {}
        return next((key for key in keys if key in children), None)

    def hang_up_now(self, reason: str, cause: str = "NORMAL_CLEARING", sip_code: int | None = None) -> None:
        """End the call at once on KAZOO's side."""
        self.end(cause, "kazoo", reason, sip_code)

    def callee_hung_up(self, who: str) -> None:
        """End the call because the other side left."""
        self.end("NORMAL_CLEARING", "callee", f"{who} hung up")

    def end_simulation(self, reason: str) -> None:
        """Stop where this simulator cannot follow KAZOO."""
        self.end("NORMAL_CLEARING", "simulator", reason)

    def end(
        self,
        cause: str,
        by: EndedBy,
        reason: str,
        sip_code: int | None = None,
        *,
        leg_cause: str | None = None,
        keeps_partner: bool = False,
    ) -> None:
        """End the caller's leg, and with it the leg it talks to unless that one goes on by itself."""
        self.stop_audio("ended")
        answered_ms = self.now_ms if self.answered_at_ms is None else self.answered_at_ms
        began_ms = self.leg.created_ms if self.leg is not None else 0
        self.ended = CallEnded(
            at_ms=self.now_ms,
            cause=cause,
            by=by,
            reason=reason,
            duration_s=-(-(self.now_ms - began_ms) // 1000),
            billing_s=-(-(self.now_ms - answered_ms) // 1000),
            sip_code=sip_code,
        )
        self.bridged_to = None
        self.emit(self.ended)
        if self.leg is not None and not self.switch.dead:
            if not keeps_partner:
                self.switch.destroy_made_for(self.leg)
                if self.partner is not None:
                    self.switch.destroy(self.partner)
            self.switch.destroy(self.leg, leg_cause or cause, sip_code=sip_code)
        self.on_end(self.ended)
        raise CallOver


def _nothing() -> None:
    """Nobody waits for a bridge."""


def _no_flow(flow: JsonObject) -> None:
    """No flow runs on this channel yet."""


def _nobody_listens(ended: CallEnded) -> None:
    """Nobody waits for the end."""
