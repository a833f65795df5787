"""The event files: each is answered as KAZOO needs it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import kazoo_callflow as callflow
from pivot_app import speech
from pivotctl.local_stack import template

ROOT = Path(__file__).resolve().parents[2]
EVENTS = sorted(file for file in ROOT.glob("events/*/*.json") if file.stem in {"get", "form", "json"})
FUNCTIONS = sorted(path.parent.name for path in ROOT.glob("functions/*/app.py"))


def test_every_callback_has_its_events(application: dict[str, Any]) -> None:
    """At least a GET, a form and a JSON request for each."""
    for path in application:
        names = {file.stem for file in ROOT.glob(f"events{path}/*.json")}
        assert names >= {"get", "form", "json"}, f"`pivot events {path[1:]}` makes them"


# Deployed where a parameter asks for it.
CONDITIONAL = {
    Path(resource["Properties"]["CodeUri"]).name
    for resource in template()["Resources"].values()
    if resource["Type"] == "AWS::Serverless::Function" and "Condition" in resource
} - {"live_debug"}


@pytest.mark.parametrize("function", [name for name in FUNCTIONS if name not in CONDITIONAL])
def test_every_function_has_events(function: str) -> None:
    """`make sam-local` tries each function that is deployed by default."""
    assert list(ROOT.glob(f"events/{function}/*.json"))


@pytest.mark.parametrize("file", EVENTS, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_an_event_is_answered_with_a_valid_callflow(application: dict[str, Any], file: Path) -> None:
    """What `sam local invoke` is given works, on this day and on any later."""
    answer = application[f"/{file.parent.name}"](json.loads(file.read_text()), None)
    assert answer["statusCode"] == 200
    flow = json.loads(answer["body"])
    assert callflow.validate(flow, kazoo="4.3") == []
    assert flow["data"].get("text") != speech.text("try_again_later", "en"), "the fallback, not an answer"
