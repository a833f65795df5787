"""The event files: what each function is invoked with."""

from __future__ import annotations

from pathlib import Path

from tools.reference.markdown import table

ROOT = Path(__file__).resolve().parents[2]


def page() -> str:
    """Return the page."""
    rows = [
        (f"`{path.parent.name}`", f"`events/{path.parent.name}/{path.name}`")
        for path in sorted((ROOT / "events").glob("*/*.json"))
    ]
    return "\n".join(
        (
            "# Event files\n",
            "What API Gateway, SQS or a schedule hands a function. Invoke one with\n",
            "```console\n$ .venv-sam/bin/sam local invoke MenuFunction --event events/menu/json.json\n```\n",
            "`pivot events NAME` writes them again from KAZOO's requests.\n",
            table(("function", "event"), rows),
        )
    )
