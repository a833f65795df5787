"""The state of a KAZOO account: our documents, and the callflow of each number."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pivot_app.crossbar import Crossbar, Provisioned, read_provisioned
from pivotctl.provision._names import Names

PHONE = re.compile(r"\+?\d{7,}")
SEPARATORS = str.maketrans("", "", " -().")


@dataclass(slots=True)
class State:
    """An account as it is read once for a plan."""

    names: Names
    ours: dict[tuple[str, str], Provisioned] = field(default_factory=dict)
    duplicates: list[Provisioned] = field(default_factory=list)
    holders: dict[str, str] = field(default_factory=dict)
    """Number to the id of the callflow that has it."""
    titles: dict[str, str] = field(default_factory=dict)
    """Id of a callflow to its name."""

    @property
    def tokens(self) -> set[str]:
        """The tokens that our documents carry."""
        return {each.token for each in self.ours.values()} - {""}


def read_state(crossbar: Crossbar, deployment: str) -> State:
    """Read an account: the callflows, and of ours and of the webhooks the whole documents."""
    names = Names(crossbar)
    state = State(names)
    for row in names.callflows:
        state.titles[str(row["id"])] = str(row.get("name") or "no name")
        for number in row.get("numbers") or ():
            state.holders[str(number)] = str(row["id"])
    state.ours, state.duplicates = read_provisioned(crossbar, deployment)
    return state


def stored_form(crossbar: Crossbar, number: str) -> str:
    """Return a number as this KAZOO account stores it; extensions and feature codes stay as they are."""
    plain = number.translate(SEPARATORS)
    if not PHONE.fullmatch(plain):
        return number.strip()
    return crossbar.stored_number(plain)


def number_warnings(numbers: list[str], owned: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Return what will keep calls from a number, one sentence each."""
    found = []
    for number in numbers:
        if not PHONE.fullmatch(number):
            continue
        facts = owned.get(number)
        if facts is None:
            found.append(
                f"{number}: the account does not own this number; no carrier's call arrives until it does"
            )
        elif facts.get("state") != "in_service":
            found.append(f"{number}: its state is {facts.get('state')!r}; calls arrive once it is in_service")
        elif facts.get("used_by") not in (None, "", "callflow"):
            found.append(f"{number}: KAZOO uses it for {facts['used_by']}, which gets its calls")
    return found
