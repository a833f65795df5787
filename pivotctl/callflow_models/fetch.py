"""Fetches KAZOO's JSON schemas at pinned commits, with git alone; none of them enters this repository."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Source:
    """The source of one version's schemas."""

    repository: str
    commit: str
    folder: str


# To renew the language: change a commit, fetch, write, and let the tests say what changed for callers.
SOURCES = {
    "4.3": Source(
        "https://github.com/2600hz/kazoo",
        "223893d0ba0268b87451f2ff1d803614999a03eb",
        "applications/crossbar/priv/couchdb/schemas",
    ),
    "5": Source(
        "https://github.com/openkazoo/kazoo5-dev",
        "37a7781b0f80ca76048498b309eaa2bf53902d85",
        "kazoo-crossbar/priv/couchdb/schemas",
    ),
}


def fetch(target: Path) -> None:
    """Write `4.3/` and `5/` below `target`: the callflow schemas and those they refer to."""
    for version, source in SOURCES.items():
        with tempfile.TemporaryDirectory() as folder:
            schemas = _checked_out(source, Path(folder))
            if not schemas.is_dir():
                raise ValueError(f"{source.repository} has no {source.folder} at {source.commit}")
            wanted = needed(schemas)
            place = target / version
            shutil.rmtree(place, ignore_errors=True)
            place.mkdir(parents=True)
            for name in wanted:
                shutil.copy(schemas / f"{name}.json", place)


def _checked_out(source: Source, folder: Path) -> Path:
    def git(*words: str) -> None:
        subprocess.run(["git", "-C", str(folder), *words], check=True, capture_output=True, text=True)

    git("init", "--quiet")
    git("sparse-checkout", "set", "--no-cone", f"/{source.folder}/")
    git("fetch", "--quiet", "--depth", "1", "--filter", "blob:none", source.repository, source.commit)
    git("checkout", "--quiet", "FETCH_HEAD")
    return folder / source.folder


def needed(schemas: Path) -> list[str]:
    """Return the callflow schemas of a folder, and every schema they reach by `$ref`."""
    waiting = sorted(path.stem for path in schemas.glob("callflows*.json"))
    found: dict[str, None] = {}
    while waiting:
        name = waiting.pop(0)
        if name in found or not (schemas / f"{name}.json").is_file():
            continue
        found[name] = None
        waiting += _references(json.loads((schemas / f"{name}.json").read_text("utf-8")))
    return list(found)


def _references(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
        return own + [name for one in value.values() for name in _references(one)]
    return [name for one in value for name in _references(one)] if isinstance(value, list) else []
