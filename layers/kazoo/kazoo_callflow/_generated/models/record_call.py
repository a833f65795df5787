"""Models of the `record_call` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from typing import ClassVar, Literal

from pydantic import Field

from kazoo_callflow._models import Data, ModuleNode


class RecordCallData(Data):
    """The data of `record_call`."""

    action: Literal["start", "stop"] = Field(
        default="start",
        description="Whether to start or to stop. (KAZOO fills in 'start')",
    )
    format: Literal["mp3", "wav"] | None = Field(default=None, description="The format of the file.")
    label: str | None = Field(default=None, description="A label kept with the recording.")
    media_id: str | None = Field(default=None, description="The id the recording gets. (KAZOO 5 only)")
    media_name: str | None = Field(default=None, description="The name the file gets.")
    method: Literal["put", "post"] = Field(
        default="put",
        description="The HTTP method the file is sent with. (KAZOO fills in 'put')",
    )
    origin: str | None = Field(default=None, description="A word that says where the recording came from.")
    record_min_sec: int | None = Field(
        default=None,
        description="Recordings of fewer seconds are thrown away.",
    )
    record_on_answer: bool = Field(
        default=False,
        description="Whether recording waits until the call is answered. (KAZOO fills in False)",
    )
    record_on_bridge: bool = Field(
        default=False,
        description="Whether recording waits until the call is bridged. (KAZOO fills in False)",
    )
    record_sample_rate: int | None = Field(default=None, description="Samples per second.")
    should_follow_transfer: bool = Field(
        default=True,
        description="Whether recording goes on after a transfer. (KAZOO fills in True)",
    )
    time_limit: int = Field(
        default=3600,
        ge=5,
        le=10800,
        description="The longest recording, in seconds. (5 to 10800; KAZOO fills in 3600)",
    )
    url: str | None = Field(
        default=None,
        description="Where the file is sent; its host is checked. (at least 5 characters)",
    )
    skip_module: bool | None = Field(
        default=None,
        description="Skip this node: go straight to the wildcard child.",
    )


class RecordCall(ModuleNode):
    """Starts or stops recording the call in the background and goes on at once.

    Branches: `_`.
    """

    kazoo_versions: ClassVar[tuple[str, ...]] = ("4.3", "5")
    child_keys: ClassVar[tuple[str, ...]] = ("_",)
    other_child_keys: ClassVar[str] = ""
    traps: ClassVar[tuple[str, ...]] = (
        "The file is sent to `url` with a path appended, so the server must take any path below it.",
    )

    module: Literal["record_call"] = "record_call"
    data: RecordCallData = Field(default_factory=RecordCallData)
