"""The deployment's settings, from the environment of the function.

The settings of every function are here. `queues`, `balance_gate`, `live_debug` and `checks` have those that
only some functions need.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from functools import cache
from typing import Self

from kazoo_pivot import MisconfiguredError
from pivot_app.lazy_dataclass import dataclass

_STAGE = re.compile(r"[a-z][a-z0-9-]{0,19}")
_PREFIX = re.compile(r"/[A-Za-z0-9_./-]*[A-Za-z0-9_.-]")
_PUBLIC_URL = re.compile(r"https?://[^?#\s]*[^?#/\s]")
# KAZOO 4.3: hosts on its black list by default; one such node makes it reject the whole answer.
_REFUSED_BY_KAZOO = re.compile(r"https?://(localhost|127\.0\.0\.1|0\.0\.0\.0)(?![^:/])")
_TABLE = re.compile(r"[A-Za-z0-9_.-]{3,255}|arn:[^\s]{1,1000}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings that template.yaml gives a function.

    public_url: the API's address for KAZOO, without a trailing slash; empty: taken from each request
    parameter_prefix: where the SSM parameters are
    *_table: names of DynamoDB tables; reading one that the function was not given raises MisconfiguredError
    """

    stage: str
    public_url: str
    parameter_prefix: str
    service: str
    metrics_namespace: str
    log_level: str
    function_name: str
    _tables: Mapping[str, str]

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Self:
        """Read and check the environment; MisconfiguredError names the variable and the fix."""
        env = os.environ if environment is None else environment
        stage = env.get("PIVOT_STAGE", "dev")
        public_url = env.get("PIVOT_PUBLIC_URL", "")
        if _REFUSED_BY_KAZOO.match(public_url):
            raise MisconfiguredError(
                f"environment variable PIVOT_PUBLIC_URL is {public_url!r}, which KAZOO refuses in a pivot "
                "node; set it to a name that KAZOO resolves to this deployment"
            )
        return cls(
            stage=check("PIVOT_STAGE", stage, _STAGE, "lower-case letters, digits and dashes, 20 at most"),
            public_url=check(
                "PIVOT_PUBLIC_URL",
                public_url,
                _PUBLIC_URL,
                "such as https://pivot.example.com, without a trailing slash, or empty",
                may_be_empty=True,
            ),
            parameter_prefix=check(
                "PIVOT_PARAMETER_PREFIX",
                env.get("PIVOT_PARAMETER_PREFIX", f"/pivot-lambda/{stage}"),
                _PREFIX,
                "such as /pivot-lambda/dev, with a leading and without a trailing slash",
            ),
            service=env.get("POWERTOOLS_SERVICE_NAME", "pivot-lambda"),
            metrics_namespace=env.get("POWERTOOLS_METRICS_NAMESPACE", "PivotLambda"),
            log_level=env.get("POWERTOOLS_LOG_LEVEL", "INFO"),
            function_name=env.get("AWS_LAMBDA_FUNCTION_NAME", ""),
            _tables={name: value for name, value in env.items() if name.endswith("_TABLE") and value},
        )

    def table(self, variable: str) -> str:
        """Return the DynamoDB table of an environment variable; MisconfiguredError if it is empty."""
        return check(
            variable,
            self._tables.get(variable, ""),
            _TABLE,
            "the table's name; add it to the function's Environment in template.yaml, with a policy for it",
        )

    def has_table(self, variable: str) -> bool:
        """Return whether the function was given that table."""
        return variable in self._tables

    @property
    def accounts_table(self) -> str:
        """The table of prepaid accounts, profiles and ledgers."""
        return self.table("ACCOUNTS_TABLE")

    @property
    def tenants_table(self) -> str:
        """The table of KAZOO accounts that may ask."""
        return self.table("TENANTS_TABLE")

    @property
    def callers_table(self) -> str:
        """The table from phone number to account."""
        return self.table("CALLERS_TABLE")

    @property
    def documents_table(self) -> str:
        """The table of menus and routing rules."""
        return self.table("DOCUMENTS_TABLE")

    @property
    def call_state_table(self) -> str:
        """The table of the state of each call."""
        return self.table("CALL_STATE_TABLE")

    @property
    def exchanges_table(self) -> str:
        """The table of Live Debug."""
        return self.table("EXCHANGES_TABLE")


def check(
    variable: str, value: str, pattern: re.Pattern[str], expected: str, *, may_be_empty: bool = False
) -> str:
    """Return the value of a variable if it has the form; MisconfiguredError says what to set it to."""
    if (not value and may_be_empty) or pattern.fullmatch(value):
        return value
    problem = f"is {value!r}" if value else "is not set"
    raise MisconfiguredError(f"environment variable {variable} {problem}; set it to {expected}")


@cache
def settings() -> Settings:
    """Return the process's settings, read once; `settings.cache_clear()` reads them again."""
    return Settings.from_environment()
