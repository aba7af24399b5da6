"""What a price may be."""

from __future__ import annotations

import pytest

from reuse_market.kernel.errors import Invalid
from reuse_market.lots import conditions


@pytest.mark.parametrize("cents", [None, 0, -1, 2**31])
def test_a_fixed_price_is_above_zero_and_fits_its_column(cents: int | None) -> None:
    with pytest.raises(Invalid) as refused:
        conditions.check_price("sale", "fixed", cents)
    assert refused.value.field == "price_cents"


def test_the_largest_price_is_accepted() -> None:
    """The check raises Invalid on anything above."""
    conditions.check_price("sale", "fixed", 2**31 - 1)
