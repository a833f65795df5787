"""Less of botocore's data: what reading all of it takes, the first caller waits through.

The full description of SSM has some 150 operations and takes 50 ms to read; callbacks use two. And before
botocore reads any description, it looks into the folder of every AWS service there is (10 ms each time).
"""

from __future__ import annotations

import os
from typing import Any

from botocore.loaders import Loader

_TEXT, _FLAG, _NUMBER = {"type": "string"}, {"type": "boolean"}, {"type": "long"}

SSM: dict[str, Any] = {
    "version": "2.0",
    "metadata": {
        "apiVersion": "2014-11-06",
        "endpointPrefix": "ssm",
        "jsonVersion": "1.1",
        "protocol": "json",
        "protocols": ["json"],
        "serviceFullName": "Amazon Simple Systems Manager (SSM)",
        "serviceId": "SSM",
        "signatureVersion": "v4",
        "targetPrefix": "AmazonSSM",
        "uid": "ssm-2014-11-06",
    },
    "operations": {
        name: {
            "name": name,
            "http": {"method": "POST", "requestUri": "/"},
            "input": {"shape": f"{name}Request"},
            "output": {"shape": f"{name}Result"},
            "errors": [{"shape": "ParameterNotFound"}] if name == "GetParameter" else [],
        }
        for name in ("GetParameter", "GetParameters")
    },
    "shapes": {
        "Text": _TEXT,
        "Flag": _FLAG,
        "Number": _NUMBER,
        "Names": {"type": "list", "member": {"shape": "Text"}},
        "Parameter": {
            "type": "structure",
            "members": {
                "Name": {"shape": "Text"},
                "Type": {"shape": "Text"},
                "Value": {"shape": "Text"},
                "Version": {"shape": "Number"},
            },
        },
        "Parameters": {"type": "list", "member": {"shape": "Parameter"}},
        "GetParameterRequest": {
            "type": "structure",
            "required": ["Name"],
            "members": {"Name": {"shape": "Text"}, "WithDecryption": {"shape": "Flag"}},
        },
        "GetParameterResult": {"type": "structure", "members": {"Parameter": {"shape": "Parameter"}}},
        "GetParametersRequest": {
            "type": "structure",
            "required": ["Names"],
            "members": {"Names": {"shape": "Names"}, "WithDecryption": {"shape": "Flag"}},
        },
        "GetParametersResult": {
            "type": "structure",
            "members": {"Parameters": {"shape": "Parameters"}, "InvalidParameters": {"shape": "Names"}},
        },
        "ParameterNotFound": {
            "type": "structure",
            "members": {"message": {"shape": "Text"}},
            "exception": True,
        },
    },
}


class SlimLoader(Loader):  # type: ignore[misc]
    """A loader of botocore that reads only what a callback needs."""

    def list_available_services(self, type_name: str) -> list[str]:  # noqa: ARG002 - botocore's signature
        """Return the folders of all services, without looking into them."""
        return [name for path in self.search_paths if os.path.isdir(path) for name in os.listdir(path)]  # noqa: PTH112, PTH208

    def load_service_model(self, service_name: str, type_name: str, api_version: str | None = None) -> Any:
        """Return the description of a service; of SSM ours."""
        if (service_name, type_name) == ("ssm", "service-2"):
            return SSM
        return super().load_service_model(service_name, type_name, api_version)
