"""What each verb of claims changes, refuses and tells."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa

from reuse_market.claims import offers, queries, services
from reuse_market.kernel import clock, db
from reuse_market.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from reuse_market.lots import queries as lots
from reuse_market.lots import services as lot_verbs
from reuse_market.notices.queries import messages
from reuse_market.traceability.queries import body, events_of_stream
from reuse_market.traceability.verify import verify_chains
from reuse_market.units import queries as units
from tests.support import world as chain


@pytest.fixture
def holder(world):
    return world.holder()


@pytest.fixture
def actor(world):
    return world.reuse_actor()


def ask(lot, actor, lines, **changes):
    given = {"proposal": "pay", "amount_cents": 5000, "committed": True} | changes
    return services.submit_claim(lot.reference, lines, actor=actor, **given)


def templates():
    return [(m.template, m.to_address) for m in reversed(messages())]


def test_a_claim_waits_for_the_holder_and_takes_nothing(holder, actor):
    lot = chain.published_lot(holder)
    claim = ask(lot, actor.actor, {1: 2, 2: 1}, message="Bonjour")
    assert (claim.state, claim.holder_id, claim.commitment_version) == (
        "submitted",
        holder.organisation_id,
        "2026-01",
    )
    assert claim.answer_until == clock.in_days(5)
    assert lots.left_by_line(lot.reference) == {1: 3, 2: 2}
    assert templates() == [("claim_received", holder.email)]
    told = body(events_of_stream(f"lot/{lot.reference}")[-1])
    assert (told["type"], told["facts"]) == (
        "claim.submitted",
        {
            "lot": lot.reference,
            "claim": claim.reference,
            "units": 3,
            "capacity": "reuse_actor",
            "commitment": "2026-01",
            "undertaking": None,
        },
    )


def test_what_a_claim_is_refused_for(world, holder, actor):
    lot = chain.published_lot(holder)
    refused = [
        ({"committed": False}, {1: 1}, actor.actor, Invalid),
        ({}, {}, actor.actor, Invalid),
        ({}, {1: 0, 2: 0}, actor.actor, Invalid),
        ({}, {1: 4}, actor.actor, Invalid),
        ({}, {1: -1}, actor.actor, Invalid),
        ({}, {9: 1}, actor.actor, Invalid),
        ({"amount_cents": None}, {1: 1}, actor.actor, Invalid),
        ({"proposal": "steal"}, {1: 1}, actor.actor, Invalid),
        ({}, {1: 1}, holder.actor, NotAllowed),
        ({}, {1: 1}, world.buyer().actor, NotAllowed),
        ({}, {1: 1}, replace(actor.actor, commits=False), NotAllowed),
    ]
    for changes, lines, who, error in refused:
        with pytest.raises(error):
            ask(lot, who, lines, **changes)
    ask(lot, actor.actor, {1: 1})
    with pytest.raises(Conflict):
        ask(lot, actor.actor, {2: 1})
    draft = lot_verbs.draft_lot(actor=holder.actor, title="Brouillon")
    with pytest.raises(NotFound):
        ask(draft, actor.actor, {1: 1})
    with clock.frozen(clock.at_paris(clock.in_days(21), 9)), pytest.raises(Conflict):
        ask(lot, world.reuse_actor("Réemploi Exemple").actor, {1: 1})


@pytest.mark.parametrize(
    ("terms", "holder_kind", "allowed"),
    [
        ({"regime": "sale", "price_kind": "fixed", "award_mode": "first_come"}, "company", ("pay",)),
        (
            {"regime": "sale", "price_kind": "proposals", "award_mode": "holder_choice"},
            "company",
            ("pay", "fee", "free"),
        ),
        (
            {"regime": "sale", "price_kind": "proposals", "award_mode": "holder_choice"},
            "local_authority",
            ("pay",),
        ),
        ({"regime": "gift", "price_kind": "free", "award_mode": "holder_choice"}, "company", ("free", "fee")),
        ({"regime": "gift", "price_kind": "free", "award_mode": "first_come"}, "company", ("free",)),
    ],
)
def test_what_may_be_proposed(terms, holder_kind, allowed):
    from reuse_market.lots.models import Lot

    lot = Lot(**terms, price_cents=1000)
    assert offers.choices(lot, holder_kind) == allowed
    for proposal in {"pay", "fee", "free"} - set(allowed):
        with pytest.raises(Invalid):
            offers.checked(lot, holder_kind, proposal, 100, 1, 3)


def test_a_fixed_price_is_shared_by_unit():
    assert [offers.share_cents(1000, n, 3) for n in (1, 2, 3)] == [333, 667, 1000]


def test_award_in_whole_engages_the_units_and_tells_the_claimant(holder, actor):
    lot = chain.published_lot(holder)
    claim = chain.awarded_claim(lot, holder, actor)
    found = units.by_ids(queries.awarded_units(claim))
    assert {(u.state, u.regime, u.owner_id, u.custodian_id) for u in found} == {
        ("awarded", "sale", holder.organisation_id, holder.organisation_id)
    }
    assert len(found) == 5
    assert lots.left_by_line(lot.reference) == {}
    assert templates()[-1] == ("claim_awarded", actor.email)
    assert verify_chains() == []


def test_award_in_part_leaves_the_rest_to_a_second_actor(world, holder, actor):
    lot, other = chain.published_lot(holder, numbered=0, counted=10), world.reuse_actor("Réemploi Exemple")
    first, second = chain.submitted_claim(lot, actor, {1: 8}), chain.submitted_claim(lot, other, {1: 8})
    services.award_claim(first.reference, {1: 6}, actor=holder.actor)
    with pytest.raises(Conflict) as refusal:
        services.award_claim(second.reference, actor=holder.actor)
    assert refusal.value.params == {"left": 4, "line": 1}
    assert queries.get(second.reference).state == "submitted"
    services.award_claim(second.reference, {1: 4}, actor=holder.actor)
    assert [(v.asked, v.awarded, v.stage) for v in queries.of_lot(lot.id)] == [
        (8, 6, "to_collect"),
        (8, 4, "to_collect"),
    ]


def test_an_award_gives_something_and_no_more_than_asked(holder, actor):
    claim = chain.submitted_claim(chain.published_lot(holder), actor, {1: 2})
    for lines in ({}, {1: 0}, {1: 3}, {2: 1}, {1: -1}):
        with pytest.raises(Invalid):
            services.award_claim(claim.reference, lines, actor=holder.actor)


def test_first_come_is_awarded_at_once_and_says_how_many_are_left(world, holder, actor):
    lot = chain.published_lot(
        holder, numbered=0, counted=5, price_kind="fixed", price_cents=1000, award_mode="first_come"
    )
    claim = ask(lot, actor.actor, {1: 3}, amount_cents=1)
    assert (claim.state, claim.amount_cents, len(queries.awarded_units(claim))) == ("awarded", 600, 3)
    assert templates() == [("claim_taken", holder.email)]
    with pytest.raises(Conflict) as refusal:
        ask(lot, world.reuse_actor("Réemploi Exemple").actor, {1: 3})
    assert refusal.value.params == {"left": 2, "line": 1}
    assert len(queries.of_lot(lot.id)) == 1


def test_decline_says_why(holder, actor):
    claim = chain.submitted_claim(chain.published_lot(holder), actor)
    with pytest.raises(Invalid):
        services.decline_claim(claim.reference, "  ", actor=holder.actor)
    services.decline_claim(claim.reference, "Trop loin", actor=holder.actor)
    assert templates()[-1] == ("claim_declined", actor.email)
    assert "Trop loin" in messages()[0].text


def test_released_units_go_back_to_the_open_lot(holder, actor):
    lot = chain.published_lot(holder)
    claim = chain.awarded_claim(lot, holder, actor)
    services.release_claim(claim.reference, "Plus de place", actor=actor.actor)
    assert lots.left_by_line(lot.reference) == {1: 3, 2: 2}
    assert {u.regime for u in units.by_ids(units.engaged_ids("lot", lot.reference))} == {None}
    assert {to for template, to in templates() if template == "claim_released"} == {holder.email, actor.email}
    with pytest.raises(Conflict):
        services.release_claim(claim.reference, "Encore", actor=actor.actor)


def test_released_units_go_back_to_the_holder_when_the_lot_is_over(holder, actor):
    lot = chain.published_lot(holder)
    claim = chain.awarded_claim(lot, holder, actor, {1: 2})
    ids = queries.awarded_units(claim)
    with clock.frozen(clock.at_paris(clock.in_days(21), 9)):
        lot_verbs.expire_due()
        services.release_claim(claim.reference, "Plus de place", actor=actor.actor)
    assert {(u.state, u.regime) for u in units.by_ids(ids)} == {("discarded", None)}
    assert lots.get(lot.reference).state == "expired"
    assert sum(row["units"] for row in units.outcomes("lot", lot.reference)) == 5
    assert verify_chains() == []


def test_a_pick_up_holds_its_award(holder, actor):
    from reuse_market.collection import services as collection

    claim = chain.awarded_claim(chain.published_lot(holder), holder, actor)
    pickup = collection.propose_pickup(
        claim.reference, actor=actor.actor, day=clock.today(), from_time="09:00", to_time="10:00"
    )
    with pytest.raises(Conflict):
        services.release_claim(claim.reference, "Plus de place", actor=actor.actor)
    with pytest.raises(Conflict):
        services.withdraw_claimed_lot(queries.view(claim).lot_reference, "Vendu", actor=holder.actor)
    collection.cancel_pickup(pickup.reference, "Panne", actor=actor.actor)
    services.release_claim(claim.reference, "Plus de place", actor=actor.actor)
    assert queries.get(claim.reference).state == "released"


def test_the_holder_withdraws_a_lot_with_its_claims(world, holder, actor):
    lot, other = chain.published_lot(holder), world.reuse_actor("Réemploi Exemple")
    won = chain.awarded_claim(lot, holder, actor, {1: 2})
    waiting = chain.submitted_claim(lot, other, {2: 1})
    for who, error in ((actor.actor, NotAllowed), (replace(holder.actor, commits=False), NotAllowed)):
        with pytest.raises(error):
            services.withdraw_claimed_lot(lot.reference, "Gardés", actor=who)
    with pytest.raises(Conflict):
        lot_verbs.withdraw_lot(lot.id, actor=holder.actor, reason="Gardés")
    services.withdraw_claimed_lot(lot.reference, "Gardés", actor=holder.actor)
    assert lots.get(lot.reference).state == "withdrawn"
    assert (queries.get(won.reference).state, queries.get(waiting.reference).state) == (
        "released",
        "declined",
    )
    assert {row["outcome"] for row in units.outcomes("lot", lot.reference)} == {"withdrawn"}


def test_claims_nobody_answers_expire_once(holder, actor):
    claim = chain.submitted_claim(chain.published_lot(holder), actor)
    assert services.expire_due() == 0
    with clock.frozen(clock.at_paris(clock.in_days(5), 23)):
        assert services.expire_due() == 0
    with clock.frozen(clock.at_paris(clock.in_days(6), 1)):
        assert (services.expire_due(), services.expire_due()) == (1, 0)
    assert queries.get(claim.reference).state == "expired"
    assert templates()[-1] == ("claim_expired", actor.email)


def test_only_both_sides_and_overseers_know_of_a_claim(world, holder, actor):
    claim = chain.submitted_claim(chain.published_lot(holder), actor)
    for who in (holder, actor, world.operator()):
        assert queries.seen(claim.reference, who.actor).id == claim.id
    for who in (world.reuse_actor("Réemploi Exemple"), world.buyer()):
        with pytest.raises(NotFound):
            queries.seen(claim.reference, who.actor)
        with pytest.raises(NotFound):
            services.release_claim(claim.reference, "x", actor=who.actor)


def test_reads_take_a_constant_number_of_statements(holder, actor, world):
    seen = []
    sa.event.listen(db.database().engine, "before_cursor_execute", lambda *a: seen.append(a[2]))

    def statements(lot_id):
        db.release()
        seen.clear()
        queries.of_lot(lot_id)
        return len(seen)

    lot = chain.published_lot(holder, numbered=0, counted=9)
    lot_id = lot.id
    chain.submitted_claim(lot, actor, {1: 1})
    few = statements(lot_id)
    assert few > 0
    for name in ("Un Exemple", "Deux Exemple", "Trois Exemple"):
        chain.submitted_claim(lots.by_id(lot_id), world.reuse_actor(name), {1: 1})
    assert statements(lot_id) == few
