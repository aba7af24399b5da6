"""What is proposed for a need, accepted, promised, kept, declined; and when the need is met."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from reuse_market.catalogue import queries as catalogue
from reuse_market.kernel import clock, db
from reuse_market.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from reuse_market.notices.models import Message
from reuse_market.proofs.reconcile import reconcile
from reuse_market.reservations import extending, jobs
from reuse_market.reservations import services as reservations
from reuse_market.reservations.handover import planning
from reuse_market.reservations.models import Reservation
from reuse_market.reservations.needs import reading, services
from reuse_market.reservations.needs.need_models import Need, NeedMatch
from reuse_market.reservations.waiting import services as waiting
from reuse_market.reservations.waiting import serving
from reuse_market.traceability.models import Event
from tests.support.world import Party, World, ready_units


def _best(need: Need) -> tuple[str, str, int]:
    first = reading.proposals(need).matches[0]
    return first.supply.source, first.supply.key, first.units


def test_ready_stock_serves_a_need_in_two_goes(world: World) -> None:
    atelier, association, operator = world.reuse_actor(), world.recipient(), world.operator()
    ready_units(atelier, 4)
    need = services.post_need(actor=association.actor, kind="laptop", units=6, note="Pas de clavier abîmé.")
    found = reading.proposals(need)
    assert ([(m.supply.source, m.units) for m in found.matches][0], found.matches[0].supply.place) == (
        ("ready", 4), "Grenoble",
    )  # fmt: skip
    made = services.propose_match(need.reference, *_best(need), actor=atelier.actor)
    assert (need.state, made.state, reading.left(need)) == ("matched", "proposed", 2)
    with pytest.raises(NotFound):  # nothing of the other kind of supply
        services.propose_match(need.reference, "ready", "nothing", 1, actor=atelier.actor)
    services.accept_match(made.reference, actor=association.actor)
    held = reading.match_view(made.reference, association.actor).reservation
    assert (made.state, held[:4], reading.left(need)) == ("reserved", "RES-", 2)
    reservations.confirm_reservation(held, actor=atelier.actor)
    reservations.sign_as_beneficiary(held, actor=association.actor, name="Personne Exemple")
    db.release()
    need = db.session().scalars(sa.select(Need)).one()
    assert (need.state, reading.left(need)) == ("open", 2)
    ready_units(atelier, 3, stream="lot/LOT-2026-9002")
    second = services.propose_match(need.reference, *_best(need), actor=operator.actor)
    assert second.units == 2
    services.accept_match(second.reference, actor=association.actor)
    held = reading.match_view(second.reference, association.actor).reservation
    reservations.release_reservation(held, actor=association.actor)
    assert (second.state, need.state) == ("over", "open")
    third = services.propose_match(need.reference, *_best(need), actor=operator.actor)
    services.accept_match(third.reference, actor=association.actor)
    held = reading.match_view(third.reference, association.actor).reservation
    reservations.confirm_reservation(held, actor=atelier.actor)
    reservations.sign_as_beneficiary(held, actor=association.actor, name="Personne Exemple")
    assert (third.state, need.state) == ("served", "met")
    with pytest.raises(Conflict):
        services.propose_match(need.reference, "ready", "x", 1, actor=operator.actor)
    payloads = b"".join(db.session().scalars(sa.select(Event.payload).where(Event.type.like("need.%"))))
    assert b"clavier" not in payloads
    assert b'"need":"BES-' in payloads
    sent = set(db.session().scalars(sa.select(Message.template).where(Message.template.like("need_%"))))
    assert sent == {"need_posted", "need_proposed", "need_met"}
    db.release()
    assert reconcile() == []


def test_who_may_propose_answer_and_take_back(world: World) -> None:
    atelier, other, association = world.reuse_actor(), world.reuse_actor("Autre Exemple"), world.recipient()
    ready_units(atelier, 4)
    need = services.post_need(actor=association.actor, kind="laptop", units=3, max_price_cents=20_000)
    best = _best(need)
    for actor in (other.actor, association.actor):
        with pytest.raises(NotAllowed):
            services.propose_match(need.reference, *best, actor=actor)
    with pytest.raises(NotFound):
        services.propose_match(need.reference, *best, actor=world.holder().actor)
    with pytest.raises(Invalid):
        services.propose_match(need.reference, best[0], best[1], 4, actor=atelier.actor)
    made = services.propose_match(need.reference, *best, actor=atelier.actor)
    with pytest.raises(Conflict):
        services.propose_match(need.reference, *best, actor=world.operator().actor)
    with pytest.raises(NotAllowed):
        services.accept_match(made.reference, actor=world.operator().actor)
    with pytest.raises(Invalid):
        services.decline_match(made.reference, "because", actor=association.actor)
    services.decline_match(made.reference, "far", actor=association.actor)
    assert (made.state, made.reason, need.state) == ("declined", "far", "open")
    again = services.propose_match(need.reference, *best, actor=atelier.actor)
    services.withdraw_match(again.reference, "gone", actor=atelier.actor)
    assert (again.state, need.state) == ("withdrawn", "open")
    late = services.propose_match(need.reference, *best, actor=atelier.actor)
    reference, until = late.reference, late.until
    with clock.frozen(clock.at_paris(until + timedelta(1), 9)):
        assert services.lapse_due() == 1
        with pytest.raises(Conflict):
            services.accept_match(reference, actor=association.actor)
    db.release()
    assert db.session().scalars(sa.select(Need.state)).one() == "open"


def test_promises_are_kept_in_order(world: World) -> None:
    atelier, first, second = world.reuse_actor(), world.recipient(), world.recipient("Seconde Exemple")
    ready_units(atelier, 5)
    [group] = [m.supply for m in reading.proposals(
        services.post_need(actor=first.actor, kind="laptop", units=1)).matches]  # fmt: skip
    promised = []
    for party in (first, second):
        need = services.post_need(actor=party.actor, kind="laptop", units=4)
        match = _promise(need, atelier.organisation_id, 4)
        services.accept_match(match, actor=party.actor)
        promised.append((need.reference, match))
    serving.serve_due()
    db.release()
    found = db.session().scalars(sa.select(NeedMatch).where(NeedMatch.promise_id.is_not(None))).all()
    assert [(one.organisation_id, one.units, one.group_key) for one in found] == [
        (first.organisation_id, 4, group.key), (second.organisation_id, 1, group.key),
    ]  # fmt: skip
    services.accept_match(found[0].reference, actor=first.actor)
    states = dict(db.session().execute(sa.select(NeedMatch.reference, NeedMatch.state)).all())
    assert (states[promised[0][1]], states[promised[1][1]]) == ("kept", "promised")
    assert serving.serve_due() == 0
    db.release()
    assert db.session().scalar(sa.select(sa.func.count()).where(NeedMatch.promise_id.is_not(None))) == 2


def test_a_promise_stops_an_extension_and_an_offer_is_not_planned(world: World) -> None:
    """Only a promise these devices would keep: kind, size, price and seller told; and none of the asker's own."""
    atelier, buyer = world.reuse_actor(), world.buyer()
    promised = world.recipient("Promise Exemple")
    ready_units(atelier, 3)
    key = _group_key(buyer)
    mine = reservations.place_reservation(key, 1, actor=buyer.actor)
    shown = catalogue.group(key, buyer.actor)
    assert shown is not None
    assert shown.price.gross_cents
    far: list[dict[str, int | str]] = [
        {"ram_mb": 64_000}, {"max_price_cents": shown.price.gross_cents - 1}, {"kind": "monitor"},
    ]  # fmt: skip
    for more in far:
        need = services.post_need(actor=promised.actor, **{"kind": "laptop", "units": 1, **more})  # type: ignore[arg-type]  # wants written as a table
        services.accept_match(_promise(need, atelier.organisation_id, 1), actor=promised.actor)
        assert extending.offered(mine, buyer.actor), more
    own = services.post_need(actor=buyer.actor, kind="laptop", units=1)
    services.accept_match(_promise(own, atelier.organisation_id, 1), actor=buyer.actor)
    assert extending.offered(mine, buyer.actor), "one does not wait for oneself"
    need = services.post_need(actor=promised.actor, kind="laptop", units=2)
    services.accept_match(_promise(need, atelier.organisation_id, 2), actor=promised.actor)
    with pytest.raises(Conflict) as waited:
        extending.extend_reservation(mine.reference, actor=buyer.actor)
    assert waited.value.code == "reservation.extend.waited"
    serving.serve_due()
    db.release()
    held = sa.select(Reservation).where(Reservation.beneficiary_id == promised.organisation_id)
    offer = db.session().scalars(held).one()
    for actor in (promised.actor, atelier.actor):
        assert not planning.offered(offer, actor)
    with pytest.raises(Conflict) as early:
        planning.plan_handover(offer.reference, actor=promised.actor, delivery="collect")
    assert early.value.code == "reservation.plan.offered"
    waiting.accept(offer.reference, actor=promised.actor)
    planning.plan_handover(offer.reference, actor=promised.actor, delivery="collect")


