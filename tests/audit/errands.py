"""Pages that no link of the demonstration reaches: the answers of forms, and addresses one is given.

Each errand finds its way by links and forms, as somebody would: no reference is written here. They run in this
order, after the walk; none needs what another one left.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from reuse_market.accounts.models import Membership, Person, SavedSearch
from reuse_market.demo.files import plain_picture
from reuse_market.demo.parties import address, siret
from reuse_market.erasure.models import ErasureCertificate, StorageMedium
from reuse_market.kernel import clock, db
from reuse_market.notices.models import Message
from reuse_market.proofs.auditing import services as audit_services
from reuse_market.reservations.models import Invoice, Reservation
from reuse_market.traceability.log_models import LogRefusal
from reuse_market.traceability.models import Event, EventUnit
from reuse_market.units.models import Unit
from tests.audit.capture import HERE, Shown, Visitor
from tests.audit.carrying import Visitors, driving, expecting, rounding, shipping
from tests.audit.requesting import requesting
from tests.support.erasure_files import Disk, nwipe_log

Errand = Callable[[Visitors], None]
SENTENCE = "une phrase de passe assez longue"
INVENTORY = (
    "Type;Fabricant;Modèle;Numéro de série\n"
    "Portable;Dell Inc.;Latitude 5400;AUDIT0001\n"
    "Portable;Dell Inc.;Latitude 5400;AUDIT0002\n"
    "Portable;Dell Inc.;Latitude 5400;AUDIT0002\n"
    "Soucoupe;;;\n"
)
CONTACTS = (
    "organisme;siret;statut;role;personne;email\n"
    f"Commune Exemple bis;{siret(41)};commune;détenteur;Agent (démo);agent@audit.example\n"
    "Sans adresse;;commune;détenteur;;\n"
)


def lost(visitors: Visitors) -> None:
    """Somebody mistypes an address, before and after signing in, or comes too late."""
    for role in ("visitor", "holder"):
        visitors[role].get("/nulle-part")
    visitors["visitor"].get("/recherche?text=portable&battery=80")
    for page in ("catalogue/plus-la", "u/ZZZZZZZ", "verification/AAAAAAAAAA"):
        visitors["visitor"].get(f"/{page}")
    for page in ("mot-de-passe", "confirmer", "invitation"):
        visitors["visitor"].get(f"/{page}/perime")
    visitors["buyer"].get("/parc")


def informed(visitors: Visitors) -> None:
    """The pages at the foot of every page, and the demonstration's mailbox."""
    for page in ("plan", "aide", "accessibilite", "ecoconception", "donnees", "donnees-personnelles"):
        visitors["visitor"].get(f"/{page}")
    for page in ("carte?state=forecast", "previsions"):
        visitors["visitor"].get(f"/{page}")
    visitors["visitor"].get("/verification")
    visitors["visitor"].get("/journal")
    with db.scope(), clock.frozen(clock.at_paris(clock.today(), 12)):
        audit_services.run_due()
    visitors["operator"].follow(visitors["operator"].get("/journal/controles"), r"/journal/controles/\d+$")
    visitors["visitor"].get("/demo/cas")
    visitors["visitor"].get("/demo/cas")
    visitors["visitor"].follow(visitors["visitor"].get("/demo/courrier"), r"/demo/courrier/\d+$")


def scanning(visitors: Visitors) -> None:
    """A device's label is printed; anybody scans it, and the seller opens it at the counter."""
    code = _ready_code(visitors["reuse-actor"])
    visitors["visitor"].get(f"/u/{code}")
    visitors["reuse-actor"].get(f"/guichet/{code}")
    for typed in ("", code, "rien-de-tel"):  # its proofs
        visitors["auditor"].get(f"/preuves?q={typed}")
    for page in ("?graine=audit&n=9&combien=3", "?quoi=events&graine=audit&n=9&combien=3", "/chiffres?n=9",
                 "/modifications", "/consultations"):  # fmt: skip
        visitors["auditor"].get(f"/audit{page}")


def labelling(visitors: Visitors) -> None:
    """Labels are made in advance, printed, seen on a page; those of a list of the workshop too."""
    bench = visitors["reuse-actor"]
    made = bench.send("/etiquettes", {"units": "24", "form": "a4-24", "kept_by": "Fourgon (démo)"})
    bench.get(made.link(r"/apercu$"))
    bench.get("/etiquettes")
    bench.get("/etiquettes/liste/ready")


