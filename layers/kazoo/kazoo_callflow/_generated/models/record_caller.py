"""Models of the `record_caller` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from typing import ClassVar, Literal

from pydantic import Field

from kazoo_callflow._models import Data, ModuleNode


class RecordCallerData(Data):
    """The data of `record_caller`."""

    format: Literal["mp3", "wav"] | None = Field(default=None, description="The format of the file.")
    media_id: str | None = Field(default=None, description="The id the recording gets. (KAZOO 5 only)")
    media_name: str | None = Field(default=None, description="The name the file gets. (KAZOO 5 only)")
    method: Literal["put", "post"] = Field(
        default="put",
        description="The HTTP method the file is sent with. (KAZOO fills in 'put')",
    )
    origin: str | None = Field(
        default=None,
        description="A word that says where the recording came from. (KAZOO 5 only)",
    )
    record_min_sec: int | None = Field(
        default=None,
        description="Recordings of fewer seconds are thrown away. (KAZOO 5 only)",
    )
    record_on_answer: bool | None = Field(
        default=None,
        description="Whether recording waits until the call is answered. (KAZOO fills in False; KAZOO 5 only)",
    )
    record_on_bridge: bool | None = Field(
        default=None,
        description="Whether recording waits until the call is bridged. (KAZOO fills in False; KAZOO 5 only)",
    )
    record_sample_rate: int | None = Field(default=None, description="Samples per second. (KAZOO 5 only)")
    should_follow_transfer: bool | None = Field(
        default=None,
        description="Whether recording goes on after a transfer. (KAZOO fills in True; KAZOO 5 only)",
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


class RecordCaller(ModuleNode):
    """Records the caller until a key, silence or the time limit.

    Branches: `_`.
    """

    kazoo_versions: ClassVar[tuple[str, ...]] = ("4.3", "5")
    child_keys: ClassVar[tuple[str, ...]] = ("_",)
    other_child_keys: ClassVar[str] = ""
    traps: ClassVar[tuple[str, ...]] = (
        "On KAZOO 4.3 it is skipped where no storage is set up, and whether the file arrives is best tried out.",
    )

    module: Literal["record_caller"] = "record_caller"
    data: RecordCallerData = Field(default_factory=RecordCallerData)
