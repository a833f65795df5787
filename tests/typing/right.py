"""What users write, and both type checkers take."""

from __future__ import annotations

from typing import Any

import kazoo_callflow as callflow
from kazoo_callflow import Flow, collect_dtmf, hangup, pivot, tts
from kazoo_pivot import Call, callback
from kazoo_simulator import Callee, Http, InProcess, Script, ScriptedCall, Simulator, Webhook


@callback(fallback=hangup())
def menu(call: Call) -> Flow:
    """Ask for a digit."""
    return tts("Press 1.") >> collect_dtmf(collection_name="menu") >> pivot("https://voice.example.com/menu")


def plain(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Answer without any help."""
    return {"statusCode": 200, "body": hangup().to_json().decode()}


Simulator(InProcess({"/menu": menu})).call().ends()
Simulator(InProcess({"/menu": menu, "/plain": plain}, token="t"), "5", path="/menu").call()
kazoo = Simulator(
    Http("https://voice.example.com"),
    "4.3-2023-11",
    callees={"u": Callee("answers", after_s=2)},
    webhook=Webhook("https://voice.example.com/ended", hook="all"),
    rate_limit=False,
)
call: ScriptedCall = kazoo.call("+14155550100", "2000", name="Ada", user_ids=("u",), fallback=hangup())
call.hears("Press 1").presses("1").transfers("+4930123456", talk_s=60).ends()
kazoo.loses_webhooks("channel_destroy", leg="b")
Script.parse("steps: [ends]").play(kazoo.target)
problems: list[callflow.Problem] = callflow.validate({"module": "hangup"}, "4.3")
flow: Flow = callflow.user("u").on(callflow.Branch.BUSY, hangup()).otherwise(tts("Later."))
