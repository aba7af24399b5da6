"""The solidarity sale of what a public body gave: such a seller, such a buyer, a capped price."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from reuse_market.regimes.cases import Voucher
from tests.regimes import law
from tests.regimes.law import permission, refusal

COMMUNE = "local_authority"
CAPS = {
    "laptop": 18_000,
    "desktop": 15_000,
    "tablet": 10_000,
    "smartphone": 10_000,
    "monitor": 3_000,
    "printer": 3_000,
    "multifunction": 17_000,
}


@pytest.mark.parametrize("seller", ["association_rup", "association_rig"])
@pytest.mark.parametrize(
    "buyer", ["precarious_person", "association_rig", "association_precarity", "assistance_238bis"]
)
@pytest.mark.parametrize(("kind", "cap"), CAPS.items())
def test_a_solidarity_sale_stays_under_the_cap_of_its_kind(
    seller: str, buyer: str, kind: str, cap: int
) -> None:
    asked: tuple[str, ...] = ("solidarity_sale", "free_transfer", seller, buyer, COMMUNE)
    allowed = permission(*asked, kind=kind, price_cents=cap)
    assert allowed.cap_cents == cap
    assert "works" in allowed.conditions
    assert ("voucher" in allowed.documents) == (buyer == "precarious_person")
    assert refusal(*asked, kind=kind, price_cents=cap + 1) == ("price_above_cap", ("lower_price",))
    assert refusal(*asked, kind=kind, price_cents=None) == ("price_missing", ("set_price",))


def test_the_cap_of_a_desktop_is_that_of_the_whole_set() -> None:
    allowed = permission("solidarity_sale", "free_transfer", "association_rig", "precarious_person", COMMUNE,
                         kind="desktop")  # fmt: skip
    assert {"screen", "keyboard", "mouse"} <= set(allowed.conditions)


@pytest.mark.parametrize("kind", ["all_in_one", "server", "projector", "dock", "other", "*"])
def test_a_kind_without_a_cap_is_refused_never_free_of_limit(kind: str) -> None:
    told = refusal("solidarity_sale", "free_transfer", "association_rig", "precarious_person", COMMUNE,
                   kind=kind, price_cents=1)  # fmt: skip
    assert told == ("cap_unknown", ("record_rule",))


@pytest.mark.parametrize(
    ("seller", "buyer", "change", "code"),
    [
        ("company", "precarious_person", {}, "not_established"),  # a company receives no free transfer
        ("association_pupils", "precarious_person", {}, "solidarity_seller"),
        ("assistance_238bis", "precarious_person", {}, "solidarity_seller"),
        ("reuse_body_esus", "precarious_person", {}, "no_resale_prudent"),
        ("association_rup", "person", {}, "solidarity_buyer"),
        ("association_rup", "company", {}, "solidarity_buyer"),
        ("association_rup", COMMUNE, {}, "solidarity_buyer"),
        ("association_rup", "association_other", {}, "solidarity_buyer"),
        ("association_rup", "precarious_person", {"voucher": None}, "voucher_missing"),
        ("association_rup", "precarious_person", {"voucher": Voucher(date(2026, 3, 31))}, "voucher_expired"),
        ("association_rup", "precarious_person", {"voucher": Voucher(law.TODAY, "tablet")}, "voucher_kind"),
        ("association_rup", "precarious_person", {"price_cents": 18_001}, "price_above_cap"),
    ],
)
def test_each_missing_leg_refuses_the_solidarity_sale(
    seller: str, buyer: str, change: dict[str, Any], code: str
) -> None:
    """CG3P L3212-2 3°: such a seller, such a buyer, and a capped price; one missing is enough."""
    assert permission("solidarity_sale", "free_transfer", "association_rup", "precarious_person", COMMUNE)
    assert refusal("solidarity_sale", "free_transfer", seller, buyer, COMMUNE, **change)[0] == code


def test_a_voucher_may_ask_for_less_than_the_cap() -> None:
    asked = ("solidarity_sale", "free_transfer", "association_rig", "precarious_person", COMMUNE)
    voucher = Voucher(law.TODAY, "laptop", 5_000)  # its last day is a good day
    assert permission(*asked, voucher=voucher, price_cents=5_000).cap_cents == 5_000
    assert refusal(*asked, voucher=voucher, price_cents=5_001) == ("price_above_voucher", ("lower_price",))
    generous = Voucher(law.TODAY, None, 99_000)
    assert permission(*asked, voucher=generous, price_cents=18_000).cap_cents == 18_000


def test_no_voucher_is_asked_of_an_association() -> None:
    assert permission("solidarity_sale", "free_transfer", "association_rig", "association_precarity", COMMUNE,
                      voucher=None).documents == ("precarity_purpose",)  # fmt: skip
