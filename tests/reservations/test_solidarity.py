"""The three-fold rule (CG3P L3212-2 3°), as a seller meets it: who sells, who buys, at what price."""

from __future__ import annotations

import pytest

from reuse_market.catalogue import queries as catalogue
from reuse_market.documents import queries as documents
from reuse_market.kernel.db import session
from reuse_market.kernel.errors import Invalid
from reuse_market.proofs.reconcile import reconcile
from reuse_market.refurbishing.law import origins
from reuse_market.regimes import queries as regimes
from reuse_market.regimes.cases import Refused
from reuse_market.reservations import counter, law, queries, services
from reuse_market.units.models import Unit
from tests.reservations.solidarity import given, qualified, seller, voucher
from tests.support.world import Party, World, ready_units

CAP = 15_000  # HT; 180 € TTC, the cap of a laptop (décret 2022-1413)
REFUSED = "refused: "
# seller, buyer, price HT → the act, or the refusal's code. "bearer" comes to the counter with a voucher.
GRID = {
    ("association_rig", "association_precarity", CAP): "solidarity_sale",
    ("association_rig", "association_precarity", 9_000): "solidarity_sale",
    ("association_rig", "association_precarity", 0): "give",
    ("association_rig", "association_rig", CAP): "solidarity_sale",
    ("association_rig", "assistance_238bis", CAP): "solidarity_sale",
    ("association_rig", "association_pupils", CAP): "refused: regime.solidarity_buyer",
    ("association_rig", "association_other", CAP): "refused: regime.solidarity_buyer",
    ("association_rig", "company", CAP): "refused: regime.solidarity_buyer",
    ("association_rig", "local_authority", CAP): "refused: regime.solidarity_buyer",
    ("association_rig", "company", 0): "refused: regime.not_established",
    ("association_rig", "bearer", CAP): "solidarity_sale",
    ("association_rig", "bearer", 0): "give",
    ("association_rig", "bearer", CAP + 1): "refused: regime.price_above_cap",
    ("association_rup", "association_precarity", CAP): "solidarity_sale",
    ("association_rup", "company", CAP): "refused: regime.solidarity_buyer",
    ("association_rup", "bearer", CAP): "solidarity_sale",
    ("association_rup", "bearer", CAP + 1): "refused: regime.price_above_cap",
    ("association_pupils", "bearer", CAP): "refused: regime.no_resale",
    ("association_pupils", "association_precarity", CAP): "refused: regime.no_resale",
    ("association_other", "bearer", CAP): "refused: regime.not_established",
    ("reuse_body_esus", "bearer", CAP): "refused: regime.no_resale_prudent",
    ("reuse_body_esus", "association_precarity", CAP): "refused: regime.no_resale_prudent",
    ("company", "bearer", CAP): "refused: regime.not_established",
}


def _buyer(world: World, kind: str) -> Party:
    if kind == "local_authority":
        return world.public_holder("Ville Exemple")
    if kind == "company":
        return world.buyer()
    if kind == "association_precarity":
        return world.recipient()
    made = world.party(f"Acheteur {kind}", "buyer", legal_kind="association")
    return qualified(world, made, kind)


def _provide(world: World, selling: Party, buyer: str, price: int) -> str:
    """The act, or the code of the refusal, of one provision tried for real. Offered free first: at a price
    that nobody may pay the bench refuses already."""
    offered = min(price, CAP) if selling.actor.organisation_name.endswith(("rig", "rup")) else 0
    [unit_id] = given(world, selling, price_cents=offered)
    try:
        if buyer == "bearer":
            gross = catalogue.price_of(price, "standard").gross_cents
            made = counter.sell_on_voucher(
                unit_id, voucher(world.recipient()).code, gross or 0, actor=selling.actor
            )
            return str(made.act)
        actor = _buyer(world, buyer).actor
        if offered != price:  # what the page cannot show, the law is asked
            return _asked(selling, actor.organisation_id or 0, unit_id, price)
        [group] = catalogue.groups(catalogue.Filters(), actor)
        return str(services.place_reservation(group.key, 1, actor=actor).act)
    except Invalid as refusal:
        return REFUSED + refusal.code


