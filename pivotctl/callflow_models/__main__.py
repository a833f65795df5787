"""Read the schemas, write `_generated`: `python -m pivotctl.callflow_models [FOLDER WITH 4.3/ AND 5/]`."""

from __future__ import annotations

import sys
from pathlib import Path

from . import generate

ROOT = Path(__file__).parents[2]


def main() -> None:
    """Write the files; those that are no longer generated are removed."""
    schemas = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT.parent / "shared" / "kazoo" / "schemas"
    if not schemas.is_dir():
        sys.exit(f"no schemas at {schemas}; name the folder that has 4.3/ and 5/ in it")
    target = ROOT / "layers" / "kazoo" / "kazoo_callflow" / "_generated"
    files = generate(schemas)
    for path in sorted(target.rglob("*")):
        if path.is_file() and path.suffix != ".pyc" and str(path.relative_to(target)) not in files:
            path.unlink()
    for name, text in files.items():
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    print(f"{len(files)} files in {target.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
