"""Two worlds that share a database and nothing else: each has something of everything, made by the verbs.

Whatever only its own people may read bears the world's mark ("zqalpha", "zqbeta"): a mark found on a page of the
other world's people, or of a visitor, is a leak.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from PIL import Image

from reuse_market.accounts import evidence, invitations, queries, searches, services, tokens
from reuse_market.accounts.founding import found_organisation
from reuse_market.catalogue import queries as catalogue
from reuse_market.claims import papers as claim_papers
from reuse_market.claims import queries as claim_reads
from reuse_market.claims import services as claims
from reuse_market.collection import driving
from reuse_market.collection import services as collection
from reuse_market.collection.arrivals import days
from reuse_market.collection.containers import services as sealing
from reuse_market.collection.models import PickupCheck
from reuse_market.collection.revising import services as revising
from reuse_market.collection.revising.choosing import Correction
from reuse_market.collection.rounds import services as rounds
from reuse_market.collection.shipments import services as shipments
from reuse_market.documents.models import Document, DocumentReader
from reuse_market.equipment.services import get_or_create_model
from reuse_market.erasure import checking, dropping
from reuse_market.erasure import services as erasure
from reuse_market.erasure.models import ErasureCertificate, ReportEntry, StorageMedium
from reuse_market.fleets import services as fleets
from reuse_market.fleets import spellings
from reuse_market.fleets.forecasting.quarters import first_day, period, quarter_of
from reuse_market.fleets.services import plans
from reuse_market.fleets.services.plans import Renewal
from reuse_market.kernel import clock, files
from reuse_market.kernel.actor import SYSTEM
from reuse_market.kernel.db import command, session
from reuse_market.lots import papers as lot_papers
from reuse_market.lots import services as lots
from reuse_market.lots.models import Lot
from reuse_market.obligations.agec import importing as agec_files
from reuse_market.obligations.agec import services as agec
from reuse_market.obligations.reen import services as reen
from reuse_market.proofs.corrections import services as correcting
from reuse_market.refurbishing import services as refurbishing
from reuse_market.refurbishing.photos import services as offering
from reuse_market.refurbishing.services import repairing
from reuse_market.refurbishing.services.repairing import Taken
from reuse_market.reservations import baskets, quotes, vouchers
from reuse_market.reservations import services as reservations
from reuse_market.reservations.invoices import services as invoices
from reuse_market.reservations.needs import services as needs
from reuse_market.reservations.ordering import orders
from reuse_market.reservations.requests import services as requests
from reuse_market.reservations.requests.answers import Answers
from reuse_market.reservations.returns import services as returns
from reuse_market.reservations.waiting import services as waiting
from reuse_market.traceability.models import Event
from reuse_market.units import series
from reuse_market.units.models import Label, Unit
from tests.support import direct
from tests.support import world as build
from tests.support.erasure_files import Disk, nwipe_log
from tests.support.workshop import proof
from tests.support.world import PASSWORD, Party, decided

PDF = b"%PDF-1.7 exemple "
PARTIES = {
    "holder": (("holder",), "company"), "commune": (("holder", "obliged_buyer"), "local_authority"),
    "workshop": (("reuse_actor",), "association"), "buyer": (("buyer",), "company"),
    "recipient": (("recipient",), "association"), "town": (("obliged_buyer",), "local_authority"),
}  # fmt: skip


@dataclass
class Side:
    """A world: its parties, and what there is, by the name objects.txt calls it."""

    mark: str
    parties: dict[str, Party] = field(default_factory=dict)
    things: dict[str, list[Any]] = field(default_factory=dict)

    def first(self, name: str) -> Any:
        """The first thing of that name."""
        return self.things[name][0]

    def put(self, name: str, thing: Any) -> Any:
        """Keep a thing under its name."""
        self.things.setdefault(name, []).append(thing)
        return thing


@command
def member(mark: str, who: str) -> Party:
    """An admitted organisation; its person, site and contacts bear the mark, its own name does not."""
    roles, legal_kind = PARTIES[who]
    number = {"zqalpha": "Une", "zqbeta": "Deux"}.get(mark, mark)
    made = found_organisation(f"Organisme {who} {number}", legal_kind, roles, actor=SYSTEM)
    own = f"{mark}-{who}"
    person = services.add_person(f"Personne {own}", f"p@{own}.example", password=PASSWORD)
    services.add_member(person.id, made.id)
    actor = queries.actor_of(person.id, made.id)
    assert actor is not None
    site = services.save_site(made.id, {
        "name": f"Dépôt {own}", "street": f"9 rue {own}", "postcode": "38320", "commune_name": "Eybens",
        "contact_name": f"Contact {own}", "contact_phone": f"07 {own}", "contact_email": f"c@{own}.example",
        "hours": "8 h à 17 h", "access_note": f"Portail {own}", "has_dock": "yes",
    }, actor=actor)  # fmt: skip
    return Party(made.id, person.id, person.email, site.id, actor)


def side(mark: str) -> Side:
    """Everything of one world. Needs files, papers and mails configured (`app`), and a seeded database."""
    made = Side(mark)
    for who in PARTIES:
        made.parties[who] = member(mark, who)
    for fill in (
        _accounts,
        _fleet,
        _lots,
        _claims,
        _pickups,
        _own_use,
        _bench,
        _reservations,
        _requests,
        _papers,
    ):
        fill(made)
    return made


def _accounts(made: Side) -> None:
    mark, holder = made.mark, made.parties["holder"]
    made.put("organisation", holder.organisation_id)
    made.put("site", holder.site_id)
    made.put("person", holder.person_id)
    kept = evidence.add_evidence(
        holder.organisation_id, "other", PDF + mark.encode(), note=f"Note {mark}", actor=holder.actor
    )
    made.put("evidence", kept.id)
    asked: dict[str, Any] = {
        "email": f"invitee@{mark}.example",
        "name": f"Invitée {mark}",
        "rights": "prepare",
    }
    made.put("message", 1 if mark == "zqalpha" else 2)
    made.put("contacts file", files.put(f"organisme;courriel\n{mark};\n".encode(), media_type="text/csv"))
    made.put("invitation", invitations.invite(holder.organisation_id, actor=holder.actor, **asked).id)
    token, _secret = tokens.make_own_token(["read"], label=f"Clé {mark}", days=30, actor=holder.actor)
    made.put("token", token.id)
    workshop = made.parties["workshop"].actor
    made.put(
        "search",
        searches.save_search("lots", f"Recherche {mark}", "kind=laptop", "weekly", actor=workshop).id,
    )


def _fleet(made: Side) -> None:
    mark, holder = made.mark, made.parties["holder"]
    text = f"Numéro de série;Fabricant;Modèle;Type\r\n{mark}-imp-1;Dell;Latitude 5400;Portable\r\n;;;\r\n"
    for _ in range(2):
        text += f"{mark}-imp-x;Dell;Latitude 5400;Chaise\r\n"
        row = fleets.upload_inventory(
            text.encode(), f"parc-{mark}.csv", actor=holder.actor, site_id=holder.site_id
        )
        fleets.confirm_mapping(row.id, actor=holder.actor)
        made.put("import", row.id)
    fleets.apply_import(made.things["import"][1], actor=holder.actor)
    announced = Renewal("laptop", 4, period(first_day(quarter_of(clock.today()) + 1)))
    made.put("renewal plan", plans.announce_renewal(announced, actor=holder.actor))
    for unit_id in build.fleet(holder, 2, prefix=f"{mark}-flt-", asset_tag=f"{mark}-tag"):
        made.put("fleet unit", unit_id)
    model = get_or_create_model("laptop", "", f"Boîte {len(mark)}-{mark[2:4]}")
    build.fleet(holder, 1, prefix=f"{mark}-flt-m", model_id=model.id)
    said = {"kind": "laptop", "maker": "", "name": model.name}
    fleets.correct_model(made.put("model", model.id), **said, actor=holder.actor)
    made.put("correction", spellings.corrected(holder.organisation_id)[0].id)
    body = made.parties["commune"]
    counted = {"role": "stock", "kind": "laptop", "units": 2, "reason": f"Réserve {made.mark}"}
    made.put("reen line", reen.add_line(clock.today().year, actor=body.actor, proof=PDF, **counted).id)


def draft(made: Side, who: str = "holder", **changes: Any) -> Lot:
    """A draft of two numbered laptops and two monitors."""
    holder = made.parties[who]
    lot = lots.draft_lot(actor=holder.actor, title="Portables et écrans")
    lots.add_units(lot.id, build.fleet(holder, 2, prefix=f"{made.mark}-{lot.id}-"), actor=holder.actor)
    lots.add_counted_line(lot.id, actor=holder.actor, kind="monitor", units=2, label="Écrans 24 pouces")
    lots.set_conditions(lot.id, build.conditions(holder, **changes), actor=holder.actor)
    return lot


def published(made: Side, **changes: Any) -> Lot:
    """The same, published."""
    return lots.publish_lot(draft(made, **changes).id, actor=made.parties["holder"].actor)


def _lots(made: Side) -> None:
    made.put("draft", draft(made).reference)
    sorted_out = build.fleet(made.parties["holder"], 2, prefix=f"{made.mark}-flt-t")
    made.put("triage", lots.start_triage(sorted_out, actor=made.parties["holder"].actor).reference)
    made.put("lot", published(made).reference)
    holder, workshop = made.parties["holder"], made.parties["workshop"]
    said = {"site_id": holder.site_id, "expected_month": clock.today()}
    planned = lots.draft_plan([lots.Expected("laptop", 9, "Portables")], said, actor=holder.actor)
    made.put("planned lot", lots.announce_lot(planned.id, actor=holder.actor).reference)
    claims.register_interest(planned.reference, 3, f"Intérêt {made.mark}", actor=workshop.actor)


def _claims(made: Side) -> None:
    mark, workshop = made.mark, made.parties["workshop"]
    lot = published(made)
    asked = build.submitted_claim(lot, workshop, {1: 1}, message=f"Message {mark}", amount_cents=77_713)
    made.put("claim", asked.reference)
    made.put("lot", lot.reference)
    made.put("claim", awarded(made).reference)


def awarded(made: Side, **changes: Any) -> Any:
    """A claim on the whole of a new lot, awarded."""
    holder, workshop = made.parties["holder"], made.parties["workshop"]
    return build.awarded_claim(published(made, **changes), holder, workshop, message=f"Message {made.mark}")


def _picture(mark: str) -> bytes:
    held = io.BytesIO()
    Image.new("RGB", (40, 30), (len(mark) * 9 % 255, 120, 60)).save(held, "PNG")
    return held.getvalue()


def _pickups(made: Side) -> None:
    mark, holder, workshop = made.mark, made.parties["holder"], made.parties["workshop"]
    day = days.open_day(workshop.site_id, clock.in_days(4), [("09:00", "10:00", 3)], actor=workshop.actor)
    made.put("collection day", day.reference)
    made.put("day slot", days.slots_of(day)[0].id)
    slot: dict[str, Any] = {
        "day": clock.today(),
        "from_time": "09:00",
        "to_time": "10:00",
        "note": f"Note {mark}",
    }
    proposed = collection.propose_pickup(awarded(made).reference, actor=workshop.actor, **slot)
    made.put("pickup proposed", proposed.reference)
    agreed = build.agreed_pickup(awarded(made), holder, workshop)
    collection.check_off_line(agreed.reference, 2, 1, actor=workshop.actor)
    collection.add_extra(
        agreed.reference, "monitor", f"Écran {mark}", serial=f"{mark}-ext", actor=workshop.actor
    )
    made.put("pickup agreed", agreed.reference)
    made.put("check", newest(PickupCheck.id))
    given = driving.give_link(
        agreed.reference, f"Chauffeur {mark}", email=f"c@{mark}.example", actor=workshop.actor
    )
    made.put("driver link", given.link.id)
    kept = series.make_series(2, form="a4-24", kept_by=f"Fourgon {mark}", actor=workshop.actor)
    made.put("label series", kept.reference)
    taken = collection.add_photo(agreed.reference, _picture(mark), actor=workshop.actor)
    made.put("photo", taken.id)
    half = build.agreed_pickup(awarded(made), holder, workshop)
    box = sealing.Sealed("box", lines={2: 1}, seal=f"Scellé {mark}"[:40])
    made.put("container", sealing.note_containers(half.reference, [box], actor=workshop.actor)[0].code)
    collection.check_off_rest(half.reference, actor=workshop.actor)
    collection.sign_as_driver(
        half.reference, actor=workshop.actor, plate=mark[:8], driver_name=f"Chauffeur {mark}"
    )
    made.put("pickup signed", half.reference)
    short = Correction("taken", "missing", 2, 1, reason="miscounted")
    revision = revising.propose_revision(half.reference, [short], f"Révision {mark}", actor=workshop.actor)
    made.put("revision", revision.reference)
    for name in ("pickup proposed", "pickup agreed", "pickup signed"):
        made.put("pickup", made.first(name))
    _rounds(made)


def _rounds(made: Side) -> None:
    """A van, a draft, a planned round over an agreed pick-up, and what the planner answers to."""
    workshop = made.parties["workshop"]
    van = rounds.add_vehicle(f"Fourgon {made.mark}", plate="AA", actor=workshop.actor)
    made.put("vehicle", van.id)
    terms = {"day": clock.today(), "from_time": "08:00", "to_time": "18:00", "note": f"Tournée {made.mark}"}
    made.put(
        "round draft", rounds.draft_round([], vehicle_id=van.id, actor=workshop.actor, **terms).reference
    )
    stops = [build.agreed_pickup(awarded(made), made.parties["holder"], workshop).reference for _ in range(2)]
    planned = rounds.draft_round(stops[:1], vehicle_id=van.id, actor=workshop.actor, **terms).reference
    rounds.plan_round(planned, actor=workshop.actor)
    made.put("round", planned)
    made.put("round plan", rounds.ask_rounds(stops[1:], [van.id], actor=workshop.actor, **terms).id)


def _own_use(made: Side) -> None:
    """A commune gives a town what it has erased itself: undertaking, annex, agreement, proofs, pick-up."""
    mark, commune, town = made.mark, made.parties["commune"], made.parties["town"]
    lot = lots.draft_lot(actor=commune.actor, title="Pour une autre commune")
    ids = build.fleet(commune, 2, prefix=f"{mark}-{lot.id}-")
    lots.add_units(lot.id, ids, actor=commune.actor)
    lots.value_lines(lot.id, [1], value_cents=120_00, value_how="market_price", actor=commune.actor)
    terms = build.conditions(commune, regime="public_transfer", **direct.FREE)
    lots.set_conditions(lot.id, terms, actor=commune.actor)
    lots.publish_lot(lot.id, actor=commune.actor, decision=decided())
    made.put("lot given", lot.reference)
    claim = direct.claim_as_is(lot, town)
    if claim.state == "submitted":
        claims.award_claim(claim.reference, actor=commune.actor)
    made.put("claim for own use", claim.reference)
    erasure.count_media(ids[0], [erasure.Found("ssd", f"{mark}-med-0")], "opened", actor=commune.actor)
    made.put("given unit", ids[0])
    made.put("given medium", newest(StorageMedium.id))
    certify(made, newest(StorageMedium.id), commune)
    made.put("given certificate", newest(ErasureCertificate.id))
    made.put("pickup", build.agreed_pickup(claim, commune, town).reference)


def certify(made: Side, medium_id: int, by: Party) -> None:
    """A certificate with the tool's report and the operator's name."""
    stated = proof(operator_name=f"Technicienne {made.mark}", tool=f"Outil {made.mark}")
    erasure.record_certificate(medium_id, stated, actor=by.actor, file=PDF + b"rapport " + made.mark.encode())


def _bench(made: Side) -> None:
    mark, holder, workshop = made.mark, made.parties["holder"], made.parties["workshop"]
    pickup = build.agreed_pickup(awarded(made), holder, workshop)
    build.signed_pickup(pickup, holder, workshop)
    ids = unit_ids(pickup.lot_id)
    made.put("lot collected", session().get_one(Lot, pickup.lot_id).reference)
    refurbishing.receive_units(ids[1:], actor=workshop.actor)
    erasure.count_media(ids[1], [erasure.Found("ssd", f"{mark}-med-1")], "opened", actor=workshop.actor)
    made.put("medium", newest(StorageMedium.id))
    certify(made, made.first("medium"), workshop)
    made.put("certificate", newest(ErasureCertificate.id))
    log = nwipe_log(Disk(f"{mark}-med-9"))
    [received] = dropping.drop_reports(dropping.opened([(f"{mark}.log", log)]), actor=workshop.actor)
    assert received.report is not None
    made.put("erasure report", received.report.id)
    made.put("erasure line", newest(ReportEntry.id))
    lot = made.first("lot collected")
    made.put("erasure check", checking.draw_check(f"lot/{lot}", "batch", actor=workshop.actor).id)
    refurbishing.declare_waste(ids[-1], "not_repairable", actor=workshop.actor)
    made.put("removal", refurbishing.open_batch(actor=workshop.actor).reference)
    refurbishing.add_to_batch(made.first("removal"), ids[-1:], actor=workshop.actor)
    made.put("wasted unit", ids[-1])
    taken = Taken("fan", label=f"Pièce {mark}", serial=f"{mark}-fan")
    made.put("part", repairing.take_part(ids[1], taken, actor=workshop.actor).id)
    wrong = (
        session()
        .scalars(sa.select(Event.uid).where(Event.type == "part.removed").order_by(Event.id.desc()).limit(1))
        .one()
    )
    correcting.correct_event(wrong, {"grams": 90}, actor=workshop.actor, note=f"Balance {mark}")
    made.put("corrected act", wrong)
    partner = build.make_party(f"Reconditionneur {len(made.things)}-{pickup.id}", "reuse_actor")
    sent = shipments.send_shipment(
        ids[2:3], partner.organisation_id, actor=workshop.actor, note=f"Quai {mark}"
    )
    made.put("shipment", sent.reference)
    # ids[0] has arrived and is not received yet, ids[1] is on the bench
    for unit_id in (ids[1], ids[0]):
        made.put("unit", unit_id)


def unit_ids(lot_id: int) -> list[int]:
    """Ids of a lot's devices."""
    reference = session().get_one(Lot, lot_id).reference
    return list(
        session().scalars(sa.select(Unit.id).where(Unit.stream == f"lot/{reference}").order_by(Unit.id))
    )