def forgetful(visitors: Visitors) -> None:
    """A wrong password, then a link to choose another."""
    anybody = visitors["visitor"]
    anybody.send("/connexion", {"email": address("buyer"), "password": "faux"})
    anybody.send("/mot-de-passe-oublie", {"email": address("buyer")})
    anybody.follow(_letter(anybody, address("buyer")), r"^/mot-de-passe/")


def registering(visitors: Visitors) -> None:
    """An organisation registers, is asked to check, is thanked; its person confirms, signs in and waits."""
    anybody, mail = visitors["visitor"], "nouveau@audit.example"
    answers = {
        "name": "Association Nouvelle Exemple", "siret": siret(40), "rna": "", "legal_kind": "association",
        "roles": ["recipient"], "phone": "", "street": "2 rue de l’Exemple", "postcode": "38000",
        "commune_name": "Grenoble", "person_name": "Personne Nouvelle (démo)", "email": mail,
    }  # fmt: skip
    check = anybody.send("/inscription", answers)
    anybody.fill(check, "/inscription/corriger")
    anybody.fill(check, "/inscription/envoi")
    chosen = anybody.follow(_letter(anybody, mail), r"^/confirmer/")
    anybody.fill(chosen, chosen.path, {"password": SENTENCE})
    newcomer = anybody.camera.person("applicant", mail, SENTENCE)
    newcomer.get("/mon-espace")
    newcomer.get("/organisation")


def inviting(visitors: Visitors) -> None:
    """A colleague is invited, by mail and by a copied link; the operator invites from a file."""
    holder, mail = visitors["holder"], "collegue@audit.example"
    named = {"name": "Collègue (démo)", "email": mail, "rights": "prepare", "until": "", "language": "fr"}
    people = holder.send(holder.get("/organisation/personnes").link(r"/personnes/invitation$"), named)
    holder.fill(people, r".*/invitations/\d+/lien")
    holder.fill(people, r".*/invitations/\d+/renvoi")
    visitors["visitor"].follow(_letter(visitors["visitor"], mail), r"^/invitation/")
    visitors["operator"].send(
        "/console/invitations", {"file": (io.BytesIO(CONTACTS.encode()), "contacts.csv")}
    )


def importing(visitors: Visitors) -> None:
    """An inventory comes in, with rows to correct: its columns, its check, its end."""
    holder = visitors["holder"]
    shown = holder.send("/parc/importer", {"file": (io.BytesIO(INVENTORY.encode()), "audit.csv")})
    checked = holder.fill(shown, r"/parc/importer/\d+/colonnes")
    holder.fill(checked, r"/parc/importer/\d+/verifier")
    other = f"{INVENTORY.splitlines()[0]}\nPortable;HP Inc.;Latitude 5400;AUDIT0001\n"
    unsure = holder.send("/parc/importer", {"file": (io.BytesIO(other.encode()), "autre.csv")})
    holder.fill(unsure, r"/parc/importer/\d+/verifier")
    holder.follow(holder.get("/parc/doublons"), r"^/parc/doublons/\d+/\d+$")
    holder.get("/parc/sort")
    many = INVENTORY.splitlines()[0] + "\n" + "".join(
        f"Portable;Dell Inc.;Latitude 5400;LONG{n:06}{'0' * 40}\n" for n in range(72_000)
    )  # fmt: skip
    waiting = holder.send("/parc/importer", {"file": (io.BytesIO(many.encode()), "grand.csv")})
    holder.fill(waiting, r"/parc/importer/\d+/abandonner")


def sorting(visitors: Visitors) -> None:
    """A holder sorts devices, confirms, is asked for its decision; then asks for a removal, and prints it."""
    holder = visitors["holder"]
    laptops = "/destination?everything=1&kind=laptop"
    holder.fill(holder.get(laptops), "/tri")
    ids = re.findall(r'name="unit" value="(\d+)"', holder.get("/parc?kind=laptop&state=in_use"))
    told = holder.get("/parc?kind=laptop&state=in_use")
    csrf = re.search(r'name="csrf_token" value="([^"]+)"', told)
    data = {"unit": ids[:1], "csrf_token": csrf[1] if csrf else ""}  # a button of the list sends it elsewhere
    answer = holder.client.post(holder.spoken("/parc/reformer"), data=data, headers={"Origin": HERE})
    holder.camera.keep(holder.role, "/parc/reformer", answer)
    reference = holder.get("/tri").link(r"^/tri/TRI-")
    lines = re.findall(r'name="line" value="(\d+)"', holder.get(reference))
    ticked = {"line": lines, "outlet": "recycle", "reason": "no_demand"}
    holder.send(reference, ticked, f"{reference}/sortie")
    holder.send(reference, action=f"{reference}/confirmer")
    holder.send(reference, action=f"{reference}/decision")
    asked = {"sure": "y", "contact_email": "contact@eco.audit.example"}
    done = holder.send(f"{reference}/recyclage", asked)
    holder.follow(done, r"/fiche$")


