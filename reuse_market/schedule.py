"""Name → job → cadence. The only place that says how often something runs."""

from __future__ import annotations

from reuse_market.kernel import jobs
from reuse_market.notices import jobs as notices


def register() -> None:
    """Register every job; safe to repeat."""
    jobs.register("deliver-messages", lambda: notices.deliver_due(50), every=15)
