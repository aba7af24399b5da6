"""A sealed container as plain data: what a phone keeps while it waits for the network, and the API takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reuse_market.collection.containers.services import Sealed


def sealed(values: Mapping[str, Any]) -> Sealed:
    """From `{"kind", "units"?, "lines"?: [{"line", "units"}], "seal"?, "weight_grams"?}`."""
    return Sealed(
        kind=str(values["kind"]),
        units=int(values.get("units") or 0),
        lines={int(each["line"]): int(each["units"]) for each in values.get("lines") or ()},
        seal=str(values.get("seal") or ""),
        weight_g=values.get("weight_grams"),
    )