def _reservations(made: Side) -> None:
    mark, workshop, buyer = made.mark, made.parties["workshop"], made.parties["buyer"]
    ready = build.ready_units(
        workshop, 7, stream=f"lot/LOT-2026-9{len(mark):03d}", model=f"Modèle {len(mark)}",
        holder=made.parties["holder"], serial=None,
    )  # fmt: skip
    [key] = [group.key for group in catalogue.groups(catalogue.Filters(), buyer.actor)
             if group.seller_id == workshop.organisation_id]  # fmt: skip
    made.put("offer", key)
    made.put("offer photo", offering.add_photo(key, _picture(mark), "Capot", actor=workshop.actor).id)
    told: dict[str, Any] = {"order_number": f"BC-{mark}", "note": f"Livrer à {mark}"}
    for stage in range(3):
        booked = reservations.place_reservation(key, 1, actor=buyer.actor, **told)
        made.put("reservation", booked.reference)
        if stage:
            reservations.confirm_reservation(booked.reference, actor=workshop.actor)
        if stage > 1:
            reservations.sign_as_beneficiary(booked.reference, actor=buyer.actor, name=f"Signataire {mark}")
    made.put("invoiced", booked.reference)
    [handed] = [unit.unit_id for unit in returns.queries.returnable(booked)]
    made.put("provided unit", handed)
    made.put("return", returns.ask_return(
        booked.reference, [handed], actor=buyer.actor, reason="screen", wish="repair", words=f"retour {mark}"
    ).reference)  # fmt: skip
    invoices.record(booked.reference, actor=workshop.actor, number=f"F-{mark}")
    spent: dict[str, Any] = {"category": "paper", "year": clock.today().year, "amount_cents": 12_345}
    town = made.parties["town"].actor
    made.put("agec entry", agec.add_entry(actor=town, supplier=f"Fournisseur {mark}", **spent).id)
    sheet = f"Date;Montant HT;Fournisseur\n05/01/2026;12,00;{mark}\n".encode()
    made.put("agec file", agec_files.upload(sheet, f"achats-{mark}.csv", actor=town).id)
    quotes.quote_group(key, 1, actor=buyer.actor, lang="fr", say=str)
    order = orders.issue_order(
        made.first("reservation"),
        actor=buyer.actor,
        lang="fr",
        siret="00000000000000",
        commitment=f"EJ-{mark}",
    )
    made.put("order", order.number)
    quotes.quote_reservation(made.first("reservation"), actor=buyer.actor, lang="fr", say=str)
    made.put("wait", waiting.join("monitor", 300 + len(mark), actor=buyer.actor).reference)
    together = baskets.place_many([(key, 1)], actor=buyer.actor, **told)
    made.put("basket", together[0].basket or "")
    asker = made.parties["recipient"].actor
    asked = needs.post_need(actor=asker, kind="laptop", units=1, note=made.mark)
    match = needs.propose_match(asked.reference, "ready", key, 1, actor=workshop.actor).reference
    needs.decline_match(match, "other", actor=asker)
    needs.close_need(asked.reference, "found", actor=asker)  # while it runs any reuse actor sees it, unnamed
    made.put("need", asked.reference)
    made.put("match", match)
    ends_on = clock.today() + timedelta(days=30)
    ticket = vouchers.issue_voucher(ends_on, actor=made.parties["recipient"].actor)
    made.put("voucher", ticket.reference)
    made.put("voucher code", ticket.code)
    made.put("ready unit", ready[-1])
    made.put("label", session().scalars(sa.select(Label.code).where(Label.unit_id.in_(ready))).first())