def _asked(selling: Party, buyer_id: int, unit_id: int, price: int) -> str:
    answer = law.ask(
        origins([unit_id]), selling.organisation_id, buyer_id, catalogue.price_of(price, "standard")
    )
    return REFUSED + answer.error().code if isinstance(answer, Refused) else answer.act


@pytest.mark.parametrize(("who", "buyer", "price"), list(GRID))
def test_every_cell(world: World, who: str, buyer: str, price: int) -> None:
    assert _provide(world, seller(world, who), buyer, price) == GRID[who, buyer, price]
    assert reconcile() == []


@pytest.mark.parametrize(
    ("who", "price", "code"),
    [
        ("association_rig", CAP, None), ("association_rig", CAP + 1, "regime.price_above_cap"),
        ("association_rup", 20_000, "regime.price_above_cap"), ("association_rig", 0, None),
        ("association_pupils", 1, "regime.no_resale"), ("association_pupils", 0, None),
        ("reuse_body_esus", 1, "regime.no_resale_prudent"), ("reuse_body_esus", 0, None),
    ],
)  # fmt: skip
def test_the_bench_refuses_a_price_nobody_may_pay(
    world: World, who: str, price: int, code: str | None
) -> None:
    selling = seller(world, who)
    if code is None:
        assert given(world, selling, price_cents=price)
        return
    with pytest.raises(Invalid) as refusal:
        given(world, selling, price_cents=price)
    assert (refusal.value.code, refusal.value.field) == (code, "price_cents")
    assert refusal.value.instead


def test_what_was_sold_or_given_by_a_company_has_no_cap(world: World) -> None:
    selling = seller(world)
    [bought] = ready_units(selling, 1, price_cents=90_000)
    [listed] = catalogue.groups(catalogue.Filters(), world.buyer().actor)
    with pytest.raises(ValueError, match="by its key"):
        catalogue.limit_of(listed)
    group = catalogue.group(listed.key, world.buyer().actor)
    assert group is not None
    assert catalogue.limit_of(group) is None
    made = services.place_reservation(group.key, 1, actor=world.buyer().actor)
    assert made.act == "resell"
    assert bought in {unit.unit_id for unit in queries.held_units(made.reference)}


def test_a_group_says_who_may_take_it(world: World) -> None:
    selling = seller(world)
    given(world, selling, 2, price_cents=CAP)
    ready_units(selling, 3, price_cents=CAP)
    groups = catalogue.groups(catalogue.Filters(), world.recipient().actor)
    assert sorted((group.units, group.regime) for group in groups) == [(2, "free_transfer"), (3, "sale")]
    whole = [found for one in groups if (found := catalogue.group(one.key, world.recipient().actor))]
    [limited] = [limit for group in whole if (limit := catalogue.limit_of(group)) is not None]
    assert limited.cap_cents == 18_000
    assert {"works", "charger", "battery"} <= set(limited.conditions)
    assert set(limited.takers) == {
        "association_rig", "association_precarity", "assistance_238bis", "precarious_person",
    }  # fmt: skip


def test_an_association_signs_for_a_solidarity_sale(world: World) -> None:
    selling, buyer = seller(world), world.recipient()
    [unit_id] = given(world, selling, price_cents=CAP)
    [group] = catalogue.groups(catalogue.Filters(), buyer.actor)
    reference = services.place_reservation(group.key, 1, actor=buyer.actor).reference
    services.confirm_reservation(reference, actor=selling.actor)
    services.sign_as_beneficiary(reference, actor=buyer.actor, name="Personne Exemple")
    [paper] = documents.of(f"reservation/{reference}")
    assert paper.facts["act"].startswith("Vente à prix solidaire (CG3P, art. L3212-2 3°)")
    said = [line for line in paper.facts["statements"] if "En cas de panne" in line or "marche plus" in line]
    assert [line.startswith("L’appareil ne marche plus\u00a0? Appelez") for line in said] == [
        True
    ]  # once, plainly
    unit = session().get(Unit, unit_id)
    assert (unit.state, unit.owner_id) == ("provided", buyer.organisation_id)
    assert regimes.party_kind(buyer.organisation_id) == "association_precarity"
