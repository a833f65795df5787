"""The settings of the functions that check the deployment: the doctor and the synthetic call."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import Self

from pivot_app.lazy_dataclass import dataclass
from pivot_app.settings import check

_URL = re.compile(r"https?://[^?#\s]*[^?#/\s]")
_EXPECTED = "the API's address; add it to the function's Environment in template.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class DoctorSettings:
    """The settings of the doctor.

    url: the address that KAZOO is given
    """

    url: str

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Read and check the environment; MisconfiguredError names the variable and the fix."""
        return cls(url=_address("DOCTOR_URL", environment))


@dataclass(frozen=True, slots=True, kw_only=True)
class SyntheticCallSettings:
    """The settings of the synthetic call.

    url: the address that is asked
    """

    url: str

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Read and check the environment; MisconfiguredError names the variable and the fix."""
        return cls(url=_address("SYNTHETIC_CALL_URL", environment))


def _address(variable: str, environment: Mapping[str, str]) -> str:
    return check(variable, environment.get(variable, "").rstrip("/"), _URL, _EXPECTED)
