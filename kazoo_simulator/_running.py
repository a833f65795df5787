"""The callflow that runs on one channel."""

from __future__ import annotations

from collections.abc import Generator

from . import _steps as steps
from ._channel import CallOver, Channel
from ._events import ChildTaken, DeadAir, JsonObject, NodeStarted
from ._modules import module_named
from ._steps import ModuleCrash, Wait, Wake

TOKENS = 100
TOKENS_PER_MODULE = 5
TOKENS_PER_SECOND = 10
MAX_BRANCHES = 50


class Running:
    """The callflow that runs on one channel: one module at a time, each waiting for time, a key or a leg."""

    def __init__(self, channel: Channel) -> None:
        self.channel = channel
        self.path = ""
        self.wait = Wait(0)
        self._branches: list[tuple[JsonObject, str]] = []
        self._tokens = float(TOKENS)
        self._tokens_at_ms = 0
        self._fresh = True
        self._process: Generator[Wait, Wake, None] = self._walk()
        self._start_flow = channel.first_flow
        channel.replace_flow = self.replace_flow
        self.wait = Wait(channel.now_ms)

    @property
    def due_ms(self) -> int | None:
        """When the module's wait is over."""
        return self.wait.until_ms

    def wait_first(self, ms: int) -> None:
        """Let the flow begin later, once the phone that was called is answered."""
        self._process = self._after_pickup(ms)

    def _after_pickup(self, ms: int) -> Generator[Wait, Wake, None]:
        if self.channel.leg is not None:
            self.channel.switch.progress(self.channel.leg)
        yield Wait(self.channel.now_ms + ms)
        self.channel.answer()
        yield from self._walk()

    def replace_flow(self, flow: JsonObject) -> None:
        """Kill the running module, drop its audio and run another flow."""
        self._process.close()
        self.channel.stop_audio("cut")
        self._branches.clear()
        self._start_flow = flow
        self._process = self._walk()
        self._fresh = True
        self.wait = Wait(self.channel.now_ms)

    def run_instead(self, process: Generator[Wait, Wake, steps.Next]) -> None:
        """Kill the running module and run these steps in its place, on the same node."""

        def alone() -> Generator[Wait, Wake, None]:
            result = yield from process
            yield from self._after(result)

        self._process.close()
        self.channel.stop_audio("cut")
        self._branches.clear()
        self._process = alone()
        self._fresh = True
        self.wait = Wait(self.channel.now_ms)

    def resume(self, wake: Wake) -> None:
        """Go on after a wait."""
        try:
            if self._fresh:
                self._fresh = False
                self.wait = next(self._process)
            else:
                self.wait = self._process.send(wake)
        except CallOver:
            return
        except StopIteration:
            self.wait = Wait(None)

    def _after(self, result: steps.Next) -> Generator[Wait, Wake, None]:
        """Do what steps outside a flow end with: run another flow, stay, or hang up."""
        if isinstance(result, steps.Replace | steps.Branch):
            self._start_flow = result.flow
            yield from self._walk()
        elif isinstance(result, steps.Stay):
            yield from self._stay(result)
        elif isinstance(result, steps.HangUp):
            yield from self._end_of_flow(result.reason, result.cause, result.sip_code)
        else:
            yield from self._end_of_flow("nobody answers")

    def _stay(self, result: steps.Stay) -> Generator[Wait, Wake, None]:
        if result.dead_air:
            self.channel.emit(DeadAir(at_ms=self.channel.now_ms, reason=result.reason))
        while True:
            yield Wait(None)

    def _walk(self) -> Generator[Wait, Wake, None]:
        node, path = self._start_flow, ""
        channel = self.channel
        while True:
            channel.node, self.path = node, path
            self._pay()
            result = yield from self._run_node(node, path)
            if isinstance(result, steps.Continue):
                onward = self._child(node, path, result.key)
                if onward is None:
                    # KAZOO 5 stores a missing child's key as the cause.
                    named = result.key != "_" and channel.config.version == "5"
                    yield from self._end_of_flow("the flow ended", result.key if named else "NORMAL_CLEARING")
                    return
                node, path = onward
            elif isinstance(result, steps.Branch):
                child = (node.get("children") or {}).get("_")
                if child is not None:
                    if len(self._branches) == MAX_BRANCHES:
                        channel.hang_up_now(f"more than {MAX_BRANCHES} flows branched from one another")
                    self._branches.append((child, f"{path}/_"))
                node, path = result.flow, ""
            elif isinstance(result, steps.Replace):
                channel.stop_audio("cut")
                self._branches.clear()
                node, path = result.flow, ""
            elif isinstance(result, steps.HangUp):
                yield from self._end_of_flow(result.reason, result.cause, result.sip_code)
                return
            else:
                yield from self._stay(result)

    def _run_node(self, node: JsonObject, path: str) -> steps.Steps:
        channel = self.channel
        name, data = str(node["module"]), dict(node.get("data") or {})
        channel.emit(NodeStarted(at_ms=channel.now_ms, path=path or "/", module=name, data=data))
        if data.get("skip_module"):
            channel.note(f"{name} is skipped: its skip_module is true")
            return steps.Continue()
        if name in channel.config.broken_modules:
            channel.note(f"{name} crashed, as it was told to")
            return steps.Continue()
        try:
            return (yield from module_named(name)(channel, data))
        except ModuleCrash as crash:
            channel.note(f"{name} crashed: {crash}")
            return steps.Continue()

    def _child(self, node: JsonObject, path: str, key: str) -> tuple[JsonObject, str] | None:
        channel = self.channel
        children = node.get("children") or {}
        taken = key if key in children else "_" if "_" in children else None
        if taken is None and self._branches:
            child, child_path = self._branches.pop()
            channel.note("the branched flow ended; back to the flow it came from")
            return child, child_path
        channel.emit(ChildTaken(at_ms=channel.now_ms, wanted=key, taken=taken))
        return None if taken is None else (children[taken], f"{path}/{taken}")

    def _pay(self) -> None:
        """Take the tokens of one module; who has none left loses the call."""
        now_ms = self.channel.now_ms
        passed_s = (now_ms - self._tokens_at_ms) / 1000
        self._tokens = min(TOKENS, self._tokens + passed_s * TOKENS_PER_SECOND) - TOKENS_PER_MODULE
        self._tokens_at_ms = now_ms
        if self._tokens < 0 and self.channel.config.rate_limit:
            self.channel.hang_up_now("too many modules in a row: KAZOO's rate limit")

    def _end_of_flow(
        self, reason: str, cause: str = "NORMAL_CLEARING", sip_code: int | None = None
    ) -> Generator[Wait, Wake, None]:
        """Hang up behind the audio that still plays."""
        channel = self.channel
        if channel.audio is not None and channel.audio.duration_ms is not None:
            yield from channel.sleep(channel.audio_until_ms - channel.now_ms)
            channel.stop_audio("finished")
        channel.hang_up_now(reason, cause, sip_code)