def _held(reference: str) -> tuple[str, bool]:
    """State of what a proposal holds, and whether it is only offered yet."""
    match = db.session().scalars(sa.select(NeedMatch).where(NeedMatch.reference == reference)).one()
    found = db.session().get_one(Reservation, match.reservation_id)
    return found.state, found.offered_until == match.until


def test_a_proposal_holds_its_devices_until_its_last_day(world: World) -> None:
    """Nobody takes what is proposed; declined, taken back, let pass, lapsed or closed, it is ready again at once."""
    atelier, association, other = world.reuse_actor(), world.recipient(), world.buyer()
    ready_units(atelier, 2)
    need = services.post_need(actor=association.actor, kind="laptop", units=2)
    source, key, _units = _best(need)
    wanted = need.reference

    def propose() -> str:
        return services.propose_match(wanted, source, key, 2, actor=atelier.actor).reference

    def held_by(reference: str) -> str:
        return reading.match_view(reference, association.actor).reservation

    def lapse(reference: str) -> None:
        found = db.session().scalars(sa.select(NeedMatch).where(NeedMatch.reference == reference)).one()
        with clock.frozen(clock.at_paris(found.until + timedelta(1), 9)):
            assert services.lapse_due() == 1

    def expire(reference: str) -> None:
        found = db.session().scalars(sa.select(NeedMatch).where(NeedMatch.reference == reference)).one()
        with clock.frozen(clock.at_paris(found.until + timedelta(1), 9)):
            with pytest.raises(Conflict):  # too late, though no job has said so yet
                services.accept_match(reference, actor=association.actor)
            assert jobs.expire_due() == 1

    ways = {
        "declined": lambda ref: services.decline_match(ref, "far", actor=association.actor),
        "withdrawn": lambda ref: services.withdraw_match(ref, "late", actor=atelier.actor),
        "lapsed": lapse,
        "declined ": lambda ref: reservations.release_reservation(held_by(ref), actor=association.actor),
        "lapsed ": expire,
        "lapsed  ": lambda ref: services.close_need(wanted, "over", actor=association.actor),
    }
    for state, end in ways.items():
        reference = propose()
        assert _held(reference) == ("placed", True)
        with pytest.raises((Conflict, NotFound)):
            reservations.place_reservation(key, 1, actor=other.actor)
        with pytest.raises(NotAllowed):  # the structure has not answered
            reservations.confirm_reservation(held_by(reference), actor=atelier.actor)
        end(reference)
        db.release()
        match = db.session().scalars(sa.select(NeedMatch).where(NeedMatch.reference == reference)).one()
        assert match.state == state.strip()
        assert _held(reference)[0] in ("released", "expired")
        assert len(catalogue.ready_ids(_group(key, other), 9)) == 2, state
        assert reconcile() == []
    wanted = services.post_need(actor=association.actor, kind="laptop", units=2).reference
    waiting.accept(held_by(propose()), actor=association.actor)  # by the page of the reservation
    found = db.session().scalars(sa.select(Need).where(Need.reference == wanted)).one()
    [match] = reading.matches(found, association.actor)
    assert (match.match.state, _held(match.match.reference)) == ("reserved", ("placed", False))
    reservations.confirm_reservation(match.reservation, actor=atelier.actor)
    assert reconcile() == []


