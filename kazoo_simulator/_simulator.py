"""A KAZOO with one account: places calls against a target."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from ._engine import Engine
from ._events import AnyEvent, JsonObject
from ._kazoo import ACCOUNT_ID, Callee, Caller, KazooConfig
from ._live import LiveCall
from ._request import KazooVersion
from ._scripted_call import PATIENCE_S, ScriptedCall
from ._session import Recorder
from ._targets import TOKEN_HEADER, InProcess, Target, voice_url
from ._validation import with_defaults

_HANG_UP: JsonObject = {"module": "hangup", "data": {}}


class Simulator:
    """Plays one KAZOO account against a target.

        kazoo = Simulator(InProcess({"/account_balance": app.handler}, token=token))
        kazoo.call("+14155550100", "2000").hears("Your balance").ends()

    `path` is where calls go when they name none: of an InProcess target with one handler, that handler.
    `callees` says how phones behave when they ring, by id or number; `observer` is told every event, `placed`
    every call. Other keywords are those of `KazooConfig`.
    """

    def __init__(
        self,
        target: Target,
        kazoo: KazooVersion = "4.3",
        *,
        path: str | None = None,
        account_id: str = ACCOUNT_ID,
        callees: Mapping[str, Callee] | None = None,
        seed: int | None = None,
        observer: Callable[[AnyEvent], None] | None = None,
        placed: Callable[[ScriptedCall], None] | None = None,
        **world: Any,
    ) -> None:
        self.target = target
        self.world = KazooConfig(kazoo=kazoo, account_id=account_id, callees=dict(callees or {}), **world)
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
        flow: JsonObject | None = None,
        fallback: JsonObject | None = _HANG_UP,
        patience_s: float = PATIENCE_S,
        listener_paces_audio: bool = False,
        **caller_fields: Any,
    ) -> ScriptedCall:
        """Place a call and return it, not yet begun.

        The number's callflow is one pivot node asking `path`, with `fallback` as its wildcard child (None: no
        child); `flow` is a whole callflow instead. With `listener_paces_audio` the engine's `audio_finished`
        says when a prompt is over. Other keywords are fields of `Caller`, e.g. `name`.
        """
        engine = self._place(
            caller,
            dialled,
            path=path,
            flow=flow,
            fallback=fallback,
            listener_paces_audio=listener_paces_audio,
            **caller_fields,
        )
        played = ScriptedCall(engine, patience_s=patience_s)
        if self._placed is not None:
            self._placed(played)
        return played

    def live(
        self,
        caller: str | Caller = "+14155550100",
        dialled: str = "2000",
        *,
        path: str | None = None,
        flow: JsonObject | None = None,
        fallback: JsonObject | None = _HANG_UP,
        on_event: Callable[[AnyEvent], None] | None = None,
        listener_paces_audio: bool = False,
        **caller_fields: Any,
    ) -> LiveCall:
        """Place a call that runs in real time, in a thread of its own; it begins at once.

        With `listener_paces_audio` audio lasts until `audio_finished` is told, or four times the estimate.
        """
        engine = self._place(
            caller,
            dialled,
            path=path,
            flow=flow,
            fallback=fallback,
            listener_paces_audio=listener_paces_audio,
            **caller_fields,
        )
        return LiveCall(engine, on_event)

    def _place(
        self,
        caller: str | Caller,
        dialled: str,
        *,
        path: str | None,
        flow: JsonObject | None,
        fallback: JsonObject | None,
        listener_paces_audio: bool = False,
        **caller_fields: Any,
    ) -> Engine:
        who = Caller(number=caller) if isinstance(caller, str) else caller
        engine = Engine(
            target=Recorder(self.target),
            flow=with_defaults(flow or self.pivot(path, fallback=fallback), self.world),
            caller=replace(who, **caller_fields),
            dialled=dialled,
            world=self.world,
            seed=self._seeds.getrandbits(63),
            listener_paces_audio=listener_paces_audio,
        )
        if self._observer is not None:
            engine.observers.append(self._observer)
        return engine

    def pivot(
        self, path: str | None = None, *, fallback: JsonObject | None = _HANG_UP, **data: Any
    ) -> JsonObject:
        """Return the pivot node an operator would save for that path; `data` overrides its fields."""
        version = self.world.kazoo
        node: JsonObject = {
            "module": "pivot",
            "data": {
                "voice_url": voice_url(self.target, self._path(path), with_token=version == "4.3"),
                "method": "post",
                "req_format": "kazoo",
                "req_body_format": "form",
                "req_timeout_ms": 5000,
            }
            | data,
        }
        if version == "5" and self.target.token is not None:
            node["data"].setdefault("custom_request_headers", {TOKEN_HEADER: self.target.token})
        if fallback is not None:
            node["children"] = {"_": fallback}
        return node

    def _path(self, path: str | None) -> str:
        chosen = path or self.path
        if chosen is not None:
            return chosen
        if isinstance(self.target, InProcess) and len(self.target.handlers) == 1:
            return next(iter(self.target.handlers))
        msg = "which callback? pass path=, e.g. call(..., path='/account_balance')"
        raise ValueError(msg)
