"""Resets the state that an instance restored by SnapStart must not keep.

Many instances start from one snapshot, days after it was made, and the monotonic clock may not show that
time. So everything is read again, and the random numbers of retries differ from instance to instance.
Secrets and nonces come from the operating system, which renews its own source. Clients stay: making them
costs most of a cold start, and the SDK renews expired credentials by the wall clock.
"""

from __future__ import annotations

import os
import random

from pivot_app.aws import cache


def renew() -> None:
    """Clear the cache, and seed the random numbers of retries again."""
    cache.clear_all()
    random.seed()


def register() -> None:
    """Call `renew` after each restore, where the Lambda runtime offers that."""
    if os.environ.get("AWS_LAMBDA_INITIALIZATION_TYPE") != "snap-start":
        return
    # The Lambda runtime brings this package.
    from snapshot_restore_py import register_after_restore  # type: ignore[import-not-found]

    register_after_restore(renew)
