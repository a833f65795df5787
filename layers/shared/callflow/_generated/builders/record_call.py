"""The `record_call` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Literal, Never, TYPE_CHECKING

from callflow._flow import Flow, build



def record_call(
    action: Literal["start", "stop"] | None = None,
    *,
    format: Literal["mp3", "wav"] | None = None,
    label: str | None = None,
    media_id: str | None = None,
    media_name: str | None = None,
    method: Literal["put", "post"] | None = None,
    origin: str | None = None,
    record_min_sec: int | None = None,
    record_on_answer: bool | None = None,
    record_on_bridge: bool | None = None,
    record_sample_rate: int | None = None,
    should_follow_transfer: bool | None = None,
    time_limit: int | None = None,
    url: str | None = None,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """Runs the module `record_call`.

    Fields:
      action:  (KAZOO fills in 'start')
      format:
      label:
      media_id:  (KAZOO 5 only)
      media_name:
      method:  (KAZOO fills in 'put')
      origin:
      record_min_sec:
      record_on_answer:  (KAZOO fills in False)
      record_on_bridge:  (KAZOO fills in False)
      record_sample_rate:
      should_follow_transfer:  (KAZOO fills in True)
      time_limit:  (5 to 10800; KAZOO fills in 3600)
      url:  (at least 5 characters)
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: none; nothing runs after it.
    """
    return build("record_call", {"action": action, "format": format, "label": label, "media_id": media_id, "media_name": media_name, "method": method, "origin": origin, "record_min_sec": record_min_sec, "record_on_answer": record_on_answer, "record_on_bridge": record_on_bridge, "record_sample_rate": record_sample_rate, "should_follow_transfer": should_follow_transfer, "time_limit": time_limit, "url": url, "skip_module": skip_module}, unknown)
