"""Integer measures: cents, grams, megabytes, tenths of an inch."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal


def share_percent(part: int, whole: int) -> int | None:
    """Whole percent of `part` in `whole`; None when `whole` is 0 (unknown is never 0)."""
    if whole == 0:
        return None
    return int((Decimal(part) * 100 / Decimal(whole)).quantize(Decimal(1), ROUND_HALF_UP))


def with_vat(cents: int, rate_permille: int) -> int:
    """Price with tax in cents, rounded half up, for a rate in thousandths (200 = 20 %)."""
    return int((Decimal(cents) * (1000 + rate_permille) / 1000).quantize(Decimal(1), ROUND_HALF_UP))
