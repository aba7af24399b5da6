"""Agreeing on a slot, calling it off, letting it expire."""

from __future__ import annotations

import pytest

from reuse_market.accounts.signatures import current_code
from reuse_market.claims import queries as claims
from reuse_market.collection import queries, services
from reuse_market.documents import queries as documents
from reuse_market.kernel import clock
from reuse_market.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from reuse_market.notices.queries import messages
from reuse_market.traceability.verify import verify_chains
from reuse_market.units import queries as units
from reuse_market.units.labels import codes_of
from tests.support import world as chain

SLOT = {"from_time": "09:00", "to_time": "11:00"}


@pytest.fixture
def holder(world):
    return world.holder()


@pytest.fixture
def actor(world):
    return world.reuse_actor()


@pytest.fixture
def claim(holder, actor):
    return chain.awarded_claim(chain.published_lot(holder), holder, actor)


def propose(claim, who, **changes):
    slot = {"day": clock.in_days(3)} | SLOT | changes
    return services.propose_pickup(claim.reference, actor=who.actor, **slot)


def sent():
    return [(m.template, m.to_address) for m in reversed(messages()) if m.template.startswith("pickup")]


def test_a_proposal_holds_every_awarded_unit_and_tells_the_other_side(holder, actor, claim):
    pickup = propose(claim, actor, note="Deux personnes")
    assert (pickup.state, pickup.asked_by_id) == ("proposed", actor.organisation_id)
    assert units.engaged_ids("pickup", pickup.reference) == claims.awarded_units(claim)
    assert sent() == [("pickup_proposed", holder.email)]
    with pytest.raises(Conflict):
        propose(claim, holder)


def test_a_slot_must_make_sense(world, actor, claim):
    wrong = [
        {"day": clock.in_days(-1)}, {"day": clock.in_days(400)}, {"from_time": "11:00"}, {"to_time": "9h"},
        {"from_time": "24:00"},
    ]  # fmt: skip
    for changes in wrong:
        with pytest.raises(Invalid):
            propose(claim, actor, **changes)
    with pytest.raises(NotFound):
        propose(claim, world.reuse_actor("Réemploi Exemple"))
    with pytest.raises(NotAllowed):
        propose(claim, world.operator())


def test_agreeing_gives_labels_code_and_order(holder, actor, claim):
    pickup = propose(claim, actor)
    ids = units.engaged_ids("pickup", pickup.reference)
    assert codes_of(ids) == {}
    with pytest.raises(NotAllowed):
        services.agree_pickup(pickup.reference, actor=actor.actor)
    services.agree_pickup(pickup.reference, actor=holder.actor)
    assert set(codes_of(ids)) == set(ids)
    code = current_code(f"pickup/{pickup.reference}")
    assert code.expires_at.date() >= clock.in_days(4)
    mails = {m.to_address: m.text for m in messages() if m.template == "pickup_agreed"}
    assert (code.code in mails[holder.email], code.code in mails[actor.email]) == (True, False)
    order = documents.of(f"pickup/{pickup.reference}", kind="pickup_order")[0]
    assert {reader.organisation_id for reader in order.readers} == {
        holder.organisation_id,
        actor.organisation_id,
    }
    assert [line["planned"] for line in order.facts["lines"]] == [3, 2]
    assert len(order.facts["units"]) == 3  # those with a number of their own


def test_countering_turns_the_table(holder, actor, claim):
    pickup = propose(claim, actor)
    services.counter_pickup(pickup.reference, actor=holder.actor, day=clock.in_days(4), **SLOT)
    assert (pickup.state, pickup.day, pickup.asked_by_id) == (
        "countered",
        clock.in_days(4),
        holder.organisation_id,
    )
    services.counter_pickup(pickup.reference, actor=actor.actor, day=clock.in_days(5), **SLOT)
    services.agree_pickup(pickup.reference, actor=holder.actor)
    assert sent()[:3] == [
        ("pickup_proposed", holder.email), ("pickup_proposed", actor.email), ("pickup_proposed", holder.email)
    ]  # fmt: skip


def test_a_day_gone_by_cannot_be_agreed(holder, actor, claim):
    pickup = propose(claim, actor)
    with clock.frozen(clock.at_paris(clock.in_days(4), 9)), pytest.raises(Conflict):
        services.agree_pickup(pickup.reference, actor=holder.actor)


def test_cancelled_units_stay_awarded_and_can_be_proposed_again(holder, actor, claim):
    pickup = chain.agreed_pickup(claim, holder, actor, clock.in_days(3))  # in time: later, it drops out
    with pytest.raises(Invalid):
        services.cancel_pickup(pickup.reference, " ", actor=actor.actor)
    services.cancel_pickup(pickup.reference, "Panne", actor=actor.actor)
    assert {u.state for u in units.by_ids(claims.awarded_units(claim))} == {"awarded"}
    assert sent()[-1] == ("pickup_cancelled", holder.email)
    again = propose(claim, holder)
    assert queries.view(again).planned == 5
    assert verify_chains() == []


def test_a_failed_pick_up_forgets_its_checks_and_takes_another_slot(holder, actor, claim):
    pickup = chain.agreed_pickup(claim, holder, actor)
    services.check_off_rest(pickup.reference, actor=actor.actor)
    former = current_code(f"pickup/{pickup.reference}").code
    services.fail_pickup(pickup.reference, "Portail fermé", actor=actor.actor)
    assert [row.noted for row in queries.tally(pickup)] == [0, 0]
    services.repropose(pickup.reference, actor=actor.actor, day=clock.in_days(2), **SLOT)
    services.agree_pickup(pickup.reference, actor=holder.actor)
    assert current_code(f"pickup/{pickup.reference}").id > 1
    assert len(documents.of(f"pickup/{pickup.reference}", kind="pickup_order")) == 2
    assert former is not None


def test_slots_nobody_answers_expire_once(holder, actor, claim):
    pickup = propose(claim, actor, day=clock.in_days(20))
    assert services.expire_due() == 0
    with clock.frozen(clock.at_paris(clock.in_days(5), 12)):
        assert services.expire_due() == 0
    with clock.frozen(clock.at_paris(clock.in_days(6), 12)):
        assert (services.expire_due(), services.expire_due()) == (1, 0)
    assert pickup.state == "expired"
    assert units.engaged_ids("pickup", pickup.reference) == []
    assert {to for template, to in sent() if template == "pickup_expired"} == {holder.email, actor.email}
