"""Presenting menus and responding to keys."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

import kazoo_callflow as callflow
from kazoo_callflow import Flow
from pivot_app.actions import Step
from pivot_app.menus import MenuPage, render_menu, resolve_selection
from pivotctl.data import MenuDocument, load
from pivotctl.data.lint import PreviewContext

USER, BOX = "a" * 32, "b" * 32


def document(menus: dict[str, Any], **settings: Any) -> MenuDocument:
    """A menus document whose first menu is `main`."""
    made = load({"kind": "menus", "start": "main", "menus": menus, **settings})
    assert isinstance(made, MenuDocument)
    return made


def present(page: MenuPage, step: Step, context: PreviewContext) -> Flow:
    """Put the question of a menu."""
    return render_menu(page, step, context, context.page)


def select(page: MenuPage, step: Step, digits: str, context: PreviewContext) -> Flow:
    """Answer to keys."""
    return resolve_selection(page, step, digits, context, context.page)


def modules(flow: callflow.Flow) -> list[str]:
    """The modules along the wildcard chain."""
    found = [flow.module]
    while (child := flow.children.get("_")) is not None:
        flow = child
        found.append(flow.module)
    return found


SIMPLE = document(
    {
        "main": {
            "greeting": "Welcome.",
            "prompt": {"en": "Press 1 for support.", "es": "Marque 1."},
            "keys": {
                "1": {"do": "ring_user", "id": USER, "failed": {"do": "voicemail", "id": BOX}},
                "2": {"do": "menu", "menu": "more"},
                "3": {"do": "language", "language": "es"},
                "9": "hang_up",
            },
        },
        "more": {"prompt": "More.", "keys": {"*": "back", "1": "repeat"}},
    },
    languages=["en", "es"],
)


def first(doc: MenuDocument, name: str = "main") -> Step:
    """The first presentation of a menu."""
    return Step(version=1, menu=name, language="en")


def test_a_menu_is_a_prompt_a_collection_and_a_pivot() -> None:
    """The question is spoken, the digits collected under a name of their own, the answer asked for."""
    flow = present(SIMPLE.page("main"), first(SIMPLE), PreviewContext(SIMPLE))
    assert modules(flow) == ["tts", "collect_dtmf", "pivot", "tts", "hangup"]
    assert flow.data["text"] == "Welcome. Press 1 for support."
    collection = flow.children["_"]
    assert collection.data["collection_name"] == "main_1"
    assert collection.data["max_digits"] == 1


def test_the_greeting_is_for_those_who_arrive() -> None:
    """A second try hears the notice and the prompt, not the greeting."""
    flow = select(SIMPLE.page("main"), first(SIMPLE), "", PreviewContext(SIMPLE))
    assert flow.data["text"] == "I did not hear a key. Press 1 for support."
    assert flow.children["_"].data["collection_name"] == "main_2"


def test_a_key_does_its_action_with_its_failure_branch() -> None:
    """Ringing a user goes to voicemail when nobody answers."""
    flow = select(SIMPLE.page("main"), first(SIMPLE), "1", PreviewContext(SIMPLE))
    assert modules(flow) == ["user", "voicemail", "hangup"]


def test_another_menu_is_presented_in_the_same_answer_when_it_is_at_hand() -> None:
    """Without a further request of KAZOO, and back leads to where the caller came from."""
    context = PreviewContext(SIMPLE)
    flow = select(SIMPLE.page("main"), first(SIMPLE), "2", context)
    assert flow.data["text"] == "More."
    step = first(SIMPLE).enter("more")
    assert step.back == ("main",)
    back = select(SIMPLE.page("more"), step, "*", context)
    assert back.data["text"] == "Press 1 for support."


def test_another_menu_is_asked_for_when_reading_it_would_cost_a_second_read() -> None:
    """A step reads one row: what is not in memory is reached by a pivot."""
    flow = select(SIMPLE.page("main"), first(SIMPLE), "2", PreviewContext(SIMPLE, together=False))
    assert modules(flow)[0] == "pivot"
    assert "/menu?" in flow.data["voice_url"]


def test_the_language_chosen_is_spoken() -> None:
    """The prompt comes again, in the other language."""
    flow = select(SIMPLE.page("main"), first(SIMPLE), "3", PreviewContext(SIMPLE))
    assert flow.data["text"] == "Marque 1."


def test_the_last_try_gives_up() -> None:
    """After three tries the call ends with a goodbye."""
    step = Step(version=1, menu="main", language="en", attempt=3, number=3)
    assert modules(select(SIMPLE.page("main"), step, "7", PreviewContext(SIMPLE))) == ["tts", "hangup"]


def test_the_step_limit_ends_the_call() -> None:
    """However the keys lead in circles, a call ends."""
    step = Step(version=1, menu="main", language="en", number=61)
    assert modules(present(SIMPLE.page("main"), step, PreviewContext(SIMPLE))) == ["tts", "hangup"]


def test_without_barge_in_the_keys_pressed_under_the_prompt_are_forgotten() -> None:
    """KAZOO keeps them in the default collection and would take them as the answer."""
    doc = document({"main": {"prompt": "Listen.", "keys": {"1": "hang_up"}, "barge_in": False}})
    flow = present(doc.page("main"), first(doc), PreviewContext(doc))
    assert modules(flow)[:3] == ["tts", "flush_dtmf", "collect_dtmf"]
    assert flow.data["terminators"] == ()


def test_a_pound_key_can_be_an_answer() -> None:
    """KAZOO cuts the terminator off, so another key becomes it."""
    doc = document({"main": {"prompt": "Press pound.", "keys": {"#": "hang_up", "*": "repeat"}}})
    collection = present(doc.page("main"), first(doc), PreviewContext(doc)).children["_"]
    assert collection.data["terminator"] == "0"


def test_sensitive_digits_are_forgotten_before_anything_else() -> None:
    """KAZOO would send them again with every later request of the call."""
    doc = document(
        {
            "main": {
                "prompt": "PIN please.",
                "digits": 6,
                "sensitive": True,
                "any": {"do": "check_pin", "correct": {"do": "hang_up", "say": "Right."}},
            }
        }
    )
    page, step = doc.page("main"), first(doc)
    assert present(page, step, PreviewContext(doc)).children["_"].data["collection_name"] == "sensitive"
    right = select(page, step, "4711", PreviewContext(doc, pin=True))
    assert modules(right) == ["flush_dtmf", "tts", "hangup"]
    wrong = select(page, step, "4711", PreviewContext(doc))
    assert modules(wrong)[:3] == ["flush_dtmf", "tts", "collect_dtmf"]


@pytest.mark.parametrize(("available", "goes"), [(5_000_000, "user"), (4_999_999, "tts"), (None, "tts")])
def test_the_gate_compares_whole_micro_units(available: int | None, goes: str) -> None:
    """Exactly the minimum is enough; an unknown balance is not."""
    gate = {
        "do": "balance_gate",
        "minimum": "5.00",
        "enough": {"do": "ring_user", "id": USER},
        "short": {"do": "hang_up", "say": "Please top up."},
    }
    doc = document({"main": {"prompt": "Press 1.", "keys": {"1": gate}}})
    flow = select(doc.page("main"), first(doc), "1", PreviewContext(doc, available=available))
    assert flow.module == goes


def test_outside_of_opening_hours_the_menu_does_something_else() -> None:
    """A Sunday in New York, whatever the date is in UTC."""
    doc = document(
        {
            "main": {
                "prompt": "Press 1.",
                "keys": {"1": "repeat"},
                "hours": {"schedule": "office", "closed": {"do": "voicemail", "id": BOX}},
            }
        },
        schedules={"office": {"time_zone": "America/New_York", "weekly": {"mon-fri": "09:00-17:00"}}},
    )
    monday_early = datetime(2026, 1, 5, 3, tzinfo=UTC)
    monday_noon = datetime(2026, 1, 5, 17, tzinfo=UTC)
    page, step = doc.page("main"), first(doc)
    assert present(page, step, PreviewContext(doc, now=monday_early)).module == "voicemail"
    assert present(page, step, PreviewContext(doc, now=monday_noon)).module == "tts"


def test_a_failed_call_through_carriers_has_a_child_for_every_cause() -> None:
    """KAZOO never runs the wildcard child of `resources`."""
    ring = {"do": "ring_number", "number": "+14155550100", "failed": {"do": "voicemail", "id": BOX}}
    doc = document({"main": {"prompt": "Press 1.", "keys": {"1": ring}}})
    flow = select(doc.page("main"), first(doc), "1", PreviewContext(doc))
    assert {"USER_BUSY", "NO_ANSWER", "UNALLOCATED_NUMBER"} <= set(flow.children)
    assert all(child.module == "voicemail" for child in flow.children.values())
