"""Write what the SDK reads of its own descriptions while a function starts: `python sdk_data.py FOLDER`.

botocore describes every operation of a service and every endpoint of AWS; reading all that takes a tenth of
a cold start. The Makefile beside it runs this with a Python that has botocore, so the descriptions come from
the SDK itself. What is not written here, the SDK reads from its own.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from botocore.loaders import Loader

# The operations of the functions. A test compares them with the code.
OPERATIONS = {
    "dynamodb": (
        *("BatchGetItem", "BatchWriteItem", "DeleteItem", "GetItem", "PutItem", "Query", "Scan"),
        *("TransactGetItems", "TransactWriteItems", "UpdateItem"),
    ),
    "sqs": ("SendMessage",),
    "ssm": ("GetParameter", "GetParameters"),
}


def main(folder: Path) -> None:
    """Write the files as botocore's loader looks for them."""
    loader = Loader()
    for service, names in OPERATIONS.items():
        version = loader.determine_latest_version(service, "service-2")
        model = loader.load_service_model(service, "service-2", version)
        _write(folder / service / version / "service-2.json", _trimmed(model, names))
    endpoints = loader.load_data("endpoints")
    for partition in endpoints["partitions"]:
        partition["services"] = {name: partition["services"].get(name, {}) for name in OPERATIONS}
    _write(folder / "endpoints.json", endpoints)


def _trimmed(model: Any, names: tuple[str, ...]) -> dict[str, Any]:
    """Return a service's description with these operations, the shapes they need, and no documentation."""
    operations = {name: model["operations"][name] for name in names}
    shapes: dict[str, Any] = {}
    waiting = list(_shapes_in(list(operations.values())))
    while waiting:
        name = waiting.pop()
        if name not in shapes:
            shapes[name] = model["shapes"][name]
            waiting.extend(_shapes_in(shapes[name]))
    kept = {key: value for key, value in model.items() if key not in ("operations", "shapes", "examples")}
    trimmed: dict[str, Any] = _undocumented({**kept, "operations": operations, "shapes": shapes})
    return trimmed


def _shapes_in(value: Any) -> list[str]:
    """Return the names of the shapes that a description refers to."""
    if isinstance(value, list):
        return [name for one in value for name in _shapes_in(one)]
    if not isinstance(value, dict):
        return []
    own = [value["shape"]] if isinstance(value.get("shape"), str) else []
    return own + [name for one in value.values() for name in _shapes_in(one)]


def _undocumented(value: Any) -> Any:
    if isinstance(value, list):
        return [_undocumented(one) for one in value]
    if not isinstance(value, dict):
        return value
    # A shape may have a member called "documentation"; a text is never one.
    return {
        key: _undocumented(one)
        for key, one in value.items()
        if not (key == "documentation" and isinstance(one, str))
    }


def _write(path: Path, value: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, separators=(",", ":")))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
