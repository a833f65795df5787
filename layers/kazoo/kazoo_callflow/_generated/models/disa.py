"""Models of the `disa` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from typing import ClassVar, Literal

from pydantic import Field

from kazoo_callflow._models import Data, ModuleNode


class DisaData(Data):
    """The data of `disa`."""

    pin: str | None = Field(
        default=None,
        description="The PIN asked for; empty asks for none. (KAZOO fills in ''; KAZOO 5 only)",
    )
    enforce_call_restriction: bool | None = Field(
        default=None,
        description="Whether the account's call restrictions apply. (KAZOO fills in False; KAZOO 5 only)",
    )
    interdigit: int | None = Field(
        default=None,
        description="How many milliseconds to wait for the next digit. (KAZOO 5 only)",
    )
    max_digits: int | None = Field(
        default=None,
        description="The most digits of the number. (KAZOO fills in 15; KAZOO 5 only)",
    )
    preconnect_audio: Literal["dialtone", "ringing"] | None = Field(
        default=None,
        description="What is heard before connecting. (KAZOO fills in 'dialtone'; KAZOO 5 only)",
    )
    retries: int | None = Field(
        default=None,
        description="How many wrong PINs are allowed. (KAZOO fills in 3; KAZOO 5 only)",
    )
    ring_repeat_count: int | None = Field(
        default=None,
        description="How often the ring is repeated. (KAZOO fills in 1; KAZOO 5 only)",
    )
    use_account_caller_id: bool | None = Field(
        default=None,
        description="Whether the account's caller identity is shown. (KAZOO 5 only)",
    )
    skip_module: bool | None = Field(
        default=None,
        description="Skip this node: go straight to the wildcard child.",
    )


class Disa(ModuleNode):
    """Gives the caller a dial tone to call out, after a PIN if one is set.

    Branches: `_`.
    """

    kazoo_versions: ClassVar[tuple[str, ...]] = ("4.3", "5")
    child_keys: ClassVar[tuple[str, ...]] = ("_",)
    other_child_keys: ClassVar[str] = ""
    traps: ClassVar[tuple[str, ...]] = (
        "Without `pin` anyone can call out at the account's cost.",
        "KAZOO 4.3's schema lists none of these fields though its code reads them: wrong values crash the module.",
    )

    module: Literal["disa"] = "disa"
    data: DisaData = Field(default_factory=DisaData)
