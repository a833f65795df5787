"""Doctor: examines every KAZOO account whose access to Crossbar is known, and counts what is wrong.

Deployed where the template's Doctor is on. `pivot doctor` says the same on a terminal.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from kazoo_pivot.observability import emit_metrics, logger
from pivot_app import doctor

# What one account may take if KAZOO is slow.
SPARE_MS = 60_000


def handler(event: Mapping[str, Any], context: Any = None) -> dict[str, int]:  # noqa: ARG001 - Lambda's signature
    """Return how many accounts were examined, and how much was found."""
    counts = Counter(DoctorErrors=0, DoctorWarnings=0, AccountsExamined=0, AccountsLeft=0)
    for account in doctor.accounts_with_access():
        if context is not None and context.get_remaining_time_in_millis() < SPARE_MS:
            counts["AccountsLeft"] += 1
            continue
        counts["AccountsExamined"] += 1
        for finding in doctor.examine_deployed(account, os.environ["DOCTOR_URL"], datetime.now(UTC)):
            counts["DoctorErrors"] += finding.level == "error"
            counts["DoctorWarnings"] += finding.level == "warning"
            if finding.level in ("error", "warning"):
                logger().error("doctor", extra={"kazoo_account_id": account, **finding.facts})
    emit_metrics("doctor", dict(counts), {})
    return dict(counts)
