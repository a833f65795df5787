"""Write the pages, or with `--check` name those that are out of date."""

from __future__ import annotations

import sys

from tools import reference

if "--check" in sys.argv:
    if names := reference.stale():
        sys.exit(f"out of date: {', '.join(names)}; run `python -m tools.reference`")
else:
    reference.write()
    print(f"{len(reference.PAGES)} pages in docs/reference")
