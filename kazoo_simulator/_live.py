"""A call in real time: one thread runs it, anybody may watch and act."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator

from ._events import AnyEvent
from ._interpreter import Interpreter

_LONGEST_SLEEP_S = 1.0


class LiveCall:
    """Runs an interpreter against the clock on the wall, in a thread of its own.

    `press`, `hang_up`, `leg` and `audio_finished` may be called from any thread and return at once.
    `on_event` is called in the call's thread for every event; `events()` yields them in the caller's thread.

        live = simulator.live("+14155550100", "2000", on_event=show)
        live.press("1")
        live.wait()
    """

    def __init__(self, interpreter: Interpreter, on_event: Callable[[AnyEvent], None] | None = None) -> None:
        self.interpreter = interpreter
        self.error: BaseException | None = None
        self._inbox: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._outbox: queue.SimpleQueue[AnyEvent | None] = queue.SimpleQueue()
        self._closed = False
        self._began = time.monotonic()
        self._thread = threading.Thread(target=self._run, name="kazoo-call", daemon=True)
        interpreter.observers.append(self._outbox.put)
        if on_event is not None:
            interpreter.observers.append(on_event)
        self._thread.start()

    def press(self, key: str) -> None:
        """Press one key."""
        self._inbox.put(lambda: self.interpreter.press(key))

    def hang_up(self) -> None:
        """Let the caller hang up."""
        self._inbox.put(self.interpreter.hang_up)

    def leg(self, news: str) -> None:
        """Let the other side act: answers (or `answers:SECONDS`), busy, rejects, unreachable, hangs_up."""
        self._inbox.put(lambda: self.interpreter.leg(news))

    def audio_finished(self, audio: int) -> None:
        """Report that this audio was heard to its end, when the interpreter is paced by its listener."""
        self._inbox.put(lambda: self.interpreter.audio_finished(audio))

    def events(self) -> Iterator[AnyEvent]:
        """Yield every event as it happens, until the call is over."""
        while (event := self._outbox.get()) is not None:
            yield event

    def wait(self, timeout_s: float | None = None) -> bool:
        """Wait until the call is over; False when it is not after that long.

        What went wrong inside the simulator, if anything did, is raised here.
        """
        self._thread.join(timeout_s)
        if self.error is not None:
            raise self.error
        return not self._thread.is_alive()

    def close(self) -> None:
        """Stop, wherever the call is; the web server receives no request."""
        self._closed = True
        self._inbox.put(lambda: None)
        self._thread.join(_LONGEST_SLEEP_S)

    def _run(self) -> None:
        interpreter = self.interpreter
        try:
            interpreter.start()
            while not interpreter.ended and not self._closed:
                interpreter.advance_to(self._now_ms())
                if interpreter.ended:
                    break
                due = interpreter.next_due_ms
                sleep_s = _LONGEST_SLEEP_S if due is None else (due - self._now_ms()) / 1000
                try:
                    action = self._inbox.get(timeout=min(_LONGEST_SLEEP_S, max(0.0, sleep_s)))
                except queue.Empty:
                    continue
                interpreter.advance_to(self._now_ms())
                action()
            if not self._closed:
                interpreter.finish()
        except BaseException as error:  # noqa: BLE001 - shown to the caller that waits; a thread cannot raise to it
            self.error = error
        finally:
            self._outbox.put(None)

    def _now_ms(self) -> int:
        return round((time.monotonic() - self._began) * 1000)
