"""Our own sentences about the modules, read from the TOML files in `docs/`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path

FOLDER = Path(__file__).parent / "docs"
COMMON = "_common"


@dataclass(frozen=True, slots=True)
class ModuleDocs:
    """The documentation of one module or shape.

    `first` are the fields a builder function takes by position. `children` are the child keys the module
    really looks at; `other_keys` says which others: `bridge` (hang-up causes and SIP codes) or a few words,
    such as `the digits pressed`. `non_blocking` modules are done at once.
    `unlisted` modules read the newer version's fields even where the older schema lists none. `fields` has
    the sentence of each field, nested ones with dots: `endpoints.id`.
    """

    says: str = ""
    first: tuple[str, ...] = ()
    children: tuple[str, ...] = ()
    other_keys: str = ""
    non_blocking: bool = False
    unlisted: bool = False
    traps: tuple[str, ...] = ()
    fields: dict[str, str] = field(default_factory=dict)
    common: dict[str, str] = field(default_factory=dict)

    def of(self, name: str) -> str:
        """Return the sentence about a field, or raise the error that asks for one."""
        try:
            return self.fields.get(name) or self.common[name]
        except KeyError:
            raise ValueError(f"no docs about the field {name!r} of {self.says!r}") from None


def read_docs(folder: Path = FOLDER) -> dict[str, ModuleDocs]:
    """Return the docs of every module and shape, by name."""
    entries: dict[str, dict[str, object]] = {}
    for path in sorted(folder.glob("*.toml")):
        for name, entry in tomllib.loads(path.read_text("utf-8")).items():
            if name in entries:
                raise ValueError(f"{path.name}: {name} already has docs")
            entries[name] = {
                key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()
            }
    common = entries.pop(COMMON)["fields"]
    return {name: ModuleDocs(**entry, common=common) for name, entry in entries.items()}  # type: ignore[arg-type]
