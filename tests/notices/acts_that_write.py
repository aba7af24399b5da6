"""What people do after the demonstration so that every mail there is has been written by a real act."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from reuse_market.accounts import admission, digests, members, password_reset, registration, searches, tokens
from reuse_market.accounts import queries as accounts
from reuse_market.accounts import services as people
from reuse_market.accounts.models import Organisation
from reuse_market.catalogue import queries as catalogue
from reuse_market.claims import services as claims
from reuse_market.claims import standby
from reuse_market.claims.models import Claim
from reuse_market.claims.sharing import proposing as sharing
from reuse_market.claims.sharing.accepting import accept_share
from reuse_market.collection import countersigning, driving
from reuse_market.collection import queries as pickups
from reuse_market.collection import services as collection
from reuse_market.collection.arrivals import coming, days, protocols, reminders
from reuse_market.collection.models import Pickup, Round
from reuse_market.collection.revising import queries as revisions
from reuse_market.collection.revising import services as revising
from reuse_market.collection.revising.choosing import Correction
from reuse_market.collection.rounds import services as rounds
from reuse_market.collection.services.slots import expire_due as expire_slots
from reuse_market.collection.shipments import choosing
from reuse_market.collection.shipments import services as shipments
from reuse_market.demo import acting, commune, company
from reuse_market.demo.parties import address, siret
from reuse_market.erasure import checking, seconding
from reuse_market.erasure import mails as checks
from reuse_market.fleets import services as fleets
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import command, session
from reuse_market.lots import services as lots
from reuse_market.lots.models import Lot
from reuse_market.notices.models import Message
from reuse_market.obligations.agec import reminding
from reuse_market.proofs.auditing import services as auditing
from reuse_market.proofs.corrections import services as correcting
from reuse_market.proofs.forgetting import services as forgetting
from reuse_market.refurbishing import services as workshop
from reuse_market.refurbishing.locks import services as locks
from reuse_market.refurbishing.models import LockWait
from reuse_market.reservations import extending, listing, quotes
from reuse_market.reservations import jobs as reservation_jobs
from reuse_market.reservations import services as reservations
from reuse_market.reservations.handover import planning
from reuse_market.reservations.invoices import services as invoices
from reuse_market.reservations.models import Invoice, Reservation
from reuse_market.reservations.needs import services as needs
from reuse_market.reservations.needs import supply as need_supply
from reuse_market.reservations.ordering import taking
from reuse_market.reservations.returns import queries as returned
from reuse_market.reservations.returns import services as returns
from reuse_market.reservations.waiting import services as waiting
from reuse_market.traceability.log_models import LogRefusal
from reuse_market.traceability.models import Event
from reuse_market.traceability.queries import speaks_of
from reuse_market.units.models import Unit

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
    return str(session().scalars(statement.where(*asked).order_by(Claim.id)).first())


def pickup_of(claim: str) -> str:
    """The pick-up of a claim."""
    statement = sa.select(Pickup.reference).join(Claim, Claim.id == Pickup.claim_id)
    return str(session().scalars(statement.where(Claim.reference == claim).order_by(Pickup.id)).first())


def several_of(seller: Actor, buyer: Actor) -> str:
    """The key of the biggest group the seller sells."""
    found = catalogue.groups(catalogue.Filters(sort="units"), buyer)
    return next(one.key for one in found if seller.is_org(one.seller_id) and one.price_cents)


def act_all() -> None:
    """Everything below, in an order that leaves each act possible."""
    for what in (
        refuse_and_let_go,
        miss_pickups,
        revise_a_note,
        correct_an_act,
        change_reservations,
        send_back,
        answer_needs,
        register_again,
        keep_accounts,
        announce,
        keep_a_search,
        share_a_lot,
        drive_a_round,
        ship,
        recycle,
        unlock,
        check_erasures,
        arrive,
        invoice_and_declare,
        link,
    ):
        what()
    with clock.frozen(clock.now() + timedelta(days=25)):
        claims.expire_due()
        expire_slots()
        lots.expire_due()
        reservation_jobs.expire_due()
    raise_alarms()


def invoice_and_declare() -> None:
    """invoice_disputed, invoice_credited, agec_reminder; the demonstration has recorded and confirmed one."""
    buyer, seller = actor("obliged-buyer"), actor("reuse-actor")
    rows = (
        session()
        .execute(
            sa.select(Invoice.state, Reservation.reference)
            .join(Reservation, Reservation.id == Invoice.reservation_id)
            .where(
                Reservation.beneficiary_id == buyer.organisation_id,
                Reservation.seller_id == seller.organisation_id,
            )
        )
        .all()
    )
    found = {row.state: row.reference for row in rows}
    invoices.dispute(found["recorded"], actor=buyer, reason="Le montant n’est pas celui du devis.")
    invoices.credit(found["confirmed"], 1, 100_00, actor=seller, number="AV-7")
    with clock.frozen(clock.at_paris(date(clock.today().year + 1, 6, 15), 12)):
        reminding.remind_due()


def send_back() -> None:
    """return_refused, return_cancelled, handover_planned; the demonstration has the others."""
    buyer, seller = actor("buyer"), actor("reuse-actor")
    booked = reservations.place_reservation(several_of(seller, buyer), 1, actor=buyer).reference
    planning.plan_handover(booked, actor=seller, delivery="carrier", carrier="Transporteur Exemple")
    reservations.release_reservation(booked, actor=buyer)
    found = listing.reservations(buyer, state="provided")[-1].reservation
    for ending in range(2):
        unit = returned.returnable(found)[0].unit_id
        made = returns.ask_return(
            found.reference, [unit], actor=buyer, reason="screen", wish="repair"
        ).reference
        if ending:
            returns.refuse_return(made, actor=seller, answer="L’écran a reçu un choc.")
        else:
            returns.cancel_return(made, actor=buyer)


def answer_needs() -> None:
    """Proposals declined, taken back, promised, lapsed; a need closed by the operator; one met in the story."""
    asker, seller, office = actor("recipient"), actor("reuse-actor"), actor("operator")
    for answer in ("decline", "withdraw", "promise", "close"):
        need = needs.post_need(actor=asker, kind="laptop", units=1)
        supplies = need_supply.of(need, seller_id=seller.organisation_id)
        source = "workshop" if answer == "promise" else "ready"
        key = next(one.key for one in supplies if one.source == source and one.refused is None)
        match = needs.propose_match(need.reference, source, key, 1, actor=seller).reference
        if answer == "decline":
            needs.decline_match(match, "far", actor=asker)
        elif answer == "withdraw":
            needs.withdraw_match(match, "gone", actor=seller)
        elif answer == "promise":
            needs.accept_match(match, actor=asker)
        else:
            needs.close_need(need.reference, "silent", actor=office)


def raise_alarms() -> None:
    """audit_failed and checkpoint_refused: somebody wrote to the database; then a refusal stands there."""
    _write_behind("UPDATE lot_line SET declared = declared + 1")
    with clock.frozen(clock.at_paris(clock.today(), 12)):
        auditing.run_due()
    _write_behind("UPDATE lot_line SET declared = declared - 1")
    _refuse()
    auditing.tell_refusal()


@command
def _write_behind(statement: str) -> None:
    session().execute(sa.text(statement))


@command
def _refuse() -> None:
    session().add(
        LogRefusal(at=clock.now(), kept_size=12, kept_root="ab" * 32, found_size=9, found_root=None)
    )


def keep_a_search() -> None:
    """search_digest: somebody asked three days ago to be told of new lots; one came the day after."""
    town = actor("public-holder")
    with clock.frozen(clock.now() - timedelta(days=3)):
        searches.save_search("lots", "Recherche Exemple", "", "daily", actor=actor("reuse-actor"))
    with clock.frozen(clock.now() - timedelta(days=2)):
        draft = acting.drafted(town, "6 souris")
        lots.add_counted_line(draft.id, actor=town, kind="monitor", units=6, label="Petit écran")
        acting.published(draft, town, acting.terms("sale", "proposals", "holder_choice", 9, 30))
    digests.send_due()


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


def link() -> None:
    """driver_link, pickup_code, signature_asked, signature_given: a site whose contact has no account."""
    driver = actor("reuse-actor")
    chosen = sa.select(Pickup).where(Pickup.state == "agreed", Pickup.actor_id == driver.organisation_id)
    found, later, *_others = session().scalars(chosen.order_by(Pickup.id)).all()
    reference, site_id = found.reference, found.site_id
    holder = next(
        one for one in map(actor, ("holder", "public-holder")) if one.organisation_id == found.holder_id
    )
    site = accounts.site(site_id)
    assert site is not None
    kept = {
        name: getattr(site, name) for name in ("name", "street", "postcode", "commune_name", "contact_name")
    }
    people.save_site(
        holder.organisation_id or 0,
        kept | {"contact_email": "quai@demo.example"},
        actor=holder,
        site_id=site_id,
    )
    collection.new_code(reference, actor=holder)
    driving.give_link(reference, "Lou Exemple", email="lou@demo.example", actor=driver)
    if any(row.left for row in pickups.tally(found)):
        collection.check_off_rest(reference, actor=driver)
    collection.sign_as_driver(reference, actor=driver, driver_name="Lou Exemple")
    countersigning.ask_signature(reference, actor=driver)
    asked = sa.select(Message).where(Message.template == "signature_asked").order_by(Message.id.desc())
    token = next(m.facts["secret"] for m in session().scalars(asked) if m.to_address == "quai@demo.example")
    countersigning.sign_by_link(token, "Camille Exemple")
    ask_another(later, driver)


def ask_another(pickup: Pickup, driver: Actor) -> None:
    """signature_asked, of a pick-up that still waits: the links of one that is signed are dead."""
    if any(row.left for row in pickups.tally(pickup)):
        collection.check_off_rest(pickup.reference, actor=driver)
    collection.sign_as_driver(pickup.reference, actor=driver, driver_name="Lou Exemple")
    countersigning.ask_signature(pickup.reference, actor=driver)


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


def unlock() -> None:
    """locks_asked, locks_answered: a locked device, its holder asked, then its answer."""
    bench = actor("reuse-actor")
    unit = session().scalars(
        sa.select(Unit).where(
            Unit.state == "in_workshop", Unit.custodian_id == bench.organisation_id, Unit.kind == "laptop",
            Unit.stream.like("lot/%"),
        )
        .order_by(Unit.id).limit(1)
    ).one()  # fmt: skip
    workshop.record_test(unit.id, {"lock_mdm": "fault"}, actor=bench, battery_percent=80)
    locks.ask_holder(unit.stream.removeprefix("lot/"), actor=bench)
    wait = session().scalars(sa.select(LockWait).where(LockWait.unit_id == unit.id)).one()
    locks.answer(
        {wait.id: "released"}, actor=Actor(organisation_id=wait.holder_id, person_name="Camille Exemple")
    )


def check_erasures() -> None:
    """erasure_check_waits: a list is drawn, another person of the workshop may sign it; nobody does for nine days."""
    bench = actor("reuse-actor")
    second = people.add_person("Deuxième Exemple", "deuxieme@exemple.example")
    people.add_member(second.id, bench.organisation_id or 0)
    [waiting, *_] = seconding.waiting(bench.organisation_id or 0)
    checking.draw_check(waiting.stream, "batch", actor=bench)
    with clock.frozen(clock.now() + timedelta(days=9)):
        checks.remind_due()


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
            lots.publish_lot(lot_id, actor=town, decision=acting.decision_of(town))
    for later in (40, 110):
        with clock.frozen(clock.now() + timedelta(days=later)):
            lots.remind_due()
            lots.expire_due_plans()
            claims.tell_interested()


def ship() -> None:
    """shipment_sent, shipment_voided, shipment_reminder, shipment_answered: from one reuse actor to the other."""
    sender, receiver = actor("reuse-actor"), actor("reuse-actor-2")
    here, there = sender.organisation_id or 0, receiver.organisation_id or 0
    [first, *_] = [one.key for one in choosing.ranges(here) if one.units > 1]
    ids = choosing.ids_of(here, {first: 2})
    shipments.void_shipment(shipments.send_shipment(ids, there, actor=sender).reference, actor=sender)
    sent = shipments.send_shipment(ids, there, actor=sender, note="Quai 2").reference
    with clock.frozen(clock.now() + timedelta(days=9)):
        shipments.remind_due()
        shipments.answer_rest(sent, actor=receiver)


def drive_a_round() -> None:
    """round_changed, round_cancelled, of the round of the demonstration (round_planned is its own)."""
    driver = actor("reuse-actor")
    found = session().scalars(sa.select(Round).where(Round.state == "planned").order_by(Round.id)).first()
    reference, day = found.reference, found.day
    rounds.reopen_round(reference, actor=driver)
    terms = {"day": day, "from_time": "10:45", "to_time": "18:00", "driver_name": "", "note": ""}
    rounds.change_round(reference, actor=driver, **terms)
    rounds.plan_round(reference, actor=driver)
    rounds.cancel_round(reference, "Panne du fourgon.", actor=driver)


def share_a_lot() -> None:
    """share_proposed, share_reminder, share_answered."""
    town, workshop = actor("public-holder"), actor("reuse-actor")
    draft = acting.drafted(town, "Écrans à partager")
    lots.add_counted_line(draft.id, actor=town, kind="monitor", units=3, label="Écrans")
    site = accounts.base_site(town.organisation_id or 0)
    values = acting.terms("sale", "proposals", "at_closing", 3, 40, site_id=site.id if site else None)
    lot = acting.published(draft, town, values)
    claims.submit_claim(lot, {1: 2}, actor=workshop, proposal="pay", amount_cents=90_00, committed=True)
    with clock.frozen(clock.now() + timedelta(days=11)):
        sharing.close_due()
        sharing.remind_due()
        accept_share(lot, actor=town)


def miss_pickups() -> None:
    """pickup_failed, pickup_cancelled; and a slot nobody will answer."""
    taker, driver, holder = actor("recipient-2"), actor("reuse-actor-2"), actor("holder")
    failed = pickup_of(claim_on(commune.FREE, "recipient-2"))
    collection.fail_pickup(failed, "Personne sur place.", actor=taker)
    mine = claim_on("Renouvellement : 32 portables et 20 écrans", "reuse-actor-2")
    collection.cancel_pickup(pickup_of(mine), "Quai en travaux.", actor=holder)
    collection.propose_pickup(mine, actor=driver, day=clock.in_days(9), from_time="09:00", to_time="10:00")


def revise_a_note() -> None:
    """revision_proposed, revision_escalated, revision_closed."""
    statement = sa.select(Pickup).where(Pickup.holder_signed_at.is_not(None)).order_by(Pickup.id.desc())
    logins = ("holder", "public-holder", "reuse-actor", "reuse-actor-2")
    people = {one.organisation_id: one for one in map(actor, logins)}
    for pickup in session().scalars(statement).all():
        if revisions.open_on(pickup.id) is None and {pickup.holder_id, pickup.actor_id} <= people.keys():
            break
    extra = Correction(None, "extra", None, 1, reason="not_declared", kind="dock")
    driver, holder = people[pickup.actor_id], people[pickup.holder_id]
    made = revising.propose_revision(pickup.reference, [extra], "Une station de plus.", actor=driver)
    revising.refuse_revision(made.reference, "Elle est à nous.", actor=holder)
    revising.appeal_revision(made.reference, "Elle était dans le roll.", actor=driver)


def correct_an_act() -> None:
    """correction_proposed, correction_closed, forgetting_asked."""
    sender, receiver = actor("reuse-actor"), actor("reuse-actor-2")
    statement = sa.select(Unit.id).where(
        Unit.state == "ready",
        Unit.custodian_id == sender.organisation_id,
        Unit.owner_id == sender.organisation_id,
    )
    unit_id = session().scalars(statement.order_by(Unit.id.desc()).limit(1)).one()
    sent = shipments.send_shipment([unit_id], receiver.organisation_id or 0, actor=sender).reference
    shipments.answer_rest(sent, actor=receiver)
    tested = (
        session()
        .scalars(
            sa.select(Event.uid)
            .where(Event.type == "unit.tested", speaks_of(unit_id))
            .order_by(Event.id.desc())
            .limit(1)
        )
        .one()
    )
    correcting.void_event(tested, actor=sender, note="Le voisin de table.")
    correcting.decline_correction(tested, "Testé devant nous.", actor=receiver)
    ours = actor("holder")
    leaver = people.add_person("Yves Exemple", "yves@demo.example", password="une phrase de passe à moi").id
    people.add_member(leaver, ours.organisation_id or 0, rights="prepare")
    forgetting.ask_to_be_forgotten(actor=replace(ours, person_id=leaver))


def change_reservations() -> None:
    """reservation_released, reservation_extended, quote_declined, waiting_joined, waiting_offered; and one that nobody
    will confirm."""
    seller, buyer = actor("reuse-actor"), actor("buyer")
    quoted = quotes.quote_group(acting.laptops_of(seller, buyer), 1, actor=buyer, lang="fr", say=str)
    taking.decline_quote(quoted.number, actor=buyer)
    longer = reservations.place_reservation(acting.laptops_of(seller, buyer), 1, actor=buyer).reference
    extending.extend_reservation(longer, actor=buyer)
    reservations.release_reservation(longer, actor=buyer)
    offered = waiting.join("laptop", 1, actor=buyer)
    if offered.reservation:
        reservations.release_reservation(offered.reservation, actor=buyer)
    for count in (1, 2):
        found = reservations.place_reservation(several_of(seller, buyer), count, actor=buyer).reference
        if count == 1:
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


def arrive() -> None:
    """standby_called, standby_asked, standby_confirmed, pickup_driver, pickup_reminder, site_asked, protocol_asked,
    protocol_signed, protocol_void, day_cancelled."""
    town, workshop, other = actor("public-holder"), actor("reuse-actor"), actor("reuse-actor-2")
    draft = lots.draft_lot(actor=town, title="Écrans à enlever")
    lots.add_counted_line(draft.id, actor=town, kind="monitor", units=4, label="Écrans")
    site = accounts.base_site(town.organisation_id or 0)
    values = acting.terms("sale", "proposals", "holder_choice", 10, 40, site_id=site.id if site else None)
    lot = acting.published(draft, town, values)
    offer: dict[str, Any] = {"proposal": "pay", "amount_cents": 90_00, "committed": True}
    won = claims.submit_claim(lot, {1: 4}, actor=workshop, **offer).reference
    waits = claims.submit_claim(lot, {1: 2}, actor=other, **offer).reference
    claims.award_claim(won, actor=town)
    slot: dict[str, Any] = {"day": clock.in_days(11), "from_time": "09:00", "to_time": "11:00"}
    pickup = collection.propose_pickup(won, actor=workshop, **slot)
    people.save_site(town.organisation_id or 0, {"floor": ""}, actor=town, site_id=pickup.site_id)
    protocols.sign(pickup, "Fourgon, diable.", actor=workshop)
    protocols.sign(pickup, "Gilet, vitesse au pas.", actor=town)
    collection.agree_pickup(pickup.reference, actor=town)
    coming.ask_site(pickup.reference, actor=workshop)
    coming.announce(pickup.reference, "Conductrice (démo)", plate="AA-123-BB", actor=workshop)
    people.save_site(town.organisation_id or 0, {"floor": "Sous-sol"}, actor=town, site_id=pickup.site_id)
    protocols.void_changed()
    with clock.frozen(clock.at_paris(clock.in_days(10), 15)):
        reminders.remind_due()
        collection.cancel_pickup(pickup.reference, "Fourgon en panne.", actor=workshop)
        standby.confirm(waits, actor=other)
        claims.award_claim(waits, actor=town)
        place = accounts.sites_of(other.organisation_id or 0)[0]
        day = days.open_day(place.id, clock.in_days(5), [("09:00", "10:00", 2)], actor=other)
        days.take_slot(waits, days.slots_of(day)[0].id, actor=town)
        days.cancel_day(day.reference, actor=other)
