"""A call driven by a script: expect to hear, press, wait, ring, end."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from . import _acts as acts
from . import _handover as handover
from ._events import (
    AnyEvent,
    AudioStarted,
    Bridged,
    CallEnded,
    DeadAir,
    ExpectationFailed,
    ExpectationMet,
    FallbackTaken,
    RequestSent,
    RingingStarted,
)
from ._interpreter import Interpreter
from ._legs import Leg
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

    def __init__(
        self, interpreter: Interpreter, *, patience_s: float = PATIENCE_S, started: bool = False
    ) -> None:
        self.interpreter = interpreter
        self._patience_ms = round(patience_s * 1000)
        self._seen = 0
        self._fallback_expected = False
        if not started:
            interpreter.start()

    # --- what the caller does ---------------------------------------------------------------------

    def presses(self, digits: str, *, during: bool = False) -> ScriptedCall:
        """Press keys, one after the other, once the flow waits for them; `during`: over the audio."""
        wanted = f"presses {digits}"
        if during:
            self._until(lambda: bool(self.interpreter.audio or self.interpreter.waits_for_keys), wanted)
        else:
            self._until(lambda: self.interpreter.waits_for_keys not in ("", "prompt"), wanted)
            self._pass(_REACTION_MS)
        for position, key in enumerate(digits):
            if position:
                self._pass(_BETWEEN_KEYS_MS)
            self.interpreter.press(key)
        return self

    def waits(self, seconds: float) -> ScriptedCall:
        """Do nothing for that long."""
        self._pass(round(seconds * 1000))
        return self

    def hangs_up(self, *, after_s: float = 0) -> ScriptedCall:
        """Let the caller hang up."""
        self._pass(round(after_s * 1000))
        self.interpreter.hang_up()
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

    # --- who hands the call over ------------------------------------------------------------------

    def transfers(
        self,
        to: str,
        *,
        answered: bool = True,
        rings_s: float = 3,
        talk_s: float = 30,
        attended: bool = False,
        consult_s: float = 5,
    ) -> ScriptedCall:
        """Let the caller send the callee to somebody; `attended`: after asking there in a second call.

        The second call of an attended transfer runs the same number's callflow. What follows happens by
        itself: the target rings `rings_s`, and they talk `talk_s`.
        """
        return self._act(acts.Transfer(to, answered, rings_s, talk_s, attended, consult_s))

    def callee_transfers(
        self,
        to: str,
        *,
        answered: bool = True,
        rings_s: float = 3,
        talk_s: float = 30,
        attended: bool = False,
        consult_s: float = 5,
    ) -> ScriptedCall:
        """Let the callee send the caller to somebody; `attended`: after asking there in a call of his own."""
        return self._act(acts.CalleeTransfer(to, answered, rings_s, talk_s, attended, consult_s))

    def picked_up(self, by: str = "1099", *, talk_s: float = 30) -> ScriptedCall:
        """Let somebody else pick up the ringing call."""
        return self._act(acts.Pickup(by, talk_s))

    def intercepted(self, by: str = "1099", *, talk_s: float = 30) -> ScriptedCall:
        """Let a colleague take the caller's conversation over."""
        return self._act(acts.Intercept(by, "intercept", talk_s))

    def moves(self, *, talk_s: float = 30) -> ScriptedCall:
        """Let the caller take his conversation over at another of his phones."""
        return self._act(acts.Intercept(self.interpreter.channel.caller.number, "move", talk_s))

    def replaced(self, by: str = "1099", *, talk_s: float = 30) -> ScriptedCall:
        """Let a phone take the conversation over with a Replaces header."""
        return self._act(acts.Intercept(by, "replaces", talk_s))

    def parks(
        self, slot: str = "101", *, by: str = "1099", after_s: float = 30, talk_s: float = 30
    ) -> ScriptedCall:
        """Let the caller park the callee, whom `by` retrieves later."""
        return self._act(acts.Park(slot, by, after_s, talk_s))

    def callee_parks(
        self, slot: str = "101", *, by: str = "1099", after_s: float = 30, talk_s: float = 30
    ) -> ScriptedCall:
        """Let the callee park the caller, whom `by` retrieves later."""
        return self._act(acts.Park(slot, by, after_s, talk_s, by_callee=True))

    def conference_dials(self, to: str, *, rings_s: float = 5, talk_s: float = 30) -> ScriptedCall:
        """Let the conference the caller is in dial somebody."""
        return self._act(acts.ConferenceDials(to, rings_s, talk_s))

    def media_server_dies(self) -> ScriptedCall:
        """Lose the media server: every leg is gone, and no webhook is sent."""
        return self._act(acts.SwitchDies())

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
        """Expect dead air: the call is up and nothing more happens."""
        return self._expect("dead air", lambda event: isinstance(event, DeadAir))

    def ends(self, cause: str | None = None, *, by: str | None = None) -> ScriptedCall:
        """Expect the call to end, with that hang-up cause, by kazoo, the caller or the callee."""
        wanted = " ".join(word for word in ("ends", cause or "", f"by {by}" if by else "") if word)

        def matches(event: AnyEvent) -> bool:
            return isinstance(event, CallEnded) and cause in (None, event.cause) and by in (None, event.by)

        self._expect(wanted, matches)
        self.interpreter.finish()
        return self

    def heard_fallback(self, reason: str = "") -> ScriptedCall:
        """Expect the fallback: the pivot's wildcard child, or the one a callback answers when it fails.

        `reason` is a part of why. In pytest a fallback that no test expects fails the test.
        """
        wanted = f"the fallback{f' because of {reason!r}' if reason else ''}"
        self._fallback_expected = True
        return self._expect(
            wanted, lambda event: isinstance(event, FallbackTaken) and reason.lower() in event.reason.lower()
        )

    # --- what can be read -------------------------------------------------------------------------

    @property
    def events(self) -> list[AnyEvent]:
        """Everything that happened so far."""
        return self.interpreter.events

    @property
    def ended(self) -> CallEnded | None:
        """How the call ended, None while it is up."""
        return self.interpreter.ended

    @property
    def call_id(self) -> str:
        """The Call-ID of the caller's leg."""
        return self.interpreter.call_id

    @property
    def fallbacks(self) -> list[FallbackTaken]:
        """The fallbacks the caller heard so far."""
        return [event for event in self.events if isinstance(event, FallbackTaken)]

    @property
    def unexpected_fallbacks(self) -> list[FallbackTaken]:
        """The fallbacks so far, unless `heard_fallback` expected one."""
        return [] if self._fallback_expected else self.fallbacks

    @property
    def legs(self) -> list[Leg]:
        """Every leg of the call so far, the caller's first."""
        return self.interpreter.switch.legs

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
        deadline_ms = self.interpreter.now_ms + self._patience_ms
        began = len(self.events)
        for event in self._onward(deadline_ms):
            if matches(event):
                self.interpreter.emit(ExpectationMet(at_ms=self.interpreter.now_ms, expectation=wanted))
                return self
        raise self._mismatch(wanted, began)

    def _onward(self, deadline_ms: int) -> Iterator[AnyEvent]:
        """Yield the events not looked at yet, making new ones happen as needed."""
        while True:
            while self._seen < len(self.events):
                self._seen += 1
                yield self.events[self._seen - 1]
            if self.interpreter.bridged_to is not None:  # patience is for machines, people may talk
                deadline_ms = max(deadline_ms, self.interpreter.next_due_ms or 0)
            over = not self.interpreter.step(deadline_ms)
            if over and self._seen == len(self.events):
                return

    def _until(self, reached: Callable[[], bool], wanted: str) -> None:
        deadline_ms, began = self.interpreter.now_ms + self._patience_ms, len(self.events)
        while not reached():
            if not self.interpreter.step(deadline_ms):
                raise self._mismatch(wanted, began)

    def _act(self, act: acts.Act) -> ScriptedCall:
        wanted = f"{type(act).__name__} (nobody to hand over)"
        self._until(lambda: handover.waits_for(self.interpreter, act), wanted)
        self.interpreter.act(act)
        return self

    def _leg(self, news: str, *, after_timeout: bool = False) -> ScriptedCall:
        self._until(lambda: self.interpreter.rings, f"{news.partition(':')[0]} (nobody rings)")
        if after_timeout:
            self.interpreter.step()
        else:
            self._pass(_REACTION_MS)
            self.interpreter.leg(news)
        return self

    def _pass(self, ms: int) -> None:
        self.interpreter.advance(ms)

    def _mismatch(self, wanted: str, began: int) -> CallMismatchError:
        heard = self.heard
        if self.ended:
            instead = f"the call ended ({self.ended.cause}: {self.ended.reason})"
        elif self.interpreter.next_due_ms is None:
            instead = "nothing more happens"
        else:
            instead = f"not within {self._patience_ms // 1000} s"
        if heard:
            instead += f"; last heard: {heard[-1]!r}"
        self.interpreter.emit(
            ExpectationFailed(at_ms=self.interpreter.now_ms, expectation=wanted, instead=instead)
        )
        shown = _abridged(self.events, began)
        return CallMismatchError(f"expected: {wanted}; instead: {instead}\n\n{shown}")

    def session(self) -> Session:
        """Return the call so far as a session, to save and to replay."""
        return record(self)

    def __repr__(self) -> str:
        state = "ended" if self.ended else f"at {self.interpreter.now_ms / 1000:.1f} s"
        return f"<ScriptedCall {self.call_id} {state}>"


def _abridged(events: list[AnyEvent], began: int) -> str:
    """Draw a ladder whose part after the last met expectation is long without its middle."""
    last = len(events) - _SHOWN_LAST
    if last - began <= _SHOWN_FIRST:
        return draw(events)
    left_out = f"          …  {last - began - _SHOWN_FIRST} more events"
    return "\n".join((draw(events[: began + _SHOWN_FIRST]), left_out, draw(events[last:])))
