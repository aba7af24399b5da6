"""What is proposed for a need, accepted, promised, kept, declined; and when the need is met."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from reuse_market.kernel import clock, db
from reuse_market.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from reuse_market.notices.models import Message
from reuse_market.proofs.reconcile import reconcile
from reuse_market.reservations import services as reservations
from reuse_market.reservations.needs import reading, services
from reuse_market.reservations.needs.need_models import Need, NeedMatch
from reuse_market.traceability.models import Event
from tests.support.world import World, ready_units


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
    services.keep_promises()
    db.release()
    found = db.session().scalars(sa.select(NeedMatch).where(NeedMatch.promise_id.is_not(None))).all()
    assert [(one.organisation_id, one.units, one.group_key) for one in found] == [
        (first.organisation_id, 4, group.key), (second.organisation_id, 1, group.key),
    ]  # fmt: skip
    services.accept_match(found[0].reference, actor=first.actor)
    states = dict(db.session().execute(sa.select(NeedMatch.reference, NeedMatch.state)).all())
    assert (states[promised[0][1]], states[promised[1][1]]) == ("kept", "promised")
    assert services.keep_promises() == 1
    db.release()
    assert db.session().scalar(sa.select(sa.func.count()).where(NeedMatch.promise_id.is_not(None))) == 2


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
