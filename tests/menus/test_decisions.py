"""Decisions inside actions: which alternative, why not the others, and tests that hold known gaps."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import kazoo_callflow as callflow
from pivot_app.actions import Step, choose
from pivot_app.conditions import CallAttributes, EvaluationContext, _evaluate, is_withheld, matches
from pivot_app.menus import render_menu, resolve_selection, scope_of
from pivotctl.data import MenuDocument, RoutingDocument, lint, load
from pivotctl.data.explain import ExplainedCall
from pivotctl.data.lint import PreviewContext
from tests.menus.grammar import conditions

ID = "a" * 32


def document(**menu: Any) -> MenuDocument:
    """A document of one menu."""
    body = {"prompt": "Press 1.", "keys": {"1": "hang_up"}, **menu}
    schedules = {"office": {"time_zone": "UTC", "weekly": {"mon-fri": "09:00-17:00"}}}
    made = load({"kind": "menus", "start": "main", "schedules": schedules, "menus": {"main": body}})
    assert isinstance(made, MenuDocument)
    return made


@dataclass
class Recorded(ExplainedCall):
    """A described call whose decisions are kept with their facts."""

    facts: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def __init__(self, attributes: CallAttributes) -> None:
        from pivot_app.look_ups import StaticLookUps

        super().__init__(StaticLookUps({}), {})
        self.attributes = attributes
        self.facts = []

    def explain(self, rule: str, **facts: str | int) -> None:
        """Keep a decision."""
        self.facts.append((rule, facts))


calls = st.builds(
    lambda number, name, day: CallAttributes(
        now=day, caller_number=number, caller_name=name, dialled="+14155550100", language="en", region="US"
    ),
    st.sampled_from(["+14155550100", "+4930123456", "anonymous", "1001"]),
    st.sampled_from(["", "Ada", "gold"]),
    st.just(PreviewContext().now),
)


@settings(max_examples=80, deadline=None)
@given(whens=st.lists(st.lists(conditions(1), min_size=1, max_size=2), min_size=1, max_size=3), call=calls)
def test_the_explanation_agrees_with_every_decision(
    whens: list[list[dict[str, Any]]], call: CallAttributes
) -> None:
    """The first alternative whose conditions hold runs; each one passed over is explained, in order."""
    alternatives = [{"when": when, "do": "callback", "path": f"r{index}"} for index, when in enumerate(whens)]
    page = document(keys={"1": [*alternatives, {"do": "callback", "path": "last"}]}).page("main")
    context = Recorded(call)
    scope = scope_of(page, Step(version=1, menu="main", language="en"), context, context.page, answer="1")
    chosen = choose(page.menu.keys["1"], scope)
    evaluation = EvaluationContext(call, page.time_zone, page.schedules, scope.value)
    holding, action = [], page.menu.keys["1"]
    while action.when:
        holding.append(all(matches(each, evaluation) for each in action.when))
        assert action.otherwise is not None
        action = action.otherwise
    first = holding.index(True) if True in holding else None
    assert chosen.action.path == ("last" if first is None else f"r{first}")  # type: ignore[union-attr]
    passed_over = [facts for rule, facts in context.facts if rule == "when" and "why" in facts]
    assert len(passed_over) == (len(holding) if first is None else first)
    assert all(facts["why"] for facts in passed_over)


def test_a_condition_that_does_not_hold_makes_a_key_a_wrong_one() -> None:
    """Unless there is an alternative; `hours` is one too."""
    when = [{"test": "caller_name", "one_of": "Ada"}]
    doc = document(keys={"1": {"do": "voicemail", "id": ID, "when": when}})
    step = Step(version=1, menu="main", language="en")
    for matching, module in ((True, "voicemail"), (False, "tts")):
        context = PreviewContext(doc, matching=matching)
        assert resolve_selection(doc.page("main"), step, "1", context, context.page).module == module
    elsewhere = document(give_up={"do": "voicemail", "id": ID, "when": when})
    assert any("add `otherwise`" in each.message for each in lint(elsewhere))


def test_without_barge_in_a_recording_is_heard_to_its_end() -> None:
    """No key stops it, and what was pressed under it is forgotten."""
    made = load(
        {
            "kind": "menus",
            "start": "main",
            "menus": {"main": {"media": ID, "keys": {"1": "hang_up"}, "barge_in": False}},
        }
    )
    assert isinstance(made, MenuDocument)
    context = PreviewContext(made)
    flow = render_menu(made.page("main"), Step(version=1, menu="main", language="en"), context, context.page)
    assert (flow.module, flow.data["terminators"]) == ("play", ())
    assert flow.children["_"].module == "flush_dtmf"
    assert flow.children["_"].data["collection_name"] == "default"


def test_a_share_of_a_hundred_percent_is_everybody(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also the caller whose hash is the highest there is; a share of none is nobody."""

    class Highest:
        def digest(self) -> bytes:
            return b"\xff" * 32

    class Lowest(Highest):
        def digest(self) -> bytes:
            return b"\x00" * 32

    context = EvaluationContext(CallAttributes(now=PreviewContext().now), "UTC", {})
    for hashed, percent, holds in ((Highest(), 100, True), (Highest(), 99.9, False), (Lowest(), 0, False)):
        monkeypatch.setattr(_evaluate.hashlib, "sha256", lambda _data, hashed=hashed: hashed)
        made = load(
            {
                "kind": "routing",
                "routes": {
                    "default": {
                        "rules": [
                            {"name": "a", "when": [{"test": "share", "percent": percent}], "then": "hang_up"}
                        ],
                        "otherwise": "hang_up",
                    }
                },
            }
        )
        assert isinstance(made, RoutingDocument)
        assert matches(made.routes["default"].rules[0].when[0], context) is holds