def erasing(visitors: Visitors) -> None:
    """A holder that erases itself publishes a lot, looks at what each device lacks, and might take the lot back."""
    lot = _publish(visitors["holder"], "holder")
    visitors["holder"].follow(visitors["holder"].get(f"{lot}/effacement"), r"/effacement/\d+$")
    visitors["holder"].get(f"{lot}/effacement/controle")
    visitors["holder"].follow(visitors["holder"].get(lot), r"/retirer$")


def proving(visitors: Visitors) -> None:
    """A workshop drops a report, looks at what it left, at the checks, at a list and at an exception."""
    bench = visitors["reuse-actor"]
    log = nwipe_log(Disk("AUDIT-1"), Disk("AUDIT-2", status="UABORTED"))
    shown = bench.send("/effacements", {"files": (io.BytesIO(log), "audit.log")})
    bench.follow(shown, r"^/effacements/\d+$")
    checks = bench.get("/effacements/controles")
    with db.scope() as session:
        proof = session.scalars(
            sa.select(ErasureCertificate.id)
            .join(StorageMedium)
            .join(Unit)
            .where(Unit.custodian_id == ErasureCertificate.organisation_id, Unit.stream.like("lot/%"))
            .order_by(ErasureCertificate.id.desc())
        ).first()
    listed = re.search(r'name="lot" value="([^"]+)"', checks)
    if listed:
        bench.send("/effacements/controles", {"lot": listed[1], "how": "batch", "percent": ""})
    bench.get(f"/effacements/attestations/{proof}/exception")


def claiming(visitors: Visitors) -> None:
    """A reuse actor takes a lot at once and proposes a day; each answers the other with another one."""
    holder, actor = visitors["holder"], visitors["reuse-actor"]
    lot = _publish(holder, "reuse_actor")
    claim = actor.send(f"{lot}/prendre", {"message": ""}).link(r"^/demandes/[^/]+$")
    slot = {"day": _day(5), "from_time": "09:00", "to_time": "11:00", "note": "Audit"}
    pickup = actor.send(f"{claim}/enlevement", slot)
    holder.send(f"{pickup.path}/autre-creneau", slot | {"day": _day(6)})
    agreed = actor.fill(actor.get(pickup.path), f"{pickup.path}/accepter")
    for page in ("fiche-site", "vehicule", "protocole"):
        actor.get(f"{pickup.path}/{page}")
    place = re.search(r'<option value="(\d+)"', actor.get("/journees/nouvelle"))
    assert place, "a reuse actor opens a day at one of its sites"
    day = {"site_id": place[1], "day": _day(8), "from_0": "09:00", "to_0": "11:00", "places_0": "3"}
    actor.send("/journees/nouvelle", day)
    stop = actor.follow(agreed, r"/pointage$")
    for problem in ("absent", "refuse", "en-trop"):
        actor.get(f"{stop.path}/probleme/{problem}")
    sealed = actor.send(
        f"{pickup.path}/contenants", {"kind_0": "roll", "units_0": "1", "seal_0": "S-1", "kilos_0": ""}
    )
    actor.send(f"{stop.path}/tout")
    handover = f"{pickup.path}/remise"
    signed = actor.send(
        handover, {"plate": "AA-123-BB", "driver_name": "Équipe"}, action=f"{handover}/conducteur"
    )
    signed = actor.fill(signed, f"{pickup.path}/demander-signature")
    visitors["visitor"].follow(_letter(visitors["visitor"], address("holder")), r"^/signature/")
    code = re.search(r'class="big-code">(\d+)<', holder.get(pickup.path))
    assert code, "the holder reads the code of the pick-up"
    actor.fill(signed, f"{handover}/detenteur", {"name": "Accueil (démo)", "code": code[1]})
    box = actor.follow(sealed, r"^/contenants/[0-9A-Z]{7}$")
    revision = actor.send(box.path, {"line_1": "0"}, action=f"{box.path}/comptage")
    actor.get(f"{pickup.path}/revision")
    holder.get(revision.path)
    visitors["operator"].get(revision.path)


