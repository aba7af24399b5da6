"""Before the vehicle comes: hours, slots, the sheet, the protocol, late drop-outs, and the other arrivals."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa

from reuse_market.accounts import hours
from reuse_market.accounts.models import Site
from reuse_market.accounts.signatures import current_code
from reuse_market.claims import queries as claims
from reuse_market.claims import standby
from reuse_market.claims.models import Standby
from reuse_market.collection import calendar, queries, services
from reuse_market.collection.arrivals import coming, days, proposals, protocols, reminders, sheet
from reuse_market.documents import queries as documents
from reuse_market.documents.rendering import render
from reuse_market.kernel import clock, db
from reuse_market.kernel.actor import SYSTEM
from reuse_market.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from reuse_market.lots import queries as lots
from reuse_market.notices.queries import messages
from reuse_market.proofs.reconcile import reconcile
from reuse_market.traceability.verify import verify_chains
from reuse_market.units import queries as units
from tests.support import world as chain

WEEK = [[["09:00", "12:00"], ["14:00", "17:00"]]] * 5 + [[], []]
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


def site_of(organisation_id):
    return db.session().scalars(sa.select(Site).where(Site.organisation_id == organisation_id)).first()


def sent(prefix=""):
    return [(m.template, m.to_address) for m in reversed(messages()) if m.template.startswith(prefix)]


def propose(claim, who, **changes):
    slot = {"day": clock.in_days(5)} | SLOT | changes
    return services.propose_pickup(claim.reference, actor=who.actor, **slot)


@db.command
def change(site_id, **values):
    db.session().execute(sa.update(Site).where(Site.id == site_id).values(**values))


def test_a_week_is_checked_told_and_read(world, holder, actor):
    site = site_of(holder.organisation_id)
    assert hours.ranges(site, clock.today()) is None
    hours.set_hours(site.id, WEEK, actor=holder.actor, closed_days=[clock.in_days(8)])
    assert hours.said(site, "fr") == (
        "Lundi à vendredi 09:00 à 12:00 et 14:00 à 17:00 ; samedi à dimanche fermé"
    )
    assert hours.ranges(site, clock.in_days(8)) == []
    wrong = {
        "hours.order": [["12:00", "09:00"]],
        "hours.overlap": [["09:00", "12:00"], ["11:00", "13:00"]],
        "hours.time": [["9h", "12:00"]],
        "hours.ranges": [["09:00", "10:00"], ["10:00", "11:00"], ["11:00", "12:00"]],
    }
    for code, day in wrong.items():
        with pytest.raises(Invalid) as refused:
            hours.set_hours(site.id, [day] + [[]] * 6, actor=holder.actor)
        assert refused.value.code == code
    for who in (actor.actor, world.buyer().actor):
        with pytest.raises(NotFound):
            hours.set_hours(site.id, WEEK, actor=who)


def test_slots_come_from_the_hours_and_keep_clear_of_what_is_agreed(holder, actor, claim):
    lot = lots.by_id(claim.lot_id)
    assert proposals.free_slots(lot, actor.organisation_id) == []
    hours.set_hours(lot.site_id, WEEK, actor=holder.actor)
    found = proposals.free_slots(lot, actor.organisation_id)
    assert 2 <= len(found) <= 8
    first = found[0]
    assert (first.from_time, first.to_time) == ("09:00", "11:00")
    assert all(slot.day.weekday() < 5 and slot.day > clock.today() for slot in found)
    made = services.propose_pickup(
        claim.reference, actor=actor.actor, day=first.day, from_time="10:00", to_time="11:30"
    )
    services.agree_pickup(made.reference, actor=holder.actor)
    left = [slot for slot in proposals.free_slots(lot, actor.organisation_id) if slot.day == first.day]
    assert all(slot.from_time >= "14:00" for slot in left)
    hours.set_hours(lot.site_id, WEEK, actor=holder.actor, closed_days=[first.day])
    assert first.day not in {slot.day for slot in proposals.free_slots(lot, actor.organisation_id)}
    assert proposals.within_hours(made) is False


def test_a_clash_is_told_to_whose_people_are_taken_twice(world, holder, actor, claim):
    first = propose(claim, actor)
    services.agree_pickup(first.reference, actor=holder.actor)
    town = world.public_holder()
    other = propose(
        chain.awarded_claim(chain.published_lot(town), town, actor), actor, from_time="10:30", to_time="12:00"
    )
    assert [one.reference for one in proposals.clashes(other, actor.actor)] == [first.reference]
    assert proposals.clashes(other, town.actor) == []  # the actor's other appointments are its own
    assert [one.reference for one in proposals.clashes(other, world.operator().actor)] == [first.reference]
    services.counter_pickup(
        other.reference, actor=town.actor, day=clock.in_days(5), from_time="11:00", to_time="12:00"
    )
    assert proposals.clashes(other, actor.actor) == []


def waiting_claims(world, holder, number=2):
    """A lot of five wholly awarded to one, and others who still wait, in order."""
    lot = chain.published_lot(holder)
    others = [world.reuse_actor(f"Réemploi {n}") for n in range(1, number + 1)]
    won = chain.submitted_claim(lot, world.reuse_actor())
    waiting = [chain.submitted_claim(lot, other) for other in others]
    from reuse_market.claims import services as claiming

    claiming.award_claim(won.reference, actor=holder.actor)
    return lot, won, list(zip(others, waiting, strict=True))


def test_a_late_drop_out_asks_those_who_wait_one_after_the_other(world, holder, actor):
    lot, won, others = waiting_claims(world, holder)
    (first, first_claim), (second, second_claim) = others
    pickup = propose(won, actor, day=clock.in_days(1))
    services.agree_pickup(pickup.reference, actor=holder.actor)
    services.cancel_pickup(pickup.reference, "Fourgon en panne", actor=actor.actor)
    assert claims.get(won.reference).state == "released"
    assert sum(lots.left_by_line(lot.reference).values()) == 5
    assert sent("standby") == [("standby_called", first.email), ("standby_asked", holder.email)]
    assert standby.of_claim(first_claim).units == 5
    assert standby.of_claim(second_claim) is None
    with clock.frozen(clock.at_paris(clock.in_days(2), 12)):
        assert standby.lapse_due() == 0
    with clock.frozen(clock.at_paris(clock.in_days(3), 12)):
        assert (standby.lapse_due(), standby.lapse_due()) == (1, 0)
        assert standby.of_claim(first_claim).state == "lapsed"
        standby.confirm(second_claim.reference, actor=second.actor)
        assert sent("standby")[-1] == ("standby_confirmed", holder.email)
        assert standby.lapse_due() == 0
    assert verify_chains() == []
    assert reconcile() == []


def test_nobody_is_asked_when_it_is_in_time_by_the_holder_or_too_late(world, holder, actor):
    for day, who, state in ((5, "actor", "awarded"), (1, "holder", "awarded"), (2, "actor", "released")):
        _lot, won, _others = waiting_claims(world, holder, 1)
        pickup = propose(won, actor, day=clock.in_days(day))
        services.agree_pickup(pickup.reference, actor=holder.actor)
        services.cancel_pickup(pickup.reference, "Panne", actor={"actor": actor, "holder": holder}[who].actor)
        assert claims.get(won.reference).state == state, (day, who)
    assert len(list(sent("standby_called"))) == 1


# action and actor → what becomes of a call that is called, confirmed, passed, lapsed, over.
STANDBY_GRID = {
    ("confirm", "claimant"): "confirmed late late late late",
    ("pass", "claimant"): "passed late late late late",
    ("lapse", "claimant"): "no no no no no",
    ("end", "claimant"): "no no no no no",
    ("confirm", "helper"): "no no no no no",
    ("pass", "helper"): "no no no no no",
    ("confirm", "holder"): "no no no no no",
    ("pass", "holder"): "no no no no no",
    ("confirm", "other"): "no no no no no",
    ("pass", "operator"): "no no no no no",
    ("lapse", "system"): "lapsed late late late late",
    ("end", "system"): "over late late late late",
    ("confirm", "system"): "no no no no no",
}
PROTOCOL_GRID = {
    ("sign", "host"): "in_force late late",
    ("sign", "carrier"): "in_force late late",
    ("sign", "host's helper"): "no no no",
    ("sign", "for the carrier"): "no no no",
    ("sign", "other"): "no no no",
    ("sign", "operator"): "no no no",
    ("void", "host"): "no no no",
    ("void", "system"): "void void late",
}
DAY_GRID = {
    ("close", "organiser"): "closed late late",
    ("reopen", "organiser"): "late open late",
    ("cancel", "organiser"): "cancelled cancelled late",
    ("close", "helper"): "no no no",
    ("cancel", "holder"): "no no no",
    ("reopen", "operator"): "no no no",
    ("cancel", "system"): "no no no",
}


class Undo(Exception):
    """Rolls the tried transition back."""


@db.command
def _try(flow, action, subject, actor, state):
    db.session().execute(sa.update(flow.model).where(flow.model.id == subject.id).values(state=state))
    db.session().refresh(subject)
    flow.fire(action, subject, actor)
    raise Undo(subject.state)


def tried(flow, action, subject, actor):
    """What becomes of it from each state, by hand-set states that are rolled back."""
    found = []
    for state in flow.states:
        try:
            _try(flow, action, subject, actor, state)
        except Undo as undo:
            found.append(str(undo))
        except NotAllowed:
            found.append("no")
        except Conflict:
            found.append("late")
    return " ".join(found)


def test_every_transition_by_every_actor_from_every_state(world, holder, actor, claim):
    operator, other = world.operator().actor, world.reuse_actor("Réemploi Exemple").actor
    _lot, won, [(waiting, waiting_claim)] = waiting_claims(world, holder, 1)
    from reuse_market.claims import services as claiming

    claiming.release_claim(won.reference, "Panne", actor=actor.actor)
    call = db.session().scalars(sa.select(Standby)).one()
    people = {
        "claimant": waiting.actor, "helper": replace(waiting.actor, commits=False), "holder": holder.actor,
        "other": other, "operator": operator, "system": SYSTEM,
    }  # fmt: skip
    assert {(a, w): tried(standby.FLOW, a, call, people[w]) for a, w in STANDBY_GRID} == STANDBY_GRID
    pickup = propose(claim, actor)
    people = {
        "host": holder.actor, "carrier": actor.actor, "host's helper": replace(holder.actor, commits=False),
        "for the carrier": replace(actor.actor, via="operator"), "other": other, "operator": operator,
        "system": SYSTEM,
    }  # fmt: skip
    prepared = _prepared(pickup)
    assert {(a, w): tried(protocols.FLOW, a, prepared, people[w]) for a, w in PROTOCOL_GRID} == PROTOCOL_GRID
    day = days.open_day(
        site_of(actor.organisation_id).id, clock.in_days(3), [("09:00", "10:00", 2)], actor=actor.actor
    )
    people = {
        "organiser": actor.actor, "helper": replace(actor.actor, commits=False), "holder": holder.actor,
        "operator": operator, "system": SYSTEM,
    }  # fmt: skip
    assert {(a, w): tried(days.DAYS, a, day, people[w]) for a, w in DAY_GRID} == DAY_GRID
    assert {a for a, _ in PROTOCOL_GRID} == set(protocols.FLOW.transitions)
    assert {a for a, _ in STANDBY_GRID} == set(standby.FLOW.transitions)
    assert {a for a, _ in DAY_GRID} == set(days.DAYS.transitions)


@db.command
def _prepared(pickup):
    return protocols._alive_or_new(site_of(pickup.holder_id), pickup.actor_id)


def test_the_sheet_names_what_is_missing_and_asks_the_place(world, holder, actor, claim):
    pickup = propose(claim, actor)
    services.agree_pickup(pickup.reference, actor=holder.actor)
    change(pickup.site_id, has_lift="unknown", height_limit_cm=None)
    found = sheet.of(pickup, "fr")
    assert {"lift", "height"} <= set(found.missing)
    assert (found.comes_id, found.host_id) == (actor.organisation_id, holder.organisation_id)
    for who in (holder.actor, world.reuse_actor("Réemploi Exemple").actor, world.operator().actor):
        with pytest.raises((NotAllowed, NotFound)):
            coming.ask_site(pickup.reference, actor=who)
    assert coming.ask_site(pickup.reference, actor=actor.actor) == found.missing
    [mail] = [m for m in messages() if m.template == "site_asked"]
    assert mail.to_address == holder.email
    assert f"/sites/{pickup.site_id}" in mail.text
    with pytest.raises(Conflict):
        coming.ask_site(pickup.reference, actor=actor.actor)
    coming.announce(pickup.reference, "Sam Exemple", plate="ab-123-cd", actor=actor.actor)
    assert (pickup.driver_name, pickup.plate) == ("Sam Exemple", "AB-123-CD")
    assert sent("pickup_driver") == [("pickup_driver", holder.email)]
    with pytest.raises(NotAllowed):
        coming.announce(pickup.reference, "Sam", actor=holder.actor)
    services.check_off_rest(pickup.reference, actor=actor.actor)
    services.sign_as_driver(pickup.reference, actor=actor.actor)
    assert pickup.plate == "AB-123-CD"  # as announced, where nobody says otherwise at the door


def test_a_protocol_is_signed_by_both_and_ends_when_the_place_changes(world, holder, actor, claim):
    pickup = propose(claim, actor)
    assert protocols.needed(pickup)
    assert not protocols.required(pickup)
    hours.set_hours(pickup.site_id, [[]] * 7, actor=holder.actor, protocol_wanted=True)
    with pytest.raises(Conflict) as refused:
        services.agree_pickup(pickup.reference, actor=holder.actor)
    assert refused.value.code == "pickup.protocol"
    with pytest.raises(NotAllowed):
        protocols.sign(pickup, "Rien", actor=replace(actor.actor, via="operator"))
    with pytest.raises(Invalid):
        protocols.sign(pickup, "  ", actor=actor.actor)
    protocols.sign(pickup, "Fourgon 12 m³, diable, chaussures de sécurité", actor=actor.actor)
    assert sent("protocol") == [("protocol_asked", holder.email)]
    assert protocols.required(pickup)
    with pytest.raises(NotAllowed):
        protocols.sign(pickup, "Encore", actor=actor.actor)
    found = protocols.sign(pickup, "Gilet, vitesse au pas, extincteur au quai", actor=holder.actor)
    assert found.state == "in_force"
    assert not protocols.required(pickup)
    [paper] = documents.of(f"protocol/{found.reference}")
    for lang in ("fr", "en"):
        pdf = render(
            "loading_protocol", paper.facts, lang=lang, number=paper.number, code=paper.verification_code
        )
        assert pdf.startswith(b"%PDF")
        assert len(pdf) < 150_000
    services.agree_pickup(pickup.reference, actor=holder.actor)
    assert protocols.void_changed() == 0
    change(pickup.site_id, has_dock="no", floor="2")
    assert protocols.of_pickup(pickup) is None
    assert protocols.required(pickup)
    assert (protocols.void_changed(), protocols.void_changed()) == (1, 0)
    assert found.state == "void"
    assert {to for _, to in sent("protocol_void")} == {holder.email, actor.email}
    assert [one.reference for one in protocols.register(actor.actor)] == [found.reference]
    assert protocols.register(world.reuse_actor("Réemploi Exemple").actor) == []
    assert verify_chains() == []


def test_a_drop_off_passes_custody_at_the_actors_door(holder, actor, claim):
    with pytest.raises(Invalid):
        propose(claim, holder, arrival="teleport")
    pickup = propose(claim, holder, arrival="dropped_off")
    assert pickup.site_id == site_of(actor.organisation_id).id
    services.agree_pickup(pickup.reference, actor=actor.actor)
    with pytest.raises(NotAllowed):
        coming.announce(pickup.reference, "Sam", actor=actor.actor)  # the holder comes
    coming.announce(pickup.reference, "Noa Exemple", actor=holder.actor)
    ids = units.engaged_ids("pickup", pickup.reference)
    assert {u.custodian_id for u in units.by_ids(ids)} == {holder.organisation_id}
    services.check_off_rest(pickup.reference, actor=actor.actor)
    services.sign_as_driver(pickup.reference, actor=actor.actor)
    assert {(u.custodian_id, u.owner_id) for u in units.by_ids(ids)} == {
        (actor.organisation_id, holder.organisation_id)
    }
    code = current_code(f"pickup/{pickup.reference}")
    assert code.organisation_id == holder.organisation_id
    services.sign_as_holder(pickup.reference, "Noa Exemple", code.code, actor=actor.actor)
    assert {u.owner_id for u in units.by_ids(ids)} == {actor.organisation_id}
    assert queries.holder_site(pickup).organisation_id == holder.organisation_id
    assert not [m for m in messages() if m.template == "pickup_code"]  # never to the receiving side's contact
    assert verify_chains() == []
    assert reconcile() == []


def test_a_carrier_is_named_and_takes_no_custody(holder, actor, claim):
    with pytest.raises(Invalid):
        propose(claim, actor, arrival="carrier")
    pickup = propose(claim, actor, arrival="carrier", carrier_name="Transport Exemple", carrier_ref="T-12")
    services.agree_pickup(pickup.reference, actor=holder.actor)
    assert not protocols.needed(pickup)
    ids = units.engaged_ids("pickup", pickup.reference)
    assert {u.custodian_id for u in units.by_ids(ids)} == {holder.organisation_id}
    services.check_off_rest(pickup.reference, actor=actor.actor)
    services.sign_as_driver(pickup.reference, actor=actor.actor)
    assert {u.custodian_id for u in units.by_ids(ids)} == {actor.organisation_id}
    assert verify_chains() == []
    assert reconcile() == []


def test_a_grouped_day_takes_so_many_holders_and_no_more(world, holder, actor, claim):
    place = site_of(actor.organisation_id)
    for who in (holder.actor, world.buyer().actor, replace(actor.actor, commits=False)):
        with pytest.raises(NotAllowed):
            days.open_day(place.id, clock.in_days(6), [("09:00", "10:00", 1)], actor=who)
    for wrong in ([], [("10:00", "09:00", 1)], [("09:00", "10:00", 0)]):
        with pytest.raises(Invalid):
            days.open_day(place.id, clock.in_days(6), wrong, actor=actor.actor)
    with pytest.raises(Invalid):
        days.open_day(
            site_of(holder.organisation_id).id, clock.in_days(6), [("09:00", "10:00", 1)], actor=actor.actor
        )
    day = days.open_day(place.id, clock.in_days(6), [("09:00", "10:00", 1)], actor=actor.actor)
    [slot] = days.slots_of(day)
    with pytest.raises(NotAllowed):
        days.take_slot(claim.reference, slot.id, actor=actor.actor)
    pickup = days.take_slot(claim.reference, slot.id, actor=holder.actor)
    assert (pickup.state, pickup.arrival, pickup.site_id) == ("agreed", "collection_day", place.id)
    town = world.public_holder()
    late = chain.awarded_claim(chain.published_lot(town), town, actor)
    with pytest.raises(Conflict) as refused:
        days.take_slot(late.reference, slot.id, actor=town.actor)
    assert refused.value.code == "day.full"
    assert [view.reference for view in days.bookings(day, actor.actor)] == [pickup.reference]
    assert days.bookings(day, town.actor) == []
    days.cancel_day(day.reference, actor=actor.actor)
    assert pickup.state == "cancelled"
    assert claims.get(claim.reference).state == "awarded"
    assert sent("day_cancelled") == [("day_cancelled", holder.email)]
    assert verify_chains() == []
    assert reconcile() == []


def test_the_operators_day_is_answered_by_who_collects(world, holder, actor, claim):
    day = days.open_day(
        site_of(actor.organisation_id).id, clock.in_days(6), [("09:00", "10:00", 5)], actor=world.operator().actor,
        most_units=4,
    )  # fmt: skip
    [slot] = days.slots_of(day)
    with pytest.raises(Conflict) as refused:
        days.take_slot(claim.reference, slot.id, actor=holder.actor)
    assert refused.value.code == "day.too-many"
    small = chain.awarded_claim(chain.published_lot(holder), holder, actor, {1: 2})
    pickup = days.take_slot(small.reference, slot.id, actor=holder.actor)
    assert pickup.state == "proposed"
    services.counter_pickup(pickup.reference, actor=actor.actor, day=clock.in_days(7), **SLOT)
    assert (pickup.slot_id, pickup.arrival, pickup.site_id) == (
        None,
        "fetched",
        lots.by_id(small.lot_id).site_id,
    )
    assert days.slots_of(day)[0].free == 5
    days.close_day(day.reference, actor=world.operator().actor)
    with pytest.raises(Conflict):
        days.take_slot(claim.reference, slot.id, actor=holder.actor)


def test_both_are_reminded_once_the_day_before_and_in_the_morning(holder, actor, claim):
    pickup = propose(claim, actor)
    services.agree_pickup(pickup.reference, actor=holder.actor)
    eve, day = clock.in_days(4), clock.in_days(5)
    for at, wanted in ((clock.at_paris(eve, 9), 0), (clock.at_paris(eve, 15), 1), (clock.at_paris(eve, 16), 0),
                       (clock.at_paris(day, 5), 0), (clock.at_paris(day, 7), 1), (clock.at_paris(day, 8), 0),
                       (clock.at_paris(day, 10), 0)):  # fmt: skip
        with clock.frozen(at):
            assert reminders.remind_due() == wanted, at
    assert len(sent("pickup_reminder")) == 4


def test_a_new_slot_moves_the_event_and_a_call_off_cancels_it(holder, actor, claim):
    pickup = propose(claim, actor)

    def event():
        text = calendar.event(queries.view(pickup), None, "s", "d", "http://x", version=pickup.version)
        return dict(line.split(":", 1) for line in text.splitlines() if ":" in line)

    first = event()
    services.counter_pickup(pickup.reference, actor=holder.actor, day=clock.in_days(6), **SLOT)
    second = event()
    services.cancel_pickup(pickup.reference, "Panne", actor=actor.actor)
    third = event()
    assert first["UID"] == second["UID"] == third["UID"]
    assert int(first["SEQUENCE"]) < int(second["SEQUENCE"]) < int(third["SEQUENCE"])
    assert [e["METHOD"] for e in (first, second, third)] == ["PUBLISH", "PUBLISH", "CANCEL"]
    assert third["STATUS"] == "CANCELLED"
    assert second["DTSTART"] != first["DTSTART"]
