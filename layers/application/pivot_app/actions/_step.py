"""The place of a call in its documents, carried in the signed token of the next address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace

from pivot_app.lazy_dataclass import dataclass

DEEPEST_PATH = 8
"""How many menus `back` can go back through."""

MOST_STATE_BYTES = 320
"""Of the names and values a call remembers: with the path back they travel in one signed address."""

_STATE = "s."


@dataclass(frozen=True, slots=True)
class Step:
    """One presentation of a menu, or one decision of a route.

    `version` is the version of the document the call began with (0 while there is none: then it is the live
    one), `number` counts the presentations of the call, `attempt` those of this menu since the caller
    arrived. `timeouts` and `failures` count its silences and wrong keys apart. `back` has the menus passed
    through, `state` what the call remembers.
    """

    version: int
    menu: str
    language: str
    attempt: int = 1
    number: int = 1
    account_id: str = ""
    back: tuple[str, ...] = ()
    timeouts: int = 0
    failures: int = 0
    returned: bool = False
    state: Mapping[str, str] = field(default_factory=dict)

    @property
    def collection(self) -> str:
        """The name of this question's digits, new each time: KAZOO keeps old collections and sends them
        again."""
        return f"{self.menu}_{self.number}"

    def retry(self, *, silent: bool = False) -> Step:
        """Return the next try of the same question, after silence or after a wrong key."""
        return replace(
            self,
            attempt=self.attempt + 1,
            number=self.number + 1,
            timeouts=self.timeouts + silent,
            failures=self.failures + (not silent),
        )

    def restart(self) -> Step:
        """Return the same question asked again."""
        return self._to(self.menu)

    def enter(self, menu: str) -> Step:
        """Return the step to another menu. A menu already passed through is returned to, so that paths stay
        short."""
        if menu == self.menu:
            return self.restart()
        path = (*self.back, self.menu) if self.menu else self.back
        path = path[: path.index(menu)] if menu in path else path[-DEEPEST_PATH:]
        return replace(self._to(menu), back=path)

    def back_to(self, start: str) -> Step:
        """Return the step to the menu before, or to the start."""
        if not self.back:
            return replace(self._to(start), returned=True)
        return replace(self._to(self.back[-1]), back=self.back[:-1], returned=True)

    def _to(self, menu: str) -> Step:
        return replace(
            self, menu=menu, attempt=1, number=self.number + 1, timeouts=0, failures=0, returned=False
        )

    def remember(self, values: Mapping[str, str]) -> Step:
        """Return the step with more values in the call's state; the oldest go when there are too many."""
        kept = {name: value for name, value in self.state.items() if name not in values}
        state = {**kept, **values}
        while len(state) > 1 and _size(state) > MOST_STATE_BYTES:
            del state[next(iter(state))]
        return replace(self, state=state)

    def carried(self) -> dict[str, str | int]:
        """Return the step as small values for the next address."""
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
        for name in ("timeouts", "failures", "returned"):
            if count := getattr(self, name):
                values[name] = int(count)
        return values | {f"{_STATE}{name}": value for name, value in self.state.items()}

    @classmethod
    def from_carried(cls, values: Mapping[str, str | int]) -> Step:
        """Return the step that `carried` wrote. The values are signed, so they are ours; KeyError without a
        version or menu."""
        return cls(
            version=int(values["version"]),
            menu=str(values["menu"]),
            language=str(values.get("language", "")),
            attempt=int(values.get("attempt", 1)),
            number=int(values.get("number", 1)),
            account_id=str(values.get("account", "")),
            back=tuple(str(values.get("back", "")).split()),
            timeouts=int(values.get("timeouts", 0)),
            failures=int(values.get("failures", 0)),
            returned=bool(values.get("returned", 0)),
            state={
                name.removeprefix(_STATE): str(value)
                for name, value in values.items()
                if name.startswith(_STATE)
            },
        )


def _size(state: Mapping[str, str]) -> int:
    return sum(len(f"{name}{value}".encode()) for name, value in state.items())
