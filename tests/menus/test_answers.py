"""Answers to menus, step by step with stores in memory: tries, where a call goes on, what is explained."""

from __future__ import annotations

import json
import sys
import uuid
from datetime import timedelta
from types import FrameType
from typing import Any

import pytest

from kazoo_callflow import Flow
from kazoo_pivot import KazooAccount, StoreUnavailableError, testing
from pivot_app.identity import Caller, hash_pin
from pivot_app.ledger import Account
from pivot_app.menus import MenuError, _calls, handle_menu, handle_selection, read_page
from tests.fakes import (
    FailingDocuments,
    MemoryAccounts,
    MemoryAttempts,
    MemoryCallers,
    MemoryDocuments,
    person,
)

CALLER = "+14155550100"
ENTRIES = ", ".join(f'{{number: "+1415555{number}"}}' for number in range(2000, 2040))


class Line:
    """A call to the menus of a KAZOO account of its own; each step comes to a new instance."""

    def __init__(self, text: str, **ports: Any) -> None:
        self.account, self.documents, self.ports = KazooAccount(id=uuid.uuid4().hex), MemoryDocuments(), ports
        self.documents.push(self.account.id, text)
        self.begin()

    def begin(self, **given: Any) -> None:
        """Call."""
        self.call = testing.call(account=self.account, caller_id_number=CALLER, **given)
        self._answer(handle_menu)

    def press(self, digits: str = "") -> None:
        """Press keys, or wait until the time is over."""
        names = [
            node.data["collection_name"] for _, node in self.flow.walk() if node.module == "collect_dtmf"
        ]
        self.follow(digits={names[-1]: digits} if digits else {})

    def follow(self, **request: Any) -> None:
        """Go where the answer's first pivot leads."""
        self.call = testing.following(self.flow, self.call, **request)
        self._answer(handle_selection if self.call.path.endswith("/menu_selection") else handle_menu)

    def _answer(self, handle: Any) -> None:
        _calls._pages.clear()
        self.flow: Flow = handle(self.call, self.documents, person(self.call, **self.ports))

    @property
    def said(self) -> list[str]:
        """What is spoken now."""
        return [node.data["text"] for _, node in self.flow.walk() if node.module == "tts"]

    @property
    def told(self) -> list[tuple[str, dict[str, Any]]]:
        """What Live Debug records of this step."""
        return [(each["kind"], each["facts"]) for each in self.call._session.explanations]


COUNTED = """\
kind: menus
start: main
menus:
  main:
    greeting: Hello.
    prompt: Press 1.
    keys: {1: hang_up}
    max_timeouts: 2
    max_failures: 2
    no_input: {say: Nothing., give_up: {do: hang_up, say: Silent.}}
    no_match: {say: Wrong., give_up: {do: hang_up, say: Lost.}}
"""


def test_live_debug_is_told_of_every_answer() -> None:
    """Silence, a wrong key, the last try, a right key: with the menu, the try and the action."""
    line = Line(COUNTED)
    assert line.told == [("present menu", {"menu": "main", "version": 1, "attempt": 1})]
    line.press()
    assert line.told[0] == ("no input", {"menu": "main", "attempt": 1})
    assert line.said == ["Nothing. Press 1."]
    line.press("9")
    assert line.told[0] == ("no match", {"menu": "main", "attempt": 2})
    assert line.said == ["Wrong. Press 1."]
    line.press("8")
    assert line.told == [("tries used up", {"menu": "main", "tries": 3, "action": "hang_up"})]
    assert line.said == ["Lost."]
    line = Line(COUNTED)
    line.press("1")
    assert line.told[0] == ("key", {"menu": "main", "key": "1", "action": "hang_up"})


@pytest.mark.parametrize(("answers", "said"), [(["", "9", ""], "Silent."), (["9", "", "9"], "Lost.")])
def test_silences_and_wrong_keys_end_differently(answers: list[str], said: str) -> None:
    """Each kind has a number of tries and an action of its own."""
    line = Line(COUNTED)
    for answer in answers:
        line.press(answer)
    assert line.said == [said]


