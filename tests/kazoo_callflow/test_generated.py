"""What is generated is what the generator writes today from KAZOO's schemas and our words."""

from __future__ import annotations

from pathlib import Path

import pytest

from pivotctl.callflow_models import generate
from pivotctl.callflow_models.docs import read_docs

ROOT = Path(__file__).parents[2]
SCHEMAS = ROOT.parent / "shared" / "kazoo" / "schemas"
GENERATED = ROOT / "layers" / "kazoo" / "kazoo_callflow" / "_generated"


def test_generated_files_have_not_drifted() -> None:
    """Each file under `_generated` is, byte for byte, what `python -m pivotctl.callflow_models` writes."""
    if not SCHEMAS.is_dir():
        pytest.skip(f"KAZOO's schemas are not at {SCHEMAS}: nothing to compare the generated files with")
    wanted = generate(SCHEMAS)
    found = {
        str(path.relative_to(GENERATED)): path.read_text("utf-8")
        for path in GENERATED.rglob("*")
        if path.suffix in {".py", ".json"}
    }
    assert sorted(found) == sorted(wanted)
    assert [name for name in wanted if found[name] != wanted[name]] == []


def test_no_sentence_of_the_schemas_is_copied() -> None:
    """Our words are ours: no description of the schemas is in them."""
    if not SCHEMAS.is_dir():
        pytest.skip(f"KAZOO's schemas are not at {SCHEMAS}: nothing to compare our words with")
    import json
    import re

    theirs = {
        text.lower().rstrip(".")
        for path in SCHEMAS.rglob("*.json")
        for text in re.findall(r'"description": ("(?:[^"\\]|\\.)*")', path.read_text("utf-8"))
        for text in [json.loads(text)]
        if len(text.split()) > 4
    }
    ours = {
        text.lower().rstrip(".")
        for words in read_docs().values()
        for text in (words.says, *words.fields.values())
    }
    assert sorted(theirs & ours) == []


def test_every_module_has_words() -> None:
    """Each module says what it does in one sentence."""
    for name, words in read_docs().items():
        assert words.says.endswith("."), name
        assert all(text.endswith(".") for text in (*words.traps, *words.fields.values())), name
