"""Acting for an organisation: what the operator may then do, how it ends, who is told."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from reuse_market import notices
from reuse_market.accounts import services as accounts
from reuse_market.accounts.admission import decide_on_organisation
from reuse_market.claims import services as claims
from reuse_market.claims.models import Claim
from reuse_market.collection import services as collection
from reuse_market.collection.models import Pickup
from reuse_market.desk import jobs, on_behalf, told
from reuse_market.desk.models import OnBehalf
from reuse_market.erasure import services as erasure
from reuse_market.kernel import clock, db, files
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import session
from reuse_market.kernel.errors import NotAllowed
from reuse_market.notices.models import Message
from reuse_market.refurbishing import services as workshop
from reuse_market.reservations import services as reservations
from reuse_market.traceability.models import Event
from reuse_market.web import catalogues
from tests.support import world as chain
from tests.support.world import Party, World


@pytest.fixture
def world(database: db.Database, tmp_path: Path) -> World:
    """Seeded rows; mails stay in the outbox; files on disk."""
    catalogues.compile_stale(catalogues.ROOT)
    files.configure(f"file://{tmp_path / 'files'}")
    notices.configure(
        base_url="http://parc.example", mail_url="page:", sender="Parc commun <parc@test.example>"
    )
    return World.begin()


def acting_for(world: World, party: Party, channel: str = "phone", **more: Any) -> Actor:
    """The operator, acting for a party."""
    return on_behalf.acting(
        on_behalf.start(party.organisation_id, channel, actor=world.operator().actor, **more)
    )


Try = Callable[[World, Actor], object]


def _lot(world: World) -> Any:
    return chain.published_lot(world.holder())


def _claim(world: World) -> Claim:
    return chain.submitted_claim(_lot(world), world.reuse_actor())


def _awarded(world: World) -> Claim:
    return chain.awarded_claim(_lot(world), world.holder(), world.reuse_actor())


def _pickup(world: World) -> Pickup:
    return chain.agreed_pickup(_awarded(world), world.holder(), world.reuse_actor())


def _checked(world: World) -> Pickup:
    made = _pickup(world)
    collection.check_off_rest(made.reference, actor=world.reuse_actor().actor)
    return made


def _half_signed(world: World) -> Pickup:
    return chain.signed_pickup(_pickup(world), world.holder(), world.reuse_actor(), both=False)


def _held(world: World, stage: str = "placed") -> str:
    from reuse_market.catalogue import queries as catalogue

    seller, buyer = world.reuse_actor(), world.buyer()
    chain.ready_units(seller, 2)
    [group] = catalogue.groups(catalogue.Filters(), buyer.actor)
    made = reservations.place_reservation(group.key, 1, actor=buyer.actor)
    if stage != "placed":
        reservations.confirm_reservation(made.reference, actor=seller.actor)
    return made.reference


# verb → (who does it, what is there before, the verb)
VERBS: dict[str, tuple[str, Callable[[World], Any], Callable[[Any, Actor], object]]] = {
    "withdraw a lot": (
        "holder", _lot, lambda it, a: claims.withdraw_claimed_lot(it.reference, "panne", actor=a)),
    "submit a claim": (
        "actor", _lot, lambda it, a: claims.submit_claim(
            it.reference, {1: 1}, actor=a, proposal="pay", amount_cents=100, committed=True)),
    "award a claim": ("holder", _claim, lambda it, a: claims.award_claim(it.reference, actor=a)),
    "decline a claim": ("holder", _claim, lambda it, a: claims.decline_claim(it.reference, "non", actor=a)),
    "propose a pick-up": (
        "actor", _awarded, lambda it, a: collection.propose_pickup(
            it.reference, actor=a, day=clock.today(), from_time="09:00", to_time="11:00")),
    "cancel a pick-up": ("holder", _pickup, lambda it, a: collection.cancel_pickup(it.reference, "non", actor=a)),
    "check devices off": ("actor", _pickup, lambda it, a: collection.check_off_rest(it.reference, actor=a)),
    "confirm a reservation": ("actor", _held, lambda it, a: reservations.confirm_reservation(it, actor=a)),
    "sign as the driver": ("actor", _checked, lambda it, a: collection.sign_as_driver(it.reference, actor=a)),
    "sign as the holder": (
        "holder", _half_signed, lambda it, a: collection.sign_as_holder(
            it.reference, "Contact", chain.current_code(f"pickup/{it.reference}").code, actor=a)),
    "ask for a handover code": ("holder", _pickup, lambda it, a: collection.new_code(it.reference, actor=a)),
    "sign for a reservation": (
        "buyer", lambda w: _held(w, "confirmed"),
        lambda it, a: reservations.sign_as_beneficiary(it, actor=a, name="Contact")),
    "ask for a reservation's code": (
        "buyer", lambda w: _held(w, "confirmed"), lambda it, a: reservations.renew_code(it, actor=a)),
    "attest there is no storage": (
        "actor", lambda w: _received(w), lambda it, a: erasure.count_media(it, (), "opened", actor=a)),
    "take devices in": (
        "actor", lambda w: _collected(w), lambda it, a: workshop.receive_units([it], actor=a)),
}  # fmt: skip

# verb → by the organisation itself, by the operator for it
GRID = {
    "withdraw a lot": "done done",
    "submit a claim": "done done",
    "award a claim": "done done",
    "decline a claim": "done done",
    "propose a pick-up": "done done",
    "cancel a pick-up": "done done",
    "check devices off": "done done",
    "confirm a reservation": "done done",
    "take devices in": "done done",
    "sign as the driver": "done own-hand",
    "sign as the holder": "done own-hand",
    "ask for a handover code": "done own-hand",
    "sign for a reservation": "done own-hand",
    "ask for a reservation's code": "done own-hand",
    "attest there is no storage": "done own-hand",
}


def _collected(world: World) -> int:
    return chain.collected_units(world.holder(), world.reuse_actor(), numbered=1, counted=0)[0]


def _received(world: World) -> int:
    unit_id = _collected(world)
    workshop.receive_units([unit_id], actor=world.reuse_actor().actor)
    return unit_id


def test_the_grid_names_every_verb() -> None:
    assert set(GRID) == set(VERBS)


@pytest.mark.parametrize("verb", GRID)
def test_what_the_operator_may_do_for_somebody(world: World, verb: str) -> None:
    who, before, act = VERBS[verb]
    party = {"holder": world.holder, "actor": world.reuse_actor, "buyer": world.buyer}[who]()
    subject = before(world)
    by_itself, by_operator = GRID[verb].split()
    operator = acting_for(world, party)
    seen = session().scalar(sa.select(sa.func.max(Event.id))) or 0
    # The operator first: a refusal must leave everything for the organisation's own try.
    if by_operator == "done":
        act(subject, operator)
        # A lot's own end is the clock's; all else is theirs, through the operator.
        rows = session().execute(sa.select(Event.organisation_id, Event.via).where(Event.id > seen)).all()
        theirs = {(party.organisation_id, "operator")} if verb != "check devices off" else set()
        assert {tuple(r) for r in rows} - {(None, "system")} == theirs
        assert by_itself == "done"
        return
    with pytest.raises(NotAllowed) as refused:
        act(subject, operator)
    assert refused.value.code == by_operator
    assert session().scalar(sa.select(sa.func.max(Event.id))) == seen
    act(subject, party.actor)


def test_the_operator_has_no_right_of_its_own_meanwhile(world: World) -> None:
    newcomer = world.party("Nouvelle Exemple", "holder")
    actor = acting_for(world, world.holder())
    assert (actor.roles, actor.via, actor.commits) == (frozenset({"holder"}), "operator", True)
    assert actor.person_id == world.operator().person_id
    with pytest.raises(NotAllowed):
        decide_on_organisation(newcomer.organisation_id, "suspend", actor=actor)
    with pytest.raises(NotAllowed):
        on_behalf.start(newcomer.organisation_id, "phone", actor=actor)


def test_for_whom_nobody_acts(world: World) -> None:
    operator = world.operator()
    refused = {
        "another operator": world.party("Autre animateur", "operator"),
        "an auditor": world.party("Auditeur", "auditor"),
        "an administrator": world.party("Administration", "administrator", "holder"),
        "a suspended one": world.party("Suspendue", "holder"),
        "one's own": world.party("La sienne", "holder"),
    }
    suspended, own = refused["a suspended one"].organisation_id, refused["one's own"].organisation_id
    decide_on_organisation(suspended, "suspend", actor=operator.actor, reason="panne")
    accounts.add_member(operator.person_id, own)
    for party in refused.values():
        with pytest.raises(NotAllowed):
            on_behalf.start(party.organisation_id, "phone", actor=operator.actor)
    for nobody in (world.holder(), world.reuse_actor(), refused["an administrator"], refused["an auditor"]):
        with pytest.raises(NotAllowed):
            on_behalf.start(world.buyer().organisation_id, "phone", actor=nobody.actor)
    assert session().scalar(sa.select(sa.func.count(OnBehalf.id))) == 0


def test_it_ends_when_idle_and_when_no_longer_allowed(world: World) -> None:
    operator, holder = world.operator(), world.holder()
    now = clock.now()
    with clock.frozen(now):
        made = on_behalf.start(holder.organisation_id, "phone", actor=operator.actor)
        number = made.id
    with clock.frozen(now + timedelta(minutes=29)):
        assert on_behalf.resume(number, operator.person_id) is not None
    with clock.frozen(now + timedelta(minutes=58)):
        assert on_behalf.resume(number, operator.person_id) is not None
        assert on_behalf.resume(number, holder.person_id) is None
    with clock.frozen(now + timedelta(minutes=89)):
        assert on_behalf.resume(number, operator.person_id) is None
    ended = session().get(OnBehalf, number)
    assert ended is not None
    assert ended.ended_how == "idle"
    second = on_behalf.start(holder.organisation_id, "visit", actor=operator.actor).id
    decide_on_organisation(holder.organisation_id, "suspend", actor=operator.actor, reason="panne")
    assert on_behalf.resume(second, operator.person_id) is None
    again = session().get(OnBehalf, second)
    assert again is not None
    assert again.ended_how == "no_longer_allowed"


def test_each_act_is_told_once_in_the_readers_language(world: World) -> None:
    lot, actor = _lot(world), world.reuse_actor()
    english = accounts.add_person("Somebody", "somebody@test.example", password=chain.PASSWORD, language="en")
    accounts.add_member(english.id, actor.organisation_id, rights="prepare")
    operator = acting_for(world, actor, caller_name="Camille Exemple")
    claims.submit_claim(
        lot.reference, {1: 1}, actor=operator, proposal="pay", amount_cents=100, committed=True
    )
    assert jobs.tell_acts() == 1
    assert jobs.tell_acts() == 0
    sent = session().scalars(sa.select(Message).where(Message.template == "acts_on_behalf")).all()
    assert {(m.to_address, m.language) for m in sent} == {
        (actor.email, "fr"),
        ("somebody@test.example", "en"),
    }
    texts = {m.language: " ".join(m.text.split()) for m in sent}
    for language, words in {
        "fr": ("a agi pour Atelier Exemple", "par téléphone", "Camille Exemple", "Demandé", "engagement de réemploi"),
        "en": ("acted for Atelier Exemple", "by telephone", "Camille Exemple", "Claimed", "reuse commitment"),
    }.items():  # fmt: skip
        assert [
            word for word in (*words, lot.reference, world.operator().email) if word not in texts[language]
        ] == []
    claim = session().scalars(sa.select(Claim)).one()
    claims.release_claim(claim.reference, "panne", actor=operator) if claim.state == "awarded" else None
    journal = json.dumps([json.loads(e.payload) for e in session().scalars(sa.select(Event))])
    assert "Camille" not in journal
    [done] = told.done_for(actor.organisation_id)
    assert (done.type, done.channel, done.caller) == ("claim.submitted", "phone", "Camille Exemple")


def test_what_organisations_do_themselves_is_not_told(world: World) -> None:
    _awarded(world)
    assert told.waiting() == []
    assert told.done_for(world.holder().organisation_id) == []
    assert jobs.tell_acts() == 0


def test_an_organisation_without_anybody_is_told_later(world: World) -> None:
    claim, holder = _claim(world), world.holder()
    claims.award_claim(claim.reference, actor=acting_for(world, holder))
    _set_active(holder, active=False)
    jobs.tell_acts()
    assert told.waiting() != []
    _set_active(holder, active=True)
    assert jobs.tell_acts() == 1
    assert told.waiting() == []


@db.command
def _set_active(party: Party, *, active: bool) -> None:
    from reuse_market.accounts.models import Person

    person = session().get(Person, party.person_id)
    assert person is not None
    person.active = active


def test_a_site_changed_for_somebody_is_told_too(world: World) -> None:
    holder = world.holder()
    values = {"hours": "9 h à 12 h"}
    accounts.save_site(holder.organisation_id, values, actor=holder.actor, site_id=holder.site_id)
    assert told.done_for(holder.organisation_id) == []
    operator = acting_for(world, holder)
    accounts.save_site(holder.organisation_id, values, actor=operator, site_id=holder.site_id)
    assert [done.type for done in told.done_for(holder.organisation_id)] == ["site.saved"]
    assert jobs.tell_acts() == 1
