"""Every action of the grammar, played on both KAZOOs, with every way a ring can end."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from kazoo_simulator import InProcess, Script
from pivot_app.actions import ACTIONS
from tests.conftest import Tables
from tests.field.line import dumped, opened, wired

ADA, BOB = "a1c7f2d8e4b04f6b9d3e5a7c1f2b8d60", "a1c7f2d8e4b04f6b9d3e5a7c1f2b8d61"
GROUP, BOX = "f6bc17ed390590b0283afc1c6073b2b5", "c3e9b4fa06d26b8dbf507c9e3b4d0f82"
MOBILE = "+14155550181"
BYE = {"do": "hang_up", "say": "Done."}
OUTCOMES = {
    "busy": {"do": "hang_up", "say": "Busy."},
    "no_answer": {"do": "hang_up", "say": "No answer."},
    "rejected": {"do": "hang_up", "say": "Refused."},
    "unregistered": {"do": "hang_up", "say": "Switched off."},
}
FAILED = {"do": "hang_up", "say": "Failed."}
DONE: list[Any] = [{"hears": "Done."}, "ends"]
A_WHILE: list[Any] = [{"waits": 3}, "hangs_up"]

PLAYED: dict[str, tuple[dict[str, Any], list[Any], tuple[str, ...]]] = {
    "ring_user": ({"id": ADA, **OUTCOMES, "failed": FAILED}, [{"rings": ADA}, "answered", "ends"], ()),
    "ring_device": ({"id": BOB, **OUTCOMES, "failed": FAILED}, [{"rings": BOB}, "answered", "ends"], ()),
    "ring_group": (
        {"members": [{"type": "user", "id": ADA}, {"type": "device", "id": BOB}], "failed": FAILED},
        [{"rings": BOB}, "answered", "ends"],
        (),
    ),
    "ring_number": (
        {"number": MOBILE, "caller_id": "+14155550100", **OUTCOMES, "failed": FAILED},
        [{"rings": MOBILE}, "answered", "ends"],
        ("set_cid",),
    ),
    "hunt": (
        {"entries": [{"user": ADA}, {"device": BOB}, {"group": GROUP}, {"number": MOBILE}], "failed": FAILED},
        [
            *({"rings": ADA}, "busy", {"rings": BOB}, "unanswered", {"rings": GROUP}, "rejected"),
            *({"rings": MOBILE}, "unanswered", {"hears": "Failed."}, "ends"),
        ],
        (),
    ),
    "queue": ({"id": GROUP, "priority": 5, "failed": FAILED}, A_WHILE, ("acdc_member", GROUP)),
    "directory": ({"id": GROUP, "failed": FAILED}, ["ends"], ("directory", GROUP)),
    "page_group": ({"members": [{"type": "user", "id": ADA}], "then": BYE}, [{"rings": ADA}, "ends"], ()),
    "voicemail": ({"id": BOX}, ["ends"], ("voicemail", BOX)),
    "menu": ({"menu": "other"}, [{"hears": "The other menu."}, "hangs_up"], ()),
    "back": ({}, [{"hears": "What shall I do?"}, "hangs_up"], ()),
    "repeat": ({}, [{"hears": "What shall I do?"}, "hangs_up"], ()),
    "balance": ({"then": BYE}, [{"hears": "five dollars"}, *DONE], ()),
    "balance_gate": ({"minimum": "5.00", "enough": BYE, "short": FAILED}, DONE, ()),
    "check_pin": ({"correct": BYE}, [{"presses": "111222"}, {"presses": "719305"}, *DONE], ()),
    "say": ({"text": "So.", "then": BYE}, [{"hears": "So."}, *DONE], ()),
    "play": ({"play": "https://media.example.com/a.wav", "then": BYE}, [{"hears": "a.wav"}, *DONE], ()),
    "tone": ({"times": 2, "then": BYE}, DONE, ("tone_stream",)),
    "wait": ({"seconds": 2, "then": BYE}, DONE, ("sleep",)),
    "send_digits": ({"digits": "12w3", "then": BYE}, DONE, ("send_dtmf",)),
    "language": ({"language": "es", "then": {"do": "hang_up", "say": {"es": "Hecho."}}},
                 [{"hears": {"text": "Hecho.", "language": "es-es"}}, "ends"], ()),
    "caller_id": (
        {"number": "+14155550100", "name": "Shop", "then": {"do": "ring_user", "id": ADA}},
        [{"rings": ADA}, "answered", "ends"],
        ("+14155550100", "Shop"),
    ),
    "set_variables": ({"values": {"note": "{call.number}"}, "then": BYE}, DONE, ("set_variables", "note")),
    "remember": (
        {"values": {"order": "4711"}, "then": {"do": "hang_up", "say": "Order {state.order}."}},
        [{"hears": "Order 4 7 1 1."}, "ends"],
        (),
    ),
    "notify": ({"url": "https://tickets.example.com/x", "then": BYE}, DONE, ("tickets.example.com",)),
    "record_call": ({"then": {"do": "ring_user", "id": ADA}}, [{"rings": ADA}, "answered", "ends"],
                    ("record_call",)),
    "callflow": ({"id": BOX}, [{"hears": "A stored callflow."}, "ends"], ()),
    "transfer": ({"to": "*98"}, A_WHILE, ("*98",)),
    "conference": ({"name": "standup"}, A_WHILE, ("standup",)),
    "faxbox": ({"id": BOX}, A_WHILE, ("faxbox",)),
    "park": ({"slot": "701"}, A_WHILE, ("701",)),
    "pickup": ({"user": ADA}, A_WHILE, ("group_pickup",)),
    "response": ({"code": 486}, ["ends"], ("486",)),
    "hang_up": ({"say": "Done."}, DONE, ()),
    "callback": ({"path": "account_balance"}, [{"hears": "five dollars"}, "hangs_up"], ()),
    "pivot": ({"url": "https://other.example.com/x", "failed": BYE},
              [{"heard_fallback": "other.example.com"}, *DONE], ()),
    "module": ({"module": "tts", "data": {"text": "You called {call.dialled}."}, "then": "hang_up"},
               [{"hears": "You called"}, "ends"], ("tts",)),
}  # fmt: skip
OWN_MENUS = {"check_pin": "pin"}
"""A PIN is the answer to a question of its own."""
KEYS = {name: f"{10 + number}" for number, name in enumerate(PLAYED)}
LINE: dict[str, Any] = {
    "documents": [
        {
            "kind": "menus",
            "start": "main",
            "languages": ["en", "es"],
            "menus": {
                "main": {
                    "prompt": "What shall I do?",
                    "digits": 2,
                    "keys": {
                        KEYS[name]: {"do": "menu", "menu": OWN_MENUS[name]}
                        if name in OWN_MENUS
                        else {"do": name, **fields}
                        for name, (fields, _, _) in PLAYED.items()
                    },
                },
                "pin": {
                    "prompt": "PIN?",
                    "digits": 6,
                    "sensitive": True,
                    "any": {"do": "check_pin", **PLAYED["check_pin"][0]},
                },
                "other": {"prompt": "The other menu.", "keys": {"1": "hang_up"}},
            },
        },
        {"kind": "callers", "accounts": {"3201": {"numbers": ["+14155550100"], "pin": "719305"}}},
    ],
    "money": {"3201": "5.00"},
}
_LIVE: dict[str, tuple[str, str]] = {}


def test_every_action_is_here() -> None:
    """One that is added must be played too."""
    assert set(PLAYED) == set(ACTIONS)


def play(
    emulator: Tables, monkeypatch: pytest.MonkeyPatch, version: Any, name: str, steps: list[Any], **more: Any
) -> str:
    """Press an action's key, follow the steps, and return the ladder."""
    handlers = wired(emulator, monkeypatch, {})
    if version not in _LIVE:
        account = uuid.uuid4().hex
        _LIVE[version] = account, opened(emulator, account, LINE, version)
    account, token = _LIVE[version]
    script = {
        "callflows": {BOX: {"module": "tts", "data": {"text": "A stored callflow."}}},
        "steps": [{"hears": "What shall I do?"}, {"presses": KEYS[name]}, *steps],
        **more,
    }
    call = Script.parse(dumped(script)).play(
        InProcess(handlers, token=token), kazoo=version, account_id=account, path="/menu"
    )
    assert not call.unexpected_fallbacks, call.ladder()
    return call.ladder()


