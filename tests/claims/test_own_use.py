"""Claims for one's own use: who may, in which capacity, with which papers, and from which day on."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from reuse_market.claims import api, panels, queries, services
from reuse_market.kernel import clock
from reuse_market.kernel.errors import Conflict, Invalid, NotAllowed
from reuse_market.traceability.queries import body, events_of_stream
from tests.support import direct
from tests.support import world as chain

BOTH = ("reuse_actor", "recipient")


@pytest.fixture
def takers(world):
    """Everybody who might ask, by what they are."""
    esus = world.party("Atelier ESUS", "reuse_actor", "recipient", legal_kind="association")
    return {
        "reuse actor": world.reuse_actor(),
        "recipient": world.recipient(),
        "recognised recipient": direct.qualified(
            world, world.party("Fondation Exemple", "recipient", legal_kind="association"), "association_rup"
        ),
        "both, ESUS": direct.qualified(world, esus, "reuse_body_esus"),
        "commune": direct.town(world),
        "commune with a fleet": world.public_holder("Ville au parc"),
        "hospital": world.party("Hôpital Exemple", "holder", legal_kind="public_body"),
        "State": world.party("Préfecture Exemple", "obliged_buyer", legal_kind="state"),
        "company": world.buyer(),
        "company with a fleet": world.holder("Autre entreprise"),
    }


# taker → capacities on a lot erased by its holder, then on one that a reuse actor erases.
CAPACITIES = {
    "reuse actor": (("reuse_actor",), ("reuse_actor",)),
    "recipient": (("recipient",), ()),
    "recognised recipient": (("recipient",), ()),
    "both, ESUS": (BOTH, ("reuse_actor",)),
    "commune": (("recipient",), ()),
    "commune with a fleet": (("recipient",), ()),
    "hospital": (("recipient",), ()),
    "State": (("recipient",), ()),
    "company": ((), ()),
    "company with a fleet": ((), ()),
}


def test_in_which_capacity_each_may_ask(world, takers):
    erased = chain.published_lot(world.holder(), erased_by="holder")
    not_erased = chain.published_lot(world.holder())
    found = {
        who: (queries.capacities(erased, party.actor), queries.capacities(not_erased, party.actor))
        for who, party in takers.items()
    }
    assert found == CAPACITIES
    assert queries.capacities(erased, replace(takers["commune"].actor, commits=False)) == ()
    own = chain.published_lot(takers["commune with a fleet"], erased_by="holder")
    assert queries.capacities(own, takers["commune with a fleet"].actor) == ()


# taker → what the law says under each regime: the papers' texts due, or the refusal's code.
LAW = {
    ("public_transfer", "recipient"): {
        "recipient": "regime.not_in_public_transfer",
        "recognised recipient": "regime.not_in_public_transfer",
        "both, ESUS": "regime.not_in_public_transfer",
        "commune": "",
        "commune with a fleet": "",
        "hospital": "",
        "State": "regime.not_in_public_transfer",
    },
    ("free_transfer", "recipient"): {
        "recipient": "regime.recipient_not_listed",
        "recognised recipient": "statutory-2026-01",
        "both, ESUS": "statutory-2026-01",
        "commune": "regime.recipient_not_listed",
        "commune with a fleet": "regime.recipient_not_listed",
        "hospital": "regime.recipient_not_listed",
        "State": "regime.recipient_not_listed",
    },
    ("free_transfer", "reuse_actor"): {
        "reuse actor": "regime.recipient_not_listed",
        "both, ESUS": "2026-01 statutory-2026-01",
    },
}


@pytest.mark.parametrize(("regime", "capacity"), LAW)
def test_what_the_law_says_of_each(world, takers, regime, capacity):
    holder = world.public_holder()
    found = {}
    for who in LAW[regime, capacity]:
        lot = direct.lot_as_is(holder, regime, numbered=0, counted=1)
        try:
            made = direct.claim_as_is(lot, takers[who], capacity=capacity, committed=True)
            found[who] = f"{made.commitment_version} {made.undertaking_version}".strip()
            assert made.capacity == capacity
        except Invalid as refused:
            found[who] = refused.code
    assert found == LAW[regime, capacity]


def test_a_company_gives_to_any_of_them_and_a_recipient_commits_to_nothing(world, takers):
    for who in ("recipient", "commune", "hospital"):
        lot = direct.lot_as_is(world.holder(), "gift", value_cents=None)
        made = direct.claim_as_is(lot, takers[who], undertaken=False)
        assert (made.commitment_version, made.undertaking_version, made.proposal) == ("", "", "free")
    told = body(events_of_stream(f"lot/{lot.reference}")[-1])
    assert told["facts"]["capacity"] == "recipient"


def test_a_recipient_buys_where_the_lot_is_sold(world, takers):
    lot = chain.published_lot(world.holder(), erased_by="holder")
    made = direct.claim_as_is(lot, takers["hospital"], proposal="pay", amount_cents=90_00)
    assert (made.capacity, made.amount_cents) == ("recipient", 90_00)
    with pytest.raises(Invalid, match="no fee"):
        direct.claim_as_is(lot, takers["commune"], proposal="fee", amount_cents=90_00)


def test_a_public_sale_is_never_below_the_estimated_value(world, takers):
    lot = direct.lot_as_is(world.public_holder(), "sale", price_kind="proposals")  # 3 devices at 120 euros
    for who in ("reuse actor", "hospital"):
        capacity = "reuse_actor" if who == "reuse actor" else "recipient"
        given = {"capacity": capacity, "proposal": "pay", "committed": True}
        with pytest.raises(Invalid, match="below the estimated value") as refused:
            direct.claim_as_is(lot, takers[who], amount_cents=359_99, **given)
        assert refused.value.code == "regime.below_value"
        assert direct.claim_as_is(lot, takers[who], amount_cents=360_00, **given).state == "submitted"


def test_a_fixed_public_price_is_shared_by_value(world, takers):
    terms = {"price_kind": "fixed", "price_cents": 360_00, "award_mode": "first_come"}
    lot = direct.lot_as_is(world.public_holder(), "sale", **terms)
    made = direct.claim_as_is(lot, takers["hospital"], {2: 1}, proposal="pay")
    assert (made.state, made.amount_cents) == ("awarded", 120_00)


def test_the_undertaking_is_written_by_the_organisation_itself(world, takers):
    lot = direct.lot_as_is(world.public_holder(), "free_transfer")
    taker = takers["recognised recipient"]
    with pytest.raises(Invalid) as refused:
        direct.claim_as_is(lot, taker, undertaken=False)
    assert (refused.value.field, refused.value.code) == ("undertaken", "claim.undertaking")
    by_phone = replace(taker, actor=replace(taker.actor, via="operator"))
    with pytest.raises(NotAllowed) as refused:
        direct.claim_as_is(lot, by_phone)
    assert refused.value.code == "own-hand"
    assert direct.claim_as_is(lot, taker).undertaking_version == "statutory-2026-01"


def test_a_device_above_the_ceiling_is_not_given_away(world, takers):
    """CG3P D3212-5: 300 euros. Published within it, claimed after a rule lowered it, the law is asked again."""
    lot = direct.lot_as_is(world.public_holder(), "public_transfer", value_cents=300_00)
    assert direct.claim_as_is(lot, takers["commune"]).state == "submitted"
    with pytest.raises(Invalid) as refused:
        direct.lot_as_is(world.public_holder(), "public_transfer", value_cents=300_01)
    assert refused.value.code == "regime.value_above_cap"


def test_who_may_do_both_says_which(world, takers):
    lot = direct.lot_as_is(world.public_holder(), "free_transfer")
    both = takers["both, ESUS"]
    with pytest.raises(Invalid) as refused:
        direct.claim_as_is(lot, both, capacity="")
    assert (refused.value.field, refused.value.code) == ("capacity", "claim.capacity")
    with pytest.raises(Invalid) as refused:
        direct.claim_as_is(lot, both, capacity="reuse_actor", committed=False)
    assert refused.value.field == "committed"
    assert direct.claim_as_is(lot, both, capacity="recipient").capacity == "recipient"


def test_nobody_takes_as_they_are_what_the_holder_does_not_erase(world, takers):
    lot = chain.published_lot(world.holder())
    for who in ("recipient", "commune"):
        with pytest.raises(NotAllowed) as refused:
            direct.claim_as_is(lot, takers[who], proposal="pay", amount_cents=100_00)
        assert refused.value.code == "claim.not-erased"
    with pytest.raises(NotAllowed):
        direct.claim_as_is(chain.published_lot(world.holder(), erased_by="holder"), takers["company"])


def test_public_bodies_first(world, takers):
    lot = direct.lot_as_is(world.public_holder(), "sale", price_kind="proposals", public_first_days=7)
    last, given = lot.public_first_until, {"proposal": "pay", "amount_cents": 400_00}
    assert last == clock.today() + timedelta(days=7)
    others = {"reuse actor": "reuse_actor", "recipient": "recipient"}
    for day in (clock.today(), last):
        with clock.frozen(clock.at_paris(day, 12)):
            for who, capacity in others.items():
                actor = takers[who].actor
                with pytest.raises(Conflict) as refused:
                    direct.claim_as_is(lot, takers[who], capacity=capacity, committed=True, **given)
                assert (refused.value.code, refused.value.params["date"]) == (
                    "claim.kept-for-public-bodies",
                    last,
                )
                assert panels.lot_action(lot, actor).context["kept_until"] == last
                assert api.lot_actions(lot, actor) == ()
            assert api.lot_actions(lot, takers["hospital"].actor) == ("claim",)
    assert direct.claim_as_is(lot, takers["hospital"], **given).state == "submitted"
    with clock.frozen(clock.at_paris(last + timedelta(days=1), 0)):
        for who, capacity in others.items():
            assert api.lot_actions(lot, takers[who].actor) == ("claim",)
            made = direct.claim_as_is(lot, takers[who], capacity=capacity, committed=True, **given)
            assert made.state == "submitted"


def test_an_award_asks_the_law_again_for_the_same_use(world, takers):
    lot = direct.lot_as_is(world.public_holder(), "free_transfer")
    taker = takers["recognised recipient"]
    made = direct.claim_as_is(lot, taker)
    assert services.award_claim(made.reference, {1: 1}, actor=world.public_holder().actor).state == "awarded"
    assert len(queries.awarded_units(made)) == 1
