"""The stored groups of the shop window, held against the units: what `flask reconcile` says of them."""

from __future__ import annotations

from reuse_market.refurbishing.shelf import checking
from reuse_market.traceability.verify import Fault


def shelved() -> list[Fault]:
    """Each ready unit stands in its group, each group counts what it has and promises no more (ADR 0024)."""
    return [Fault("offers.group", one.subject, one.reason) for one in checking.wrong()]
