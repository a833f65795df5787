"""The finding of a check."""

from __future__ import annotations

from typing import Literal

from pivot_app.lazy_dataclass import dataclass

Level = Literal["ok", "note", "warning", "error"]
Check = Literal["access", "token", "callflow", "number", "webhook", "reach", "latency", "holds", "ends"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence about the account, and the remedy where one is needed.

    `error`: calls or money are lost; `warning`: they will be; `note`: worth knowing. `is_mended`: it was an
    error that this run put right.
    """

    check: Check
    level: Level
    message: str
    remedy: str = ""
    is_mended: bool = False

    @property
    def facts(self) -> dict[str, str]:
        """The fields of a log line."""
        return {"check": self.check, "severity": self.level, "finding": self.message, "remedy": self.remedy}