@pytest.mark.parametrize(
    ("retries", "answer", "place"),
    [
        ("keys: {1: hang_up}\n    give_up: HUNT", "9", "menu/give_up"),
        ("keys: {1: hang_up}\n    give_up: HUNT", "", "menu/give_up"),
        ("keys: {1: hang_up}\n    no_match: {give_up: HUNT}", "9", "menu/no_match/give_up"),
        ("keys: {1: hang_up}\n    no_input: {give_up: HUNT}", "", "menu/no_input/give_up"),
        ("any: HUNT\n    digits: 2", "42", "menu/any"),
        ("keys: {1: hang_up, 2: HUNT}", "2", "menu/keys/1"),
    ],
)
def test_a_long_hunt_goes_on_where_it_stood(retries: str, answer: str, place: str) -> None:
    """More entries than one answer holds: the next answer finds the place again, wherever it is written."""
    hunt = f"{{do: hunt, entries: [{ENTRIES}], failed: {{do: hang_up, say: Nobody.}}}}"
    line = Line(
        "kind: menus\nstart: main\nmenus:\n  main:\n    prompt: Press a key.\n    tries: 1\n    "
        + retries.replace("HUNT", hunt)
        + "\n"
    )
    line.press(answer)
    rounds = 0
    while not line.said:
        line.follow()
        assert str(line.call.signed["at"]).startswith(f"{place}/entries/")
        rounds += 1
    assert rounds
    assert set(line.said) == {"Nobody."}


@pytest.mark.parametrize("failed", ["repeat", "back"])
def test_a_caller_nobody_answered_is_welcomed_back(failed: str) -> None:
    """After a ring the menu is asked again: all tries, the words for those who return."""
    line = Line(
        "kind: menus\nstart: main\nmenus:\n  main:\n    greeting: Hello.\n    greeting_on_return: Again.\n"
        "    prompt: Press 1.\n    tries: 2\n"
        f"    keys: {{1: {{do: ring_number, number: '+14155550111', failed: {failed}}}}}\n"
    )
    assert line.said == ["Hello. Press 1."]
    line.press("9")
    line.press("1")
    line.follow()
    assert line.said == ["Again. Press 1."]
    assert line.told[-1] == ("present menu", {"menu": "main", "version": 1, "attempt": 1})


def test_a_call_keeps_its_version_and_finds_its_menu_on_any_instance() -> None:
    """A push in between counts with the next call."""
    text = (
        "kind: menus\nstart: main\nmenus:\n"
        "  main:\n    prompt: WORD main.\n    keys: {1: {do: menu, menu: two}}\n"
        "  two:\n    prompt: WORD two.\n    keys: {1: back}\n"
    )
    line = Line(text.replace("WORD", "Old"))
    line.documents.push(line.account.id, text.replace("WORD", "New"))
    for pressed, said in (("1", ["Old two."]), ("1", ["Old main."])):
        line.press(pressed)
        if not line.said:
            line.follow()
        assert line.said == said
    line.begin()
    assert line.said == ["New main."]
    line.begin(query={"menu": "two"})
    assert line.said == ["New two."]
    with pytest.raises(MenuError, match="version 2 has no menu 'nowhere'"):
        line.begin(query={"menu": "nowhere"})


def test_the_first_menu_costs_one_read_and_so_does_each_answer() -> None:
    """The head brings the page most calls begin on."""
    line = Line(COUNTED)
    assert line.documents.read == ["head"]
    line.documents.read.clear()
    line.press("9")
    assert line.documents.read == ["main"]


def test_what_is_missing_or_away_is_told_apart() -> None:
    """Nothing pushed is the author's to fix; a table that is unavailable is the operator's."""
    call = testing.call()
    with pytest.raises(MenuError, match=r"no menus were pushed.*pivot data push"):
        handle_menu(call, MemoryDocuments(), person(call))
    with pytest.raises(StoreUnavailableError):
        handle_menu(call, FailingDocuments(), person(call))


def test_wrong_pins_in_menus_lock_an_account_and_time_opens_it() -> None:
    """Over any number of calls; the right PIN is refused like a wrong one while it is locked."""
    text = (
        "kind: menus\nstart: main\nmenus:\n"
        "  main:\n    prompt: Your PIN.\n    digits: 4\n    sensitive: true\n"
        "    tries: 3\n    any: {do: check_pin, correct: {do: hang_up, say: Right.}}\n"
        "    no_match: {say: Wrong.}\n"
    )
    line = Line(text)
    account = Account(line.account.id, "1001", "USD", profile={"pin": hash_pin("8305")})
    line.ports = {
        "callers": MemoryCallers({line.account.id: {CALLER: Caller(CALLER, "1001", require_pin=True)}}),
        "accounts": MemoryAccounts(account),
        "attempts": MemoryAttempts(),
    }

    def is_right(pin: str, **given: Any) -> bool:
        line.begin(**given)
        line.press(pin)
        return line.said == ["Right."]

    assert is_right("8305")
    assert not any(is_right("0000") for _ in range(10))
    assert not is_right("8305")
    assert is_right("8305", now=testing.NOW + timedelta(minutes=15))


