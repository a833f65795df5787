"""One call in real time: a clock for the engine, and a person's actions between its steps."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from kazoo_simulator._events import AnyEvent, JsonObject, LegTold, RingingStarted
from kazoo_simulator._interpreter import Interpreter
from kazoo_simulator._kazoo import Caller
from kazoo_simulator._simulator import Simulator

from ._messages import (
    Action,
    AudioFinished,
    Callee,
    HangUp,
    Leg,
    Place,
    Press,
    SetCallee,
    SetSpeed,
    Speed,
    told,
)
from ._settings import Settings

_FACTORS: dict[Speed, float | None] = {"1": 1.0, "4": 4.0, "instant": None}
_REACTION_MS = 2500  # how long a phone rings before it does what it was told to do
_TALK_S = 3600  # a conversation ends when somebody hangs up
_LONGEST_SLEEP_S = 3600.0


class PacedCall:
    """Drives one engine. `tell` gets every message for the page, in order, on the event loop's thread.

    The engine runs in a worker thread, one action at a time, because asking the target blocks. Time runs at
    the chosen speed, but never faster than real while it is a person's turn: keys, a ringing phone, a talk.
    """

    def __init__(self, settings: Settings, place: Place, tell: Callable[[dict[str, Any]], None]) -> None:
        self._loop = asyncio.get_running_loop()
        self._tell = tell
        self._actions: asyncio.Queue[Action] = asyncio.Queue()
        self._speed: Speed = place.speed
        self._callee: Callee = place.callee
        self._ringing = 0
        simulator = Simulator(
            settings.target,
            place.kazoo,
            account_id=settings.account_id,
            observer=self._observe,
            webhook=settings.webhook,
        )
        self._call = simulator.call(
            Caller(number=place.caller, name=place.caller_name, language=place.language.lower()),
            place.dialled,
            path=settings.path_of(place.dialled),
            fallback=settings.fallback,
            listener_paces_audio=True,
        )
        self._engine: Interpreter = self._call.interpreter
        self._clock_ms = 0.0
        self._read_at = time.monotonic()

    def act(self, action: Action) -> None:
        """Let the person do something, as soon as the engine can take it."""
        self._actions.put_nowait(action)

    def session(self) -> JsonObject:
        """Return the call that is over as a session, which `pivot call --replay` plays again."""
        return self._call.session().model_dump(mode="json")

    async def run(self) -> None:
        """Play the call to its end."""
        while self._engine.ended is None:
            self._tell_state()
            action = await self._next_action()
            if self._engine.ended is None:
                await asyncio.to_thread(self._step if action is None else partial(self._apply, action))
        self._tell_state()

    async def _next_action(self) -> Action | None:
        """Return what the person does next, or None once the engine's next step is due."""
        while True:
            delay_s = self._read_clock()
            if delay_s <= 0 and self._actions.empty():
                return None
            try:
                async with asyncio.timeout(delay_s):
                    action = await self._actions.get()
            except TimeoutError:
                continue
            self._read_clock()
            return action

    def _read_clock(self) -> float:
        """Let our clock show the time, and return the real seconds until the next step is due."""
        factor = self._factor()
        due_ms = self._engine.next_due_ms
        now = time.monotonic()
        passed_ms, self._read_at = (now - self._read_at) * 1000, now
        if due_ms is None:
            self._clock_ms += passed_ms
            return _LONGEST_SLEEP_S
        # Time never runs past what is due: a late step makes the call slip, not hurry.
        self._clock_ms = float(due_ms) if factor is None else min(self._clock_ms + passed_ms * factor, due_ms)
        return 0.0 if factor is None else (due_ms - self._clock_ms) / 1000 / factor

    def _factor(self) -> float | None:
        engine = self._engine
        person_rings = engine.rings and (engine.bridged_to is not None or self._callee == "ask")
        if person_rings or engine.waits_for_keys not in ("", "prompt"):
            return 1.0
        return _FACTORS[self._speed]

    def _step(self) -> None:
        engine, audio = self._engine, self._engine.audio
        if (
            self._speed == "instant"
            and engine.waits_for_keys == "prompt"
            and audio is not None
            and audio.duration_ms is not None
        ):
            # Nobody listens to its end: it lasts as long as estimated, not as long as the engine is patient.
            engine.advance(max(0, audio.at_ms + audio.duration_ms - engine.now_ms))
            engine.audio_finished(audio.audio)
        else:
            engine.step()
        self._clock_ms = float(engine.now_ms)

    def _apply(self, action: Action) -> None:
        engine = self._engine
        self._let_time_pass()
        if isinstance(action, Press):
            engine.press(action.key)
        elif isinstance(action, HangUp):
            engine.hang_up()
        elif isinstance(action, Leg):
            engine.leg(f"answers:{_TALK_S}" if action.news == "answers" else action.news)
        elif isinstance(action, AudioFinished):
            engine.audio_finished(action.audio)
        elif isinstance(action, SetSpeed):
            self._speed = action.speed
        elif isinstance(action, SetCallee):
            self._callee = action.callee

    def _let_time_pass(self) -> None:
        """Move the engine's clock to ours, without doing what is due."""
        due_ms = self._engine.next_due_ms
        until_ms = round(self._clock_ms) if due_ms is None else min(round(self._clock_ms), due_ms - 1)
        if until_ms > self._engine.now_ms:
            self._engine.advance(until_ms - self._engine.now_ms)

    def _observe(self, event: AnyEvent) -> None:
        if isinstance(event, RingingStarted) and self._callee not in ("ask", "no_answer"):
            self._ringing += 1
            ringing, news = self._ringing, self._callee
            self._engine.at(event.at_ms + _REACTION_MS, lambda: self._react(ringing, news))
        if not isinstance(event, LegTold):  # what the switch raises shows as webhooks, if there are any
            self._loop.call_soon_threadsafe(self._tell, told(event))

    def _react(self, ringing: int, news: Callee) -> None:
        if ringing == self._ringing and self._engine.bridged_to is None:
            self._engine.leg(f"answers:{_TALK_S}" if news == "answers" else news)

    def _tell_state(self) -> None:
        engine = self._engine
        self._tell(
            {
                "type": "state",
                "at_ms": engine.now_ms,
                "listens": engine.waits_for_keys,
                "legs": engine.rings,
                "bridged": engine.bridged_to,
                "ended": engine.ended is not None,
            }
        )