def test_lint_plays_the_answers_of_rules() -> None:
    """What KAZOO would not take is found in a rule's action, in its alternatives, and in `otherwise`."""
    many: Any = "hang_up"
    for _ in range(25):
        many = {"do": "set_variables", "values": {"a": "b"}, "then": many}
    alternative = {"when": [{"test": "withheld"}], "do": "hang_up", "otherwise": many}
    for routes in (
        {"default": {"rules": [{"name": "a", "then": many}], "otherwise": "hang_up"}},
        {"default": {"otherwise": many}},
        {"default": {"otherwise": alternative}},
    ):
        made = load({"kind": "routing", "routes": routes})
        assert any("quick node" in each.message for each in lint(made))


@pytest.mark.parametrize(
    "number",
    [
        "Anonymous",
        "ANONYMOUS",
        "anonymous@anonymous.invalid",
        "sip:anonymous@anonymous.invalid",
        "Restricted",
        "Unavailable",
        "PRIVATE",
        "Unknown",
        "Out-Of-Area",
        "id_unavailable",
        "+266696687",
        "266696687",
        "+86282452253",
        "+7378742833",
        "",
        " ",
        "0000000000",
        '"Anonymous"',
    ],
)
def test_a_hidden_number_is_one_fact(number: str) -> None:
    """However the network writes it; such a caller has no country and no type."""
    call = CallAttributes(now=PreviewContext().now, caller_number=number, region="US")
    assert call.withheld
    assert (call.caller_e164, call.caller_country, call.caller_type) == ("", "", "unknown")


@pytest.mark.parametrize("number", ["+14155550100", "1001", "7378742833", "alice", "anna", "+4930123456"])
def test_a_number_that_is_shown_is_not_hidden(number: str) -> None:
    """A telephone number in Texas has the digits of a word."""
    assert not is_withheld(number, {})
    assert is_withheld(number, {"Privacy": "id;critical"})
    assert not is_withheld(number, {"Privacy": "none"})


def test_every_alternative_is_played_on_both_kazoos() -> None:
    """Flows of an action's data are as valid as those of its first alternative."""
    doc = document(keys={"1": [{"when": [{"test": "withheld"}], "do": "hang_up"}, {"do": "park"}]})
    for version in callflow.VERSIONS:
        assert [each for each in lint(doc, version) if each.level == "error"] == []


def test_reading_a_page_leaves_the_collector_as_it_was() -> None:
    """Also when the page cannot be read."""
    import gc

    from pivot_app.documents import PageCache

    cache: PageCache[bytes] = PageCache(lambda page: page if gc.isenabled() is False else b"")
    assert cache.add("a", 1, "x", b"page") == b"page"
    assert gc.isenabled()

    def fail(page: bytes) -> bytes:
        raise ValueError(page)

    with pytest.raises(ValueError, match="page"):
        PageCache(fail).add("a", 1, "x", b"page")
    assert gc.isenabled()


def test_what_a_call_remembers_always_fits_into_its_next_address() -> None:
    """Eight menus back, the longest values: within what a signed address may carry; the oldest go first."""
    step = Step(version=99_999_999, menu="m" * 40, language="en-us", number=60, account_id="9" * 20)
    for number in range(9):
        step = step.enter(f"{number}".rjust(40, "x"))
    for number in range(12):
        step = step.remember({f"name_{number}": "ä" * 50})
    carried = {**step.carried(), "at": "menu/keys/999/failed/then/otherwise", "digits": "1" * 20}
    assert len(repr(carried).encode()) <= 1_024
    assert "name_11" in step.state
    assert "name_0" not in step.state
    assert Step.from_carried(step.carried()) == step