def reserving(visitors: Visitors) -> None:
    """A buyer asks for devices, goes back to change the answer, checks and reserves."""
    buyer = visitors["buyer"]
    group = buyer.get("/catalogue?agec=yes").link(r"^/catalogue/[^/?]+$")
    check = buyer.send(group, {"units": "1", "order_number": "", "note": ""}, action=f"{group}/reserver")
    buyer.fill(check, f"{group}/reserver", {"step": "edit"})
    buyer.fill(check, f"{group}/reserver", {"step": "reserve"})
    alike = buyer.get(f"{group}/semblables?units=2")
    check = buyer.fill(alike, f"{group}/semblables", {"order_number": "", "note": ""})
    buyer.fill(check, f"{group}/semblables", {"step": "reserve"})
    place = buyer.send("/attente/nouvelle", {"units": "3", "kind": "server", "most": ""})
    buyer.get(place.path)
    visitors["operator"].get("/attente")


def invoicing(visitors: Visitors) -> None:
    """A seller invoices and gives back; the buyer finds a fault, types its year and reads its accounts' file."""
    seller, buyer = visitors["reuse-actor"], visitors["obliged-buyer"]
    with db.scope():
        rows = (
            db.session()
            .execute(
                sa.select(Invoice.state, Reservation.reference).join(
                    Reservation, Reservation.id == Invoice.reservation_id
                )
            )
            .all()
        )
    found = {row.state: f"/reservations/{row.reference}" for row in rows}
    seller.get(f"{found['recorded']}/facture")
    seller.get(f"{found['confirmed']}/avoir")
    buyer.get(f"{found['recorded']}/facture/contester")
    for page in ("", "/lignes/nouvelle", "/fichier", "/imprimer", "?categorie=reprography"):
        buyer.get(f"/suivi-agec{page}")
    buyer.follow(buyer.get("/suivi-agec"), r"/suivi-agec/lignes/\d+$")
    buyer.follow(buyer.get("/suivi-agec"), r"/suivi-agec/fichier/\d+$")
    visitors["buyer"].get("/suivi-agec")
    visitors["operator"].get("/suivi-agec/organismes")


def returning(visitors: Visitors) -> None:
    """A buyer sends a device back and says who carries; the seller hands others over, reads what is asked."""
    buyer, seller = visitors["buyer"], visitors["reuse-actor"]
    for place in buyer.get("/reservations?onglet=terminees").links(r"^/reservations/RES-[^/]+$"):
        if found := buyer.get(place).links(r"/retour$"):
            buyer.get(found[0])
            break
    for place in seller.get("/reservations").links(r"^/reservations/RES-[^/]+$"):
        if found := seller.get(place).links(r"/remise$"):
            seller.get(found[0])
            break
    for one in seller.get("/retours").links(r"^/retours/RET-"):
        seller.get(one)
    for place in buyer.get("/reservations").links(r"^/reservations/RES-[^/]+$"):
        if found := buyer.get(place).links(r"/transport$"):
            buyer.get(found[0])
            break
    visitors["operator"].get("/retours?onglet=termines")


def prescribing(visitors: Visitors) -> None:
    """An association issues a voucher and prints its card."""
    prescriber = visitors["recipient"]
    prescriber.follow(prescriber.send("/bons/nouveau", {"cap_cents": ""}), r"/bons/[^/]+/carte$")


def needing(visitors: Visitors) -> None:
    """An association says what it needs and changes it; the operator proposes what is there."""
    recipient, operator = visitors["recipient"], visitors["operator"]
    sent = recipient.send(
        "/besoins/nouveau", {"units": "2", "note": "", "max_price_cents": "", "wanted_by": ""}
    )
    recipient.follow(sent, r"/besoins/[^/]+/modifier$")
    operator.get("/console/rapprochements")


def administering(visitors: Visitors) -> None:
    """A prudent reading of the law is found in the table of rules, to be set aside on an opinion."""
    operator, rules = visitors["operator"], "/administration/references/rules?regime=free_transfer&act=resell"
    pages = (operator.get(f"{rules}&page={number}") for number in range(1, 20))
    operator.get(next(found[0] for page in pages if (found := page.links(r"/avis$"))))


def on_behalf(visitors: Visitors) -> None:
    """The operator acts for a holder that called: its pages bear the banner; then it is itself again."""
    operator = visitors["operator"]
    found = operator.get("/console/organismes?text=Entreprise+Exemple")
    start = operator.follow(found, r"^/console/organismes/\d+$", r"/agir")
    operator.fill(start, start.path, {"caller_name": "Accueil (démo)"})
    operator.get("/mes-lots")
    operator.send("/compte", action="/compte/agir/terminer")


