"""The typed models: every module, every field, in our words."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

import kazoo_callflow as callflow
from kazoo_callflow import VERSIONS, BuildError, KazooVersion, models, node, parse, validate
from kazoo_callflow._flow import NOT_MODULES
from kazoo_callflow._schemas import schemas_of
from tests.kazoo_callflow import strategies as ours

EVERY = sorted({module for kazoo in VERSIONS for module in schemas_of(kazoo).modules} - NOT_MODULES)


def test_there_is_a_model_and_a_builder_for_every_module() -> None:
    """About ninety modules; each has a node model, a builder function, and a docstring of its own."""
    from kazoo_callflow._generated.builders import __all__ as builders

    assert sorted(builders) == EVERY
    for module in EVERY:
        model = models.model_of(module)
        assert model.__doc__
        assert getattr(callflow, module).__doc__.startswith(model.__doc__.splitlines()[0][:20])
        assert model.kazoo_versions == tuple(v for v in VERSIONS if module in schemas_of(v).modules)


def test_every_field_of_every_module_is_modelled_and_described() -> None:
    """The models have exactly the keys of KAZOO's schemas, each with a sentence."""
    for module in EVERY:
        data = models.model_of(module).model_fields["data"].annotation
        keys = {key for v in VERSIONS for key in schemas_of(v).modules.get(module, {}).get("fields", {})}
        assert {field.alias or name for name, field in data.model_fields.items()} == keys  # type: ignore[union-attr]
        assert all(field.description for field in data.model_fields.values())  # type: ignore[union-attr]


@pytest.mark.parametrize("kazoo", VERSIONS)
@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_models_read_whatever_builders_write(kazoo: KazooVersion, data: st.DataObject) -> None:
    """A built flow becomes its model and back, without loss."""
    flow = data.draw(ours.flows(kazoo))
    assert models.node(flow).to_flow() == flow


def test_models_are_strict() -> None:
    """Wrong types, bounds, nulls and unknown keys are refused; what ties fields together too."""
    for wrong in (
        lambda: models.Tts(data={"text": ""}),
        lambda: models.TtsData(text=5),
        lambda: models.TtsData(text="x", voise="y"),
        lambda: models.TtsData(text="x", voice=None),
        lambda: models.CollectDtmfData(max_digits=True),
        lambda: models.RingGroup(data={}),
    ):
        with pytest.raises(ValidationError):
            wrong()


def test_the_union_of_nodes_is_told_apart_by_module() -> None:
    """`models.Node` reads any document, and describes itself as a JSON schema."""
    adapter: TypeAdapter[Any] = TypeAdapter(models.Node)
    found = adapter.validate_python(callflow.play("x").otherwise(callflow.hangup()).to_dict())
    assert isinstance(found, models.Play)
    assert isinstance(found.children["_"], models.Hangup)
    assert set(adapter.json_schema()["discriminator"]["mapping"]) == set(EVERY)
    with pytest.raises(ValidationError):
        adapter.validate_python({"module": "nope"})


def test_the_defaults_of_a_model_are_those_kazoo_fills_in() -> None:
    """What a field says when it was not given is what KAZOO will run with."""
    play = models.node({"module": "play"})
    assert play.data.model_dump(exclude_none=True) == callflow.defaults({"module": "play"})["data"]
    assert play.to_dict() == {"module": "play", "data": {}}


def test_building_does_not_import_pydantic() -> None:
    """Building, judging and writing an answer imports neither pydantic nor modules it does not use."""
    code = (
        "import sys; from kazoo_callflow import tts, hangup, validate; f = tts('x') >> hangup();"
        "validate(f); f.to_json();"
        "print([m for m in sys.modules if 'pydantic' in m or '_generated.builders.' in m])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    names = ["kazoo_callflow._generated.builders.tts", "kazoo_callflow._generated.builders.hangup"]
    assert json.loads(out.replace("'", '"')) == names


def test_a_builder_function_and_node_build_the_same() -> None:
    """The typed function is the same as naming the module."""
    assert callflow.sleep(3, "s") == node("sleep", {"duration": 3, "unit": "s"})
    with pytest.raises(BuildError):
        node("sleep", {"duration": None})
    assert models.node(parse(callflow.sleep(3).to_dict())).module == "sleep"
    assert validate(callflow.sleep(3)) == []
