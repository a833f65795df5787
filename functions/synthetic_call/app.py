"""Synthetic call: asks a callback as KAZOO does, and validates the answer as KAZOO does.

Deployed where the template's SyntheticCall is on. `{prefix}/synthetic-call` in SSM holds {"kazoo_account_id",
"token"} of a KAZOO account that exists for this; `pivot deploy` writes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kazoo_pivot.observability import emit_metrics, logger
from pivot_app import synthetic_call
from pivot_app.settings.checks import SyntheticCallSettings


def handler(event: Mapping[str, Any], context: Any = None) -> dict[str, Any]:  # noqa: ARG001 - Lambda's signature
    """Count one call, failed or not, and how long its answer took."""
    played = synthetic_call.play(SyntheticCallSettings.from_environment().url)
    if played.problem:
        facts = {"problem": played.problem[:500], "took_ms": played.took_ms}
        logger().error("a synthetic call failed", extra=facts)
    counts = {"SyntheticCalls": 1, "SyntheticCallsFailed": int(bool(played.problem))}
    emit_metrics("synthetic_call", counts, {"SyntheticCallMs": played.took_ms})
    return {"problem": played.problem, "took_ms": played.took_ms}
