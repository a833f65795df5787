"""Hostile input: a Problem or a clear error, never a crash, never a hang."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest

import kazoo_callflow as callflow
from kazoo_callflow import NotJsonError, ParseError, defaults, lint, loads, parse, validate

DEEP = 10_000


def deep_text(levels: int = DEEP) -> str:
    """Write a flow with that many nodes inside each other."""
    return '{"module":"play","children":{"_":' * levels + '{"module":"hangup"}' + "}}" * levels


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "{",
        '{"module":"play"} x',
        '{"module":"play",}',
        "{'module':'play'}",
        '\ufeff{"module":"play"}',
        '{"module":"tts","data":{"text":"a\nb"}}',
        '{"module":"sleep","data":{"duration":NaN}}',
        '{"module":"sleep","data":{"duration":-Infinity}}',
        '{"module":"sleep","data":{"duration":1e400}}',
        '{"module":"tts","data":{"text":"\\ud83d"}}',
        '{"module":"sleep","data":{"duration":' + "9" * 30_000 + "}}",
        "[" * 100_000,
        '{"a":' * 100_000,
    ],
)
def test_text_kazoo_cannot_parse_is_not_json(text: str) -> None:
    """What KAZOO's parser refuses (the caller is hung up) raises NotJsonError with a reason."""
    with pytest.raises(NotJsonError, match=r"\w+"):
        loads(text)


@pytest.mark.parametrize(
    "raw", [b'{"module":"tts","data":{"text":"\xe9"}}', b"\x1f\x8b\x08\x00", b"\xff\xfe{\x00}\x00"]
)
def test_bytes_that_are_not_utf8_are_not_json(raw: bytes) -> None:
    """Latin-1, gzip and UTF-16 are named for what they are: not UTF-8."""
    with pytest.raises(NotJsonError, match="not UTF-8"):
        loads(raw)


def test_of_a_repeated_key_the_first_wins() -> None:
    """KAZOO takes the first of two equal keys; Python alone would take the last."""
    assert loads('{"module":"tts","module":"play"}') == {"module": "tts"}
    assert loads('{"a":{"b":1,"b":2},"a":3}') == {"a": {"b": 1}}


def test_whole_surrogate_pairs_are_text() -> None:
    """An escaped pair is one character beyond the basic plane."""
    assert loads('"\\ud83d\\ude00"') == "😀"


def test_ten_thousand_levels() -> None:
    """Depth costs no stack: parsing, judging, filling, reading, writing and drawing all work."""
    text = deep_text()
    document = loads(text)
    assert validate(document) == []
    flow = parse(document)
    assert flow.to_json() == text.encode()
    assert parse(flow.to_dict()) == flow
    assert parse(defaults(document)).data["terminators"]
    assert len(flow.describe().splitlines()) == 41
    assert flow.to_mermaid().count("\n") == 2 * DEEP + 2
    assert repr(flow) == "<Flow play with 10000 nodes below>"
    assert "depth" in {problem.rule for problem in lint(document)} or len(lint(document)) >= 100
    assert callflow.measure(document).depth == DEEP + 1
    hash(flow)


def test_a_problem_ten_thousand_levels_down_is_found() -> None:
    """The deepest node is judged like any other, and its path says where it is."""
    document = loads(deep_text().replace('"hangup"', '"nope"'))
    (problem,) = validate(document)
    assert problem.rule == "module"
    assert problem.path.endswith(".children._.module")


def test_deep_values_inside_data() -> None:
    """Unknown keys may hold anything, to any depth."""
    inner = "[" * DEEP + "]" * DEEP
    document = loads('{"module":"play","data":{"x":' + inner + "}}")
    assert validate(document) == []
    flow = parse(document)
    assert flow.to_json() == ('{"module":"play","data":{"x":' + inner + "}}").encode()
    assert flow == parse(flow.to_dict())
    assert flow.data["x"][0] is not None


def test_models_of_a_deep_flow_end_in_an_error() -> None:
    """Pydantic models have a depth limit; it is our own error, not a crash."""
    from kazoo_callflow import models

    with pytest.raises(ParseError, match="too deeply"):
        models.node(loads(deep_text()))


@pytest.mark.parametrize(
    "value", [None, True, 0, 1.5, "text", [], [{"module": "play"}], {}, {"flow": {"module": "play"}}]
)
def test_documents_that_are_no_node_are_rejected(value: Any) -> None:
    """KAZOO takes one node object and nothing else."""
    for kazoo in callflow.VERSIONS:
        assert validate(value, kazoo)


@pytest.mark.parametrize(
    "value",
    [
        math.nan,
        math.inf,
        "\ud800",
        b"bytes",
        object(),
        {1: 2},
        {"\udfff": 1},
        {"a": [{"b": math.nan}]},
        (1, 2),
        {1, 2},
    ],
)
def test_values_json_cannot_carry_are_problems(value: Any) -> None:
    """A Python value that cannot be sent is a problem of its own, wherever it is."""
    problems = validate(
        {"module": "webhook", "data": {"uri": "https://x.example", "custom_data": {"v": value}}}
    )
    assert "json" in {problem.rule for problem in problems}


def test_a_value_that_contains_itself() -> None:
    """A circular Python value is a problem or an error, and never an endless loop."""
    circle: dict[str, Any] = {"module": "play"}
    circle["children"] = {"_": circle}
    assert [problem.rule for problem in validate(circle)] == ["json"]
    for read in (parse, defaults):
        with pytest.raises(callflow.CallflowError, match="contains itself"):
            read(circle)
    inner: dict[str, Any] = {}
    inner["inner"] = inner
    with pytest.raises(callflow.BuildError, match="contains itself"):
        callflow.webhook("https://x.example", custom_data=inner)


def test_text_that_is_no_document_is_told_apart() -> None:
    """A string is not parsed on the quiet: loads is for that."""
    (problem,) = validate('{"module":"play"}')
    assert problem.rule == "type"


def test_megabytes() -> None:
    """Twenty thousand nodes side by side are judged like four."""
    node = {"module": "tts", "data": {"text": "x" * 100}}
    children = {str(number): node for number in range(20_000)}
    raw = json.dumps({"module": "menu", "data": {"id": "m"}, "children": children})
    assert len(raw) > 2_000_000
    assert validate(loads(raw)) == []


def test_a_document_full_of_problems_lists_the_first_hundred() -> None:
    """The verdict is known long before the ten-thousandth problem."""
    assert len(validate(loads(deep_text().replace('"play"', '"nope"')))) == 100


def test_parse_names_what_is_not_shaped_like_a_node() -> None:
    """parse needs the shape only, and says where it is missing."""
    for document, path in [
        ([], "$"),
        ({"module": 5}, "$.module"),
        ({"module": "play", "data": []}, "$.data"),
        ({"module": "play", "children": {"_": {}}}, "$.children._.module"),
    ]:
        with pytest.raises(ParseError) as caught:
            parse(document)
        assert caught.value.path == path


def test_parse_keeps_what_kazoo_ignores() -> None:
    """Unknown keys of a node and of its data survive a round trip, in their order."""
    document = {
        "name": "n",
        "children": {},
        "module": "hangup",
        "data": {"x": [1, {"y": None}]},
        "comment": {"a": []},
    }
    flow = parse(document)
    assert json.dumps(flow.to_dict()) == json.dumps(document)
    assert flow.extra["name"] == "n"
