"""Models of the `webhook` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from typing import Any, ClassVar, Literal

from pydantic import Field

from kazoo_callflow._models import Data, ModuleNode


class WebhookData(Data):
    """The data of `webhook`."""

    uri: str | None = Field(
        default=None,
        description="Where the request goes; its host is checked. (at least 6 characters)",
    )
    custom_data: dict[str, Any] | None = Field(default=None, description="Data sent with it.")
    custom_request_headers: dict[str, Any] | None = Field(
        default=None,
        description="Headers sent with it. (KAZOO 5 only)",
    )
    http_verb: Literal["post", "get"] | None = Field(default=None, description="The HTTP method.")
    retries: int | None = Field(default=None, description="How many times it is tried.")
    skip_module: bool | None = Field(
        default=None,
        description="Skip this node: go straight to the wildcard child.",
    )


class Webhook(ModuleNode):
    """Queues an HTTP request with the call's data and goes on at once.

    Branches: `_`.
    """

    kazoo_versions: ClassVar[tuple[str, ...]] = ("4.3", "5")
    child_keys: ClassVar[tuple[str, ...]] = ("_",)
    other_child_keys: ClassVar[str] = ""
    traps: ClassVar[tuple[str, ...]] = ()

    module: Literal["webhook"] = "webhook"
    data: WebhookData = Field(default_factory=WebhookData)
