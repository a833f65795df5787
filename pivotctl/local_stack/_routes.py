"""Routes and authorizers of the deployed HTTP APIs.

AWS reads them from the OpenAPI body that SAM writes. The emulator ignores it, so they are made here, from it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

_METHODS = {"x-amazon-apigateway-any-method": "ANY"}


def replay_routes(client: Callable[[str], Any], stack_name: str) -> None:
    """Create the routes of every HTTP API of a stack, each with its authorizer, where it is missing.

    `client` makes a botocore client of the region that the stack is in.
    """
    cloudformation, api = client("cloudformation"), client("apigatewayv2")
    template = cloudformation.get_template(StackName=stack_name, TemplateStage="Processed")["TemplateBody"]
    document = json.loads(template) if isinstance(template, str) else template
    described = cloudformation.describe_stacks(StackName=stack_name)["Stacks"][0]
    parameters = {each["ParameterKey"]: each["ParameterValue"] for each in described.get("Parameters", [])}
    resources = {
        resource["LogicalResourceId"]: resource["PhysicalResourceId"]
        for resource in cloudformation.describe_stack_resources(StackName=stack_name)["StackResources"]
    }
    region, account = str(described["StackId"]).split(":")[3:5]
    functions = f"arn:aws:lambda:{region}:{account}:function:"
    for logical_id, resource in document["Resources"].items():
        if resource["Type"] == "AWS::ApiGatewayV2::Api" and logical_id in resources:
            body = _resolved(resource["Properties"]["Body"], parameters)
            _replay(api, resources[logical_id], body, resources, functions)


def _replay(
    api: Any, api_id: str, body: Mapping[str, Any], resources: Mapping[str, str], functions: str
) -> None:
    existing = {route["RouteKey"] for route in api.get_routes(ApiId=api_id, MaxResults="500")["Items"]}
    schemes = (body.get("components") or {}).get("securitySchemes") or {}
    authorizers: dict[str, str] = {}
    for path, methods in body["paths"].items():
        for method, operation in methods.items():
            route = f"{_METHODS.get(method, method.upper())} {path}"
            if route in existing:
                continue
            uri = _function_uri(operation["x-amazon-apigateway-integration"]["uri"], resources, functions)
            integration = api.create_integration(
                ApiId=api_id,
                IntegrationType="AWS_PROXY",
                IntegrationUri=uri,
                PayloadFormatVersion="2.0",
            )["IntegrationId"]
            api.create_route(
                ApiId=api_id,
                RouteKey=route,
                Target=f"integrations/{integration}",
                **_authorization(api, api_id, operation, schemes, authorizers),
            )


def _authorization(
    api: Any,
    api_id: str,
    operation: Mapping[str, Any],
    schemes: Mapping[str, Any],
    authorizers: dict[str, str],
) -> dict[str, str]:
    name = next((name for required in operation.get("security", []) for name in required), "NONE")
    if name == "NONE":
        return {}
    if schemes[name].get("x-amazon-apigateway-authtype") == "awsSigv4":
        return {"AuthorizationType": "AWS_IAM"}
    jwt = schemes[name]["x-amazon-apigateway-authorizer"]
    if name not in authorizers:
        authorizers[name] = api.create_authorizer(
            ApiId=api_id,
            AuthorizerType="JWT",
            Name=name,
            IdentitySource=[jwt["identitySource"]],
            JwtConfiguration={
                "Audience": jwt["jwtConfiguration"]["audience"],
                "Issuer": jwt["jwtConfiguration"]["issuer"],
            },
        )["AuthorizerId"]
    return {"AuthorizationType": "JWT", "AuthorizerId": authorizers[name]}


def _resolved(value: Any, parameters: Mapping[str, str]) -> Any:
    """Return the value with parameters filled in. An `Fn::If` is true: SAM repeats the API's condition."""
    if isinstance(value, dict):
        if set(value) == {"Fn::If"}:
            return _resolved(value["Fn::If"][1], parameters)
        if set(value) == {"Ref"} and value["Ref"] in parameters:
            return parameters[value["Ref"]]
        return {key: _resolved(member, parameters) for key, member in value.items()}
    if isinstance(value, list):
        return [_resolved(member, parameters) for member in value]
    return value


def _function_uri(uri: Any, resources: Mapping[str, str], functions: str) -> str:
    """Return what an integration invokes: a function's alias or, without one, the function."""
    text: str = uri["Fn::Sub"] if isinstance(uri, dict) else uri
    logical_id = text.rsplit("${", 1)[1].split("}", 1)[0].removesuffix(".Arn")
    name = resources[logical_id]
    return name if name.startswith("arn:") else functions + name
