"""The settings of the call-end functions and of the sweeper: their queues."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import Self

from pivot_app.lazy_dataclass import dataclass
from pivot_app.settings import check

_URL = re.compile(r"https?://[^\s]{1,2000}")
_EXPECTED = "the queue's URL; add it to the function's Environment in template.yaml, with a policy for it"


@dataclass(frozen=True, slots=True, kw_only=True)
class CallEndedSettings:
    """The settings of the webhook receiver and of the queue's consumer.

    queue_url: the queue of KAZOO's events of legs
    """

    queue_url: str

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Read and check the environment; MisconfiguredError names the variable and the fix."""
        return cls(queue_url=_queue("CALL_ENDED_QUEUE", environment))


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepSettings:
    """The settings of the sweeper.

    notices_queue_url: the queue of notices that an account runs low
    control_queue_url: the queue of calls whose money ends; empty where the template's CallControl is off
    sweep_queue_url: the queue of parts of a round; empty where one instance sweeps all accounts
    """

    notices_queue_url: str
    control_queue_url: str
    sweep_queue_url: str

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Read and check the environment; MisconfiguredError names the variable and the fix."""
        return cls(
            notices_queue_url=_queue("NOTICES_QUEUE", environment),
            control_queue_url=_queue("CONTROL_QUEUE", environment, may_be_empty=True),
            sweep_queue_url=_queue("SWEEP_QUEUE", environment, may_be_empty=True),
        )


def _queue(variable: str, environment: Mapping[str, str], *, may_be_empty: bool = False) -> str:
    return check(variable, environment.get(variable, ""), _URL, _EXPECTED, may_be_empty=may_be_empty)
