"""Write `callflow/_generated` from KAZOO's JSON schemas and our own docs."""

from __future__ import annotations

import json
import os
from pathlib import Path

from .builders import builder_source, index_source, types_source
from .docs import read_docs
from .language import Module, read_language
from .models import model_source, models_index
from .nested import Nested
from .schemas import Rule, read_schemas

VERSIONS = ("4.3", "5")
ROOT = Path(__file__).parents[2]
ABOUT = "Written by `python -m pivotctl.callflow_models`; do not edit."


def at_hand() -> Path | None:
    """Return a folder with KAZOO's schemas: $KAZOO_SCHEMAS, a fetched one, or `shared` beside the clone."""
    given = os.environ.get("KAZOO_SCHEMAS")
    places = [Path(given)] if given else [ROOT / ".kazoo-schemas"]
    places += [above / "shared" / "kazoo" / "schemas" for above in ROOT.parents[:2]]
    return next((place for place in places if all((place / version).is_dir() for version in VERSIONS)), None)


def drift(schemas: Path, generated: Path) -> list[str]:
    """Return the files below `_generated` that are not what the schemas say."""
    wanted = generate(schemas)
    found = {
        str(path.relative_to(generated)): path.read_text("utf-8")
        for path in generated.rglob("*")
        if path.suffix in {".py", ".json"}
    }
    return sorted(name for name in wanted.keys() | found.keys() if wanted.get(name) != found.get(name))


def generate(schemas: Path) -> dict[str, str]:
    """Return the text of every generated file, by its path below `_generated`."""
    tables = {version: read_schemas(schemas / version) for version in VERSIONS}
    docs = read_docs()
    language = read_language(tables, docs)
    shapes: dict[str, dict[str, Rule]] = {}
    for version, table in tables.items():
        for name, rule in (*table["shapes"].items(), *table["modules"].items()):
            shapes.setdefault(name, {})[version] = rule
    for name, module in language.items():
        if module.docs.unlisted:
            for rule in shapes[name].values():
                rule["known"] = [
                    field.name for field in module.data.fields if field.name not in rule["fields"]
                ]
    nested = Nested(shapes, docs)

    files = {"__init__.py": '"""Written by `python -m pivotctl.callflow_models`; do not edit."""\n'}
    for version, table in tables.items():
        files[f"schemas_{version.replace('.', '_')}.json"] = _json({"about": ABOUT, **table})
    files["branches.json"] = _json(
        {"about": ABOUT, "modules": {name: _branch_rules(module) for name, module in language.items()}}
    )
    homes: dict[str, str] = {}
    for name, module in language.items():
        files[f"builders/{name}.py"] = builder_source(module, nested)
        files[f"models/{name}.py"], classes = model_source(module, shapes, docs)
        homes |= {each: homes.get(each, name) for each in classes}
    files["builders/__init__.py"] = index_source(list(language))
    files["models/__init__.py"] = models_index(homes)
    files["types.py"] = types_source(nested)
    return files


def _branch_rules(module: Module) -> dict[str, object]:
    """Return what a module does with its children, and whether it is done at once."""
    rules: dict[str, object] = {"children": list(module.docs.children)}
    if module.docs.other_keys:
        rules["other_keys"] = module.docs.other_keys
    if module.docs.non_blocking:
        rules["non_blocking"] = True
    return rules


def _json(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":")) + "\n"
