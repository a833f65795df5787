"""A Lambda function as one writes it first: boto3, one client for each service, the same requests.

`requests.json` beside it holds what the measured function asked: service, operation, parameters.
"""

import json
import os

import boto3

with open(os.path.join(os.path.dirname(__file__), "requests.json")) as file:  # noqa: PTH118, PTH120, PTH123
    REQUESTS = json.load(file)
CLIENTS = {service: boto3.client(service) for service, _, _ in REQUESTS}


def handler(event, context):  # type: ignore[no-untyped-def]  # noqa: ARG001 - Lambda's signature
    """Ask everything, answer a fixed callflow."""
    for service, operation, parameters in REQUESTS:
        getattr(CLIENTS[service], operation)(**parameters)
    body = json.dumps({"module": "hangup", "data": {}})
    return {"statusCode": 200, "headers": {"Content-Type": "application/json"}, "body": body}
