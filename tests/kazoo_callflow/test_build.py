"""Building flows: what reads well, and what is refused at once."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from enum import StrEnum
from typing import Any

import pytest

import kazoo_callflow as callflow
from kazoo_callflow import BuildError, Flow, building_for, node


def greeting() -> Flow:
    """Build the flow most callbacks answer with."""
    return (
        callflow.tts("Press 1 for sales.")
        >> callflow.collect_dtmf("menu", max_digits=1)
        >> callflow.pivot("https://voice.example.com/menu", method="post")
        >> callflow.voicemail("a" * 32)
    )


def test_a_sequence_is_a_chain_of_wildcard_children() -> None:
    """`>>` puts the next flow at the end of the chain of `_` children."""
    assert [flow.module for _, flow in greeting().walk()] == ["tts", "collect_dtmf", "pivot", "voicemail"]
    assert greeting().to_dict()["children"]["_"]["children"]["_"]["module"] == "pivot"
    assert callflow.tts("a").then(callflow.hangup()) == callflow.tts("a") >> callflow.hangup()


def test_grouping_of_a_sequence_does_not_matter() -> None:
    """(a >> b) >> c is a >> (b >> c)."""
    a, b, c = callflow.tts("a"), callflow.sleep(1), callflow.hangup()
    assert (a >> b) >> c == a >> (b >> c) == callflow.sequence(a, b, c)


def test_branches_are_children_of_their_key() -> None:
    """`.on` names a branch, `.otherwise` is the wildcard child."""
    flow = (
        callflow.menu("m")
        .on("1", callflow.user("u"))
        .on_timeout(callflow.hangup())
        .otherwise(callflow.tts("Bye"))
    )
    assert {key: child.module for key, child in flow.children.items()} == {
        "1": "user",
        "timeout": "hangup",
        "_": "tts",
    }


def test_a_flow_never_changes() -> None:
    """Every method returns a new flow; nothing reachable from a flow can be changed."""
    first = callflow.ring_group([{"id": "a", "endpoint_type": "user"}])
    before = first.to_dict()
    first >> callflow.hangup()
    first.to_dict()["data"]["endpoints"].clear()
    for change in (
        lambda: setattr(first, "module", "tts"),
        lambda: first.data.__setitem__("timeout", 3),  # type: ignore[attr-defined]
        lambda: first.data["endpoints"][0].update(id="b"),
        lambda: first.children.__setitem__("_", first),  # type: ignore[attr-defined]
    ):
        with pytest.raises((AttributeError, TypeError)):
            change()
    assert first.to_dict() == before


def test_what_a_builder_was_given_can_change_later() -> None:
    """A flow keeps its own copy of lists and objects."""
    endpoints: list[Any] = [{"id": "a", "endpoint_type": "user"}]
    flow = callflow.ring_group(endpoints)
    endpoints.append("nonsense")
    assert flow.problems() == []


def test_equal_flows_are_equal_and_hash_alike() -> None:
    """Flows are values: equality, hashing, copying and pickling go by content."""
    assert greeting() == greeting()
    assert hash(greeting()) == hash(greeting())
    assert greeting() != callflow.tts("x")
    assert copy.deepcopy(greeting()) == pickle.loads(pickle.dumps(greeting())) == greeting()


REFUSED: list[tuple[Callable[[], Flow], str]] = [
    (lambda: callflow.tts(""), "tts: text must have at least 1 character; the string '' has 0."),
    (lambda: callflow.tts("x" * 1001), "text must have at most 1000 characters; .* has 1001."),
    (lambda: callflow.tts("x", voise="y"), "tts: voise is not a field .* did you mean voice?"),  # type: ignore[arg-type]
    (lambda: callflow.response("486"), "response: code must be an integer, not the string '486'."),  # type: ignore[arg-type]
    (lambda: callflow.sleep(-1), "sleep: duration must be at least 0, not the integer -1."),
    (
        lambda: callflow.collect_dtmf(max_digits=4.0),
        "max_digits must be an integer, not the decimal number 4.0.",
    ),  # type: ignore[arg-type]
    (lambda: callflow.collect_dtmf(max_digits=True), "max_digits must be an integer, not the boolean True."),
    (lambda: callflow.pivot("ftp://x"), "pivot: voice_url must match "),
    (lambda: callflow.pivot("https://x", method="Post"), "method must be one of get, post, GET, POST"),  # type: ignore[arg-type]
    (lambda: callflow.pivot("http://localhost/x"), "voice_url names the host localhost"),
    (lambda: callflow.pivot("https://x", req_timeout_ms=5001), "req_timeout_ms must be at most 5000"),
    (lambda: callflow.ring_group([{"id": "a"}]), r"ring_group: endpoints\[0\].endpoint_type is missing"),  # type: ignore[typeddict-item]
    (lambda: callflow.ring_group([]), "endpoints must have at least 1 item, not 0."),
    (callflow.ring_group, "ring_group: "),
    (lambda: callflow.language("en_US"), "language must match"),
    (lambda: callflow.voicemail("short"), "id must have at least 32 characters"),
    (lambda: callflow.tts("\ud800"), "half a surrogate pair"),
    (lambda: callflow.webhook("https://x", custom_data={"a": float("nan")}), "JSON cannot carry"),
    (lambda: callflow.node("say"), "say: the string 'say' is not a module of KAZOO"),
    (lambda: node("TTS", {"text": "x"}), "Did you mean tts?"),
    (lambda: node("audio_macro.say", {"text": "x"}), "and not a module"),
    (lambda: callflow.node("tts"), "tts: text is missing"),
]


@pytest.mark.parametrize(("build", "message"), REFUSED)
def test_wrong_data_is_refused_where_it_is_built(build: Callable[[], Flow], message: str) -> None:
    """The error names the module, the field, the limit and the value."""
    with pytest.raises(BuildError, match=message):
        build()


def test_a_branch_that_would_never_run_is_refused() -> None:
    """Child keys a module never looks at are mistakes: collect_dtmf does not branch on digits."""
    with pytest.raises(BuildError, match=r"collect_dtmf: never takes the branch '1'; it takes _\."):
        callflow.collect_dtmf("menu").on("1", callflow.hangup())
    with pytest.raises(BuildError, match="hangup: is the end of the call"):
        callflow.hangup() >> callflow.tts("never heard")
    with pytest.raises(BuildError, match=r"user: never takes the branch 'busy'.*USER_BUSY"):
        callflow.user("u").on("busy", callflow.hangup())
    assert callflow.hangup(skip_module=True) >> callflow.tts("heard")


def test_building_for_one_version_refuses_what_it_lacks() -> None:
    """Inside `building_for`, only that KAZOO version decides."""
    assert callflow.answer().versions == ("5",)
    assert callflow.set_variables({"a": 1}).versions == ("5",)
    assert callflow.tts("x").versions == ("4.3", "5")
    with building_for("4.3"):
        with pytest.raises(BuildError, match=r"exists in KAZOO 5, not in 4\.3"):
            callflow.answer()
        with pytest.raises(BuildError, match="must be a string"):
            callflow.set_variables({"a": 1})
    assert callflow.answer()


def test_an_inline_flow_is_taken_as_a_flow() -> None:
    """Where KAZOO takes a flow inside data, a Flow can be given."""
    flow = callflow.callflow(flow=greeting())
    assert flow.to_dict()["data"]["flow"] == greeting().to_dict()
    with pytest.raises(BuildError, match=r"callflow: .*is not a module"):
        callflow.callflow(flow={"module": "nope"})


def test_enumerations_of_your_own_become_plain_strings() -> None:
    """A StrEnum is taken for a string, and the flow holds the plain string."""

    class Voice(StrEnum):
        LOW = "male"

    assert type(callflow.tts("x", voice=Voice.LOW).data["voice"]) is str


def test_the_bytes_are_exact() -> None:
    """An answer is compact UTF-8 without a BOM, characters as they are."""
    assert callflow.tts("Grüße ☎").to_json() == '{"module":"tts","data":{"text":"Grüße ☎"}}'.encode()


def test_only_flows_can_be_put_together() -> None:
    """A document where a Flow belongs is a TypeError that says so."""
    with pytest.raises(TypeError, match=r"Flow.then\(\) takes a Flow, not an object"):
        callflow.tts("x").then({"module": "hangup"})  # type: ignore[arg-type]


def test_unknown_names_are_attribute_errors() -> None:
    """The package has no attribute for a module KAZOO does not have, and lists those it has."""
    with pytest.raises(AttributeError, match="not a KAZOO module"):
        callflow.gather  # noqa: B018
    assert {"tts", "pivot", "validate", "Flow"} <= set(dir(callflow))


def test_pictures_of_a_flow() -> None:
    """describe fits one screen; to_mermaid has a box per node and the child key on each arrow."""
    flow = (
        callflow.menu("m")
        .on("1", callflow.user("u") >> callflow.hangup())
        .otherwise(callflow.tts('Say "bye"'))
    )
    assert flow.describe().splitlines() == [
        'menu id="m"',
        '  "1" → user id="u"',
        "  hangup",
        'tts text="Say \\"bye\\""',
    ]
    assert flow.to_mermaid().splitlines()[0] == "flowchart TD"
    assert '-- "1" -->' in flow.to_mermaid()
    long = callflow.sequence(*[callflow.tts("x" * 500)] * 60)
    assert len(long.describe().splitlines()) == 41
    assert max(map(len, long.describe().splitlines())) <= 100


def test_pictures_show_hostile_text_harmlessly() -> None:
    """Text of strangers neither moves a cursor nor closes a Mermaid label."""
    flow = callflow.parse(
        {"module": 'x"]\n  click', "data": {"t\x1b": 'a\u202eb"]#lt;'}, "children": {"\x07": {"module": "y"}}}
    )
    for picture in (flow.describe(), flow.to_mermaid()):
        assert all(one.isprintable() or one == "\n" for one in picture)
    assert len(flow.describe().splitlines()) == 2
    assert [line.count('"') for line in flow.to_mermaid().splitlines()] == [0, 2, 2, 2]


def test_fields_a_module_reads_though_its_schema_does_not_list_them() -> None:
    """KAZOO 4.3 lists no field of disa, and reads them all: a PIN must not be refused there."""
    with building_for("4.3"):
        assert callflow.disa("1234").data["pin"] == "1234"
        with pytest.raises(BuildError, match="group_id is not a field"):
            callflow.ring_group([{"id": "a", "endpoint_type": "user"}], group_id="g")


def test_wrong_guesses_say_what_to_pass() -> None:
    """Each message names the argument and the remedy."""
    import kazoo_callflow as package

    with pytest.raises(TypeError, match=r'\.on\("1", \.\.\.\)'):
        callflow.menu("m").on(1, callflow.hangup())  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"call the builder: hangup\(\)"):
        callflow.menu("m").otherwise(callflow.hangup)  # type: ignore[arg-type]
    with pytest.raises(AttributeError, match="did you mean hangup"):
        _ = package.hangupp  # type: ignore[attr-defined]
    names: dict[str, object] = {}
    exec("from kazoo_callflow import *", names)
    assert {"tts", "Flow", "validate", "user"} <= names.keys()
    assert "set" not in names
    assert "set" in dir(package)
    assert not [name for name in dir(package) if name.startswith("_")]
