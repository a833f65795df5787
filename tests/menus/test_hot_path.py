"""What a call needs at run time: every action and condition answered, and no models imported."""

from __future__ import annotations

import subprocess
import sys
from typing import get_args

import pytest

from pivot_app.actions import ACTIONS, _decide, _perform
from pivot_app.conditions import _evaluate, _schema
from pivot_app.documents import tags_of


def test_every_action_is_performed() -> None:
    """The table of performers has each action of the union, and no other."""
    assert set(_perform._PERFORM) - {"wrong_answer"} | _decide.DECISIONS == set(ACTIONS)


def test_every_condition_is_decided_and_explained() -> None:
    """Both tables have each condition of the union, and no other."""
    union = get_args(get_args(_schema.AnyCondition)[0])
    names = {tag for record in union for tag in tags_of(record, "test")}
    assert set(_evaluate._MATCHES) == names
    assert set(_evaluate._EXPLAIN) == names


@pytest.mark.parametrize("function", ["menu", "menu_selection", "call_routing"])
def test_a_callback_imports_nothing_heavy(function: str) -> None:
    """The first caller of a new Lambda hears the import as silence."""
    heavy = "pydantic", "holidays", "phonenumbers", "httpx", "num2words"
    code = f"import sys, functions.{function}.app; print(*(m for m in {heavy} if m in sys.modules))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.split() == []
