"""Situations of real lines, played through the functions and a simulated KAZOO."""

from __future__ import annotations

from typing import Any

import pytest

from pivotctl.data import parse
from tests.menus.test_calls import Line, line, tables  # noqa: F401 - fixtures

ADA, BOB, BOX = (
    "a1c7f2d8e4b04f6b9d3e5a7c1f2b8d60",
    "a1c7f2d8e4b04f6b9d3e5a7c1f2b8d61",
    "c3e9b4fa06d26b8dbf507c9e3b4d0f82",
)
HEAD = "kind: menus\nstart: main\n"


def menus(body: str) -> str:
    """A document whose menus are `body`."""
    return f"{HEAD}menus:\n  main:\n{body}"


@pytest.mark.parametrize("length", [2, 3, 12])
def test_a_hunt_list_rings_one_number_after_another(line: Line, length: int) -> None:  # noqa: F811
    """However long it is; the one who answers talks, and each answer is small."""
    numbers = [f"+141555501{n:02}" for n in range(length)]
    line.push(menus(f"    prompt: Press 1.\n    keys:\n      1: {{do: ring_number, number: {numbers}}}\n"))
    call = line.call().hears("Press 1").presses("1")
    for number in numbers[:-1]:
        call.rings(number).unanswered()
    call.rings(numbers[-1]).answered(talk_s=4).ends()


def test_busy_no_answer_and_everybody_gone_are_different_ends(line: Line) -> None:  # noqa: F811
    """An entry's own outcome leaves the list; `failed` runs after the last."""
    line.push(
        menus(
            "    prompt: Press 1.\n    keys:\n      1:\n        do: hunt\n        entries:\n"
            '          - {number: "+14155550101", busy: {do: hang_up, say: Busy.}}\n'
            '          - {number: "+14155550102", timeout_seconds: 25}\n'
            "        failed: {do: hang_up, say: Nobody.}\n"
        )
    )
    call = line.call().hears("Press 1").presses("1")
    call.rings("+14155550101").busy().hears("Busy.").ends()
    call = line.call().hears("Press 1").presses("1")
    call.rings("+14155550101").unanswered().rings("+14155550102").busy().hears("Nobody.").ends()


DIRECT_DIAL = f"""\
{HEAD}goodbye: {{en: Goodbye.}}
tables:
  extensions: {{"1000": {ADA}, "1001": {BOB}}}
menus:
  main:
    greeting: Welcome to the harbour office.
    prompt: Type the extension, or 6 for more.
    digits: 4
    keys:
      6: {{do: menu, menu: sub}}
      "/20[0-9]{{2}}/": {{do: callflow, number: "{{call.digits}}"}}
    any: {{ring_user: {{from: extensions, by: "{{call.digits}}"}}}}
    no_match: {{say: This extension does not exist.}}
  sub:
    prompt: To go back, press star.
    keys: {{"*": back}}
"""


def test_a_typed_extension_rings_whom_the_table_names(line: Line) -> None:  # noqa: F811
    """One that is not in it is a wrong key, and back speaks the question only."""
    line.push(DIRECT_DIAL)
    call = line.call().hears("Welcome to the harbour office. Type the extension").presses("6#")
    call.hears("To go back").presses("*").hears("Type the extension")
    assert "Welcome" not in call.heard[-1]
    call.presses("1005").hears("This extension does not exist. Type").presses("1001")
    call.rings(BOB).answered(talk_s=5).ends()


def test_a_pattern_of_extensions_is_dialled_as_typed(line: Line) -> None:  # noqa: F811
    """KAZOO finds what the extension stands for."""
    line.push(DIRECT_DIAL)
    call = line.call().presses("2042")
    assert "2042" in call.ladder()


def test_the_digits_go_to_another_callback(line: Line) -> None:  # noqa: F811
    """Filled in, in its signed query; a value that is missing is a wrong key."""
    line.push(
        menus(
            "    prompt: Your order number.\n    digits: 8\n"
            "    any: {do: callback, path: call_routing, query: {order: '{call.digits}'}}\n"
        )
    )
    line.push(
        "kind: routing\nroutes:\n  default:\n    rules:\n"
        "      - {name: ours, when: [{test: query, name: order, one_of: '2900'}], "
        "then: {do: hang_up, say: 'Order {query.order}.'}}\n    otherwise: {do: hang_up, say: Unknown.}\n"
    )
    line.call().presses("2900#").hears("Order 2 9 0 0.").ends()
    line.call().presses("1#").hears("Unknown.").ends()


def test_silence_and_wrong_keys_are_counted_apart(line: Line) -> None:  # noqa: F811
    """Each has an action of its own."""
    line.push(
        menus(
            "    prompt: Press 1.\n    keys: {1: hang_up}\n    max_timeouts: 2\n    max_failures: 3\n"
            "    no_input: {say: Nothing., give_up: {do: hang_up, say: Too silent.}}\n"
            "    no_match: {say: Wrong., give_up: {do: hang_up, say: Too many.}}\n"
        )
    )
    call = line.call().presses("7").hears("Wrong.").presses("7").hears("Wrong.")
    call.hears("Nothing. Press 1").presses("7").hears("Too many.").ends()
    line.call().hears("Press 1").hears("Nothing. Press 1").hears("Too silent.").ends()


