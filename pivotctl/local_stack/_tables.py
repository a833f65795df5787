"""The tables of template.yaml, created directly: what a test of one adapter needs, without a deployment."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from pivotctl.local_stack._emulator import ROOT, Emulator


def create_tables(emulator: Emulator) -> dict[str, str]:
    """Create every DynamoDB table of the template; returns table names by logical id."""
    client = emulator.client("dynamodb")
    names = {}
    for logical_id, resource in template()["Resources"].items():
        if resource["Type"] != "AWS::DynamoDB::Table":
            continue
        accepted = ("AttributeDefinitions", "KeySchema", "BillingMode", "GlobalSecondaryIndexes")
        properties = {key: resource["Properties"][key] for key in accepted if key in resource["Properties"]}
        client.create_table(TableName=logical_id, **properties)
        names[logical_id] = logical_id
    return names


def template(path: Path = ROOT / "template.yaml") -> dict[str, Any]:
    """Return a template as plain data; CloudFormation's short forms (`!Ref X`) become {"Ref": "X"}."""
    document: dict[str, Any] = yaml.load(path.read_text(), CloudFormationLoader)  # noqa: S506 - a SafeLoader
    return document


def made(value: Any) -> Any:
    """Return what a value is where the template makes a table itself: the first branch of its `Fn::If`."""
    return value["Fn::If"][1] if isinstance(value, dict) and "Fn::If" in value else value


class CloudFormationLoader(yaml.SafeLoader):
    """YAML with CloudFormation's tags."""


def _short_form(loader: yaml.SafeLoader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    name = suffix if suffix in {"Ref", "Condition"} else f"Fn::{suffix}"
    if isinstance(node, yaml.ScalarNode):
        value: Any = loader.construct_scalar(node)
        if suffix == "GetAtt":
            value = value.split(".", 1)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)  # type: ignore[arg-type]
    return {name: value}


CloudFormationLoader.add_multi_constructor("!", _short_form)