@pytest.mark.parametrize("version", ["4.3", "5"])
@pytest.mark.parametrize("name", PLAYED)
def test_an_action_does_what_it_says(
    emulator: Tables, as_deployed: None, monkeypatch: pytest.MonkeyPatch, name: str, version: Any
) -> None:
    """From the key to the module that KAZOO runs."""
    _, steps, shown = PLAYED[name]
    ladder = play(emulator, monkeypatch, version, name, steps)
    for text in shown:
        assert text in ladder, ladder


@pytest.mark.parametrize("version", ["4.3", "5"])
@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        ("busy", "Busy."),
        ("no_answer", "No answer."),
        ("rejects", "Refused."),
        ("unregistered", "Switched off."),
        ("unreachable", "Failed."),
    ],
)
@pytest.mark.parametrize(
    ("name", "target"), [("ring_user", ADA), ("ring_device", BOB), ("ring_number", MOBILE)]
)
def test_every_way_a_ring_fails_has_its_branch(
    emulator: Tables,
    as_deployed: None,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    target: str,
    outcome: str,
    words: str,
    version: Any,
) -> None:
    """Busy, no answer, refused and switched off; `failed` is for the rest."""
    callees = {target: {"outcome": outcome}}
    play(emulator, monkeypatch, version, name, [{"hears": words}, "ends"], callees=callees)