def test_one_order_for_the_list_and_the_promises(world: World) -> None:
    """Who asked first is served first, by the list or by a promise; a new proposal does not overtake them."""
    atelier, operator = world.reuse_actor(), world.operator()
    people = [world.recipient(f"Association Exemple {n}") for n in range(4)]
    for at, party in enumerate(people[:3]):
        with clock.frozen(clock.now() - timedelta(hours=9 - at)):
            if at == 1:  # between two of the list
                need = services.post_need(actor=party.actor, kind="laptop", units=1)
                services.accept_match(_promise(need, atelier.organisation_id, 1), actor=party.actor)
            else:
                waiting.join("laptop", 1, actor=party.actor)
    ready_units(atelier, 1)
    late = services.post_need(actor=people[3].actor, kind="laptop", units=1).reference
    key = _group_key(people[0])

    def holder() -> str:
        db.release()
        statement = sa.select(Reservation).where(Reservation.state == "placed")
        [found] = db.session().scalars(statement).all()
        return {one.organisation_id: name for name, one in zip("0123", people, strict=True)}[
            found.beneficiary_id
        ]

    with pytest.raises((Conflict, Invalid, NotFound)):  # the one device is the first one's
        services.propose_match(late, "ready", key, 1, actor=operator.actor)
    assert serving.serve_due() == 1
    served = []
    for party in people[:3]:
        served.append(holder())
        [ref] = db.session().scalars(sa.select(Reservation.reference).where(Reservation.state == "placed"))
        reservations.release_reservation(ref, actor=party.actor)  # each lets pass: the next has it at once
    assert served == ["0", "1", "2"]
    made = services.propose_match(late, "ready", key, 1, actor=operator.actor)
    assert (made.state, holder()) == ("proposed", "3")
    waiting.join("laptop", 1, actor=people[0].actor)
    services.decline_match(made.reference, "far", actor=people[3].actor)
    assert holder() == "0", "declined: who waits has it at once, and is told"
    told = sa.select(Message.template, sa.func.count()).group_by(Message.template)
    told = told.where(
        Message.template.in_(("waiting_offered", "need_proposed", "need_declined", "need_lapsed"))
    )
    assert dict(db.session().execute(told).all()) == {
        "waiting_offered": 3, "need_proposed": 2, "need_declined": 2, "need_lapsed": 1,
    }, "each is told its turn; the seller, that two let pass and that a promise has ended"  # fmt: skip
    promise = db.session().scalars(sa.select(NeedMatch.state).where(NeedMatch.source == "workshop")).one()
    assert promise == "lapsed", (
        "letting pass what one was promised ends the promise, as it ends a place in the list"
    )
    assert reconcile() == []


