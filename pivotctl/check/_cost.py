"""The cost of a deployment, estimated from its metrics of the last day.

Prices are those of us-east-1 in dollars, without free tiers: an order of magnitude, not a bill.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pivotctl.check._finding import Subject

DAYS = 30
API_REQUEST = 1.0 / 1e6
LAMBDA_REQUEST = 0.20 / 1e6
LAMBDA_GB_SECOND = {"arm64": 0.0000133334, "x86_64": 0.0000166667}
MEMORY_GB = 1769 / 1024
# A request of a callback: two reads or writes of DynamoDB on the way, and a log line of some 600 bytes.
TABLE_REQUEST = 2 * 0.625 / 1e6
LOG_LINE = 1200 * 0.50 / 1e9
# Some 40 metrics, 25 alarms and a dashboard.
WATCHING = 40 * 0.30 + 25 * 0.10 + 3.0


@dataclass(frozen=True, slots=True)
class Estimate:
    """Dollars a month, and what they are for."""

    dollars: float
    told: str


def estimate(subject: Subject) -> Estimate | None:
    """Return the estimate, None without a request in the last day."""
    now = datetime.now(UTC)
    service = [{"Name": "service", "Value": f"pivot-lambda-{subject.stage}"}]

    def total(name: str) -> float:
        found = subject.client("cloudwatch").get_metric_statistics(
            Namespace="PivotLambda",
            MetricName=name,
            Dimensions=service,
            StartTime=now - timedelta(days=1),
            EndTime=now,
            Period=86400,
            Statistics=["Sum"],
        )
        return sum(float(point["Sum"]) for point in found["Datapoints"])

    requests = total("Requests") + total("CallEnds")
    if not requests:
        return None
    seconds = total("TotalMs") / 1000
    gb_second = LAMBDA_GB_SECOND[subject.parameters.get("Architecture", "arm64")]
    a_day = (
        requests * (API_REQUEST + LAMBDA_REQUEST + TABLE_REQUEST + LOG_LINE) + seconds * MEMORY_GB * gb_second
    )
    watching = WATCHING if subject.parameters.get("Monitoring", "on") == "on" else 0.0
    dollars = a_day * DAYS + watching
    return Estimate(
        dollars, f"{requests:.0f} requests a day for {a_day * DAYS:.2f}, watching for {watching:.2f}"
    )
