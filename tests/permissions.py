"""IAM as AWS enforces it, which no emulator does: what template.yaml lets each function do, and no more."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from pivotctl.local_stack import template
from pivotctl.local_stack._tables import made

Action = tuple[str, str]
"""An action such as `dynamodb:GetItem`, and the logical id of what it is done to."""

running: ContextVar[str] = ContextVar("running", default="")
"""The folder of the function at work; empty for a test's own requests."""

_TRANSACTED = {
    "Put": "PutItem",
    "Update": "UpdateItem",
    "Delete": "DeleteItem",
    "ConditionCheck": "ConditionCheckItem",
}


class Guard:
    """Stands before every request of a botocore client; remembers what it refused."""

    def __init__(self, table_names: Mapping[str, str]) -> None:
        self._logical_ids = {name: logical_id for logical_id, name in table_names.items()}
        self.denied: list[str] = []
        self.asked: set[tuple[str, str, str]] = set()
        self.last = ""

    def watch(self, client: Any) -> None:
        """Check the requests of a client from now on."""
        client.meta.events.register("before-parameter-build", self._check, unique_id="permissions")

    def of(self, function: str, handler: Callable[..., Any]) -> Callable[..., Any]:
        """The handler of a function, doing only what the function may do."""

        def handle(*arguments: Any, **named: Any) -> Any:
            known = is_folder(function)
            token = running.set(function if known else "")
            self.last = function if known else ""
            try:
                return handler(*arguments, **named)
            finally:
                running.reset(token)

        return handle

    def _check(self, params: Mapping[str, Any], model: Any, **_: Any) -> None:
        # Live Debug's record is written by a thread that has no context of its own.
        function = running.get() or self.last
        if not function:
            return
        for action, resource in self._needed(function, model.service_model.service_name, model.name, params):
            self.asked.add((function, action, resource))
            if not is_allowed(function, action, resource):
                self.denied.append(f"{function} may not {action} on {resource}: {remedy(action, resource)}")
                error = {"Error": {"Code": "AccessDeniedException", "Message": self.denied[-1]}}
                raise ClientError(error, model.name)

    def _needed(
        self, function: str, service: str, operation: str, params: Mapping[str, Any]
    ) -> Iterator[Action]:
        if service == "dynamodb" and operation == "TransactWriteItems":
            for item in params["TransactItems"]:
                for kind, write in item.items():
                    yield f"dynamodb:{_TRANSACTED[kind]}", self._logical_ids[write["TableName"]]
        elif service == "dynamodb" and "RequestItems" in params:
            for table in params["RequestItems"]:
                yield f"dynamodb:{operation}", self._logical_ids[table]
        elif service == "dynamodb":
            index = f"/index/{params['IndexName']}" if "IndexName" in params else ""
            yield f"dynamodb:{operation}", self._logical_ids[params["TableName"]] + index
        elif service == "ssm":
            for name in params.get("Names") or [params.get("Name") or params["Path"]]:
                yield f"ssm:{operation}", f"parameter{name}"
        elif service == "sqs":
            yield f"sqs:{operation}", _queue(function, params["QueueUrl"])
        else:
            yield f"{service}:{operation}", "*"


def remedy(action: str, resource: str) -> str:
    """Return the line that template.yaml lacks, for a function's `Policies`."""
    if resource.startswith("parameter"):
        place = f'!Sub "arn:${{AWS::Partition}}:ssm:${{AWS::Region}}:${{AWS::AccountId}}:{resource}"'
    else:
        table, _, below = resource.partition("/")
        place = f'!Sub "${{{table}.Arn}}/{below}"' if below else f"*{table}Arn"
    return f"add - {{Effect: Allow, Action: [{action}], Resource: {place}}} to its Policies in template.yaml"


def is_allowed(function: str, action: str, resource: str) -> bool:
    """Whether every function of template.yaml with this folder may do it."""
    return all(
        any(granted == action and _covers(what, resource) for granted, what in granted_to(logical_id))
        for logical_id in functions_in(function)
    )


def is_folder(function: str) -> bool:
    """Whether template.yaml has a function of this folder: a test's own callback has no policies."""
    return bool(functions_in(function))


@cache
def functions_in(folder: str) -> tuple[str, ...]:
    """The logical ids of the functions made of a folder of `functions/`."""
    return tuple(
        logical_id
        for logical_id, resource in template()["Resources"].items()
        if resource["Type"] == "AWS::Serverless::Function"
        and Path(resource["Properties"]["CodeUri"]).name == folder
    )


@cache
def granted_to(logical_id: str) -> frozenset[Action]:
    """What a function's policies allow."""
    allowed = set()
    for policy in template()["Resources"][logical_id]["Properties"]["Policies"]:
        for statement in policy["Statement"]:
            resources = statement["Resource"]
            for resource in resources if isinstance(resources, list) else [resources]:
                allowed |= {(action, _named(resource)) for action in statement["Action"]}
    return frozenset(allowed)


def _named(resource: Any) -> str:
    """`AccountsTable`, `AccountsTable/index/open` or `parameter/pivot-lambda/local/*`."""
    resource = made(resource)
    if "Fn::GetAtt" in resource:
        return str(resource["Fn::GetAtt"][0])
    text = str(resource["Fn::Sub"])
    if text.startswith("arn:"):
        return text.rpartition(":")[2].replace("${Stage}", "local")
    return text.replace("${", "").replace(".Arn}", "")


def _covers(granted: str, resource: str) -> bool:
    return resource.startswith(granted[:-1]) if granted.endswith("*") else resource == granted


def _queue(function: str, url: str) -> str:
    """The logical id of the queue whose address a variable of the function holds."""
    (logical_id,) = functions_in(function)
    variables = template()["Resources"][logical_id]["Properties"]["Environment"]["Variables"]
    for name, setting in variables.items():
        if os.environ.get(name) == url:
            reference = setting["Fn::If"][1] if "Fn::If" in setting else setting
            return str(reference["Ref"])
    return url