def test_no_answer_in_time(world: World) -> None:
    """Whichever job comes first the seller reads it once; a promise is not made after its last day either."""
    atelier, association = world.reuse_actor(), world.recipient()
    need = services.post_need(actor=association.actor, kind="laptop", units=4)
    late = _promise(need, atelier.organisation_id, 2)
    with clock.frozen(clock.at_paris(clock.in_days(6), 9)):
        with pytest.raises(Conflict) as refused:
            services.accept_match(late, actor=association.actor)
        assert refused.value.code == "need.late"
        assert services.lapse_due() == 1
    ready_units(atelier, 2)
    until = services.propose_match(need.reference, *_best(need), actor=atelier.actor).until
    with clock.frozen(clock.at_paris(until + timedelta(1), 9)):
        assert jobs.expire_due() == 1
        assert services.lapse_due() == 0
    told = sa.select(Message.template).where(Message.template.in_(("need_lapsed", "reservation_expired")))
    assert list(db.session().scalars(told)) == ["need_lapsed", "need_lapsed"]


def _group_key(party: Party) -> str:
    [group] = catalogue.groups(catalogue.Filters(), party.actor)
    return group.key


def _group(key: str, party: Party) -> catalogue.Group:
    found = catalogue.group(key, party.actor)
    assert found is not None
    return found


@db.command
def _promise(need: Need, seller_id: int, units: int) -> str:
    """A proposal of units still in a workshop, as `propose_match` makes it."""
    number = db.session().scalar(sa.select(sa.func.count()).select_from(NeedMatch))
    made = NeedMatch(
        reference=f"RAP-2026-9{number:03}", state="proposed", need_id=need.id, source="workshop", units=units,
        organisation_id=need.organisation_id, seller_id=seller_id, until=clock.in_days(5), made_at=clock.now(),
    )  # fmt: skip
    db.session().add(made)
    db.session().flush()
    return made.reference
