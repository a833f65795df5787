"""The descriptions of the SDK that the layer ships say what the SDK's own say."""

from __future__ import annotations

import re
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from botocore import xform_name
from botocore.config import Config
from botocore.session import Session

from pivot_app.aws import _botocore_loader

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = ROOT / "layers" / "application" / "sdk_data.py"
OPERATIONS: dict[str, tuple[str, ...]] = runpy.run_path(str(PROGRAM))["OPERATIONS"]
# One of them is asked with a complete client.
COMPLETE = {"get_parameters_by_path"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the layer's Makefile makes."""
    made = tmp_path_factory.mktemp("sdk_data")
    subprocess.run([sys.executable, PROGRAM, made], check=True)
    return made


def client(service: str, region: str, folder: Path | None, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A client that reads the folder, or the SDK's own descriptions."""
    session = Session()
    if folder:
        monkeypatch.setattr(_botocore_loader, "SDK_DATA", str(folder))
        session.register_component("data_loader", _botocore_loader.SlimLoader())
    credentials = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    return session.create_client(
        service, region_name=region, config=Config(signature_version="v4"), **credentials
    )


@pytest.mark.parametrize("region", ["eu-west-1", "us-gov-west-1", "cn-north-1"])
@pytest.mark.parametrize("service", OPERATIONS)
def test_a_client_asks_the_same_endpoint_in_the_same_form(
    service: str, region: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Endpoint, protocol, and every shape of the operations in use, in each kind of region."""
    whole = client(service, region, None, monkeypatch)
    small = client(service, region, folder, monkeypatch)
    assert small.meta.endpoint_url == whole.meta.endpoint_url
    assert small.meta.service_model.metadata == whole.meta.service_model.metadata
    assert set(small.meta.service_model.operation_names) == set(OPERATIONS[service])
    for name in OPERATIONS[service]:
        of_small, of_whole = (made.meta.service_model.operation_model(name) for made in (small, whole))
        assert of_small.http == of_whole.http
        assert [shape.name for shape in of_small.error_shapes] == [
            shape.name for shape in of_whole.error_shapes
        ]
        for one, other in (
            (of_small.input_shape, of_whole.input_shape),
            (of_small.output_shape, of_whole.output_shape),
        ):
            assert _described(one) == _described(other)


def _described(shape: Any, seen: tuple[str, ...] = ()) -> Any:
    """A shape with all below it, as plain values; a shape that holds itself is named once."""
    if shape is None or shape.name in seen:
        return getattr(shape, "name", None)
    below = (*seen, shape.name)
    parts = {
        "structure": lambda: {name: _described(one, below) for name, one in shape.members.items()},
        "list": lambda: _described(shape.member, below),
        "map": lambda: (_described(shape.key, below), _described(shape.value, below)),
    }.get(shape.type_name, lambda: None)()
    return shape.name, shape.type_name, dict(shape.metadata), dict(shape.serialization), parts


@pytest.mark.parametrize("service", OPERATIONS)
def test_every_operation_of_the_functions_is_described(service: str) -> None:
    """A call of an operation that the layer leaves out would fail on AWS only."""
    code = "".join(
        path.read_text()
        for folder in (ROOT / "layers" / "application" / "pivot_app", ROOT / "functions")
        for path in folder.rglob("*.py")
    )
    names = Session().get_service_model(service).operation_names
    used = {name for name in names if re.search(rf"[.\"']{xform_name(name)}[(\"']", code)}
    left_out = {name for name in used - set(OPERATIONS[service]) if xform_name(name) not in COMPLETE}
    assert not left_out


def test_a_checkout_without_the_folder_uses_the_sdk_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fall back to the SDK's own descriptions."""
    missing = ROOT / "no-such-folder"
    names = client("ssm", "eu-west-1", missing, monkeypatch).meta.service_model.operation_names
    assert len(names) > 100
