"""What counts towards AGEC art. 58: a purchase by an obliged buyer, in a category that is known."""

from __future__ import annotations

import pytest

from reuse_market.regimes import parties, words
from tests.regimes import law
from tests.regimes.law import ask, permission

COMMUNE = "local_authority"


@pytest.mark.parametrize("buyer", ["state_service", COMMUNE])
@pytest.mark.parametrize("regime", ["sale", "gift"])
def test_a_purchase_by_an_obliged_buyer_counts(buyer: str, regime: str) -> None:
    bought = permission("resell", regime, "association_other", buyer, "company", price_cents=20_000)
    assert (bought.counts_for_agec, bought.agec) == (True, words.AGEC["purchase"])


@pytest.mark.parametrize("kind", ["dock", "network_device", "storage_device", "carton", "other", "*"])
def test_a_kind_without_a_category_is_not_counted_as_anything(kind: str) -> None:
    bought = permission("resell", "sale", "company", COMMUNE, kind=kind)
    assert (bought.counts_for_agec, bought.agec) == (None, words.AGEC["category_unknown"])


def test_gifts_and_loans_never_count() -> None:
    """Only the State's own platform makes a gift count; a sale at nothing is a gift."""
    given = permission("give", "sale", "company", COMMUNE)
    lent = permission("lend", "sale", "company", COMMUNE)
    free = permission("award", "sale", "company", COMMUNE, price_cents=0)
    passed_on = permission("award", "public_transfer", "state_service", COMMUNE)
    assert [a.counts_for_agec for a in (given, lent, free, passed_on)] == [False] * 4
    assert {a.agec for a in (given, free, passed_on)} == {words.AGEC["gift"]}
    assert lent.agec == words.AGEC["loan"]


@pytest.mark.parametrize("buyer", ["company", "public_body", "school_eple", "association_rup"])
def test_who_is_not_obliged_counts_nothing(buyer: str) -> None:
    bought = permission("resell", "sale", "company", buyer)
    assert (bought.counts_for_agec, bought.agec) == (None, "")


def test_what_a_public_body_gave_never_feeds_a_quota() -> None:
    """Of all acts of all owners with a free transfer, none to an obliged buyer counts."""
    for owner in law.KINDS:
        for act in ("resell", "give", "solidarity_sale", "lend"):
            for buyer in parties.OBLIGED:
                for regime in ("free_transfer", "public_transfer"):
                    answer = ask(act, regime, owner, buyer, COMMUNE)
                    assert not getattr(answer, "counts_for_agec", False), (owner, act, buyer)
