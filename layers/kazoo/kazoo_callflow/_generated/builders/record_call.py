"""The `record_call` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Literal, Never

from kazoo_callflow._flow import Flow, build


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
    """Starts or stops recording the call in the background and goes on at once.

    Fields:
      action: Whether to start or to stop. (KAZOO fills in 'start')
      format: The format of the file.
      label: A label kept with the recording.
      media_id: The id the recording gets. (KAZOO 5 only)
      media_name: The name the file gets.
      method: The HTTP method the file is sent with. (KAZOO fills in 'put')
      origin: A word that says where the recording came from.
      record_min_sec: Recordings of fewer seconds are thrown away.
      record_on_answer: Whether recording waits until the call is answered. (KAZOO fills in False)
      record_on_bridge: Whether recording waits until the call is bridged. (KAZOO fills in False)
      record_sample_rate: Samples per second.
      should_follow_transfer: Whether recording goes on after a transfer. (KAZOO fills in True)
      time_limit: The longest recording, in seconds. (5 to 10800; KAZOO fills in 3600)
      url: Where the file is sent; its host is checked. (at least 5 characters)
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: `_`.

    Trap: The file is sent to `url` with a path appended, so the server must take any path below it.
    """
    return build(
        "record_call",
        {
            "action": action,
            "format": format,
            "label": label,
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
