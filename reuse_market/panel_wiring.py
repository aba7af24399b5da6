"""Which upper room shows what on whose page. The only place that knows both ends."""

from __future__ import annotations


def register() -> None:
    """Register every panel; safe to repeat."""
