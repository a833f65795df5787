"""From what is there to what is wanted: the steps, in an order that a broken run can be completed from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from pivot_app.crossbar import MARKER, Provisioned, differences, without_token
from pivotctl.errors import UserError
from pivotctl.provision._state import State
from pivotctl.provision._wanted import Wanted, leaves

Action = Literal["create", "update", "delete", "take", "give_back"]
Change = tuple[str, Any, Any]

PARKED = "parked-"
LONGEST_NUMBER = 36


class RefusedPlanError(UserError):
    """The plan would change what this deployment did not make; the message says how to permit it."""


@dataclass(frozen=True, slots=True)
class Step:
    """One write. `numbers` replaces those of the document for this write; `number` is what is moved."""

    action: Action
    collection: str
    role: str
    title: str
    changes: tuple[Change, ...] = ()
    document_id: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    number: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """The planned changes, with notes."""

    steps: tuple[Step, ...]
    warnings: tuple[str, ...] = ()

    @property
    def summary(self) -> tuple[tuple[str, str, tuple[Change, ...]], ...]:
        """The changes that a person approves: a second try continues only if they are the same."""
        return tuple((step.action, step.title, step.changes) for step in self.steps if step.title)


def marker(deployment: str, wanted: Wanted, took: Mapping[str, str]) -> dict[str, Any]:
    """Return the marker of a document: whose it is, and what was sent, by which a later edit shows."""
    sent = {key: value for key, value in wanted.data.items() if key != "name"}
    return {"deployment": deployment, "role": wanted.role, "sent": sent, "took": dict(took)}


def make_plan(
    state: State, wanted: list[Wanted], deployment: str, tokens: Mapping[str, str], *, take_over: bool
) -> Plan:
    """Return the steps from the state to what is wanted; RefusedPlanError if a number is somebody else's.

    `tokens` maps a collection to the token its documents carry; an empty one is still to be made.
    """
    planner = _Planner(state, deployment, tokens, take_over=take_over)
    planner.wanted = {number for each in wanted for number in each.numbers}
    keys = {(each.collection, each.role) for each in wanted}
    for each in (each for each in wanted if each.collection == "webhooks"):
        planner.webhook(each)
    for each in (each for each in wanted if each.collection == "callflows"):
        planner.callflow(each)
    planner.finish()
    for key, ours in state.ours.items():
        if key not in keys:
            planner.remove(ours)
    for ours in state.duplicates:
        planner.remove(ours, why="a second one of the same role")
    if planner.refused:
        raise RefusedPlanError("\n".join(planner.refused))
    return Plan(tuple(planner.steps), tuple(planner.warnings))


def make_undo(state: State, deployment: str) -> Plan:
    """Return the steps that remove everything of ours and give back what was taken."""
    planner = _Planner(state, deployment, {}, take_over=True)
    for ours in (*state.ours.values(), *state.duplicates):
        planner.remove(ours)
    return Plan(tuple(planner.steps))


class _Planner:
    def __init__(self, state: State, deployment: str, tokens: Mapping[str, str], *, take_over: bool) -> None:
        self.state = state
        self.deployment = deployment
        self.take_over = take_over
        self.tokens = tokens
        self.wanted: set[str] = set()
        self.took = {
            number: holder
            for each in (*state.ours.values(), *state.duplicates)
            for number, holder in each.took.items()
        }
        self.steps: list[Step] = []
        self.last: list[Step] = []
        self.warnings: list[str] = []
        self.refused: list[str] = []

    def webhook(self, wanted: Wanted) -> None:
        ours = self.state.ours.get(("webhooks", wanted.role))
        data = {**wanted.data, MARKER: marker(self.deployment, wanted, {})}
        title = f"webhook {wanted.role}"
        if ours is None:
            self.steps.append(Step("create", "webhooks", wanted.role, title, _all(wanted.data), data=data))
            return
        if not ours.document.data.get("enabled", True):
            self.warnings.append(f"{title} is switched off; `pivot doctor --fix` switches it on")
        # Whether it is on stays as it was found.
        data["enabled"] = ours.document.data.get("enabled", True)
        self._update(ours, wanted, data, title)

    def callflow(self, wanted: Wanted) -> None:
        ours = self.state.ours.get(("callflows", wanted.role))
        own_id = ours.document.id if ours else ""
        title = f"callflow {wanted.role}"
        held = {
            n: self.state.holders[n] for n in wanted.numbers if self.state.holders.get(n, own_id) != own_id
        }
        our_ids = {each.document.id for each in self.state.ours.values()}
        foreign = {number: holder for number, holder in held.items() if holder not in our_ids}
        if foreign and not self.take_over:
            for number, holder in foreign.items():
                self.refused.append(
                    f"{title}: number {number} is in callflow {self.state.titles[holder]!r} ({holder}); "
                    "take it out there, or run again with --take-over"
                )
            return
        took = {**(ours.took if ours else {}), **foreign}
        # Also what another of our callflows took, if the number moves on to this one.
        known = {**self.took, **foreign}
        keep = {number: known[number] for number in wanted.numbers if number in known}
        data = {**wanted.data, MARKER: marker(self.deployment, wanted, keep)}
        free = [number for number in wanted.numbers if number not in held]
        if ours is None:
            first = {**data, "numbers": free if free or not held else [placeholder(wanted.role)]}
            self.steps.append(Step("create", "callflows", wanted.role, title, _all(wanted.data), data=first))
        elif held:
            # What is taken is written down first, so that a broken run can be undone.
            note = {**ours.document.data, MARKER: marker(self.deployment, wanted, took)}
            note_step = Step("update", "callflows", wanted.role, "", document_id=own_id, data=note)
            self.steps.append(note_step)
        for number, holder in held.items():
            name = self.state.titles.get(holder, holder)
            self.last.append(
                Step(
                    "take",
                    "callflows",
                    wanted.role,
                    f"number {number} out of callflow {name!r}",
                    document_id=holder,
                    number=number,
                )
            )
        if ours is not None:
            self._release(ours, wanted)
            self._update(ours, wanted, data, title, always=bool(held), steps=self.last)
        elif held:
            self.last.append(Step("update", "callflows", wanted.role, "", data=data))

    def finish(self) -> None:
        """Move numbers after everything else is in place: in between they ring nowhere."""
        takes = [step for step in self.last if step.action == "take"]
        self.steps += [*takes, *(step for step in self.last if step.action != "take")]
        self.last = []

    def remove(self, ours: Provisioned, why: str = "") -> None:
        title = f"{ours.collection.removesuffix('s')} {ours.role}" + (f" ({why})" if why else "")
        if ours.took:
            bare = {**ours.document.data, "numbers": [placeholder(ours.role)]}
            self.steps.append(
                Step("update", ours.collection, ours.role, "", document_id=ours.document.id, data=bare)
            )
            self._give_back(ours, list(ours.took))
        self.steps.append(Step("delete", ours.collection, ours.role, title, document_id=ours.document.id))

    def _release(self, ours: Provisioned, wanted: Wanted) -> None:
        """Give back the numbers that were taken and are no longer wanted."""
        gone = [number for number in ours.took if number not in wanted.numbers]
        if gone:
            left = [number for number in ours.numbers if number not in gone] or [placeholder(ours.role)]
            data = {**ours.document.data, "numbers": left}
            self.steps.append(
                Step("update", "callflows", ours.role, "", document_id=ours.document.id, data=data)
            )
            self._give_back(ours, gone)

    def _give_back(self, ours: Provisioned, numbers: list[str]) -> None:
        for number in numbers:
            holder = ours.took[number]
            if self.state.holders.get(number) == holder or number in self.wanted:
                continue
            name = self.state.titles.get(holder)
            if name is None:
                self.warnings.append(
                    f"number {number} came from callflow {holder}, which is gone: it is free now"
                )
                continue
            self.steps.append(
                Step(
                    "give_back",
                    "callflows",
                    ours.role,
                    f"number {number} back to callflow {name!r}",
                    document_id=holder,
                    number=number,
                )
            )

    def _update(
        self,
        ours: Provisioned,
        wanted: Wanted,
        data: Mapping[str, Any],
        title: str,
        *,
        always: bool = False,
        steps: list[Step] | None = None,
    ) -> None:
        stored = without_token(ours.document.data, ours.token)
        changes = differences(wanted.data, stored)
        if ours.token != self.tokens[ours.collection]:
            changes = [*changes, ("token", "one that is not live" if ours.token else None, "a live one")]
        is_marked = differences(data[MARKER], stored.get(MARKER) or {}) == []
        took = (stored.get(MARKER) or {}).get("took") or {}
        if changes or always or not is_marked or took != data[MARKER]["took"]:
            whole = {key: value for key, value in ours.document.data.items() if key != "disable_reason"}
            (self.steps if steps is None else steps).append(
                Step(
                    "update",
                    ours.collection,
                    ours.role,
                    title if changes else "",
                    tuple(changes),
                    document_id=ours.document.id,
                    data={**whole, **data},
                )
            )


def placeholder(name: str) -> str:
    """Return the undialable entry of `numbers` for callflows that need one."""
    return f"{PARKED}{name}"[:LONGEST_NUMBER]


def _all(data: Mapping[str, Any]) -> tuple[Change, ...]:
    return tuple((path, None, value) for path, value in leaves(data))
