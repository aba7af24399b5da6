"""Rounds: made, arranged, planned, driven, ended by themselves; what fits is told; what goes away leaves."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from reuse_market.collection import services as pickups
from reuse_market.collection.round_models import RoundPlan
from reuse_market.collection.rounds import asking, drawing, facts, reading, services
from reuse_market.kernel import clock, db
from reuse_market.kernel.db import session
from reuse_market.kernel.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound
from reuse_market.notices.models import Message
from reuse_market.traceability.models import Event
from tests.support import world as chain

SLOTS = {0: ("09:00", "11:00"), 1: ("10:00", "12:00"), 2: ("14:00", "16:00")}
PLACES = [("Échirolles", "38130"), ("Meylan", "38240"), ("Fontaine", "38600"), ("Eybens", "38320"),
          ("Voreppe", "38340"), ("Vizille", "38220")]  # fmt: skip


def agreed(world, actor, number, *, day=None, units=2, slot=None, agree=True):
    """An agreed pick-up of `units` laptops and a screen at a holder of its own, in the number-th commune."""
    commune, postcode = PLACES[number % len(PLACES)]
    holder = world.party(f"Détenteur {number}", "holder", commune=commune, postcode=postcode)
    claim = chain.awarded_claim(chain.published_lot(holder, numbered=units, counted=1), holder, actor)
    begin, end = slot or SLOTS[number % 3]
    made = pickups.propose_pickup(
        claim.reference, actor=actor.actor, day=day or clock.today(), from_time=begin, to_time=end
    )
    return pickups.agree_pickup(made.reference, actor=holder.actor).reference if agree else made.reference


def terms(actor, vehicle=None, **more):
    return {"day": clock.today(), "from_time": "08:00", "to_time": "18:00", "depot_site_id": actor.site_id,
            "vehicle_id": vehicle.id if vehicle else None} | more  # fmt: skip


def van(actor, **values):
    return services.add_vehicle(
        "Fourgon", actor=actor.actor, **({"units": 60, "payload_g": 900_000} | values)
    )


def order(reference):
    by_id = facts.loads([s.pickup_id for s in facts.stops_of(reading.get(reference).id)])
    return [by_id[s.pickup_id].pickup.reference for s in facts.stops_of(reading.get(reference).id)]


def mails(kind):
    return [
        m.facts
        for m in session().scalars(sa.select(Message).where(Message.template == kind).order_by(Message.id))
    ]


def codes(plan):
    return sorted({doubt.code for doubt in plan.doubts})


def test_a_round_from_its_draft_to_its_end(world):
    actor = world.reuse_actor()
    first, second = agreed(world, actor, 0), agreed(world, actor, 1)
    made = services.draft_round([second, first], actor=actor.actor, **terms(actor, van(actor)))
    ref = made.reference
    assert (made.state, made.metres > 0, order(ref)) == ("draft", True, [second, first])
    services.move_stop(ref, first, True, actor=actor.actor)
    assert order(ref) == [first, second]
    with pytest.raises(Conflict):
        services.move_stop(ref, first, True, actor=actor.actor)
    assert mails("round_planned") == []
    services.plan_round(ref, actor=actor.actor)
    told = [m["pickup_ref"] for m in mails("round_planned")]
    assert told == [first, second]
    with pytest.raises(Conflict):
        services.add_stop(ref, agreed(world, actor, 2), actor=actor.actor)
    services.start_round(ref, actor=actor.actor)
    pickups.check_off_rest(first, actor=actor.actor)
    pickups.sign_as_driver(first, actor=actor.actor)
    assert reading.get(ref).state == "under_way"
    pickups.fail_pickup(second, "Portail fermé", actor=actor.actor)
    assert reading.get(ref).state == "done"
    assert order(ref) == [first, second]
    events = [
        e.type
        for e in session().scalars(sa.select(Event).where(Event.type.like("round.%")).order_by(Event.id))
    ]
    assert events == ["round.drafted", "round.planned", "round.started", "round.done"]


def test_holders_are_told_again_only_when_their_hour_changed(world):
    actor = world.reuse_actor()
    first, second = (
        agreed(world, actor, 0, slot=("08:00", "17:00")),
        agreed(world, actor, 1, slot=("08:00", "17:00")),
    )
    ref = services.draft_round([first, second], actor=actor.actor, **terms(actor)).reference
    services.plan_round(ref, actor=actor.actor)
    services.reopen_round(ref, actor=actor.actor)
    services.plan_round(ref, actor=actor.actor)
    assert len(mails("round_planned")) == 2
    assert mails("round_changed") == []
    services.reopen_round(ref, actor=actor.actor)
    services.reorder(ref, [second, first], actor=actor.actor)
    services.plan_round(ref, actor=actor.actor)
    assert {m["pickup_ref"] for m in mails("round_changed")} == {first, second}
    services.cancel_round(ref, "Panne", actor=actor.actor)
    assert {m["pickup_ref"] for m in mails("round_cancelled")} == {first, second}
    assert facts.open_round_of(facts.stops_of(reading.get(ref).id)[0].pickup_id) is None


def test_what_does_not_fit_is_told_at_once(world):
    actor = world.reuse_actor()
    small = van(actor, units=3, payload_g=1000, height_cm=300, tail_lift="no")
    one, two = agreed(world, actor, 0), agreed(world, actor, 1)
    _access(one, needs_tail_lift="yes", height_limit_cm=210)
    _access(two, needs_tail_lift="no", height_limit_cm=None)
    plan = drawing.drawn(services.draft_round([two, one], actor=actor.actor, **terms(actor, small)))
    assert codes(plan) == ["no-tail-lift", "too-heavy", "too-high", "too-many"]
    assert not plan.fits
    large = van(actor, tail_lift="yes", height_cm=200)
    good = drawing.draw(
        drawing.Terms(clock.today(), "08:00", "18:00", large, None), [leg.load for leg in plan.legs]
    )
    assert codes(good) == ["no-depot"]
    assert good.fits
    late = drawing.draw(
        drawing.Terms(clock.today(), "12:30", "13:00", large, None), [leg.load for leg in plan.legs]
    )
    assert codes(late) == ["late", "long", "no-depot"]
    unknown = van(actor, tail_lift="unknown", height_cm=None, units=None, payload_g=None)
    open_question = drawing.draw(drawing.Terms(clock.in_days(1), "08:00", "18:00", unknown, None),
                                 [leg.load for leg in plan.legs])  # fmt: skip
    assert codes(open_question) == ["height-unknown", "no-depot", "other-day", "tail-lift-unknown"]


@db.command
def _access(reference, **values):
    pickup = facts.loads([pickups_id(reference)])[pickups_id(reference)]
    for name, value in values.items():
        setattr(pickup.site, name, value)


def pickups_id(reference):
    from reuse_market.collection import queries

    return queries.get(reference).id


def test_a_mass_nobody_gave_leaves_the_weight_unknown_never_zero(world, monkeypatch):
    actor = world.reuse_actor()
    ref = services.draft_round(
        [agreed(world, actor, 0)], actor=actor.actor, **terms(actor, van(actor))
    ).reference
    assert drawing.drawn(reading.get(ref)).grams > 0
    _forget_masses()
    plan = drawing.drawn(reading.get(ref))
    assert plan.grams is None
    assert "weight-unknown" in codes(plan)


@db.command
def _forget_masses():
    from reuse_market.equipment.models import KindMass

    session().execute(sa.delete(KindMass).where(KindMass.kind == "monitor"))


def test_a_pick_up_is_on_one_open_round(world):
    actor, other = world.reuse_actor(), world.reuse_actor("Autre atelier")
    mine = agreed(world, actor, 0)
    first = services.draft_round([mine], actor=actor.actor, **terms(actor)).reference
    with pytest.raises(Conflict):
        services.draft_round([mine], actor=actor.actor, **terms(actor))
    second = services.draft_round([], actor=actor.actor, **terms(actor)).reference
    with pytest.raises(Conflict):
        services.add_stop(second, mine, actor=actor.actor)
    with pytest.raises(Invalid):
        services.draft_round([mine], actor=other.actor, **terms(other))
    with pytest.raises(NotFound):
        services.add_stop(first, mine, actor=other.actor)
    services.cancel_round(first, "Panne", actor=actor.actor)
    services.add_stop(second, mine, actor=actor.actor)
    assert order(second) == [mine]
    assert [load.pickup.reference for load in facts.candidates(actor.organisation_id)] == []


def test_a_pick_up_that_goes_away_leaves_a_round_that_has_not_set_off(world):
    actor = world.reuse_actor()
    stays, cancelled, failed, moved = (agreed(world, actor, n) for n in range(4))
    ref = services.draft_round([stays, cancelled, failed, moved], actor=actor.actor, **terms(actor)).reference
    services.plan_round(ref, actor=actor.actor)
    told = facts.stops_of(reading.get(ref).id)[0].arrive_at
    pickups.cancel_pickup(cancelled, "Grève", actor=world.party("Détenteur 1", "holder").actor)
    pickups.fail_pickup(failed, "Panne", actor=actor.actor)
    assert order(ref) == [stays, moved]
    pickups.fail_pickup(moved, "Panne", actor=actor.actor)
    assert [s.position for s in facts.stops_of(reading.get(ref).id)] == [1]
    assert facts.stops_of(reading.get(ref).id)[0].arrive_at == told
    assert reading.get(ref).state == "planned"
    draft = services.draft_round(
        [agreed(world, actor, 4, agree=False)], actor=actor.actor, **terms(actor)
    ).reference
    holder = world.party("Détenteur 4", "holder").actor
    pickups.counter_pickup(
        order(draft)[0], actor=holder, day=clock.today(), from_time="15:00", to_time="16:00"
    )
    assert len(order(draft)) == 1
    pickups.counter_pickup(
        order(draft)[0], actor=actor.actor, day=clock.in_days(1), from_time="15:00", to_time="16:00"
    )
    assert order(draft) == []


def test_a_round_is_planned_only_over_agreed_stops_of_its_day(world):
    actor = world.reuse_actor()
    empty = services.draft_round([], actor=actor.actor, **terms(actor)).reference
    for wrong in (
        [],
        [agreed(world, actor, 0, agree=False)],
        [agreed(world, actor, 1, day=clock.in_days(1))],
    ):
        ref = services.draft_round(wrong, actor=actor.actor, **terms(actor)).reference if wrong else empty
        with pytest.raises(Conflict):
            services.plan_round(ref, actor=actor.actor)


@pytest.mark.parametrize(
    "wrong",
    [{"day": "past"}, {"day": "far"}, {"from_time": "8h"}, {"to_time": "07:00"}, {"vehicle_id": "theirs"},
     {"vehicle_id": "retired"}, {"depot_site_id": "theirs"}],
    ids=lambda wrong: "-".join(wrong) + "-" + str(next(iter(wrong.values()))),
)  # fmt: skip
@pytest.mark.parametrize("backend", ["sqlite"])
def test_terms_are_judged(world, wrong):
    actor, other = world.reuse_actor(), world.reuse_actor("Autre atelier")
    retired = van(actor)
    services.retire_vehicle(retired.id, actor=actor.actor)
    values = {"past": clock.in_days(-1), "far": clock.in_days(400), "retired": retired.id,
              "theirs": van(other).id if "vehicle_id" in wrong else other.site_id}  # fmt: skip
    given = {name: values.get(value, value) for name, value in wrong.items()}
    with pytest.raises(Invalid) as refused:
        services.draft_round([], actor=actor.actor, **(terms(actor) | given))
    assert refused.value.field == next(iter(wrong))


def test_an_order_is_proposed_at_once_and_twice_the_same(world):
    actor = world.reuse_actor()
    refs = [agreed(world, actor, n, slot=("08:00", "17:00")) for n in (0, 4, 3, 2, 5, 1)]
    ref = services.draft_round(refs, actor=actor.actor, **terms(actor, van(actor))).reference
    before = reading.get(ref).metres
    services.propose_order(ref, actor=actor.actor)
    first, after = order(ref), reading.get(ref).metres
    assert after < before
    assert sorted(first) == sorted(refs)
    assert reading.get(ref).planned_by == "savings"
    services.propose_order(ref, actor=actor.actor)
    assert (order(ref), reading.get(ref).metres) == (first, after)


def test_several_rounds_are_proposed_by_the_planner_in_its_own_process(world):
    actor, other = world.reuse_actor(), world.reuse_actor("Autre atelier")
    refs = [agreed(world, actor, n, units=5, slot=("08:00", "17:00")) for n in range(4)]
    vans = [van(actor, units=14).id, van(actor, units=14).id]
    asked = services.ask_rounds(refs, vans, actor=actor.actor, **_hours(actor))
    assert asked.state == "asked"
    with pytest.raises(Conflict):
        services.take_rounds(asked.id, actor=actor.actor)
    assert services.run_due() == 1
    assert session().get_one(RoundPlan, asked.id).state == "answered"
    with pytest.raises(NotFound):
        services.take_rounds(asked.id, actor=other.actor)
    made = services.take_rounds(asked.id, actor=actor.actor)
    assert sorted(stop for one in made for stop in order(one.reference)) == sorted(refs)
    assert {one.vehicle_id for one in made} == set(vans)
    assert all(len(order(one.reference)) == 2 for one in made)
    with pytest.raises(Conflict):
        services.take_rounds(asked.id, actor=actor.actor)
    assert services.run_due() == 0


def test_a_planner_that_fails_is_told_and_nothing_is_made(world):
    actor = world.reuse_actor()
    asked = services.ask_rounds(
        [agreed(world, actor, 0)], [van(actor).id], actor=actor.actor, **_hours(actor)
    )
    _spoil(asked.id)
    assert services.run_due() == 1
    found = session().get_one(RoundPlan, asked.id)
    assert (found.state, found.answer) == ("failed", {"reason": "broken"})
    with pytest.raises(DomainError):
        services.take_rounds(asked.id, actor=actor.actor)


@db.command
def _spoil(plan_id):
    found = session().get_one(RoundPlan, plan_id)
    found.question = found.question | {"problem": found.question["problem"] | {"seconds": [[0]]}}


def test_a_job_that_dies_is_taken_up_again_after_its_lease(world):
    actor = world.reuse_actor()
    asked = services.ask_rounds(
        [agreed(world, actor, 0)], [van(actor).id], actor=actor.actor, **_hours(actor)
    )
    asking._begin(asked.id)
    assert services.run_due() == 0
    with clock.frozen(clock.now() + asking.LEASE * 2):
        assert services.run_due() == 1
    assert session().get_one(RoundPlan, asked.id).state == "answered"


def _hours(actor):
    return {name: value for name, value in terms(actor).items() if name != "vehicle_id"}


def test_a_vehicle_is_its_actors_alone(world):
    actor, other, holder = world.reuse_actor(), world.reuse_actor("Autre atelier"), world.holder()
    mine = van(actor)
    services.change_vehicle(mine.id, "Camion", actor=actor.actor, units=10)
    assert (mine.name, mine.units, mine.payload_g) == ("Camion", 10, None)
    with pytest.raises(NotAllowed):
        services.add_vehicle("Voiture", actor=holder.actor)
    with pytest.raises(NotFound):
        services.change_vehicle(mine.id, "À nous", actor=other.actor)
    for wrong in ({"units": 0}, {"tail_lift": "maybe"}):
        with pytest.raises(Invalid):
            services.change_vehicle(mine.id, "Camion", actor=actor.actor, **wrong)
    ref = services.draft_round([agreed(world, actor, 0)], actor=actor.actor, **terms(actor, mine)).reference
    services.plan_round(ref, actor=actor.actor)
    with pytest.raises(Conflict):
        services.retire_vehicle(mine.id, actor=actor.actor)
    services.cancel_round(ref, "Panne", actor=actor.actor)
    services.retire_vehicle(mine.id, actor=actor.actor)
    assert mine.retired_at is not None


def test_a_holder_knows_its_own_stop_of_a_settled_round_and_no_other(world):
    actor, stranger = world.reuse_actor(), world.holder()
    first, second = agreed(world, actor, 0), agreed(world, actor, 1)
    ref = services.draft_round([first, second], actor=actor.actor, **terms(actor)).reference
    holder = world.party("Détenteur 0", "holder").actor
    with pytest.raises(NotFound):
        reading.held_stops(ref, holder)
    services.plan_round(ref, actor=actor.actor)
    assert reading.held_stops(ref, holder) == [first]
    with pytest.raises(NotFound):
        reading.held_stops(ref, stranger.actor)
    with pytest.raises(NotFound):
        reading.seen(ref, holder)
    assert (
        reading.expected_at(pickups_id(first)).arrive_at == facts.stops_of(reading.get(ref).id)[0].arrive_at
    )
