"""Our own sentences about the modules, read from the TOML files in `words/`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path

FOLDER = Path(__file__).parent / "words"


@dataclass(frozen=True, slots=True)
class Words:
    """What we say about one module or shape.

    `first` are the fields a builder function takes by position. `children` are the child keys the module
    really looks at; `more` says which others: `bridge` (hang-up causes and SIP codes), `any` (digits, values,
    numbers), or nothing. `only` maps a KAZOO version to child keys only that version uses.
    """

    says: str = ""
    first: tuple[str, ...] = ()
    children: tuple[str, ...] = ()
    more: str = ""
    traps: tuple[str, ...] = ()
    fields: dict[str, str] = field(default_factory=dict)


def read_words(folder: Path = FOLDER) -> dict[str, Words]:
    """Return the words about every module and shape, by name."""
    words: dict[str, Words] = {}
    for path in sorted(folder.glob("*.toml")):
        for name, entry in tomllib.loads(path.read_text("utf-8")).items():
            if name in words:
                raise ValueError(f"{path.name}: {name} already has words")
            words[name] = Words(
                says=entry["says"],
                first=tuple(entry.get("first", ())),
                children=tuple(entry.get("children", ())),
                more=entry.get("more", ""),
                traps=tuple(entry.get("traps", ())),
                fields=entry.get("fields", {}),
            )
    return words
