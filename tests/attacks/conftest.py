"""Two KAZOO accounts on the deployed stack: one is attacked, the other one's operator is the attacker."""

from __future__ import annotations

import pytest

from pivotctl.local_stack import Stack
from tests.attacks.attacker import Victim


@pytest.fixture(scope="session")
def victim(stack: Stack) -> Victim:
    """Who is attacked."""
    return Victim.on(stack)


@pytest.fixture(scope="session")
def neighbour(stack: Stack) -> Victim:
    """An attacker with live tokens of their own."""
    return Victim.on(stack)