def _letter(reader: Visitor, to: str) -> Shown:
    """The newest message to somebody."""
    return reader.follow(reader.get(f"/demo/courrier?adresse={to}"), r"/demo/courrier/\d+")


def _ready_code(seller: Visitor) -> str:
    """The code of a device that may be sold now."""
    for unit in seller.get("/atelier?liste=ready").links(r"/atelier/appareils/\d+$"):
        if found := seller.get(unit).links(r"/etiquette$"):
            code = re.search(r"/u/([0-9A-Z]{7})", seller.get(found[0]))
            assert code, "a label bears its address"
            return code[1]
    raise AssertionError("no device is ready")


def _publish(holder: Visitor, eraser: str) -> str:
    """The address of a lot of three laptops given to the first who asks; every page of its making is kept."""
    counted = {"add-kind": "laptop", "add-units": "3", "add-label": "Portable de l’audit"}
    composed = holder.send("/lots/nouveau", counted)
    lot = composed.path.removesuffix("/composer")
    holder.follow(composed, r"/lignes/1$")
    terms = {
        "title": "Lot de l’audit", "available_from": _day(3), "available_until": _day(40), "claims_until": _day(20),
        "terms": "gift", "price_cents": "", "award_mode": "first_come", "public_first_days": "",
        "erased_by": eraser, "erasure_policy": "clear", "note": "",
    }  # fmt: skip
    published = holder.fill(holder.send(f"{lot}/conditions", terms), f"{lot}/relire")
    assert published.path == f"{lot}/publie", published
    holder.get(lot)
    return lot


def _day(days: int) -> str:
    return clock.in_days(days).isoformat()


def searching(visitors: Visitors) -> None:
    """A reuse actor keeps a search, stops its mails by the link, and declares what it can take."""
    actor = visitors["reuse-actor"]
    actor.get("/lots?works=y&dock=y&units=9999")
    actor.get("/recherches")
    actor.send("/recherches/nouvelle?room=lots&kind=laptop", {"name": "Portables", "cadence": "daily"})
    actor.get("/recherches/nouvelle?room=lots&kind=laptop")
    with db.scope() as session:
        token = session.scalars(sa.select(SavedSearch.stop_token).order_by(SavedSearch.id.desc())).first()
    visitors["visitor"].get(f"/recherches/arret/{token}")
    actor.get("/organisation/capacite")


def benching(visitors: Visitors) -> None:
    """Locks, labels that wait, figures, the shared computer, a PIN and a badge; links about locks, one too old."""
    bench = visitors["reuse-actor"]
    for page in ("verrous", "etiquettes-en-attente", "chiffres", "poste"):
        bench.get(f"/atelier/{page}")
    visitors["holder"].get("/atelier/verrous")
    anybody = visitors["visitor"]
    anybody.get("/verrous/perime")
    with db.scope() as session:
        asked = (
            sa.select(Message.to_address).where(Message.template == "locks_asked").order_by(Message.id.desc())
        )
        to = session.scalars(asked.limit(1)).one()
    letters = anybody.get(f"/demo/courrier?adresse={to}").links(r"/demo/courrier/\d+")
    links = (found for letter in letters if (found := anybody.get(letter).links(r"^/verrous/")))
    anybody.get(next(links)[0])
    keys = bench.follow(bench.get("/organisation/personnes"), r"/poste$")
    bench.fill(keys, rf"{keys.path}/badge$")


def counting_reuse(visitors: Visitors) -> None:
    """A public body reads and types its REEN year; a company learns why it has none; an overseer reads it."""
    body, year = visitors["public-holder"], clock.today().year
    sheet = body.follow(body.get("/parc/stock"), r"^/reen$")
    for figure in ("stock", "left"):
        body.get(f"/reen/{year}/appareils?figure={figure}")
    for role in ("stock", "outlet"):
        body.get(f"/reen/{year}/lignes/{role}")
    body.get(sheet.links(r"^/reen/lignes/\d+$")[0])
    visitors["holder"].get(f"/reen/{year}")
    auditor = visitors["auditor"]
    auditor.follow(auditor.get("/reen"), rf"^/reen/{year}\?organisme=\d+$")


