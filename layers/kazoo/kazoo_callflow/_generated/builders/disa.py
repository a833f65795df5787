"""The `disa` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Literal, Never

from kazoo_callflow._flow import Flow, build


def disa(
    pin: str | None = None,
    *,
    enforce_call_restriction: bool | None = None,
    interdigit: int | None = None,
    max_digits: int | None = None,
    preconnect_audio: Literal["dialtone", "ringing"] | None = None,
    retries: int | None = None,
    ring_repeat_count: int | None = None,
    use_account_caller_id: bool | None = None,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """Gives the caller a dial tone to call out, after a PIN if one is set.

    Fields:
      pin: The PIN asked for; empty asks for none. (KAZOO fills in ''; KAZOO 5 only)
      enforce_call_restriction: Whether the account's call restrictions apply. (KAZOO fills in False; KAZOO
        5 only)
      interdigit: How many milliseconds to wait for the next digit. (KAZOO 5 only)
      max_digits: The most digits of the number. (KAZOO fills in 15; KAZOO 5 only)
      preconnect_audio: What is heard before connecting. (KAZOO fills in 'dialtone'; KAZOO 5 only)
      retries: How many wrong PINs are allowed. (KAZOO fills in 3; KAZOO 5 only)
      ring_repeat_count: How often the ring is repeated. (KAZOO fills in 1; KAZOO 5 only)
      use_account_caller_id: Whether the account's caller identity is shown. (KAZOO 5 only)
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: `_`.

    Trap: Without `pin` anyone can call out at the account's cost.

    Trap: KAZOO 4.3's schema lists none of these fields though its code reads them: wrong values crash the
    module.
    """
    return build(
        "disa",
        {
            "pin": pin,
            "enforce_call_restriction": enforce_call_restriction,
            "interdigit": interdigit,
            "max_digits": max_digits,
            "preconnect_audio": preconnect_audio,
            "retries": retries,
            "ring_repeat_count": ring_repeat_count,
            "use_account_caller_id": use_account_caller_id,
            "skip_module": skip_module,
        },
        unknown,
    )
