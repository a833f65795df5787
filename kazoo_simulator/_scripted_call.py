"""A call driven by a script: expect to hear, press, wait, ring, end."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from ._engine import Engine
from ._events import (
    AnyEvent,
    AudioStarted,
    Bridged,
    CallEnded,
    DeadAir,
    ExpectationFailed,
    ExpectationMet,
    RequestSent,
    RingingStarted,
)
from ._sequence_diagram import draw
from ._session import Session, record

PATIENCE_S = 180  # of simulated time
_REACTION_MS = 600
_SHOWN_FIRST = 60  # events of a failed expectation that its ladder shows
_SHOWN_LAST = 30
_BETWEEN_KEYS_MS = 250


class CallMismatchError(AssertionError):
    """The call went another way than the script says; the message is the ladder with the mismatch marked."""

    __module__ = "kazoo_simulator"


class ScriptedCall:
    """A call under way. Every method lets simulated time pass until what it names has happened.

    Each returns the call. Expectations look only at what happened since the previous one, in order.
    """

    def __init__(self, engine: Engine, *, patience_s: float = PATIENCE_S, started: bool = False) -> None:
        self.engine = engine
        self._patience_ms = round(patience_s * 1000)
        self._seen = 0
        if not started:
            engine.start()

    # --- what the caller does ---------------------------------------------------------------------

    def presses(self, digits: str, *, during: bool = False) -> ScriptedCall:
        """Press keys, one after the other, once the flow waits for them; `during`: over the audio."""
        wanted = f"presses {digits}"
        if during:
            self._until(lambda: bool(self.engine.audio or self.engine.waits_for_keys), wanted)
        else:
            self._until(lambda: self.engine.waits_for_keys not in ("", "prompt"), wanted)
            self._pass(_REACTION_MS)
        for position, key in enumerate(digits):
            if position:
                self._pass(_BETWEEN_KEYS_MS)
            self.engine.press(key)
        return self

    def waits(self, seconds: float) -> ScriptedCall:
        """Do nothing for that long."""
        self._pass(round(seconds * 1000))
        return self

    def hangs_up(self, *, after_s: float = 0) -> ScriptedCall:
        """Let the caller hang up."""
        self._pass(round(after_s * 1000))
        self.engine.hang_up()
        return self

    # --- what others do ---------------------------------------------------------------------------

    def answered(self, *, talk_s: float = 30) -> ScriptedCall:
        """Let the ringing phone be picked up; the callee hangs up after `talk_s`."""
        return self._leg(f"answers:{talk_s}")

    def busy(self) -> ScriptedCall:
        """Let the ringing phone be busy."""
        return self._leg("busy")

    def unanswered(self) -> ScriptedCall:
        """Let it ring until KAZOO gives up."""
        return self._leg("no_answer", after_timeout=True)

    def rejected(self) -> ScriptedCall:
        """Let the callee refuse the call."""
        return self._leg("rejects")

    def callee_hangs_up(self) -> ScriptedCall:
        """Let the other side end the conversation."""
        return self._leg("hangs_up")

    # --- what is expected -------------------------------------------------------------------------

    def hears(self, text: str | re.Pattern[str], *, language: str | None = None) -> ScriptedCall:
        """Expect to hear a text: a part of it in any case of letters, or a pattern; media by their id."""
        wanted = f"hears {text.pattern!r}" if isinstance(text, re.Pattern) else f"hears {text!r}"
        if language:
            wanted += f" in {language}"

        def matches(event: AnyEvent) -> bool:
            if not isinstance(event, AudioStarted) or (
                language and event.language.lower() != language.lower()
            ):
                return False
            if isinstance(text, re.Pattern):
                return text.search(event.text) is not None
            return text.casefold() in event.text.casefold()

        return self._expect(wanted, matches)

    def rings(self, target: str) -> ScriptedCall:
        """Expect a phone to ring: an id, a number, or `user:ID`, `device:ID`, `number:+1...`."""

        def matches(event: AnyEvent) -> bool:
            return isinstance(event, RingingStarted) and any(
                target in (ringing, ringing.partition(":")[2]) for ringing in event.targets
            )

        return self._expect(f"rings {target}", matches)

    def talks_to(self, target: str) -> ScriptedCall:
        """Expect to be connected to somebody."""
        return self._expect(
            f"talks to {target}",
            lambda event: isinstance(event, Bridged) and target in (event.to, event.to.partition(":")[2]),
        )

    def asks(self, path: str) -> ScriptedCall:
        """Expect a request to an address containing that."""
        return self._expect(
            f"asks {path}", lambda event: isinstance(event, RequestSent) and path in event.url
        )

    def dead_air(self) -> ScriptedCall:
        """Expect dead air: the call is up and nothing happens any more."""
        return self._expect("dead air", lambda event: isinstance(event, DeadAir))

    def ends(self, cause: str | None = None, *, by: str | None = None) -> ScriptedCall:
        """Expect the call to end, with that hang-up cause, by kazoo, the caller or the callee."""
        wanted = " ".join(word for word in ("ends", cause or "", f"by {by}" if by else "") if word)

        def matches(event: AnyEvent) -> bool:
            return isinstance(event, CallEnded) and cause in (None, event.cause) and by in (None, event.by)

        return self._expect(wanted, matches)

    # --- what can be read -------------------------------------------------------------------------

    @property
    def events(self) -> list[AnyEvent]:
        """Everything that happened so far."""
        return self.engine.events

    @property
    def ended(self) -> CallEnded | None:
        """How the call ended, None while it is up."""
        return self.engine.ended

    @property
    def call_id(self) -> str:
        """The Call-ID of the caller's leg."""
        return self.engine.call_id

    @property
    def heard(self) -> list[str]:
        """The texts the caller heard so far, media by their id."""
        return [event.text for event in self.events if isinstance(event, AudioStarted)]

    @property
    def requests(self) -> list[RequestSent]:
        """The requests KAZOO made so far."""
        return [event for event in self.events if isinstance(event, RequestSent)]

    def ladder(self) -> str:
        """Return the call so far as text."""
        return draw(self.events)

    # --- machinery --------------------------------------------------------------------------------

    def _expect(self, wanted: str, matches: Callable[[AnyEvent], bool]) -> ScriptedCall:
        deadline_ms = self.engine.now_ms + self._patience_ms
        began = len(self.events)
        for event in self._onward(deadline_ms):
            if matches(event):
                self.engine.emit(ExpectationMet(at_ms=self.engine.now_ms, expectation=wanted))
                return self
        raise self._mismatch(wanted, began)

    def _onward(self, deadline_ms: int) -> Iterator[AnyEvent]:
        """Yield the events not looked at yet, making new ones happen as needed."""
        while True:
            while self._seen < len(self.events):
                self._seen += 1
                yield self.events[self._seen - 1]
            if self.engine.bridged_to is not None:  # patience is for machines, people may talk
                deadline_ms = max(deadline_ms, self.engine.next_due_ms or 0)
            over = self.ended or not self.engine.step(deadline_ms)
            if over and self._seen == len(self.events):
                return

    def _until(self, reached: Callable[[], bool], wanted: str) -> None:
        deadline_ms, began = self.engine.now_ms + self._patience_ms, len(self.events)
        while not reached():
            if not self.engine.step(deadline_ms):
                raise self._mismatch(wanted, began)

    def _leg(self, news: str, *, after_timeout: bool = False) -> ScriptedCall:
        self._until(lambda: self.engine.rings, f"{news.partition(':')[0]} (nobody rings)")
        if after_timeout:
            self.engine.step()
        else:
            self._pass(_REACTION_MS)
            self.engine.leg(news)
        return self

    def _pass(self, ms: int) -> None:
        self.engine.advance(ms)

    def _mismatch(self, wanted: str, began: int) -> CallMismatchError:
        heard = self.heard
        if self.ended:
            instead = f"the call ended ({self.ended.cause}: {self.ended.reason})"
        elif self.engine.next_due_ms is None:
            instead = "nothing happens any more"
        else:
            instead = f"not within {self._patience_ms // 1000} s"
        if heard:
            instead += f"; last heard: {heard[-1]!r}"
        self.engine.emit(ExpectationFailed(at_ms=self.engine.now_ms, expectation=wanted, instead=instead))
        shown = _abridged(self.events, began)
        return CallMismatchError(f"expected: {wanted}; instead: {instead}\n\n{shown}")

    def session(self) -> Session:
        """Return the call so far as a session, to save and to replay."""
        return record(self)

    def __repr__(self) -> str:
        state = "ended" if self.ended else f"at {self.engine.now_ms / 1000:.1f} s"
        return f"<ScriptedCall {self.call_id} {state}>"


def _abridged(events: list[AnyEvent], began: int) -> str:
    """Draw a ladder whose part after the last met expectation is long without its middle."""
    last = len(events) - _SHOWN_LAST
    if last - began <= _SHOWN_FIRST:
        return draw(events)
    left_out = f"          …  {last - began - _SHOWN_FIRST} more events"
    return "\n".join((draw(events[: began + _SHOWN_FIRST]), left_out, draw(events[last:])))
