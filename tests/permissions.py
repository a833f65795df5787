"""IAM as AWS enforces it, which no emulator does: what template.yaml lets each function do, and no more."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
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

_EXPRESSIONS = ("UpdateExpression", "ConditionExpression", "ProjectionExpression", "FilterExpression")
_PATH = re.compile(r"(?<![:\w.#])(?:#\w+|[A-Za-z_]\w*)(?:\.#?\w+|\[\d+\])*")
_WORDS = frozenset({"SET", "REMOVE", "ADD", "DELETE", "AND", "OR", "NOT", "BETWEEN", "IN"})
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
        for request in self._needed(function, model.service_model.service_name, model.name, params):
            action, resource = request.action, request.resource
            self.asked.add((function, action, resource))
            if not is_allowed(function, action, resource, request):
                self.denied.append(
                    f"{function} may not {action} on {resource}{request}: {remedy(action, resource)}"
                )
                error = {"Error": {"Code": "AccessDeniedException", "Message": self.denied[-1]}}
                raise ClientError(error, model.name)

    def _needed(
        self, function: str, service: str, operation: str, params: Mapping[str, Any]
    ) -> Iterator[Request]:
        if service == "dynamodb":
            yield from self._of_dynamodb(operation, params)
        elif service == "ssm":
            for name in params.get("Names") or [params.get("Name") or params["Path"]]:
                yield Request(f"ssm:{operation}", f"parameter{name}")
        elif service == "sqs":
            yield Request(f"sqs:{operation}", _queue(function, params["QueueUrl"]))
        else:
            yield Request(f"{service}:{operation}", "*")

    def _of_dynamodb(self, operation: str, params: Mapping[str, Any]) -> Iterator[Request]:
        if operation == "TransactWriteItems":
            for item in params["TransactItems"]:
                for kind, write in item.items():
                    yield self._of_table(_TRANSACTED[kind], write["TableName"], write)
        elif "RequestItems" in params:
            for table, asked in params["RequestItems"].items():
                for key in asked["Keys"]:
                    yield self._of_table(operation, table, {"Key": key})
        else:
            yield self._of_table(operation, params["TableName"], params)

    def _of_table(self, operation: str, table: str, params: Mapping[str, Any]) -> Request:
        index = f"/index/{params['IndexName']}" if "IndexName" in params else ""
        return Request(
            f"dynamodb:{operation}",
            self._logical_ids[table] + index,
            {
                "dynamodb:LeadingKeys": _leading_keys(params),
                "dynamodb:Attributes": _attributes(params),
                "dynamodb:ReturnValues": frozenset(filter(None, [params.get("ReturnValues")])),
            },
        )


@dataclass(frozen=True, slots=True)
class Request:
    """What a request needs; context: the values IAM compares with a policy's conditions."""

    action: str
    resource: str
    context: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def __str__(self) -> str:
        return "".join(f" ({name}: {', '.join(sorted(each))})" for name, each in self.context.items() if each)


def _leading_keys(params: Mapping[str, Any]) -> frozenset[str]:
    """The partition keys a request is about."""
    if "KeyConditionExpression" in params:
        found = re.search(r"(:\w+)", params["KeyConditionExpression"])
        values = [params["ExpressionAttributeValues"][found[1]]] if found else []
    else:
        item = params.get("Key") or params.get("Item") or {}
        values = [item["pk"]] if "pk" in item else []
    return frozenset(value["S"] for value in values)


def _attributes(params: Mapping[str, Any]) -> frozenset[str]:
    """The top-level attributes a request names: in its key, its item and its expressions."""
    names = params.get("ExpressionAttributeNames", {})
    found = {*params.get("Key", {}), *params.get("Item", {})}
    for kind in _EXPRESSIONS:
        text = params.get(kind, "")
        for path in _PATH.findall(text):
            root = re.split(r"[.\[]", path)[0]
            if root not in _WORDS and not re.search(rf"\b{re.escape(root)}\s*\(", text):
                found.add(names.get(root, root))
    return frozenset(found)


def remedy(action: str, resource: str) -> str:
    """Return the line that template.yaml lacks, for a function's `Policies`."""
    if resource.startswith("parameter"):
        place = f'!Sub "arn:${{AWS::Partition}}:ssm:${{AWS::Region}}:${{AWS::AccountId}}:{resource}"'
    else:
        table, _, below = resource.partition("/")
        place = f'!Sub "${{{table}.Arn}}/{below}"' if below else f"*{table}Arn"
    return f"add - {{Effect: Allow, Action: [{action}], Resource: {place}}} to its Policies in template.yaml"


def is_allowed(function: str, action: str, resource: str, request: Request | None = None) -> bool:
    """Whether every function of template.yaml with this folder may do it."""
    return all(
        any(grant.effect == "Allow" for grant in matching) and not any(g.effect == "Deny" for g in matching)
        for logical_id in functions_in(function)
        for matching in [
            [
                grant
                for grant in granted_to(logical_id)
                if grant.action == action and _covers(grant.resource, resource) and grant.meets(request)
            ]
        ]
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


@dataclass(frozen=True, slots=True)
class Grant:
    """One action on one resource that a policy allows or denies, under its conditions."""

    effect: str
    action: str
    resource: str
    conditions: tuple[tuple[str, str, tuple[str, ...]], ...] = ()

    def meets(self, request: Request | None) -> bool:
        """Whether a request meets all conditions; None asks what is allowed at best."""
        if request is None:
            return self.effect == "Allow"
        for operator, name, patterns in self.conditions:
            values = request.context[name]
            match = fnmatchcase if operator.endswith("StringLike") else str.__eq__
            found = [any(match(value, pattern) for pattern in patterns) for value in values]
            if not (any(found) if operator.startswith("ForAnyValue") else all(found)):
                return False
        return True


@cache
def granted_to(logical_id: str) -> tuple[Grant, ...]:
    """What a function's policies allow and deny."""
    allowed: list[Grant] = []
    for policy in template()["Resources"][logical_id]["Properties"]["Policies"]:
        for statement in policy["Statement"]:
            conditions = tuple(
                (operator, name, tuple(values))
                for operator, tested in statement.get("Condition", {}).items()
                for name, values in tested.items()
            )
            known = {
                *("ForAllValues:StringLike", "ForAllValues:StringEquals", "ForAnyValue:StringEquals"),
                "StringEqualsIfExists",
            }
            assert {operator for operator, *_ in conditions} <= known, "a condition this guard cannot judge"
            resources = statement["Resource"]
            for resource in resources if isinstance(resources, list) else [resources]:
                allowed += [
                    Grant(statement["Effect"], action, _named(resource), conditions)
                    for action in statement["Action"]
                ]
    return tuple(allowed)


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
