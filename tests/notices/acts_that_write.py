"""What people do after the demonstration so that every mail there is has been written by a real act."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from reuse_market.accounts import admission, members, password_reset, registration, tokens
from reuse_market.accounts import queries as accounts
from reuse_market.accounts import services as people
from reuse_market.accounts.models import Organisation
from reuse_market.claims import services as claims
from reuse_market.claims.models import Claim
from reuse_market.collection import services as collection
from reuse_market.collection.models import Pickup
from reuse_market.collection.services.slots import expire_due as expire_slots
from reuse_market.demo import acting, commune, company
from reuse_market.demo.parties import address, siret
from reuse_market.fleets import services as fleets
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import session
from reuse_market.lots import services as lots
from reuse_market.lots.models import Lot
from reuse_market.refurbishing import services as workshop
from reuse_market.reservations import jobs as reservation_jobs
from reuse_market.reservations import services as reservations

SCREENS = "80 écrans de bureau"


def actor(login: str) -> Actor:
    """The person of a demonstration sign-in."""
    person = accounts.person_by_email(address(login))
    found = accounts.actor_of(person.id) if person else None
    assert found is not None
    return found


def claim_on(title: str, login: str) -> str:
    """The claim of an organisation on a lot."""
    statement = sa.select(Claim.reference).join(Lot, Lot.id == Claim.lot_id)
    asked = (Lot.title == title, Claim.organisation_id == actor(login).organisation_id)
    return str(session().scalars(statement.where(*asked)).first())


def pickup_of(claim: str) -> str:
    """The pick-up of a claim."""
    statement = sa.select(Pickup.reference).join(Claim, Claim.id == Pickup.claim_id)
    return str(session().scalars(statement.where(Claim.reference == claim)).first())


def act_all() -> None:
    """Everything below, in an order that leaves each act possible."""
    for what in (
        refuse_and_let_go,
        miss_pickups,
        change_reservations,
        register_again,
        keep_accounts,
        announce,
        recycle,
    ):
        what()
    with clock.frozen(clock.now() + timedelta(days=25)):
        claims.expire_due()
        expire_slots()
        lots.expire_due()
        reservation_jobs.expire_due()


def refuse_and_let_go() -> None:
    """claim_declined, claim_released; a claim nobody will answer, a lot nobody will ask for."""
    town, workshop = actor("public-holder"), actor("reuse-actor")
    claims.decline_claim(claim_on(SCREENS, "reuse-actor-2"), "Offre trop basse.", actor=town)
    lot = session().scalars(sa.select(Lot.reference).where(Lot.title == SCREENS)).one()
    claims.submit_claim(lot, {1: 5}, actor=workshop, proposal="pay", amount_cents=9_000, committed=True)
    claims.release_claim(claim_on(company.SOLD, "reuse-actor"), "Fourgon en panne.", actor=workshop)
    draft = acting.drafted(town, "3 claviers")
    lots.add_counted_line(draft.id, actor=town, kind="monitor", units=3, label="Petit écran")
    acting.published(draft, town, acting.terms("sale", "proposals", "holder_choice", 3, 9))


def recycle() -> None:
    """removal_requested, removal_kept."""
    town = actor("public-holder")
    site = accounts.base_site(town.organisation_id or 0)
    ids = acting.in_use(town, ("desktop", "laptop"))[:2]
    fleets.discard_units(
        ids, actor=town, decided_on=clock.today(), decision_number="2026-5", decided_by="Conseil municipal"
    )
    workshop.request_removal(
        dict.fromkeys(ids, "too_old"), actor=town, site_id=site.id if site else None, scheme="ecosystem",
        contact_email="contact@eco-exemple.example", note="Deux palettes.",
    )  # fmt: skip


def announce() -> None:
    """interest_received, interest_changed, interest_published, interest_over; lot_plan_overdue, lot_plan_expired."""
    town, workshop = actor("public-holder"), actor("reuse-actor")
    month, site = clock.today(), accounts.base_site(town.organisation_id or 0)
    for kept in (True, False):
        said = {"site_id": site.id if site else None, "expected_month": month, "title": f"À venir {kept}"}
        lot = lots.draft_plan([lots.Expected("monitor", 9)], said, actor=town)
        lot_id, reference = lot.id, lot.reference
        lots.announce_lot(lot_id, actor=town)
        claims.register_interest(reference, 4, "Pour nos salles.", actor=workshop)
        with clock.frozen(clock.now() + timedelta(minutes=20)):
            lots.add_counted_line(lot_id, actor=town, kind="dock", units=2)
        with clock.frozen(clock.now() + timedelta(minutes=40)):
            claims.tell_interested()
        if kept:
            values = acting.terms("sale", "proposals", "holder_choice", 30, 60)
            lots.set_conditions(lot_id, values, actor=town)
            lots.publish_lot(lot_id, actor=town)
    for days in (40, 110):
        with clock.frozen(clock.now() + timedelta(days=days)):
            lots.remind_due()
            lots.expire_due_plans()
            claims.tell_interested()


def miss_pickups() -> None:
    """pickup_failed, pickup_cancelled; and a slot nobody will answer."""
    taker, driver, holder = actor("recipient-2"), actor("reuse-actor-2"), actor("holder")
    failed = pickup_of(claim_on(commune.FREE, "recipient-2"))
    collection.fail_pickup(failed, "Personne sur place.", actor=taker)
    mine = claim_on("Renouvellement : 32 portables et 20 écrans", "reuse-actor-2")
    collection.cancel_pickup(pickup_of(mine), "Quai en travaux.", actor=holder)
    collection.propose_pickup(mine, actor=driver, day=clock.in_days(9), from_time="09:00", to_time="10:00")


def change_reservations() -> None:
    """reservation_released; and one that nobody will confirm."""
    seller, buyer = actor("reuse-actor"), actor("buyer")
    for count in (2, 3):
        found = reservations.place_reservation(acting.laptops_of(seller, buyer), count, actor=buyer).reference
        if count == 2:
            reservations.release_reservation(found, actor=seller, reason="Un lot tombé en panne.")


def register_again() -> None:
    """registration_known, registration_asked_to_join, registration_address_known, organisation_reinstated."""
    shared = {
        "legal_kind": "company", "roles": ("buyer",), "postcode": "38000", "commune_name": "Grenoble",
        "person_name": "Camille Exemple",
    }  # fmt: skip
    for name, number, email in (
        ("Entreprise Exemple", siret(1), "camille@demo.example"),
        ("Boutique Exemple", siret(31), address("buyer")),
    ):
        asked = registration.Application(name=name, siret=number, email=email, **shared)
        registration.apply(asked, registration.new_reference(), network="192.0.2.7")
    suspended = session().scalars(sa.select(Organisation.id).where(Organisation.state == "suspended")).one()
    admission.decide_on_organisation(suspended, "reinstate", actor=actor("operator"))


def keep_accounts() -> None:
    """password_link, password_changed, token_made, member_changed, member_removed."""
    holder = actor("holder")
    password_reset.ask(address("auditor"), network="192.0.2.7")
    people.change_password(actor("admin").person_id or 0, "une autre phrase de passe")
    tokens.make_own_token(["read"], label="Outil de parc", days=30, actor=holder)
    ours = holder.organisation_id or 0
    colleague = people.add_person("Zoé Exemple", "zoe@demo.example", password="une phrase de passe à moi")
    colleague_id = colleague.id
    people.add_member(colleague_id, ours, rights="prepare")
    members.change_member(ours, colleague_id, rights="commit", until=None, actor=holder)
    members.remove_member(ours, colleague_id, actor=holder)
