"""One call as the modules see it: its caller, what was collected and set, what is heard, and how it ends."""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable, Generator
from datetime import UTC, datetime
from itertools import count
from typing import Any

from ._events import (
    Answered,
    AnyEvent,
    AudioStarted,
    AudioStopped,
    CallEnded,
    EndedBy,
    ExpectationFailed,
    ExpectationMet,
    JsonObject,
    LanguageSet,
    Noted,
)
from ._kazoo import Caller, KazooConfig
from ._steps import Wait, Wake
from ._targets import Target
from ._webhooks import OtherLeg, post_all

# A listener that never reports the end of audio delays the flow at most this many times.
PACED_AUDIO_LIMIT = 4


class CallOver(Exception):  # noqa: N818 - no error: how a module is left when the call ends
    """The call ended while a module was running."""


class Call:
    """The state of one call. Each event goes to `events` and to every observer.

    With `listener_paces_audio` the length of audio is not estimated but reported.
    """

    def __init__(
        self,
        *,
        target: Target,
        flow: JsonObject,
        caller: Caller,
        dialled: str,
        world: KazooConfig,
        seed: int,
        listener_paces_audio: bool = False,
    ) -> None:
        self.target = target
        self.caller = caller
        self.dialled = dialled
        self.world = world
        self.seed = seed
        self.random = random.Random(seed)  # noqa: S311 - a simulation wants to be repeatable
        self.call_id = f"{uuid.UUID(int=self.random.getrandbits(128), version=4)}@198.51.100.20"
        self.began_at = world.began_at or datetime.now(UTC)
        self.now_ms = 0
        self.events: list[AnyEvent] = []
        self.observers: list[Callable[[AnyEvent], None]] = []
        self.progress = 0
        self.first_flow = flow
        self.ended: CallEnded | None = None
        self.answered_at_ms: int | None = None
        self.language = caller.language
        self.collections: dict[str, str] | None = None
        self.variables: JsonObject = dict(caller.variables)
        self.stored_variables: JsonObject = {}
        self.channel_variables: JsonObject = dict(caller.channel_variables)
        self.after_bridge: JsonObject | None = None
        self.bridged_to: str | None = None
        self.talk_s = 30.0
        self.legs: list[OtherLeg] = []
        self.pending_cdr_url: str | None = None
        self.exchanges = 0
        self.node: JsonObject = flow
        self.path = ""
        self.listener_paces_audio = listener_paces_audio
        self._audio: AudioStarted | None = None
        self._audio_until_ms = 0
        self._audio_numbers = count(1)
        self._progress_at_ms = 0

    def emit(self, event: AnyEvent) -> None:
        """Record an event and tell the observers."""
        self.events.append(event)
        if not isinstance(event, ExpectationMet | ExpectationFailed):
            self.progress += 1
            self._progress_at_ms = event.at_ms
        for observer in self.observers:
            observer(event)

    def note(self, text: str) -> None:
        """Record something the caller does not notice."""
        self.emit(Noted(at_ms=self.now_ms, text=text))

    def answer(self) -> None:
        """Answer the caller, if that has not happened."""
        if self.answered_at_ms is None:
            self.answered_at_ms = self.now_ms
            self.emit(Answered(at_ms=self.now_ms))

    @property
    def audio(self) -> AudioStarted | None:
        """What the caller hears now."""
        return self._audio

    def start_audio(self, **audio: Any) -> AudioStarted:
        """Begin audio, cutting whatever plays."""
        self.stop_audio("cut")
        event = AudioStarted(at_ms=self.now_ms, audio=next(self._audio_numbers), **audio)
        self._audio = event
        self._audio_until_ms = self.now_ms + (event.duration_ms or 0)
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

    def application_variables(self) -> JsonObject:
        """Return the variables that webhooks and CDRs show, on both versions."""
        return {**self.variables, **self.stored_variables}

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
        self._end(cause, "kazoo", reason, sip_code)

    def callee_hung_up(self, who: str) -> None:
        """End the call because the other side left."""
        self._end("NORMAL_CLEARING", "callee", f"{who} hung up")

    def end_simulation(self, reason: str) -> None:
        """Stop where this simulator cannot follow KAZOO."""
        self._end("NORMAL_CLEARING", "simulator", reason)

    def _end(self, cause: str, by: EndedBy, reason: str, sip_code: int | None = None) -> None:
        self.stop_audio("ended")
        answered_ms = self.now_ms if self.answered_at_ms is None else self.answered_at_ms
        self.ended = CallEnded(
            at_ms=self.now_ms,
            cause=cause,
            by=by,
            reason=reason,
            duration_s=-(-self.now_ms // 1000),
            billing_s=-(-(self.now_ms - answered_ms) // 1000),
            sip_code=sip_code,
        )
        for leg in self.legs:
            leg.ended_ms = self.now_ms if leg.ended_ms is None else leg.ended_ms
        self.emit(self.ended)
        post_all(self, self.ended)
        raise CallOver
