"""Errors of a request or a deployment, as types.

PivotError
├── MalformedRequestError      the request is not one KAZOO sends, or is over a bound
├── NotAuthenticatedError      no live token of the KAZOO account the request names
├── StateRefusedError          a state token that is forged, expired, another call's, replayed or missing
├── InvalidFlowError           the handler's callflow would not run on the account's KAZOO
├── StoreUnavailableError      DynamoDB or SSM failed, refused or was slow
├── OutOfTimeError             the answer was not ready while KAZOO still waited
└── MisconfiguredError         an environment variable or a stored setting is missing or wrong
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence


class PivotError(Exception):
    """Base of every error of this package; `reason` is a short word fit for a metric's dimension."""

    reason = "error"


class MalformedRequestError(PivotError):
    """The request is not one that KAZOO sends; the message names the parameter and its limit."""

    reason = "malformed"

    def __init__(self, parameter: str, problem: str) -> None:
        self.parameter = parameter
        super().__init__(f"{parameter}: {problem}")


class NotAuthenticatedError(PivotError):
    """The request has no live token of its KAZOO account; `reason` says why."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(f"not authenticated: {reason}")


class StateRefusedError(PivotError):
    """The state token does not belong to this account, call, callback and step."""

    def __init__(self, reason: str) -> None:
        self.reason = f"state_{reason}"
        super().__init__(f"state token refused: {reason}")


class InvalidFlowError(PivotError):
    """The handler's callflow is not valid on the account's KAZOO, which would leave dead air."""

    reason = "invalid_flow"

    def __init__(self, problems: Sequence[Mapping[str, str]], message: str = "") -> None:
        self.problems = problems
        # Where and which rule; what the field held stays out of logs.
        super().__init__(message or "; ".join(f"{each['path']}: {each['rule']}" for each in problems))


class StoreUnavailableError(PivotError):
    """DynamoDB or SSM failed, refused or was slow; the cause is chained."""

    reason = "store_unavailable"


class OutOfTimeError(PivotError):
    """The answer was not ready in the time KAZOO, or the Lambda, had left."""

    reason = "out_of_time"


class MisconfiguredError(PivotError):
    """An environment variable or a stored setting is missing or wrong; the message says the fix."""

    reason = "misconfigured"
