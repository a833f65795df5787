"""Prepare a release: `python -m tools.release` checks, then builds what a release publishes into `dist/`.

A release needs a version in `pyproject.toml`, a section of that version with a date in CHANGELOG.md, nothing
uncommitted, and, where the commit has a tag, the tag of that version.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib

from tools import audit, packages

ROOT = packages.ROOT


def version(pyproject: str) -> str:
    """Return the project's version."""
    return str(tomllib.loads(pyproject)["project"]["version"])


def notes(changelog: str, of: str) -> str | None:
    """Return the changelog's section of a version without its heading; None if it has none with a date."""
    heading = re.compile(
        rf"^## {re.escape(of)} - \d{{4}}-\d{{2}}-\d{{2}}\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL
    )
    found = heading.search(changelog)
    return found[1].strip() if found and found[1].strip() else None


def problems(pyproject: str, changelog: str, tags: list[str], uncommitted: str) -> list[str]:
    """Return what keeps a release from being made, each with its remedy."""
    now, found = version(pyproject), []
    if not re.fullmatch(r"\d+\.\d+\.\d+", now):
        found.append(f"pyproject.toml: version {now!r} is not MAJOR.MINOR.PATCH")
    if notes(changelog, now) is None:
        found.append(f"CHANGELOG.md: add a section '## {now} - YYYY-MM-DD' with what changes for users")
    if tags and f"v{now}" not in tags:
        found.append(f"the tag {tags[0]} is not v{now}: tag the commit whose pyproject.toml says {now}")
    if uncommitted:
        found.append("commit or remove the uncommitted changes first")
    return found


def git(*arguments: str) -> str:
    """Return what git prints."""
    command = ["git", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()


def main() -> None:
    """Check, build, and say what to do next."""
    pyproject, changelog = (ROOT / "pyproject.toml").read_text(), (ROOT / "CHANGELOG.md").read_text()
    tags = [tag for tag in git("tag", "--points-at", "HEAD").splitlines() if tag.startswith("v")]
    if found := problems(pyproject, changelog, tags, git("status", "--porcelain")):
        sys.exit("no release:\n" + "\n".join(f"- {problem}" for problem in found))
    target = ROOT / "dist"
    shutil.rmtree(target, ignore_errors=True)
    wheels = packages.build(target)
    audit.bill_of_materials(target / "sbom.cdx.json")
    (target / "release-notes.md").write_text(f"{notes(changelog, version(pyproject))}\n")
    print(f"{len(wheels)} wheels, sbom.cdx.json and release-notes.md are in dist/.")
    if not tags:
        print(f"Publish with: git tag v{version(pyproject)} && git push origin v{version(pyproject)}")


if __name__ == "__main__":
    main()
