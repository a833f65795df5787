"""A simulated KAZOO that reads its callflows from its Crossbar and reports its calls there."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from kazoo_simulator import _events as ev
from kazoo_simulator._bodies import version_1
from kazoo_simulator._kazoo import Caller
from kazoo_simulator._scripted_call import ScriptedCall
from kazoo_simulator._simulator import Simulator
from kazoo_simulator._targets import Target

from . import _debug
from ._callflows import callflow_of
from ._calls import keep_cdr
from ._cluster import Account, Channel, Cluster
from ._deliveries import fire

if TYPE_CHECKING:
    from kazoo_simulator._interpreter import Interpreter

NOT_FOUND = {"module": "response", "data": {"code": 404, "message": "no callflow"}}


class CrossbarKazoo:
    """Places calls of one account: the number's callflow comes from Crossbar, and Crossbar knows the call.

    While a call is up it is a channel; its end becomes CDRs and goes to the account's webhooks; pivot nodes
    with `debug` on leave their log. Other keywords are those of `Simulator`.
    """

    def __init__(self, cluster: Cluster, account: Account, target: Target, **simulator: Any) -> None:
        self.cluster = cluster
        self.account = account
        self.target = target
        self._seeds = random.Random(simulator.pop("seed", None))  # noqa: S311 - no secret
        self._simulator = simulator

    def call(
        self, caller: str | Caller = "+14155550100", dialled: str = "2000", **fields: Any
    ) -> ScriptedCall:
        """Place a call, not yet started. A number without a callflow is answered with 404."""
        stored = callflow_of(self.cluster, self.account.id, dialled)
        flow = stored.data.get("flow") if stored is not None else None
        documents = {
            each.id: {**each.data, "id": each.id}
            for each in self.cluster.documents.values()
            if each.account_id == self.account.id and not each.is_deleted
        }
        callflows = {
            name: each.data["flow"]
            for each in self.cluster.of_kind(self.account.id, "callflows")
            for name in (each.id, *(each.data.get("numbers") or []))
            if "flow" in each.data
        }
        seed = self._seeds.getrandbits(63)
        given = {"documents": documents, "callflows": callflows, "seed": seed, **self._simulator}
        simulator = Simulator(self.target, self.cluster.version, account_id=self.account.id, **given)
        played = simulator.call(caller, dialled, flow=flow or NOT_FOUND, **fields)
        self._follow(played)
        return played

    def _follow(self, played: ScriptedCall) -> None:
        engine = played.interpreter
        channel = Channel(
            self.account.id,
            engine.call_id,
            self.cluster.now(),
            engine.channel.caller.number,
            engine.channel.dialled,
            hang_up=engine.hang_up,
        )
        self.cluster.channels[engine.call_id] = channel
        engine.observers.append(self._observer(engine))

    def _observer(self, engine: Interpreter) -> Callable[[ev.AnyEvent], None]:
        is_debugging = {"now": False}

        def observe(event: ev.AnyEvent) -> None:
            match event:
                case ev.NodeStarted(module="pivot"):
                    is_debugging["now"] = bool(event.data.get("debug"))
                case ev.RequestSent() if is_debugging["now"]:
                    facts = {
                        "uri": event.url,
                        "method": event.method.lower(),
                        "req_headers": dict(event.headers),
                        "req_body": event.body,
                    }
                    _debug.keep(self.cluster, self.account, engine.call_id, 1, facts)
                case ev.AnswerReceived() if is_debugging["now"]:
                    headers = {name: value.lower() for name, value in event.headers}
                    facts = {
                        "resp_status_code": str(event.status),
                        "resp_headers": headers,
                        "resp_body": event.body,
                    }
                    _debug.keep(self.cluster, self.account, engine.call_id, 1, facts)
                case ev.AnswerJudged() if event.problems and is_debugging["now"]:
                    errors = {"schema_errors": list(event.problems)}
                    _debug.keep(self.cluster, self.account, engine.call_id, 1, errors)
                case ev.LegTold():
                    self._told(engine, event)
                case ev.CallEnded():
                    self.cluster.channels.pop(engine.call_id, None)

        return observe

    def _told(self, engine: Interpreter, event: ev.LegTold) -> None:
        """Tell the account's webhooks about a leg, and keep the CDR of one that ended."""
        leg = next(each for each in reversed(engine.switch.legs) if each.call_id == event.call_id)
        payload = version_1(event, leg, engine.switch)
        if event.hook == "channel_destroy":
            began = engine.switch.seconds(0)
            keep_cdr(self.cluster, self.account, payload, f"{began}-{engine.call_id[:8]}")
        fire(self.cluster, self.account.id, payload, self.target.send)
