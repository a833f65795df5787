"""The settings of the balance gate."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import Self

from pivot_app.lazy_dataclass import dataclass
from pivot_app.settings import check

_NUMBER = re.compile(r"[0-9]{1,6}")


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceGateSettings:
    """The settings of the balance gate.

    unbilled_calls: calls an hour that an instance allows without a hold while the store is unavailable
    """

    unbilled_calls: int

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Read and check the environment; MisconfiguredError names the variable and the fix."""
        variable = "GATE_STORE_DOWN_CALLS"
        given = check(variable, environment.get(variable, "0"), _NUMBER, "a number, 0 or more")
        return cls(unbilled_calls=int(given))
