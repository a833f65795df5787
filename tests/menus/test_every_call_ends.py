"""For any menus document that passes lint, and any keys: the call ends, and every answer on the way is
valid."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import kazoo_callflow as callflow
from kazoo_callflow import Flow
from kazoo_callflow._branches import branch_rules
from pivot_app.actions import Step, resume
from pivot_app.menus import render_menu, resolve_selection, scope_of
from pivotctl.data import MenuDocument, load
from pivotctl.data.lint import PreviewContext, structure
from tests.menus.grammar import ID, LANGUAGES, NUMBERS, TABLE, actions, texts

endings = st.sampled_from(
    [
        "hang_up",
        {"do": "hang_up", "say": "Goodbye {caller.name}."},
        {"do": "voicemail", "id": ID},
        {"do": "say", "text": "So.", "then": {"do": "callflow", "id": ID}},
        {"do": "ring_user", "id": ID, "failed": {"do": "voicemail", "id": ID}},
    ]
)


@st.composite
def menus(draw: st.DrawFn, silent: st.SearchStrategy[Any]) -> dict[str, Any]:
    """One menu; `silent` is what it may do on its own."""
    keys = draw(
        st.lists(st.sampled_from([*"123456789", "/10[0-9]{2}/"]), min_size=1, max_size=4, unique=True)
    )
    menu: dict[str, Any] = {
        "keys": {key: draw(actions()) for key in keys},
        "digits": 4,
        "terminator": draw(st.sampled_from(["#", "*"])),
        "tries": draw(st.integers(1, 3)),
        "barge_in": draw(st.booleans()),
        "give_up": draw(silent),
    }
    if draw(st.booleans()):
        menu["prompt"] = draw(texts)
    else:
        menu["media"] = "b" * 32
    if draw(st.booleans()):
        menu["greeting"] = draw(texts)
    if draw(st.booleans()):
        menu["greeting_on_return"] = draw(texts)
    if draw(st.booleans()):
        menu["max_timeouts"], menu["max_failures"], menu["tries"] = 2, draw(st.integers(1, 3)), 3
    if draw(st.booleans()):
        menu["sensitive"] = True
        menu["any"] = {"do": "check_pin", "correct": draw(actions(1))}
    elif draw(st.booleans()):
        menu["any"], menu["echo"] = draw(actions(1)), "You pressed {call.digits}."
    if draw(st.booleans()):
        menu["no_match"] = {"say": draw(texts), "give_up": draw(silent)}
    if draw(st.booleans()):
        menu["hours"] = {"schedule": "office", "closed": draw(silent)}
    return menu


documents = st.builds(
    lambda bodies, steps: load(
        {
            "kind": "menus",
            "start": "main",
            "languages": LANGUAGES,
            "max_steps": steps,
            "tables": {"extensions": TABLE, "numbers": NUMBERS},
            "schedules": {"office": {"time_zone": "America/New_York", "weekly": {"mon-fri": "09:00-17:00"}}},
            "menus": bodies,
        }
    ),
    st.fixed_dictionaries(
        {
            "main": menus(endings | st.just({"do": "menu", "menu": "sales"})),
            "sales": menus(endings | st.just({"do": "menu", "menu": "help"})),
            "help": menus(endings | st.sampled_from(["back", {"do": "menu", "menu": "main"}])),
        }
    ),
    st.integers(5, 12),
)


@dataclass
class Chained(PreviewContext):
    """A world whose pivots can be followed, and whose data may be missing."""

    known: bool = True

    def value(self, name: str, language: str) -> str | None:
        """Data, or none."""
        return "x<y>\x00" * 40 if self.known else None

    def go(self, callback: str, *, carry: Mapping[str, str | int], query: Mapping[str, str]) -> Flow:
        """The state in plain sight."""
        url = f"https://pivot.example.test/{callback}?carried={json.dumps(dict(carry)).encode().hex()}"
        return callflow.pivot(voice_url=url).otherwise(callflow.hangup())


ENDS = frozenset(module for module, rules in branch_rules().items() if not rules["children"])
RINGING = frozenset({"user", "device", "group", "ring_group", "resources", "acdc_member"})


def follow(flow: Flow, choose: Any) -> tuple[str, dict[str, Any]] | None:
    """Run a flow as KAZOO does, choosing every branch; return the pivot it gets to, or None at its end."""
    node: Flow | None = flow
    while node is not None:
        if node.module == "pivot":
            address = urlsplit(node.data["voice_url"])
            if address.netloc == "other.example.com":
                return None
            return address.path, json.loads(bytes.fromhex(parse_qs(address.query)["carried"][0]))
        if node.module in ENDS - {"resources"} or (node.module in RINGING and choose(st.booleans())):
            return None
        keys = sorted(node.children)
        node = node.children[choose(st.sampled_from(keys))] if keys else None
    return None


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)
@given(document=documents, data=st.data())
def test_every_call_ends(document: MenuDocument, data: st.DataObject) -> None:
    """At most two answers for each of the document's steps, every one of them valid on both KAZOO
    versions."""
    assume(not [found for found in structure(document) if found.level == "error"])
    world = Chained(
        document,
        available=data.draw(st.sampled_from([None, 0, 5_000_000])),
        pin=data.draw(st.booleans()),
        together=data.draw(st.booleans()),
        known=data.draw(st.booleans()),
        matching=data.draw(st.booleans()),
    )
    first = Step(version=1, menu="main", language="en")
    flow = render_menu(document.page("main"), first, world, world.page)
    answers = 1
    while True:
        for version in ("4.3", "5"):
            assert callflow.validate(flow, kazoo=version) == []  # type: ignore[arg-type]
        asked = follow(flow, data.draw)
        if asked is None or asked[0] == "/my_own":
            break
        path, carried = asked
        step = Step.from_carried(carried)
        page = document.page(step.menu)
        if "at" in carried:
            answer = str(carried.get("digits", ""))
            flow = resume(page, str(carried["at"]), scope_of(page, step, world, world.page, answer=answer))
        elif path == "/menu":
            flow = render_menu(page, step, world, world.page)
        else:
            digits = data.draw(st.sampled_from(["", "1", "7", "99", "*", "1001", *page.menu.keys]))
            flow = resolve_selection(page, step, digits, world, world.page)
        answers += 1
        assert answers <= 30 * document.max_steps