def _requests(made: Side) -> None:
    """An association without account has asked: its words are for the operator alone."""
    told = Answers(
        kinds=("laptop",), units=(("laptop", 3),), name=f"Association {made.mark}", phone="04 00 00 00 00",
        email=f"asso@{made.mark}.example",
    )  # fmt: skip
    made.put("request", requests.send_request(told, once=made.mark.ljust(32, "0")).reference)


def _papers(made: Side) -> None:
    commune, town = made.parties["commune"], made.parties["town"]
    lot_papers.issue_annex(made.first("lot given"), actor=commune.actor)
    if claim_papers.stale(*_claim_and_lot(made)):
        claim_papers.issue_deeds(made.first("claim for own use"), actor=town.actor)
    mine = {party.organisation_id for party in made.parties.values()}
    readable = sa.select(DocumentReader.document_id).where(DocumentReader.organisation_id.in_(mine))
    for document in session().scalars(
        sa.select(Document).where(Document.id.in_(readable)).order_by(Document.id)
    ):
        made.put("quote" if document.kind == "quote" else "document", document.number)
        made.put("document owner", document.owner)


def _claim_and_lot(made: Side) -> Any:
    claim = claim_reads.get(made.first("claim for own use"))
    assert claim is not None
    return claim, session().get_one(Lot, claim.lot_id)


def newest(column: Any) -> int:
    """The highest id of a table."""
    return int(session().scalar(sa.select(sa.func.max(column))) or 0)
