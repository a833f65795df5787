"""Runs one call: a simulated clock, one running flow, and an event for everything that happens."""

from __future__ import annotations

import contextlib
import heapq
from collections.abc import Callable, Generator
from itertools import count
from typing import Any, Literal

from . import _steps as steps
from ._call import Call, CallOver
from ._events import CallStarted, ChildTaken, DeadAir, JsonObject, KeyPressed, NodeStarted
from ._kazoo import CAUSES
from ._modules import module_named
from ._session import Input
from ._steps import ModuleCrash, Wait, Wake
from ._validation import problems

TOKENS = 100
TOKENS_PER_MODULE = 5
TOKENS_PER_SECOND = 10
MAX_BRANCHES = 50
LEG_NEWS = frozenset({"answers", "hangs_up", *CAUSES})


class Engine(Call):
    """One call from its arrival to its end.

    Nothing happens by itself: `step()` does the next thing that is due, moving the clock to it, and `press`,
    `hang_up`, `leg` and `audio_finished` are what people do. Events go to `events` and to every observer.
    With `listener_paces_audio` the length of audio is not estimated but reported through `audio_finished`.
    """

    def __init__(self, **call: Any) -> None:
        super().__init__(**call)
        self.inputs: list[Input] = []
        self._branches: list[tuple[JsonObject, str]] = []
        self._tokens = float(TOKENS)
        self._tokens_at_ms = 0
        self._timers: list[tuple[int, int, Callable[[], None]]] = []
        self._timer_numbers = count()
        self._wait = Wait(0)
        self._fresh = True
        self._process: Generator[Wait, Wake, None] = self._walk()
        self._start_flow = self.first_flow

    # --- the clock --------------------------------------------------------------------------------

    def start(self) -> None:
        """Let the call arrive; the first module runs at the first step."""
        self.emit(
            CallStarted(
                at_ms=0,
                call_id=self.call_id,
                caller=self.caller.number or "anonymous",
                caller_name=self.caller.name or "unknown",
                dialled=self.dialled,
                kazoo=self.world.kazoo,
                account_id=self.world.account_id,
            )
        )
        for problem in problems(self.first_flow, self.world):
            self.note(f"KAZOO would not save this callflow: {problem}")

    @property
    def next_due_ms(self) -> int | None:
        """When the next thing happens by itself; None if nothing will."""
        if self.ended:
            return None
        due = [self._timers[0][0]] if self._timers else []
        if self._wait.until_ms is not None:
            due.append(self._wait.until_ms)
        return max(self.now_ms, min(due)) if due else None

    def step(self, until_ms: int | None = None) -> bool:
        """Do the next thing that is due, not later than `until_ms`; False when there is none."""
        due = self.next_due_ms
        if due is None or (until_ms is not None and due > until_ms):
            return False
        self.now_ms = due
        if self._timers and self._timers[0][0] <= due:
            _, _, action = heapq.heappop(self._timers)
            with contextlib.suppress(CallOver):
                action()
        else:
            self._resume(Wake("time"))
        return True

    def advance(self, ms: int) -> None:
        """Let that much time pass, and everything in it happen."""
        self.advance_to(self.now_ms + ms)

    def advance_to(self, until_ms: int) -> None:
        """Let time pass until then, and everything up to it happen."""
        while self.step(until_ms):
            pass
        if not self.ended:
            self.now_ms = max(self.now_ms, until_ms)

    def wait_after_event(self, ms: int) -> None:
        """Move the clock to that long after the last event, doing nothing on the way, as replays need."""
        self.now_ms = max(self.now_ms, self._progress_at_ms + ms)

    def at(self, due_ms: int, action: Callable[[], None]) -> None:
        """Do something later, whatever the flow is doing then."""
        heapq.heappush(self._timers, (due_ms, next(self._timer_numbers), action))

    # --- what people do ---------------------------------------------------------------------------

    @property
    def waits_for_keys(self) -> str:
        """Who would take a key now: prompt, collection, a dialogue..., or nobody (empty)."""
        return "" if self.ended else self._wait.listener

    @property
    def rings(self) -> bool:
        """Whether somebody's phone is ringing or in conversation, so that `leg` has an effect."""
        return self.ended is None and self._wait.legs

    def press(self, key: str) -> None:
        """Press one key."""
        if self.ended:
            return
        self._record("press", key)
        self.emit(KeyPressed(at_ms=self.now_ms, key=key, heard_by=self._wait.listener or "nobody"))
        if self._wait.listener:
            self._resume(Wake("key", key))

    def hang_up(self) -> None:
        """Let the caller hang up."""
        if not self.ended:
            self._record("hang_up")
            cause = "ORIGINATOR_CANCEL" if self.answered_at_ms is None else "NORMAL_CLEARING"
            with contextlib.suppress(CallOver):
                self._end(cause, "caller", "the caller hung up")

    def leg(self, news: str) -> None:
        """Let the other side act: an outcome of ringing, or `hangs_up` in a conversation.

        The outcomes are answers (`answers:SECONDS` says how long they talk), busy, rejects, no_answer,
        unreachable and missing.
        """
        word, _, seconds = news.partition(":")
        if word not in LEG_NEWS or (seconds and word != "answers"):
            raise ValueError(f"no such news of a leg: {news!r}; there are {', '.join(sorted(LEG_NEWS))}")
        if self._wait.legs and not self.ended:
            self._record("leg", news)
            self._resume(Wake("leg", news))

    def audio_finished(self, audio: int) -> None:
        """Report that the listener has heard that audio to its end (`listener_paces_audio`)."""
        if self._wait.audio == audio and not self.ended:
            self._record("audio_finished", str(audio))
            self._resume(Wake("time"))

    def _record(self, action: Literal["press", "hang_up", "leg", "audio_finished"], value: str = "") -> None:
        wait_ms = self.now_ms - self._progress_at_ms
        self.inputs.append(Input(after=self.progress, wait_ms=wait_ms, action=action, value=value))

    def replace_flow(self, flow: JsonObject) -> None:
        """Kill the running module, drop its audio and run another flow."""
        self._process.close()
        self.stop_audio("cut")
        self._branches.clear()
        self._start_flow = flow
        self._process = self._walk()
        self._fresh = True
        self._wait = Wait(self.now_ms)

    # --- the flow ---------------------------------------------------------------------------------

    def _resume(self, wake: Wake) -> None:
        try:
            if self._fresh:
                self._fresh = False
                self._wait = next(self._process)
            else:
                self._wait = self._process.send(wake)
        except CallOver:
            return
        except StopIteration:
            self._wait = Wait(None)

    def _walk(self) -> Generator[Wait, Wake, None]:
        node, path = self._start_flow, ""
        while True:
            self.node, self.path = node, path
            self._pay()
            result = yield from self._run_node(node, path)
            if isinstance(result, steps.Continue):
                onward = self._child(node, path, result.key)
                if onward is None:
                    # KAZOO 5 remembers a child it looked for in vain as the cause.
                    named = result.key != "_" and self.world.kazoo == "5"
                    yield from self._end_of_flow("the flow ended", result.key if named else "NORMAL_CLEARING")
                    return
                node, path = onward
            elif isinstance(result, steps.Branch):
                child = (node.get("children") or {}).get("_")
                if child is not None:
                    if len(self._branches) == MAX_BRANCHES:
                        self.hang_up_now(f"more than {MAX_BRANCHES} flows branched from one another")
                    self._branches.append((child, f"{path}/_"))
                node, path = result.flow, ""
            elif isinstance(result, steps.Replace):
                self.stop_audio("cut")
                self._branches.clear()
                node, path = result.flow, ""
            elif isinstance(result, steps.HangUp):
                yield from self._end_of_flow(result.reason, result.cause, result.sip_code)
                return
            else:
                if result.dead_air:
                    self.emit(DeadAir(at_ms=self.now_ms, reason=result.reason))
                while True:
                    yield Wait(None)

    def _run_node(self, node: JsonObject, path: str) -> steps.Steps:
        name, data = str(node["module"]), dict(node.get("data") or {})
        self.emit(NodeStarted(at_ms=self.now_ms, path=path or "/", module=name, data=data))
        if data.get("skip_module"):
            self.note(f"{name} is skipped: its skip_module is true")
            return steps.Continue()
        if name in self.world.broken_modules:
            self.note(f"{name} crashed, as it was told to")
            return steps.Continue()
        try:
            return (yield from module_named(name)(self, data))
        except ModuleCrash as crash:
            self.note(f"{name} crashed: {crash}")
            return steps.Continue()

    def _child(self, node: JsonObject, path: str, key: str) -> tuple[JsonObject, str] | None:
        children = node.get("children") or {}
        taken = key if key in children else "_" if "_" in children else None
        if taken is None and self._branches:
            child, child_path = self._branches.pop()
            self.note("the branched flow ended; back to the flow it came from")
            return child, child_path
        self.emit(ChildTaken(at_ms=self.now_ms, wanted=key, taken=taken))
        return None if taken is None else (children[taken], f"{path}/{taken}")

    def _pay(self) -> None:
        """Take the tokens of one module; who has none left loses the call."""
        passed_s = (self.now_ms - self._tokens_at_ms) / 1000
        self._tokens = min(TOKENS, self._tokens + passed_s * TOKENS_PER_SECOND) - TOKENS_PER_MODULE
        self._tokens_at_ms = self.now_ms
        if self._tokens < 0 and self.world.rate_limit:
            self.hang_up_now("too many modules in a row: KAZOO's rate limit")

    def _end_of_flow(
        self, reason: str, cause: str = "NORMAL_CLEARING", sip_code: int | None = None
    ) -> Generator[Wait, Wake, None]:
        """Hang up behind the audio that still plays."""
        if self._audio is not None and self._audio.duration_ms is not None:
            yield from self.sleep(self._audio_until_ms - self.now_ms)
            self.stop_audio("finished")
        self.hang_up_now(reason, cause, sip_code)
