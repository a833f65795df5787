"""What users mistype. Both type checkers find each line that ends in `# wrong`, and no other."""

from __future__ import annotations

import kazoo_callflow as callflow
import kazoo_simulator
from kazoo_callflow import (
    hangup,
    tts,
    user,
)
from kazoo_simulator import (
    Callee,
    Http,
    Simulator,
)

kazoo_simulator.Sim()  # wrong
callflow.valdate({})  # wrong
kazoo = Simulator(Http("https://voice.example.com"))
kazoo.call(user_id="u")  # wrong
kazoo.call(nmae="Ada")  # wrong
kazoo.pivot(req_timeout=5)  # wrong
kazoo.call().hearss("x")  # wrong
kazoo.call().transfers(too="x")  # wrong
Simulator(Http("https://voice.example.com"), rate_limt=False)  # wrong
Simulator(Http("https://voice.example.com"), "4.4")  # wrong
Simulator("https://voice.example.com")  # wrong
Callee("answer")  # wrong
tts(text=5)  # wrong
tts("x", langauge="en")  # wrong
user("u").on(1, hangup())  # wrong
user("u").otherwise(hangup)  # wrong
