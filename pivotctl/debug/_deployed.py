"""The deployed Live Debug API, asked with SigV4."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

import httpx
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.exceptions import BotoCoreError, ClientError

from pivotctl.aws_access import AwsAccess, AwsAccessError
from pivotctl.deployment import DeploymentError, outputs_of
from pivotctl.local_stack import Stack
from pivotctl.local_stack._emulator import REGION

TIMEOUT_S = 12.0


@dataclass(frozen=True, slots=True)
class Deployment:
    """The address of a deployment's API, and the credentials that sign the requests."""

    url: str
    region: str
    credentials: Any
    """botocore's; refreshable ones refresh themselves."""
    account: str = ""
    """The KAZOO account to show first."""

    @classmethod
    def local(cls) -> Deployment:
        """Return the stack `make up` runs.

        Raises:
            DeploymentError: It is not up.
        """
        from botocore.credentials import Credentials

        from pivotctl.local_stack.demo_data import KAZOO_ACCOUNT

        stack = Stack.running()
        if stack is None:
            raise DeploymentError(
                "nothing is running here: `make up` starts the local stack, --stage names a deployed one"
            )
        return cls(stack.url, REGION, Credentials("test", "test"), KAZOO_ACCOUNT)

    @classmethod
    def of_stack(cls, name: str, profile: str | None, region: str | None) -> Deployment:
        """Return a CloudFormation stack in the AWS account of the profile's credentials.

        Raises:
            DeploymentError: There are no credentials, or no such stack.
        """
        try:
            access = AwsAccess.find(profile, region)
            described = access.client("cloudformation").describe_stacks(StackName=name)["Stacks"][0]
        except (BotoCoreError, ClientError, AwsAccessError) as error:
            raise DeploymentError(f"stack {name}: {error}") from None
        outputs = outputs_of(described)
        if "ApiUrl" not in outputs:
            raise DeploymentError(f"stack {name} has no output ApiUrl; is it a deployment of this template?")
        return cls.at(outputs["ApiUrl"], profile, region)

    @classmethod
    def at(cls, url: str, profile: str | None, region: str | None) -> Deployment:
        """Return a deployment by its address.

        Raises:
            DeploymentError: There are no credentials.
        """
        try:
            access = AwsAccess.find(profile, region)
            credentials = access.session.get_credentials()
        except (BotoCoreError, AwsAccessError) as error:
            raise DeploymentError(str(error)) from None
        if credentials is None:
            raise DeploymentError("no AWS credentials: `aws configure sso`, or name a profile with --profile")
        return cls(url.rstrip("/"), access.region, credentials)

    async def get(self, client: httpx.AsyncClient, path: str, query: Mapping[str, str]) -> httpx.Response:
        """GET a path of the API, signed."""
        address = self.url + quote(path, safe="/~-_.")
        if query:
            address += "?" + urlencode(sorted(query.items()), quote_via=quote)
        # In a copied curl command stands the address this machine reaches, which may not be KAZOO's.
        request = AWSRequest("GET", address, headers={"x-live-debug-base-url": self.url})
        SigV4Auth(self.credentials.get_frozen_credentials(), "execute-api", self.region).add_auth(request)
        return await client.get(address, headers=dict(request.headers.items()))
