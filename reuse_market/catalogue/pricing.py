"""What a device costs, as the bench stamps it (refurbishing.pricing)."""

from __future__ import annotations

from reuse_market.refurbishing.pricing import SCHEMES, VAT, Price, price

__all__ = ["SCHEMES", "VAT", "Price", "price"]
