"""What a call needs at run time: every action and condition answered, and no models imported."""

from __future__ import annotations

import subprocess
import sys
from typing import get_args

import pytest

from pivot_app.actions import _actions
from pivot_app.menus import _engine
from pivot_app.routing import _conditions, _questions


def test_every_action_is_performed() -> None:
    """The table of performers has each action of the union, and no other."""
    names = {get_args(model.model_fields["do"].annotation)[0] for model in get_args(_actions.AnyAction)}
    assert set(_engine._PERFORM) == names


def test_every_condition_is_decided_and_explained() -> None:
    """Both tables have each condition of the union, and no other."""
    union = get_args(get_args(_conditions.AnyCondition)[0])
    names = {get_args(model.model_fields["test"].annotation)[0] for model in union}
    assert set(_questions._HOLDS) == names
    assert set(_questions._MISS) == names


@pytest.mark.parametrize("function", ["menu", "menu_selection", "call_routing"])
def test_a_callback_imports_nothing_heavy(function: str) -> None:
    """The first caller of a new Lambda hears the import as silence."""
    heavy = "pydantic", "holidays", "phonenumbers", "httpx", "num2words"
    code = f"import sys, functions.{function}.app; print(*(m for m in {heavy} if m in sys.modules))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.split() == []
