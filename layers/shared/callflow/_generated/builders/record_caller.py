"""The `record_caller` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Literal, Never, TYPE_CHECKING

from callflow._flow import Flow, build



def record_caller(
    *,
    format: Literal["mp3", "wav"] | None = None,
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
    """

    Fields:
      format:
      media_id:  (KAZOO 5 only)
      media_name:  (KAZOO 5 only)
      method:  (KAZOO fills in 'put')
      origin:  (KAZOO 5 only)
      record_min_sec:  (KAZOO 5 only)
      record_on_answer:  (KAZOO fills in False; KAZOO 5 only)
      record_on_bridge:  (KAZOO fills in False; KAZOO 5 only)
      record_sample_rate:  (KAZOO 5 only)
      should_follow_transfer:  (KAZOO fills in True; KAZOO 5 only)
      time_limit:  (5 to 10800; KAZOO fills in 3600)
      url:  (at least 5 characters)
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: none; nothing runs after it.
    """
    return build("record_caller", {"format": format, "media_id": media_id, "media_name": media_name, "method": method, "origin": origin, "record_min_sec": record_min_sec, "record_on_answer": record_on_answer, "record_on_bridge": record_on_bridge, "record_sample_rate": record_sample_rate, "should_follow_transfer": should_follow_transfer, "time_limit": time_limit, "url": url, "skip_module": skip_module}, unknown)
