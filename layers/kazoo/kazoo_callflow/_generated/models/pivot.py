"""Models of the `pivot` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from typing import Any, ClassVar, Literal

from pydantic import Field

from kazoo_callflow._models import Data, ModuleNode


class PivotServerless(Data):
    """A document to run as if a server had sent it, in place of `voice_url`."""

    flow_doc: str | dict[str, Any] = Field(description="The document.")
    flow_type: Literal["application/json", "application/xml", "text/xml"] = Field(
        description="The document's content type.",
    )


class PivotData(Data):
    """The data of `pivot`."""

    voice_url: str | None = Field(
        default=None,
        pattern=r"^https?://",
        description="The URL to ask; http or https in lower case, and no black-listed host. (at least 7 characters; matching `^https?://`)",
    )
    cdr_url: str | None = Field(
        default=None,
        pattern=r"^https?://",
        description="Where a call detail record would go; it does nothing when answers are callflow JSON. (at least 7 characters; matching `^https?://`)",
    )
    custom_request_headers: dict[str, str] | None = Field(
        default=None,
        description="Headers sent with the request; use X- names only. (KAZOO 5 only)",
    )
    debug: bool = Field(
        default=False,
        description="Whether requests and answers are kept for debugging, digits included. (KAZOO fills in False)",
    )
    method: Literal["get", "post", "GET", "POST"] = Field(
        default="get",
        description="The HTTP method. (KAZOO fills in 'get')",
    )
    req_body_format: Literal["form", "json"] = Field(
        default="form",
        description="How a post carries its parameters. (KAZOO fills in 'form')",
    )
    req_format: Literal["kazoo", "twiml"] = Field(
        default="kazoo",
        description="The names of the request's parameters. (KAZOO fills in 'kazoo')",
    )
    req_timeout_ms: int | None = Field(
        default=None,
        le=5000,
        description="How many milliseconds to wait for the answer. (at most 5000)",
    )
    serverless: PivotServerless | None = Field(
        default=None,
        description="A document to run as if a server had sent it, in place of `voice_url`. (KAZOO 5 only)",
    )
    skip_module: bool | None = Field(
        default=None,
        description="Skip this node: go straight to the wildcard child.",
    )


class Pivot(ModuleNode):
    """Asks a web server for the rest of the call.

    Branches: `_`.
    """

    kazoo_versions: ClassVar[tuple[str, ...]] = ("4.3", "5")
    child_keys: ClassVar[tuple[str, ...]] = ("_",)
    other_child_keys: ClassVar[str] = ""
    traps: ClassVar[tuple[str, ...]] = (
        "The wildcard child is the only safety net: without it every failure of the server hangs the caller up.",
        "An answer replaces this whole tree, children included: put the next fallback into the answer.",
        "Failure is silent for as long as `req_timeout_ms`, 5 seconds at most.",
        "Prefer post: a get with brackets in its query fails on some KAZOO builds.",
    )

    module: Literal["pivot"] = "pivot"
    data: PivotData = Field(default_factory=PivotData)
