"""The `record_caller` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Literal, Never

from kazoo_callflow._flow import Flow, build


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
    """Records the caller until a key, silence or the time limit.

    Fields:
      format: The format of the file.
      media_id: The id the recording gets. (KAZOO 5 only)
      media_name: The name the file gets. (KAZOO 5 only)
      method: The HTTP method the file is sent with. (KAZOO fills in 'put')
      origin: A word that says where the recording came from. (KAZOO 5 only)
      record_min_sec: Recordings of fewer seconds are thrown away. (KAZOO 5 only)
      record_on_answer: Whether recording waits until the call is answered. (KAZOO fills in False; KAZOO 5
        only)
      record_on_bridge: Whether recording waits until the call is bridged. (KAZOO fills in False; KAZOO 5
        only)
      record_sample_rate: Samples per second. (KAZOO 5 only)
      should_follow_transfer: Whether recording goes on after a transfer. (KAZOO fills in True; KAZOO 5
        only)
      time_limit: The longest recording, in seconds. (5 to 10800; KAZOO fills in 3600)
      url: Where the file is sent; its host is checked. (at least 5 characters)
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: `_`.

    Trap: On KAZOO 4.3 it is skipped where no storage is set up, and whether the file arrives is best tried
    out.
    """
    return build(
        "record_caller",
        {
            "format": format,
            "media_id": media_id,
            "media_name": media_name,
            "method": method,
            "origin": origin,
            "record_min_sec": record_min_sec,
            "record_on_answer": record_on_answer,
            "record_on_bridge": record_on_bridge,
            "record_sample_rate": record_sample_rate,
            "should_follow_transfer": should_follow_transfer,
            "time_limit": time_limit,
            "url": url,
            "skip_module": skip_module,
        },
        unknown,
    )
