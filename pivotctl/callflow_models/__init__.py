"""Write `callflow/_generated` from KAZOO's JSON schemas and our own words: `python -m
pivotctl.callflow_models`.
"""

from __future__ import annotations

import json
from pathlib import Path

from .builders import builder_source, index_source, types_source
from .facts import Rule, read_facts
from .language import read_language
from .python_types import Types
from .words import read_words

VERSIONS = ("4.3", "5")


def generate(schemas: Path) -> dict[str, str]:
    """Return the text of every generated file, by its path below `_generated`."""
    facts = {version: read_facts(schemas / version) for version in VERSIONS}
    words = read_words()
    language = read_language(facts, words)
    shapes: dict[str, list[Rule]] = {}
    for table in facts.values():
        for name, rule in (*table["shapes"].items(), *table["modules"].items()):
            shapes.setdefault(name, []).append(rule)
    types = Types(shapes)

    files = {"__init__.py": '"""Written by `python -m pivotctl.callflow_models`; do not edit."""\n'}
    for version, table in facts.items():
        branches = {
            name: [list(module.words.children), module.words.more]
            for name, module in language.items()
            if version in module.versions
        }
        files[f"facts_{version.replace('.', '_')}.json"] = _json({**table, "branches": branches})
    for name, module in language.items():
        files[f"builders/{name}.py"] = builder_source(module, types)
    files["builders/__init__.py"] = index_source(list(language))
    files["types.py"] = types_source(types)
    return files


def _json(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":")) + "\n"
