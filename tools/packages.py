"""Build the four distributions into `dist/`: `python -m tools.packages`.

Each has a `pyproject.toml` below `packaging/`; the version of all four is the one of the project.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DISTRIBUTIONS = ("kazoo-callflow", "kazoo-pivot", "kazoo-simulator", "pivot-lambda")


def build(target: Path) -> list[Path]:
    """Build every wheel into the folder `target`; return their paths, in the order of DISTRIBUTIONS."""
    target.mkdir(parents=True, exist_ok=True)
    wheels: list[Path] = []
    for name in DISTRIBUTIONS:
        command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(target)]
        done = subprocess.run(
            command, cwd=ROOT / "packaging" / name, capture_output=True, text=True, check=False
        )
        if done.returncode:
            sys.exit(f"{name} does not build:\n{done.stdout}{done.stderr}")
        wheels += target.glob(f"{name.replace('-', '_')}-*.whl")
    return wheels


def main() -> None:
    """Empty `dist/`, build, and print what was built."""
    target = ROOT / "dist"
    shutil.rmtree(target, ignore_errors=True)
    for wheel in build(target):
        print(f"dist/{wheel.name}  {wheel.stat().st_size / 1000:,.0f} kB")


if __name__ == "__main__":
    main()
