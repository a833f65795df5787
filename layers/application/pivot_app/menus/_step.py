"""Where a call is in its menus: carried from answer to answer in the signed token of the next address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

DEEPEST_PATH = 8
"""How many menus `back` can go back through."""


@dataclass(frozen=True, slots=True)
class Step:
    """One presentation of a menu.

    `version` is the version of the document the call began with (0 while there is none: then it is the live
    one), `number` counts the presentations of the call, `attempt` those of this menu since the caller
    arrived, `back` the menus passed through.
    """

    version: int
    menu: str
    language: str
    attempt: int = 1
    number: int = 1
    account_id: str = ""
    back: tuple[str, ...] = ()

    @property
    def collection(self) -> str:
        """The name of this question's digits, new each time: KAZOO keeps old collections and sends them
        again."""
        return f"{self.menu}_{self.number}"

    def again(self) -> Step:
        """The next try of the same question."""
        return replace(self, attempt=self.attempt + 1, number=self.number + 1)

    def repeated(self) -> Step:
        """The same question put anew."""
        return replace(self, attempt=1, number=self.number + 1)

    def into(self, menu: str) -> Step:
        """On to another menu; a menu already passed through is returned to, so that paths stay short."""
        if menu == self.menu:
            return self.repeated()
        path = (*self.back, self.menu) if self.menu else self.back
        path = path[: path.index(menu)] if menu in path else path[-DEEPEST_PATH:]
        return replace(self, menu=menu, attempt=1, number=self.number + 1, back=path)

    def returned(self, start: str) -> Step:
        """Back to the menu before, or to the start."""
        if not self.back:
            return replace(self, menu=start, attempt=1, number=self.number + 1)
        return replace(self, menu=self.back[-1], attempt=1, number=self.number + 1, back=self.back[:-1])

    def carried(self) -> dict[str, str | int]:
        """The step as small values for the next address."""
        values: dict[str, str | int] = {
            "version": self.version,
            "menu": self.menu,
            "language": self.language,
            "attempt": self.attempt,
            "number": self.number,
        }
        if self.account_id:
            values["account"] = self.account_id
        if self.back:
            values["back"] = " ".join(self.back)
        return values

    @classmethod
    def from_carried(cls, values: Mapping[str, str | int]) -> Step:
        """Read what `carried` wrote. The values are signed, so they are ours; KeyError without a version or
        menu."""
        return cls(
            version=int(values["version"]),
            menu=str(values["menu"]),
            language=str(values.get("language", "")),
            attempt=int(values.get("attempt", 1)),
            number=int(values.get("number", 1)),
            account_id=str(values.get("account", "")),
            back=tuple(str(values.get("back", "")).split()),
        )
