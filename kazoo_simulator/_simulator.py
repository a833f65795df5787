"""A KAZOO with one account: places calls against a target."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, TypedDict

from ._arguments import as_flow, no_other_keywords, require_target
from ._events import AnyEvent, JsonObject
from ._interpreter import Interpreter
from ._kazoo import ACCOUNT_ID, Callee, Caller, CallerFields, ConfigFields, KazooConfig
from ._live import LiveCall
from ._request import KazooBuild
from ._scripted_call import PATIENCE_S, ScriptedCall
from ._session import Recorder
from ._targets import TOKEN_HEADER, InProcess, Target, voice_url
from ._validation import with_defaults
from ._webhooks import Fate, HookState

if TYPE_CHECKING:
    from typing import Unpack

    from kazoo_callflow import Flow

    from ._events import LegHook

_HANG_UP: JsonObject = {"module": "hangup", "data": {}}


class PivotFields(TypedDict, total=False):
    """The settings of a pivot node other than its address."""

    voice_url: str
    method: str
    req_format: str
    req_body_format: str
    req_timeout_ms: int
    cdr_url: str
    debug: bool
    custom_request_headers: dict[str, str]
    serverless: JsonObject
    skip_module: bool


class Simulator:
    """Plays one KAZOO account against a target.

        kazoo = Simulator(InProcess({"/account_balance": app.handler}, token=token))
        kazoo.call("+14155550100", "2000").hears("Your balance").ends()

    `path` is the default path of calls; for an InProcess target with one handler, it is that handler's.
    `kazoo` is the build that is played: 4.3, 4.3-2023-11 (its flush_dtmf forgets nothing) or 5. `callees`
    says how phones behave when they ring, by id or number; `observer` receives every event, `placed` every
    call. Other keywords are those of `KazooConfig`.
    """

    def __init__(
        self,
        target: Target,
        kazoo: KazooBuild = "4.3",
        *,
        path: str | None = None,
        account_id: str = ACCOUNT_ID,
        callees: Mapping[str, Callee] | None = None,
        seed: int | None = None,
        observer: Callable[[AnyEvent], None] | None = None,
        placed: Callable[[ScriptedCall], None] | None = None,
        **config: Unpack[ConfigFields],
    ) -> None:
        require_target(target)
        no_other_keywords("Simulator", config, ConfigFields)
        self.target = target
        self.config = KazooConfig(kazoo=kazoo, account_id=account_id, callees=dict(callees or {}), **config)
        # Names the builds there are when this is none.
        _ = self.config.version
        self.hooks = HookState()
        self.path = path
        self._seeds = random.Random(seed)  # noqa: S311 - a simulation wants to be repeatable
        self._observer = observer
        self._placed = placed

    def call(
        self,
        caller: str | Caller = "+14155550100",
        dialled: str = "2000",
        *,
        path: str | None = None,
        flow: JsonObject | Flow | None = None,
        fallback: JsonObject | Flow | None = _HANG_UP,
        call_id: str | None = None,
        click_to_call: bool = False,
        patience_s: float = PATIENCE_S,
        listener_paces_audio: bool = False,
        **caller_fields: Unpack[CallerFields],
    ) -> ScriptedCall:
        """Place a call and return it, not yet started.

        The number's callflow is one pivot node asking `path`, with `fallback` as its wildcard child (None: no
        child); `flow` is a whole callflow instead. `call_id` is chosen by the caller's device; with
        `click_to_call` KAZOO calls the caller first, and the callflow runs when he answers. With
        `listener_paces_audio` the interpreter's `audio_finished` says when a prompt is over. Other keywords
        are fields of `Caller`, e.g. `name`.
        """
        interpreter = self._place(
            caller,
            dialled,
            path=path,
            flow=flow,
            fallback=fallback,
            call_id=call_id,
            click_to_call=click_to_call,
            listener_paces_audio=listener_paces_audio,
            **caller_fields,
        )
        played = ScriptedCall(interpreter, patience_s=patience_s)
        if self._placed is not None:
            self._placed(played)
        return played

    def live(
        self,
        caller: str | Caller = "+14155550100",
        dialled: str = "2000",
        *,
        path: str | None = None,
        flow: JsonObject | Flow | None = None,
        fallback: JsonObject | Flow | None = _HANG_UP,
        call_id: str | None = None,
        click_to_call: bool = False,
        on_event: Callable[[AnyEvent], None] | None = None,
        listener_paces_audio: bool = False,
        **caller_fields: Unpack[CallerFields],
    ) -> LiveCall:
        """Place a call that runs in real time, in a thread of its own; it begins at once.

        With `listener_paces_audio` audio lasts until `audio_finished` is told, or four times the estimate.
        """
        interpreter = self._place(
            caller,
            dialled,
            path=path,
            flow=flow,
            fallback=fallback,
            call_id=call_id,
            click_to_call=click_to_call,
            listener_paces_audio=listener_paces_audio,
            **caller_fields,
        )
        return LiveCall(interpreter, on_event)

    def _place(
        self,
        caller: str | Caller,
        dialled: str,
        *,
        path: str | None,
        flow: JsonObject | Flow | None,
        fallback: JsonObject | Flow | None,
        call_id: str | None,
        click_to_call: bool,
        listener_paces_audio: bool = False,
        **caller_fields: Unpack[CallerFields],
    ) -> Interpreter:
        no_other_keywords("call", caller_fields, CallerFields)
        who = Caller(number=caller) if isinstance(caller, str) else caller
        first = as_flow("flow", flow) or self.pivot(path, fallback=fallback)
        interpreter = Interpreter(
            target=Recorder(self.target),
            flow=with_defaults(first, self.config),
            caller=replace(who, **caller_fields),
            dialled=dialled,
            config=self.config,
            seed=self._seeds.getrandbits(63),
            call_id=call_id,
            click_to_call=click_to_call,
            listener_paces_audio=listener_paces_audio,
            hooks=self.hooks,
        )
        if self._observer is not None:
            interpreter.observers.append(self._observer)
        return interpreter

    # --- what happens to webhooks -----------------------------------------------------------------

    def loses_webhooks(self, hook: LegHook | None = None, *, leg: str | None = None) -> Simulator:
        """Lose webhooks from now on: all of them, those of one event, those of one leg (a, b, b2, x...)."""
        self.hooks.fates.append(Fate(hook, leg, lost=True))
        return self

    def delays_webhooks(
        self, later_s: float, hook: LegHook | None = None, *, leg: str | None = None
    ) -> Simulator:
        """Send webhooks so many seconds late from now on; a late hook overtakes none, it comes after."""
        self.hooks.fates.append(Fate(hook, leg, later_s=later_s))
        return self

    def disables_webhooks(self) -> Simulator:
        """Disable every webhook, as KAZOO does after six failed attempts within a minute."""
        self.hooks.disabled.update(hook.hook_id for hook in self.config.webhooks)
        return self

    def restores_webhooks(self) -> Simulator:
        """Enable every webhook again, and send them at once."""
        self.hooks.disabled.clear()
        self.hooks.fates.clear()
        self.hooks.failures.clear()
        return self

    # --- the callflow of a number -----------------------------------------------------------------

    def pivot(
        self,
        path: str | None = None,
        *,
        fallback: JsonObject | Flow | None = _HANG_UP,
        **data: Unpack[PivotFields],
    ) -> JsonObject:
        """Return the pivot node an operator would store for that path; `data` overrides its fields."""
        version = self.config.version
        node: JsonObject = {
            "module": "pivot",
            "data": {
                "voice_url": voice_url(self.target, self._path(path), with_token=version == "4.3"),
                "method": "post",
                "req_format": "kazoo",
                "req_body_format": "form",
                "req_timeout_ms": 5000,
                **data,
            },
        }
        if version == "5" and self.target.token is not None:
            node["data"].setdefault("custom_request_headers", {TOKEN_HEADER: self.target.token})
        child = as_flow("fallback", fallback)
        if child is not None:
            node["children"] = {"_": child}
        return node

    def _path(self, path: str | None) -> str:
        chosen = path or self.path
        if chosen is not None:
            return chosen
        if isinstance(self.target, InProcess) and len(self.target.handlers) == 1:
            return next(iter(self.target.handlers))
        msg = "which callback? pass path=, e.g. call(..., path='/account_balance')"
        raise ValueError(msg)
