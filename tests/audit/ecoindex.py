"""EcoIndex, the published formula (method of the GreenIT/cnumr collective): 0 to 100, more is lighter."""

from __future__ import annotations

from collections.abc import Sequence

ELEMENTS = (
    0, 47, 75, 159, 233, 298, 358, 417, 476, 537, 603, 674, 753, 843, 949, 1076, 1237, 1459, 1801, 2479, 594601,
)  # fmt: skip
REQUESTS = (0, 2, 15, 25, 34, 42, 49, 56, 63, 70, 78, 86, 95, 105, 117, 130, 147, 170, 205, 281, 3920)
KILOBYTES = (
    0, 1.37, 144.7, 319.53, 479.46, 631.97, 783.38, 937.91, 1098.62, 1265.47, 1448.32, 1648.27, 1876.08, 2142.06,
    2465.37, 2866.31, 3401.59, 4155.73, 5400.08, 8037.54, 223212.26,
)  # fmt: skip


def score(elements: int, requests: int, transferred: int) -> float:
    """Of a page: elements of its document (those inside pictures not counted), requests, bytes transferred."""
    parts = (
        3 * _rank(ELEMENTS, elements),
        2 * _rank(REQUESTS, requests),
        _rank(KILOBYTES, transferred / 1000),
    )
    return 100 - 5 * sum(parts) / 6


def _rank(quantiles: Sequence[float], value: float) -> float:
    for index in range(1, len(quantiles)):
        low, high = quantiles[index - 1], quantiles[index]
        if value < high:
            return index - 1 + (value - low) / (high - low)
    return 20.0
