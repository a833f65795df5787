"""The validator gives the verdict of KAZOO's own validator."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from kazoo_callflow import VERSIONS, KazooVersion, defaults, parse, validate

VECTORS = Path(__file__).parents[1] / "vectors"


@cache
def rows(kazoo: KazooVersion) -> list[dict[str, Any]]:
    """Read one version's judged flows."""
    lines = (VECTORS / f"flows-{kazoo}.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


@pytest.mark.parametrize("kazoo", VERSIONS)
def test_every_vector_gets_the_verdict_of_kazoo(kazoo: KazooVersion) -> None:
    """All flows judged by KAZOO's own code get the same verdict here."""
    wrong = [
        (number, row["verdict"], problems[:1])
        for number, row in enumerate(rows(kazoo), 1)
        if (row["verdict"] == "accepted") != (not (problems := validate(row["flow"], kazoo)))
    ]
    assert wrong == []


@pytest.mark.parametrize("kazoo", VERSIONS)
def test_filling_defaults_never_changes_a_verdict_and_is_done_once(kazoo: KazooVersion) -> None:
    """A flow with KAZOO's defaults filled in is as acceptable as before, and has nothing left to fill."""
    for row in rows(kazoo):
        if row["verdict"] == "accepted":
            filled = defaults(row["flow"], kazoo)
            assert validate(filled, kazoo) == []
            assert defaults(filled, kazoo) == filled


@pytest.mark.parametrize("kazoo", VERSIONS)
def test_parsing_and_writing_gives_back_the_same_document(kazoo: KazooVersion) -> None:
    """parse and to_dict lose nothing, not even the order of keys."""
    for row in rows(kazoo):
        if row["verdict"] == "accepted":
            flow = parse(row["flow"])
            assert json.dumps(flow.to_dict()) == json.dumps(row["flow"])
