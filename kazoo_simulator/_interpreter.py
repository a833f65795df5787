"""Runs one call: a simulated clock, one running flow, and an event for everything that happens."""

from __future__ import annotations

import contextlib
import json
import random
from collections.abc import Callable
from dataclasses import asdict
from typing import Literal

from . import _acts as acts
from . import _handover as handover
from ._channel import CallOver, Channel
from ._events import (
    AnyEvent,
    AudioStarted,
    CallEnded,
    CallStarted,
    ExpectationFailed,
    ExpectationMet,
    JsonObject,
    KeyPressed,
    LegTold,
    Noted,
)
from ._kazoo import CAUSES, Caller, KazooConfig
from ._legs import Leg, Switch
from ._running import Running
from ._session import Input
from ._steps import Wake
from ._targets import Target
from ._validation import problems
from ._webhooks import Delivery, HookState, post_cdr

LEG_NEWS = frozenset({"answers", "hangs_up", *CAUSES})


class Interpreter:
    """One call from its arrival to its end, and what becomes of its legs afterwards.

    Nothing happens by itself: `step()` does the next thing that is due, moving the clock to it, and `press`,
    `hang_up`, `leg`, `act` and `audio_finished` are what people do. Events go to `events` and to every
    observer. With `listener_paces_audio` the length of audio is not estimated but reported through
    `audio_finished`.
    """

    def __init__(
        self,
        *,
        target: Target,
        flow: JsonObject,
        caller: Caller,
        dialled: str,
        config: KazooConfig,
        seed: int,
        call_id: str | None = None,
        click_to_call: bool = False,
        listener_paces_audio: bool = False,
        hooks: HookState | None = None,
    ) -> None:
        self.config = config
        self.seed = seed
        self.target = target
        self.inputs: list[Input] = []
        self.events: list[AnyEvent] = []
        self.observers: list[Callable[[AnyEvent], None]] = []
        self.progress = 0
        self.given_call_id = call_id
        self.click_to_call = click_to_call
        self._progress_at_ms = 0
        self.switch = Switch(config, random.Random(seed), self._told)  # noqa: S311 - repeatable
        self.delivery = Delivery(self.switch, target, self.emit, hooks or HookState())
        self.channel = Channel(
            switch=self.switch,
            target=target,
            emit=self.emit,
            flow=flow,
            caller=caller,
            dialled=dialled,
            call_id=call_id,
            listener_paces_audio=listener_paces_audio,
        )
        self.running = Running(self.channel)
        self.others: list[Running] = []
        self.channel.on_end = self._caller_left

    # --- what can be read -------------------------------------------------------------------------

    @property
    def now_ms(self) -> int:
        """The time since the call arrived."""
        return self.switch.now_ms

    @property
    def ended(self) -> CallEnded | None:
        """How the caller's leg ended, None while it is up."""
        return self.channel.ended

    @property
    def call_id(self) -> str:
        """The Call-ID of the caller's leg."""
        return self.channel.call_id

    @property
    def audio(self) -> AudioStarted | None:
        """The sound or text that the caller hears now."""
        return self.channel.audio

    @property
    def bridged_to(self) -> str | None:
        """Whom the caller talks to."""
        return self.channel.bridged_to

    @property
    def over(self) -> bool:
        """Whether the caller's leg and every other leg of the call are gone."""
        return self.ended is not None and (self.switch.dead or not self.switch.alive)

    # --- the clock --------------------------------------------------------------------------------

    def start(self) -> None:
        """Let the call arrive; the first module runs at the first step."""
        channel = self.channel
        self.emit(
            CallStarted(
                at_ms=0,
                call_id=channel.call_id,
                caller=channel.caller.number or "anonymous",
                caller_name=channel.caller.name or "unknown",
                dialled=channel.dialled,
                kazoo=self.config.kazoo,
                account_id=self.config.account_id,
            )
        )
        for problem in problems(channel.first_flow, self.config):
            channel.note(f"KAZOO would not save this callflow: {problem}")
        request = channel.caller.sip_user or channel.caller.number if self.click_to_call else channel.dialled
        channel.leg = self.switch.arrive(
            channel.caller, request, call_id=channel.call_id, itself=self.click_to_call, name="a"
        )
        if self.click_to_call:
            self.running.wait_first(handover.CLICK_TO_CALL_MS)

    @property
    def next_due_ms(self) -> int | None:
        """When the next thing happens by itself; None if nothing will."""
        due = [running.due_ms for running in self._runnings() if running.due_ms is not None]
        scheduled = self.switch.next_due_ms
        if scheduled is not None:
            due.append(scheduled)
        return max(self.now_ms, min(due)) if due else None

    def step(self, until_ms: int | None = None) -> bool:
        """Do the next thing that is due, not later than `until_ms`; False when there is none."""
        due = self.next_due_ms
        if due is None or (until_ms is not None and due > until_ms):
            return False
        scheduled = self.switch.next_due_ms
        if scheduled is not None and scheduled <= due:
            with contextlib.suppress(CallOver):
                self.switch.run_next()
            return True
        self.switch.now_ms = due
        running = next(one for one in self._runnings() if one.due_ms is not None and one.due_ms <= due)
        running.resume(Wake("time"))
        return True

    def _runnings(self) -> list[Running]:
        return [one for one in (self.running, *self.others) if one.channel.ended is None]

    def advance(self, ms: int) -> None:
        """Let that much time pass, and everything in it happen."""
        self.advance_to(self.now_ms + ms)

    def advance_to(self, until_ms: int) -> None:
        """Let time pass until then, and everything up to it happen."""
        while self.step(until_ms):
            pass
        if not self.ended:
            self.switch.now_ms = max(self.now_ms, until_ms)

    def finish(self) -> None:
        """Let everything happen that still happens by itself after the caller left."""
        while self.ended is not None and self.step():
            pass

    def wait_after_event(self, ms: int) -> None:
        """Move the clock to that long after the last event, doing nothing on the way, as replays need."""
        self.switch.now_ms = max(self.now_ms, self._progress_at_ms + ms)

    def at(self, due_ms: int, action: Callable[[], None]) -> None:
        """Do something later, whatever the flow is doing then."""
        self.switch.at(due_ms, action)

    # --- what people do ---------------------------------------------------------------------------

    @property
    def waits_for_keys(self) -> str:
        """The receiver of a key press now: prompt, collection, a dialogue..., or empty if there is none."""
        return "" if self.ended else self.running.wait.listener

    @property
    def rings(self) -> bool:
        """Whether somebody's phone is ringing or in conversation, so that `leg` has an effect."""
        return self.ended is None and self.running.wait.legs

    def press(self, key: str) -> None:
        """Press one key."""
        if self.ended:
            return
        self._record("press", key)
        listener = self.running.wait.listener
        self.emit(KeyPressed(at_ms=self.now_ms, key=key, heard_by=listener or "nobody"))
        if listener:
            self.running.resume(Wake("key", key))

    def hang_up(self) -> None:
        """Let the caller hang up."""
        if not self.ended:
            self._record("hang_up")
            channel = self.channel
            cause = "ORIGINATOR_CANCEL" if channel.answered_at_ms is None else "NORMAL_CLEARING"
            # While phones ring, KAZOO 4.3 tells the bridge's cause.
            ringing = self.rings and channel.bridged_to is None and self.config.version == "4.3"
            with contextlib.suppress(CallOver):
                leg_cause = "ORIGINATOR_CANCEL" if ringing else cause
                channel.end(cause, "caller", "the caller hung up", leg_cause=leg_cause)

    def leg(self, news: str) -> None:
        """Let the other side act: an outcome of ringing, or `hangs_up` in a conversation.

        The outcomes are answers (`answers:SECONDS` says how long they talk), busy, rejects, no_answer,
        unregistered, unreachable and missing.
        """
        word, _, seconds = news.partition(":")
        if word not in LEG_NEWS or (seconds and word != "answers"):
            raise ValueError(f"no such event of a leg: {news!r}; there are {', '.join(sorted(LEG_NEWS))}")
        if self.rings:
            self._record("leg", news)
            self.running.resume(Wake("leg", news))

    def act(self, act: acts.Act) -> None:
        """Let somebody hand the call over: a transfer, a pickup, a park, a move, the end of the switch."""
        if self.ended:
            return
        self._record("act", json.dumps({"act": type(act).__name__, **asdict(act)}))
        with contextlib.suppress(CallOver):
            handover.perform(self, act)

    def consult(self, dialled: str) -> Running:
        """Let the caller's phone place a second call; it runs the same number's callflow."""
        caller = self.channel.caller
        channel = Channel(
            switch=self.switch,
            target=self.target,
            emit=self._emit_second_call,
            flow=self.channel.first_flow,
            caller=caller,
            dialled=dialled,
        )
        channel.leg = self.switch.arrive(caller, dialled, call_id=channel.call_id, name="a2")
        running = Running(channel)
        self.others.append(running)
        return running

    def audio_finished(self, audio: int) -> None:
        """Report that the listener has heard that audio to its end (`listener_paces_audio`)."""
        if self.running.wait.audio == audio and not self.ended:
            self._record("audio_finished", str(audio))
            self.running.resume(Wake("time"))

    def _record(
        self, action: Literal["press", "hang_up", "leg", "act", "audio_finished"], value: str = ""
    ) -> None:
        wait_ms = self.now_ms - self._progress_at_ms
        self.inputs.append(Input(after=self.progress, wait_ms=wait_ms, action=action, value=value))

    # --- what happens -----------------------------------------------------------------------------

    def emit(self, event: AnyEvent) -> None:
        """Record an event and tell the observers."""
        self.events.append(event)
        if not isinstance(event, ExpectationMet | ExpectationFailed):
            self.progress += 1
            self._progress_at_ms = event.at_ms
        for observer in self.observers:
            observer(event)

    def _emit_second_call(self, event: AnyEvent) -> None:
        # A script waits for the end of the first call only.
        if isinstance(event, CallEnded):
            self.emit(Noted(at_ms=event.at_ms, text=f"the second call ended: {event.reason}"))
        else:
            self.emit(event)

    def _told(self, event: LegTold, leg: Leg) -> None:
        if leg.told:
            self.emit(event)
            self.delivery.tell(event, leg)

    def _caller_left(self, ended: CallEnded) -> None:
        if self.channel.pending_cdr_url:
            post_cdr(self.channel, self.channel.pending_cdr_url, ended)
