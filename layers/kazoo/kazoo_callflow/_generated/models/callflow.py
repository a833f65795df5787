"""Models of the `callflow` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from typing import ClassVar, Literal

from pydantic import Field

from kazoo_callflow._models import ChildNode, Data, ModuleNode


class CallflowData(Data):
    """The data of `callflow`."""

    id: str | None = Field(default=None, description="The stored callflow's id.")
    doc_id: str | None = Field(default=None, description="A document that has a flow in it. (KAZOO 5 only)")
    flow: ChildNode | None = Field(default=None, description="The flow itself. (KAZOO 5 only)")
    path: str | list[str] | None = Field(
        default=None,
        description="Where in that document the flow is. (KAZOO 5 only)",
    )
    skip_module: bool | None = Field(
        default=None,
        description="Skip this node: go straight to the wildcard child.",
    )


class Callflow(ModuleNode):
    """Continues in a stored callflow.

    Branches: `_`.
    """

    kazoo_versions: ClassVar[tuple[str, ...]] = ("4.3", "5")
    child_keys: ClassVar[tuple[str, ...]] = ("_",)
    other_child_keys: ClassVar[str] = ""
    traps: ClassVar[tuple[str, ...]] = (
        "KAZOO 4.3 knows only `id`; an inline `flow` is ignored there and the wildcard child runs.",
    )

    module: Literal["callflow"] = "callflow"
    data: CallflowData = Field(default_factory=CallflowData)