def test_every_message_can_be_a_recording(line: Line) -> None:  # noqa: F811
    """No text is spoken on the line at all."""
    url = "https://media.example.com/"
    line.push(
        f"{HEAD}goodbye: {{media: {url}bye.wav}}\nmenus:\n  main:\n    greeting: {{media: {url}hi.wav}}\n"
        f"    media: {url}choices.wav\n    keys: {{2: {{do: hang_up, media: {url}two.wav}}}}\n"
        f"    no_match: {{media: {url}wrong.wav}}\n    no_input: {{media: {url}nothing.wav}}\n    tries: 2\n"
    )
    call = line.call().presses("7").presses("2").ends()
    assert call.heard == [] or all("wav" in heard for heard in call.heard)
    for name in ("hi", "choices", "wrong", "two"):
        assert f"{url}{name}.wav" in call.ladder()


def test_what_was_remembered_is_spoken_and_asked_two_menus_later(line: Line) -> None:  # noqa: F811
    """The state travels in the signed address."""
    line.push(
        f"{HEAD}menus:\n  main:\n    prompt: Your table.\n    digits: 2\n"
        "    any: {do: remember, values: {place: '{call.digits}'}, then: {do: menu, menu: sure}}\n"
        "  sure:\n    prompt: Press 1.\n    keys:\n      1:\n"
        "        - {when: [{test: value, value: '{state.place}', one_of: '12'}], "
        "do: hang_up, say: 'Window {state.place}.'}\n"
        "        - {do: hang_up, say: 'Table {state.place}.'}\n"
    )
    line.call().presses("12").hears("Press 1").presses("1").hears("Window").ends()
    line.call().presses("7#").hears("Press 1").presses("1").hears("Table").ends()


def test_a_rule_hunts_too(line: Line) -> None:  # noqa: F811
    """From the version of the rules the call began with, although others are pushed meanwhile."""
    rule = (
        "kind: routing\nroutes:\n  default:\n    otherwise:\n      do: hunt\n      entries: "
        "[{{number: '+14155550101'}}, {{number: '{last}'}}]\n      failed: {{do: hang_up, say: Nobody.}}\n"
    )
    line.push(rule.format(last="+14155550102"))
    call = line.call("/call_routing")
    call.rings("+14155550101")
    line.push(rule.format(last="+14155550199"))
    call.unanswered().rings("+14155550102").busy().hears("Nobody.").ends()


@pytest.mark.parametrize(
    "action",
    [
        "{do: ring_number, number: '{call.digits}'}",
        "{do: hunt, entries: [{number: '{call.digits}'}]}",
        "{do: transfer, to: '{call.digits}'}",
        "{do: callflow, number: '{call.digits}'}",
        "{do: module, module: resources, data: {to_did: '{call.digits}'}, children: {USER_BUSY: hang_up}}",
    ],
)
def test_a_number_that_callers_choose_freely_is_refused(action: str) -> None:
    """It would be dialled at the account's cost; a pattern, a table or `allow` bounds it."""
    from pivotctl.data.lint import lint

    def errors(body: str) -> list[Any]:
        return [each for each in lint(parse(menus(body), "m.yaml").document) if each.level == "error"]

    open_to_all = f"    prompt: Number?\n    digits: 15\n    any: {action}\n"
    assert any("at the account's cost" in each.message for each in errors(open_to_all))
    state = "{do: menu, menu: main}"
    remembered = open_to_all.replace(
        action, f"{{do: remember, values: {{n: '{{call.digits}}'}}, then: {state}}}"
    )
    by_key = f"    keys: {{1: {action.replace('call.digits', 'state.n')}}}\n"
    assert any("at the account's cost" in each.message for each in errors(remembered + by_key))
    long = open_to_all.replace("    any: ", "    keys:\n      '/[0-9]{3,15}/': ")
    assert any("at the account's cost" in each.message for each in errors(long))
    assert errors(f"    prompt: Number?\n    digits: 4\n    keys: {{'/10[0-9]{{2}}/': {action}}}\n") == []


def test_too_many_wrong_pins_lock_the_account_in_menus_too(line: Line) -> None:  # noqa: F811
    """Over any number of calls: then the right one opens nothing either."""
    line.push(
        menus(
            "    prompt: PIN please.\n    digits: 12\n    sensitive: true\n    tries: 9\n"
            "    any: {do: check_pin, correct: {do: hang_up, say: Welcome.}}\n    no_match: {say: Wrong.}\n"
        )
    )
    line.customer("1", 1_000_000)
    line.push('kind: callers\naccounts:\n  "1":\n    numbers: [+14155550100]\n    pin: "719305"\n')
    line.call().presses("719305#").hears("Welcome.").ends()
    call = line.call()
    for _ in range(8):
        call.presses("111222#").hears("Wrong.")
    call = line.call()
    for _ in range(7):
        call.presses("111222#").hears("Wrong.")
    call.presses("719305#").hears("Wrong.")
    line.call().presses("719305#").hears("Wrong.")
