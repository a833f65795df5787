"""Models of the `missed_call_alert` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from typing import Any, ClassVar, Literal

from pydantic import Field

from kazoo_callflow._models import Data, ModuleNode


class MissedCallAlertRecipient(Data):
    """Who gets the mail."""

    id: str | list[Any] = Field(description="The user's id, or e-mail addresses.")
    type: Literal["user", "email"] = Field(description="What the id is.")


class MissedCallAlertData(Data):
    """The data of `missed_call_alert`."""

    recipients: list[MissedCallAlertRecipient] = Field(description="Who gets the mail.")
    alert_on_internal_calls: bool | None = Field(
        default=None,
        description="Whether calls from the account's own devices count. (KAZOO fills in False; KAZOO 5 only)",
    )
    skip_module: bool | None = Field(
        default=None,
        description="Skip this node: go straight to the wildcard child.",
    )


class MissedCallAlert(ModuleNode):
    """Mails if the call ends unanswered.

    Branches: `_`.
    """

    kazoo_versions: ClassVar[tuple[str, ...]] = ("4.3", "5")
    child_keys: ClassVar[tuple[str, ...]] = ("_",)
    other_child_keys: ClassVar[str] = ""
    traps: ClassVar[tuple[str, ...]] = (
        "KAZOO 4.3 ignores calls from the account's own devices.",
    )

    module: Literal["missed_call_alert"] = "missed_call_alert"
    data: MissedCallAlertData
