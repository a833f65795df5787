"""The `disa` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Literal, Never, TYPE_CHECKING

from callflow._flow import Flow, build



def disa(
    *,
    enforce_call_restriction: bool | None = None,
    interdigit: int | None = None,
    max_digits: int | None = None,
    pin: str | None = None,
    preconnect_audio: Literal["dialtone", "ringing"] | None = None,
    retries: int | None = None,
    ring_repeat_count: int | None = None,
    use_account_caller_id: bool | None = None,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """

    Fields:
      enforce_call_restriction:  (KAZOO fills in False; KAZOO 5 only)
      interdigit:  (KAZOO 5 only)
      max_digits:  (KAZOO fills in 15; KAZOO 5 only)
      pin:  (KAZOO fills in ''; KAZOO 5 only)
      preconnect_audio:  (KAZOO fills in 'dialtone'; KAZOO 5 only)
      retries:  (KAZOO fills in 3; KAZOO 5 only)
      ring_repeat_count:  (KAZOO fills in 1; KAZOO 5 only)
      use_account_caller_id:  (KAZOO 5 only)
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: none; nothing runs after it.
    """
    return build("disa", {"enforce_call_restriction": enforce_call_restriction, "interdigit": interdigit, "max_digits": max_digits, "pin": pin, "preconnect_audio": preconnect_audio, "retries": retries, "ring_repeat_count": ring_repeat_count, "use_account_caller_id": use_account_caller_id, "skip_module": skip_module}, unknown)