def correcting(visitors: Visitors) -> None:
    """A workshop corrects one of its acts; what else it may not; forgetting, asked for and looked at."""
    bench, admin = visitors["reuse-actor"], visitors["admin"]
    with db.scope() as session:
        uid, stream = session.execute(
            sa.select(Event.uid, Event.stream)
            .join(EventUnit, EventUnit.event_id == Event.id)
            .join(Unit, Unit.id == EventUnit.unit_id)
            .where(Event.type == "unit.tested", Unit.state == "in_workshop",
                   Event.organisation_id == _organisation(session, "reuse-actor"))
            .order_by(Event.id.desc()).limit(1)
        ).one()  # fmt: skip
        person = session.scalars(sa.select(Person.id).where(Person.email == address("holder"))).one()
        unit_id = session.scalars(sa.select(Unit.id).where(Unit.state == "provided").limit(1)).one()
    bench.get(f"/lots/{stream.removeprefix('lot/')}/actes")
    form = bench.get(f"/actes/{uid}/corriger")
    bench.fill(form, form.path, {"kind": "void", "reason": "did_not_occur"})
    bench.get("/compte/oubli")
    admin.get(f"/administration/oubli/{person}")
    admin.get(f"/administration/oubli/appareils/{unit_id}")


def restoring(visitors: Visitors) -> None:
    """The journal contradicts its last checkpoint; an administrator looks at how to declare a restore."""
    visitors["admin"].get("/journal/restauration")  # nothing to declare yet
    _refuse()
    visitors["visitor"].get("/journal")
    visitors["admin"].follow(visitors["admin"].get("/journal"), r"^/journal/restauration$")


@db.command
def _refuse() -> None:
    refusal = LogRefusal(at=clock.now(), kept_size=12, kept_root="ab" * 32, found_size=9, found_root=None)
    db.session().add(refusal)


def _organisation(session: Session, login: str) -> int:
    statement = sa.select(Membership.organisation_id).join(Person, Person.id == Membership.person_id)
    return session.scalars(statement.where(Person.email == address(login))).one()


def buying(visitors: Visitors) -> None:
    """A public buyer has a quote made, looks at it, and the order of what it reserved; the rules; who received what."""
    buyer, operator = visitors["obliged-buyer"], visitors["operator"]
    group = buyer.get("/catalogue?agec=yes").link(r"^/catalogue/[^/?]+$")
    quote = buyer.send(group, {"units": "1", "order_number": "", "note": ""}, action=f"{group}/devis")
    buyer.get(f"{quote.path}/refuser")
    taken = buyer.fill(quote, f"{quote.path}/reserver")
    booked = taken.path.removesuffix("/envoyee")
    buyer.get(f"{booked}/commande/nouvelle")
    ordered = buyer.send(f"{booked}/commande/nouvelle", {"siret": siret(41)})
    assert ordered.path == f"{booked}/commande", ordered
    visitors["visitor"].get("/regles-de-partage")
    operator.follow(operator.get("/repartition"), r"/derogation$")


def showing(visitors: Visitors) -> None:
    """A reuse actor shows a photo of what it sells; a visitor looks at it; a file that is none is refused."""
    seller, anybody = visitors["reuse-actor"], visitors["visitor"]
    for group in anybody.get("/catalogue").links(r"^/catalogue/[^/?]+$"):
        if found := seller.get(group).links(r"/photos/ajouter$"):
            break
    else:
        raise AssertionError("nothing in the window is its own")
    [form] = found[:1]
    for data in (b"no picture", plain_picture()):
        told = {"picture": (io.BytesIO(data), "vue.jpg"), "words": "Appareil vu de face, écran allumé"}
        seller.send(form, told, action=form)
    anybody.follow(anybody.get(group), r"/photos$")


def sharing_out(visitors: Visitors) -> None:
    """A holder chooses the solidarity share of one of its lots."""
    holder = visitors["holder"]
    for lot in holder.get("/mes-lots").links(r"^/lots/LOT-[0-9-]+$"):
        if found := holder.get(lot).links(r"/part-solidaire$"):
            holder.get(found[0])
            return
    raise AssertionError("no lot offers its share")


ERRANDS: tuple[Errand, ...] = (
    lost, informed, scanning, driving, labelling, forgetful, registering, inviting, importing, sorting,
    erasing, proving, claiming, searching,
    reserving, invoicing, returning, requesting,
    prescribing, buying, showing,
    sharing_out, needing, administering, on_behalf, rounding, expecting, shipping, benching,
    counting_reuse, correcting, restoring,
)  # fmt: skip
