"""Which AWS a command works on: the region and the credentials that `sam` uses, found in the same way."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

from pivotctl.errors import UserError

CONNECT_TIMEOUT_S = 5
READ_TIMEOUT_S = 20
TRIES = 3


class AwsAccessError(UserError):
    """There is no region, or no profile of that name; the message says what to set."""


@dataclass(frozen=True, slots=True)
class AwsAccess:
    """A region and the credentials of a profile or of the environment."""

    region: str
    profile: str
    session: Any
    """A botocore session."""

    @classmethod
    def find(cls, profile: str | None = None, region: str | None = None) -> AwsAccess:
        """Return the access that `sam deploy` has with the same environment.

        AWS_DEFAULT_REGION comes first, then the profile's region. `sam` does not read AWS_REGION: it counts
        where nothing else names a region, and is refused where it names another one.

        Raises:
            AwsAccessError: There is no region, two of them, or no such profile.
        """
        from botocore.exceptions import ProfileNotFound
        from botocore.session import Session

        session = Session(profile=profile or None)
        try:
            known = session.get_config_variable("region")
        except ProfileNotFound as error:
            raise AwsAccessError(f"{error}; `aws configure list-profiles` shows those there are") from None
        environment = os.environ.get("AWS_REGION", "")
        name = profile or session.get_config_variable("profile") or "default"
        if not region and known and environment and known != environment:
            raise AwsAccessError(
                f"AWS_REGION is {environment}, but `sam` uses {known} (AWS_DEFAULT_REGION or profile {name}):"
                " make them agree, or unset AWS_REGION"
            )
        chosen = region or known or environment
        if not chosen:
            raise AwsAccessError(
                "no AWS region: set AWS_DEFAULT_REGION, or `aws configure set region eu-central-1`"
            )
        return cls(chosen, name, session)

    def client(self, service: str) -> Any:
        """Return a botocore client that waits for a bounded time."""
        from botocore.config import Config

        config = Config(
            connect_timeout=CONNECT_TIMEOUT_S,
            read_timeout=READ_TIMEOUT_S,
            retries={"total_max_attempts": TRIES, "mode": "standard"},
        )
        return self.session.create_client(service, region_name=self.region, config=config)

    def environment(self) -> dict[str, str]:
        """Return what a program started by this one needs to work on the same AWS."""
        named = {"AWS_PROFILE": self.profile} if self.profile != "default" else {}
        return {"AWS_REGION": self.region, "AWS_DEFAULT_REGION": self.region, **named}

    def __str__(self) -> str:
        """Return how a command names it."""
        return f"region {self.region}, profile {self.profile}"
