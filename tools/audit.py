"""Lists the shipped packages, their licences and their known vulnerabilities: `python -m tools.audit`.

Looks at the locked requirements of the functions. Exits with 1 for a known vulnerability or a licence that is
not on the list. Without an advisory source in reach it says so, and still checks the licences.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "layers" / "dependencies" / "requirements.txt"
ALLOWED = re.compile(
    r"Apache|BSD|MIT|ISC|PSF|Python Software Foundation|Unlicense|LGPL|MPL|Mozilla", re.IGNORECASE
)
SECONDS = 120


def shipped(lock: str) -> dict[str, str]:
    """Return package name to version, as a locked requirements file pins them."""
    return dict(re.findall(r"^([A-Za-z0-9._-]+)==([^\s\\;]+)", lock, re.MULTILINE))


def licence(name: str) -> str:
    """Return the licence an installed package declares; empty if it is not installed or declares none."""
    try:
        declared = metadata(name)
    except PackageNotFoundError:
        return ""
    classifiers = [
        line.rpartition("::")[2].strip()
        for line in declared.get_all("Classifier") or ()
        if line.startswith("License ::")
    ]
    texts = [*(declared.get_all("License-Expression") or ()), ", ".join(classifiers)]
    texts += [text.strip().partition("\n")[0][:80] for text in declared.get_all("License") or ()]
    return next(filter(None, texts), "")


def vulnerabilities(lock: Path) -> list[str] | None:
    """Return the known vulnerabilities of a lock, one line each; None if no advisory source answers."""
    command = [sys.executable, "-m", "pip_audit", "--requirement", str(lock), "--no-deps", "--disable-pip"]
    command += ["--format", "json", "--progress-spinner", "off", "--timeout", "15"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=SECONDS)
        answer = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        return None
    # Where the index holds no advisories, pip-audit calls every package unknown and finds nothing.
    if any("skip_reason" in package for package in answer["dependencies"]):
        return None
    return [
        f"{package['name']} {package['version']}: {found['id']}, "
        f"fixed in {', '.join(found['fix_versions']) or 'no version yet'}"
        for package in answer["dependencies"]
        for found in package.get("vulns", ())
    ]


def bill_of_materials(target: Path) -> None:
    """Write the CycloneDX bill of materials of what the layers ship."""
    command = [sys.executable, "-m", "cyclonedx_py", "requirements", str(LOCK)]
    command += ["--pyproject", str(ROOT / "pyproject.toml"), "--output-reproducible", "-o", str(target)]
    subprocess.run(command, check=True, capture_output=True)


def main() -> None:
    """Print the table and the findings."""
    bad = []
    for name, version in shipped(LOCK.read_text()).items():
        declared = licence(name)
        if not ALLOWED.search(declared):
            bad.append(f"{name}: licence {declared or 'unknown'} is not on the list of tools/audit.py")
        print(f"{name:28} {version:12} {declared or 'unknown'}")
    found = vulnerabilities(LOCK)
    if found is None:
        print("\nNo advisory source is in reach: vulnerabilities were not checked.")
    else:
        print(f"\n{len(found)} known vulnerabilities")
    if problems := bad + (found or []):
        sys.exit("\n".join(problems))


if __name__ == "__main__":
    main()
