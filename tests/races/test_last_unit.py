"""The last device over HTTP, its expiry against its handover, and the order of the waiting list, raced."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from reuse_market import notices
from reuse_market.accounts import tokens
from reuse_market.catalogue import queries as catalogue
from reuse_market.catalogue.queries import Filters
from reuse_market.kernel import clock, db, files
from reuse_market.kernel.errors import Conflict
from reuse_market.proofs.reconcile import reconcile
from reuse_market.reservations import baskets, extending, jobs, queries, services
from reuse_market.reservations.models import Reservation
from reuse_market.reservations.waiting import services as waiting
from reuse_market.reservations.waiting import serving
from reuse_market.reservations.waiting.waiting_models import WaitingEntry
from reuse_market.traceability.verify import verify_chains
from reuse_market.units.models import Engagement
from reuse_market.web import catalogues
from tests.support.races import together
from tests.support.shopping import Buyer, rush, served
from tests.support.world import Party, World, ready_units

ROUNDS, RIVALS = 50, 16


@pytest.fixture
def world(database: db.Database, tmp_path: Path) -> World:
    catalogues.compile_stale(catalogues.ROOT)
    files.configure(f"file://{tmp_path / 'files'}")
    notices.configure(
        base_url="http://parc.example", mail_url="page:", sender="Parc commun <parc@test.example>"
    )
    return World.begin()


def _token(party: Party) -> str:
    assert party.actor.person_id is not None
    assert party.actor.organisation_id is not None
    return tokens.make_token(party.actor.person_id, party.actor.organisation_id, ["write"])[1]


def _sound() -> None:
    with db.scope():
        assert reconcile() == []
        assert verify_chains() == []


def test_the_last_unit_over_http(database: db.Database, world: World, tmp_path: Path) -> None:
    """50 rounds of 16 clients against a server of two processes: one 201, fifteen problems of status 409."""
    seller = world.reuse_actor()
    ready_units(seller, 1)
    secrets = [_token(world.buyer(f"Acheteur Exemple {n}")) for n in range(4)]
    back = _token(seller)
    key = catalogue.groups(Filters(), world.operator().actor)[0].key
    url = database.url.render_as_string(hide_password=False)
    db.release()
    with served(url, tmp_path) as port:
        buyers = [Buyer(port, secrets[n % len(secrets)]) for n in range(RIVALS)]
        workshop = Buyer(port, back)
        for number in range(ROUNDS):
            answers = rush(buyers, f"/api/v1/offers/{key}:reserve", {"units": 1})
            statuses = sorted(answer.status for answer in answers)
            assert statuses == [201] + [409] * (RIVALS - 1), (number, statuses)
            assert {a.media for a in answers if a.status == 409} == {"application/problem+json"}
            won = next(str(answer.told["reference"]) for answer in answers if answer.status == 201)
            freed = workshop.post(f"/api/v1/reservations/{won}:release", {"reason": "Essai"})
            assert freed.status == 200, freed
        for client in (*buyers, workshop):
            client.close()
    with db.scope() as session:
        holds = sa.select(sa.func.count()).where(Engagement.kind == "hold", Engagement.until_at.is_(None))
        assert session.scalar(holds) == 0
        assert session.scalar(sa.select(sa.func.count(Reservation.id))) == ROUNDS
    _sound()


@pytest.mark.parametrize("late", ["confirm", "sign", "extend"])
def test_expiry_and_a_late_act_have_one_outcome(world: World, late: str) -> None:
    """The job runs while somebody acts on the same reservation, a day late: either, never both, and no error."""
    seller, buyer = world.reuse_actor(), world.buyer()
    ready_units(seller, 6)
    key = catalogue.groups(Filters(), buyer.actor)[0].key
    outcomes = set()
    for _ in range(6):
        with db.scope():
            made = services.place_reservation(key, 1, actor=buyer.actor)
            reference, until = made.reference, made.until
            if late != "confirm":
                services.confirm_reservation(reference, actor=seller.actor)

        day_after = clock.at_paris(until, 12) + timedelta(days=1)

        def act(number: int, reference: str = reference, day_after: datetime = day_after) -> object:
            with clock.frozen(day_after):
                return jobs.expire_due() if number == 0 else _late(late, reference, seller, buyer)

        expired, acted = together(2, act)
        assert expired.error is None
        with db.scope(), clock.frozen(day_after):
            state = queries.find(reference).state
            if acted.error is None:  # it came first: what it left open is let go by the next run
                jobs.expire_due()
            state = queries.find(reference).state
        assert state in ("expired", "provided")
        assert acted.error is None or isinstance(acted.error, Conflict), acted.error
        if late == "extend":
            assert isinstance(acted.error, Conflict)  # too late to ask for more
        outcomes.add(state)
    assert outcomes <= ({"expired", "provided"} if late == "sign" else {"expired"})
    _sound()


def _late(what: str, reference: str, seller: Party, buyer: Party) -> object:
    """What somebody does on a reservation that has ended by the calendar."""
    if what == "confirm":
        return services.confirm_reservation(reference, actor=seller.actor)
    if what == "sign":
        return services.sign_as_beneficiary(reference, actor=buyer.actor, name="Personne Exemple")
    return extending.extend_reservation(reference, actor=buyer.actor)


def test_the_order_of_the_list_is_kept_in_a_rush(world: World) -> None:
    """Devices come free while others reserve, join, leave and take several at once: the first in the list have them."""
    seller, second = world.reuse_actor(), world.reuse_actor("Ressourcerie Exemple")
    waiters = [world.buyer(f"En attente Exemple {n}") for n in range(4)]
    rivals = [world.buyer(f"Acheteur Exemple {n}") for n in range(4)]
    first_two = ready_units(seller, 2)
    ready_units(second, 2, stream="lot/LOT-2026-9001")
    with db.scope():
        keys = {g.seller_id: g.key for g in catalogue.groups(Filters(), rivals[0].actor)}
        mine = keys[seller.organisation_id or 0]
        held = services.place_reservation(mine, 2, actor=rivals[3].actor).reference
        both = services.place_reservation(
            keys[second.organisation_id or 0], 2, actor=rivals[2].actor
        ).reference
        entries = [waiting.join("laptop", 1, actor=one.actor).reference for one in waiters]

    def act(number: int) -> object:
        if number == 0:
            return services.release_reservation(held, actor=rivals[3].actor)
        if number == 1:
            return services.release_reservation(both, actor=rivals[2].actor)
        if number == 2:
            return serving.serve_due()
        if number == 3:
            return baskets.place_many([(key, 1) for key in sorted(keys.values())], actor=rivals[0].actor)
        if number == 4:
            return waiting.join("laptop", 1, actor=rivals[1].actor)
        return services.place_reservation(mine, 1, actor=rivals[number - 5].actor)

    for outcome in together(8, act):
        assert outcome.error is None or isinstance(outcome.error, Conflict), outcome.error
    with db.scope() as session:
        serving.serve_due()
        found = dict(session.execute(sa.select(WaitingEntry.reference, WaitingEntry.state)).all())
        assert [found[ref] for ref in entries] == [
            "offered"
        ] * 4  # four devices, four who waited, nobody else
        assert len(first_two) == 2
    _sound()
