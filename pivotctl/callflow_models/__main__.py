"""Renew the callflow language: `python -m pivotctl.callflow_models [--fetch] [--check] [FOLDER]`.

FOLDER has KAZOO's schemas in `4.3/` and `5/`; by default it is where `at_hand` finds them. With --fetch they
are fetched into it first, at the commits that `fetch.py` pins. With --check nothing is written: the exit code
is 1 when the generated files differ from what the schemas say.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

from . import ROOT, at_hand, drift, generate
from .fetch import fetch

GENERATED = ROOT / "layers" / "kazoo" / "kazoo_callflow" / "_generated"


def main() -> None:
    """Write the files; those that are no longer generated are removed."""
    parser = argparse.ArgumentParser(prog="python -m pivotctl.callflow_models", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, help="the folder with 4.3/ and 5/ in it")
    parser.add_argument("--fetch", action="store_true", help="fetch the schemas into the folder first")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 on a difference")
    options = parser.parse_args()
    schemas = options.folder or at_hand()
    if options.fetch:
        schemas = schemas or ROOT / ".kazoo-schemas"
        try:
            fetch(schemas)
        except (subprocess.CalledProcessError, OSError, ValueError) as error:
            why = getattr(error, "stderr", "") or error
            sys.exit(
                f"the schemas cannot be fetched: {str(why).strip()}\nname a folder that has them: 4.3/ and 5/"
            )
    if schemas is None or not (schemas / "4.3").is_dir() or not (schemas / "5").is_dir():
        sys.exit(
            f"no schemas at {schemas or 'hand'}: name a folder that has 4.3/ and 5/ in it, or pass --fetch"
        )
    if options.check:
        differing = drift(schemas, GENERATED)
        print("\n".join(differing) or "nothing differs")
        sys.exit(1 if differing else 0)
    files = generate(schemas)
    for path in sorted(GENERATED.rglob("*")):
        if path.is_file() and path.suffix != ".pyc" and str(path.relative_to(GENERATED)) not in files:
            path.unlink()
    for name, text in files.items():
        path = GENERATED / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    print(f"{len(files)} files in {GENERATED.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
