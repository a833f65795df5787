"""Doctor: examines every KAZOO account whose access to Crossbar is known, and counts what is wrong.

Deployed where the template's Doctor is on. `pivot doctor` says the same on a terminal.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from kazoo_pivot.observability import emit_metrics, logger
from pivot_app import aws, doctor
from pivot_app.settings.checks import DoctorSettings

# What one account may take if KAZOO is slow.
SPARE_MS = 60_000


def handler(event: Mapping[str, Any], context: Any = None) -> dict[str, int]:  # noqa: ARG001 - Lambda's signature
    """Return how many accounts were examined, and how much was found."""
    url = DoctorSettings.from_environment().url
    visit = doctor.visit_all(url, datetime.now(UTC), lambda: aws.has_time(context, SPARE_MS))
    for account, finding in visit.complaints:
        logger().error("doctor", extra={"kazoo_account_id": account, **finding.facts})
    emit_metrics("doctor", visit.counts, {})
    return visit.counts