@pytest.mark.parametrize("pressed", ["1", "2", "9", ""])
def test_a_key_press_passes_few_functions_and_is_rendered_once(pressed: str) -> None:
    """Decide first, then render: eight functions at most between the request and its answer."""
    line = Line(
        "kind: menus\nstart: main\nmenus:\n  main:\n    prompt: Press 1.\n"
        "    keys: {1: {do: menu, menu: other}, 2: {do: hang_up, say: Bye.}}\n"
        "  other: {prompt: Other., keys: {1: back}}\n"
    )
    way: list[str] = []
    passed: list[tuple[str, ...]] = []

    def trace(frame: FrameType, event: str, _: object) -> None:
        if frame.f_globals.get("__name__", "").startswith(("pivot_app.menus", "pivot_app.actions")):
            if event == "call":
                way.append(frame.f_code.co_name)
                passed.append(tuple(way))
            elif event == "return":
                way.pop()

    sys.setprofile(trace)
    try:
        line.press(pressed)
    finally:
        sys.setprofile(None)
    functions = [way for way in passed if not way[-1].startswith("<")]
    assert max(map(len, functions)) <= 8
    assert sum(way[-1] in ("perform", "ask") for way in passed) == 1


def test_a_known_callers_language_is_spoken_where_the_document_says_so() -> None:
    """From the first menu to the last; a caller without one hears the language of the call."""
    text = (
        "kind: menus\nstart: main\nlanguages: [en, fr]\ncaller_language: true\nmenus:\n  main:\n"
        "    prompt: {en: Press 1., fr: Tapez 1.}\n"
        "    keys: {1: {do: hang_up, say: {en: Bye., fr: Adieu.}}}\n"
    )
    line = Line(text)
    french = Caller(CALLER, "1001", attributes={"language": "fr"})
    line.ports = {"callers": MemoryCallers({line.account.id: {CALLER: french}})}
    line.begin()
    assert line.said == ["Tapez 1."]
    line.press("1")
    assert line.said == ["Adieu."]
    line.ports = {"callers": MemoryCallers({line.account.id: {CALLER: Caller(CALLER, "1001")}})}
    line.begin()
    assert line.said == ["Press 1."]


def test_what_happens_outside_of_opening_hours_asks_nothing_again() -> None:
    """An action there that cannot run ends the call: the question would lead to the same place."""
    line = Line(
        "kind: menus\nstart: main\nschedules: {never: {time_zone: UTC, weekly: {}}}\nmenus:\n  main:\n"
        "    prompt: Press 1.\n    keys: {1: hang_up}\n    interdigit_timeout_ms: 1500\n    digits: 2\n"
        "    hours: {schedule: never, closed: {do: park, when: withheld}}\n"
    )
    assert [node.module for _, node in line.flow.walk()][-1] == "hangup"
    assert "collect_dtmf" not in {node.module for _, node in line.flow.walk()}


def test_pages_of_earlier_versions_are_read() -> None:
    """A recording stood in a field of its own, and so did the one schedule of a menu's hours."""
    hours = {"schedule": "office", "closed": {"do": "hang_up"}}
    schedule = {"time_zone": "UTC", "weekly": {}}
    stored = {
        "name": "main",
        "start": "main",
        "menu": {"media": {"en": "a" * 32}, "keys": {}, "hours": hours},
    }
    page = read_page(json.dumps({**stored, "schedule": schedule}).encode())
    assert page.menu.prompt[0].media == {"en": "a" * 32}
    assert set(page.schedules) == {"office"}
    spoken = {"prompt": [{"text": {"en": "Hi."}}], "media": None, "keys": {}}
    page = read_page(json.dumps({**stored, "menu": spoken}).encode())
    assert page.menu.prompt[0].text == {"en": "Hi."}


def test_the_time_between_two_digits_is_the_menus() -> None:
    """And so are the other bounds of an answer."""
    line = Line(
        "kind: menus\nstart: main\nmenus:\n  main:\n    prompt: Your number.\n    any: hang_up\n"
        "    digits: 4\n"
        "    timeout_ms: 7000\n    interdigit_timeout_ms: 1500\n    terminator: '*'\n"
    )
    (asked,) = [node for _, node in line.flow.walk() if node.module == "collect_dtmf"]
    assert {**asked.data, "collection_name": ""} == {
        "collection_name": "",
        "max_digits": 4,
        "terminator": "*",
        "timeout": 7000,
        "interdigit_timeout": 1500,
    }
