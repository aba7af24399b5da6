"""The organisation's file, its charter, the operator's decisions, and what each state allows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest
import sqlalchemy as sa
from flask import Flask

from reuse_market.accounts import admission, charter, evidence, queries, registration, services
from reuse_market.accounts.admission import decide_on_organisation
from reuse_market.accounts.models import Evidence, Organisation
from reuse_market.catalogue import queries as catalogue
from reuse_market.claims import services as claims
from reuse_market.collection import services as collection
from reuse_market.kernel import clock, db
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import session
from reuse_market.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from reuse_market.lots import queries as lot_reads
from reuse_market.lots import services as lots
from reuse_market.lots.queries import BoardFilters
from reuse_market.notices.models import Message
from reuse_market.reservations import services as reservations
from reuse_market.traceability.models import Event
from tests.lots.visiting import Visitor
from tests.support.world import (
    PASSWORD,
    Party,
    World,
    agreed_pickup,
    awarded_claim,
    conditions,
    published_lot,
    ready_units,
    submitted_claim,
)

PDF = b"%PDF-1.4 exemple"
SIRET = "73282932000074"


@pytest.fixture
def applicant(world: World) -> Party:
    """An organisation to be verified, with one person who commits it."""
    made = services.register_organisation(
        "Nouvelle Exemple", "association", ["holder", "recipient"], actor=Actor(), siret=SIRET
    )
    person = services.add_person("Personne Nouvelle", "nouvelle@test.example", password=PASSWORD)
    services.add_member(person.id, made.id)
    return Party(made.id, person.id, person.email, None, actor_of(person.id))


def actor_of(person_id: int) -> Actor:
    """The actor as the loader resolves it now."""
    found = queries.actor_of(person_id)
    assert found is not None
    return found


def state_of(party: Party) -> str:
    """The organisation's state now."""
    session().expire_all()
    return session().get_one(Organisation, party.organisation_id).state


def events(party: Party) -> list[str]:
    """The types of its stream."""
    statement = sa.select(Event.type).where(Event.stream == services.stream(party.organisation_id))
    return list(session().scalars(statement.order_by(Event.seq)))


# State × decision, written by hand: who may, what it becomes.
GRID = """
admit      to_verify refused   verified
refuse     to_verify           refused
suspend    verified            suspended
reinstate  suspended           verified
"""
WAY_TO = {
    "to_verify": [], "refused": ["refuse"], "verified": ["admit"], "suspended": ["admit", "suspend"],
}  # fmt: skip


@pytest.mark.parametrize("line", GRID.strip().splitlines())
def test_who_decides_on_an_organisation(world: World, line: str) -> None:
    action, *sources, target = line.split()
    operator, auditor = world.operator().actor, world.party("Auditeur Exemple", "auditor").actor
    how = {"reason": "Exemple", "paper_charter": True}
    for number, (state, way) in enumerate(WAY_TO.items()):
        made = services.register_organisation(
            f"Exemple {number}", "school", ["recipient"], actor=Actor(), rna=f"W38000000{number}"
        )
        for step in way:
            decide_on_organisation(made.id, step, actor=operator, **how)
        for other in (world.holder().actor, auditor, Actor()):
            with pytest.raises(NotAllowed):
                decide_on_organisation(made.id, action, actor=other, **how)
        if state in sources:
            assert decide_on_organisation(made.id, action, actor=operator, **how).state == target
        else:
            with pytest.raises(Conflict):
                decide_on_organisation(made.id, action, actor=operator, **how)


def test_admitting_asks_for_a_number_and_the_charter(world: World) -> None:
    operator = world.operator().actor
    made = services.register_organisation("Exemple", "association", ["recipient"], actor=Actor())
    assert admission.missing(made) == ["identifier", "charter", "evidence", "site"]
    with pytest.raises(Conflict, match="SIRET"):
        decide_on_organisation(made.id, "admit", actor=operator, paper_charter=True)
    registration.change_organisation(made.id, rna="W381234567", actor=operator)
    with pytest.raises(Conflict, match="charter"):
        decide_on_organisation(made.id, "admit", actor=operator)
    decide_on_organisation(made.id, "admit", actor=operator, paper_charter=True)
    signed = charter.signature(made.id)
    assert signed is not None
    assert (signed.version, signed.person_id) == (charter.CURRENT, None)


def test_to_refuse_or_suspend_one_says_why(world: World, applicant: Party) -> None:
    operator = world.operator().actor
    for action, organisation_id in (
        ("refuse", applicant.organisation_id),
        ("suspend", world.buyer().organisation_id),
    ):
        with pytest.raises(Invalid):
            decide_on_organisation(organisation_id, action, actor=operator, reason="  ")
    decide_on_organisation(applicant.organisation_id, "refuse", actor=operator, reason="Statuts manquants")
    mail = session().scalars(sa.select(Message).where(Message.to_address == applicant.email)).one()
    assert "Statuts manquants" in mail.text


def test_roles_that_oversee_are_the_administrators_to_give(world: World, applicant: Party) -> None:
    operator = world.operator().actor
    how = {"actor": operator, "paper_charter": True}
    with pytest.raises(NotAllowed):
        decide_on_organisation(applicant.organisation_id, "admit", roles=["operator"], **how)
    with pytest.raises(NotAllowed):
        registration.change_organisation(applicant.organisation_id, roles=("auditor",), actor=operator)
    boss = world.party("Administration Exemple", "administrator").actor
    registration.change_organisation(applicant.organisation_id, roles=("auditor",), actor=boss)
    assert queries.roles_of(applicant.organisation_id) == {"auditor"}


# State × verb: what a member who may commit can do. Written by hand.
STATES = """
            draft  publish  claim  reserve  sign   charter  evidence
to_verify   yes    no       no     no       no     yes      yes
verified    yes    yes      yes    yes      yes    yes      yes
suspended   no     no       no     no       no     no       no
refused     no     no       no     no       no     no       yes
"""


@db.command
def put_in(party: Party, state: str) -> None:
    """An organisation that has things under way, in a state: no verb leads back from admitted to the others."""
    rows = sa.update(Organisation).where(Organisation.id == party.organisation_id)
    session().execute(rows.values({"state": state}))


def through(verb: Callable[[], object]) -> bool:
    """Whether a verb goes through."""
    try:
        verb()
    except (NotAllowed, NotFound, Conflict):
        return False
    return True


@pytest.mark.parametrize("line", STATES.strip("\n").splitlines()[1:])
def test_what_each_state_allows(app: Flask, world: World, line: str) -> None:
    state, *expected = line.split()
    party = world.party(
        "Organisme Exemple", "holder", "reuse_actor", "buyer", commune="Grenoble", postcode="38000"
    )
    other, mine = world.holder(), party.actor
    lot, theirs = published_lot(other, numbered=1, counted=0), published_lot(other, numbered=1, counted=0)
    own = lots.draft_lot(actor=mine, title="À publier")
    lots.add_counted_line(own.id, actor=mine, kind="monitor", units=1, label="Écrans")
    lots.set_conditions(own.id, conditions(party), actor=mine)
    ready_units(world.reuse_actor(), 1)
    [group] = catalogue.groups(catalogue.Filters(), world.buyer().actor)
    pickup = agreed_pickup(awarded_claim(theirs, other, party), other, party)
    collection.check_off_rest(pickup.reference, actor=mine)
    put_in(party, state)
    actor = actor_of(party.person_id)
    organisation_id, offer = party.organisation_id, {"proposal": "pay", "amount_cents": 1, "committed": True}
    verbs: dict[str, Callable[[], object]] = {
        "draft": lambda: lots.draft_lot(actor=actor, title="Exemple"),
        "publish": lambda: lots.publish_lot(own.id, actor=actor),
        "claim": lambda: claims.submit_claim(lot.reference, {1: 1}, actor=actor, **offer),
        "reserve": lambda: reservations.place_reservation(group.key, 1, actor=actor),
        "sign": lambda: collection.sign_as_driver(pickup.reference, actor=actor, plate="AA-000-AA"),
        "charter": lambda: charter.sign_charter(organisation_id, charter.CURRENT, language="fr", actor=actor),
        "evidence": lambda: evidence.add_evidence(organisation_id, "other", PDF, actor=actor),
    }
    assert list(verbs) == STATES.split("\n")[1].split()
    assert ["yes" if through(verb) else "no" for verb in verbs.values()] == expected


PAGES = {  # what a member reads, by state: the gate
    "/organisation": "to_verify verified refused suspended",
    "/organisation/charte": "to_verify verified refused suspended",
    "/sites": "to_verify verified",
    "/parc": "to_verify verified",
    "/mes-lots": "to_verify verified",
    "/lots/nouveau": "to_verify verified",
    "/enlevements": "to_verify verified",
    "/console": "",
}


def test_what_each_state_opens(app: Flask, world: World, holder: Party) -> None:
    visitor = Visitor(app.test_client(), holder)
    seen: dict[str, str] = {}
    for state in ("to_verify", "verified", "refused", "suspended"):
        put_in(holder, state)
        for page in PAGES:
            if visitor.client.get(page).status_code == 200:
                seen[page] = f"{seen.get(page, '')} {state}".strip()
    assert {page: seen.get(page, "") for page in PAGES} == PAGES


def test_one_who_waits_reads_nothing_of_others(world: World, applicant: Party) -> None:
    """A reuse actor nobody has checked does not learn who holds computers."""
    lot = published_lot(world.holder())
    services.set_roles(applicant.organisation_id, ["reuse_actor"], actor=world.operator().actor)
    actor = actor_of(applicant.person_id)
    assert actor.roles == {"applicant"}
    [card] = lot_reads.board(actor, BoardFilters()).cards
    assert card.reference == lot.reference
    assert card.holder_name is None


def test_a_suspended_holder_leaves_the_board_and_comes_back(app: Flask, world: World) -> None:
    holder, actor, operator = world.holder(), world.reuse_actor(), world.operator().actor
    lot, claimed = published_lot(holder), published_lot(holder)
    submitted_claim(claimed, actor)
    page, references = f"/lots/{lot.reference}", [lot.reference, claimed.reference]

    def shown() -> list[str]:
        return [card.reference for card in lot_reads.board(actor.actor, BoardFilters()).cards]

    assert shown() == references
    decide_on_organisation(holder.organisation_id, "suspend", actor=operator, reason="Exemple")
    assert shown() == []
    with pytest.raises(Conflict) as refused:
        submitted_claim(lot, actor)
    assert refused.value.code == "claim.holder-suspended"
    assert "Prendre tout ou partie du lot" not in Visitor(app.test_client(), actor).open(page).text
    decide_on_organisation(holder.organisation_id, "reinstate", actor=operator)
    assert shown() == references
    assert "Prendre tout ou partie du lot" in Visitor(app.test_client(), actor).open(page).text


def test_the_stock_of_a_suspended_seller_is_not_offered(world: World) -> None:
    seller, buyer = world.reuse_actor(), world.buyer()
    ready_units(seller, 2)
    [group] = catalogue.groups(catalogue.Filters(), buyer.actor)
    decide_on_organisation(seller.organisation_id, "suspend", actor=world.operator().actor, reason="Exemple")
    assert catalogue.groups(catalogue.Filters(), buyer.actor) == []
    with pytest.raises((Conflict, NotFound)):
        reservations.place_reservation(group.key, 1, actor=buyer.actor)


def test_the_charter_is_signed_by_who_may_commit(app: Flask, world: World, applicant: Party) -> None:
    person = services.add_person("Personne Qui Prépare", "prepare@test.example", password=PASSWORD)
    services.add_member(person.id, applicant.organisation_id, rights="prepare")
    mine = applicant.organisation_id
    strangers = {
        "prepares": actor_of(person.id), "operator": world.operator().actor, "other": world.holder().actor,
        "on behalf": replace(applicant.actor, via="operator"), "token": replace(applicant.actor, via="token"),
    }  # fmt: skip
    for who, actor in strangers.items():
        with pytest.raises(NotAllowed):
            charter.sign_charter(mine, charter.CURRENT, language="fr", actor=actor)
        assert not charter.is_signed(mine), who
    with pytest.raises(Conflict):
        charter.sign_charter(mine, "2020-01", language="fr", actor=applicant.actor)
    visitor = Visitor(app.test_client(), applicant).open("/organisation/charte")
    visitor.press("Signer la charte", 422)
    visitor.press("Signer la charte", agreed="y")
    assert "par Personne Nouvelle" in visitor.text
    charter.sign_charter(mine, charter.CURRENT, language="en", actor=applicant.actor)
    assert events(applicant) == ["organisation.registered", "organisation.charter-signed"]


def test_a_new_text_is_signed_again(world: World, applicant: Party, monkeypatch: pytest.MonkeyPatch) -> None:
    first = charter.sign_charter(
        applicant.organisation_id, charter.CURRENT, language="fr", actor=applicant.actor
    )
    monkeypatch.setattr(charter, "CURRENT", "2027-01")
    monkeypatch.setattr(charter, "_source", lambda language, version: f"# {version}\nTexte {language}")
    assert "charter" in admission.missing(session().get_one(Organisation, applicant.organisation_id))
    second = charter.sign_charter(applicant.organisation_id, "2027-01", language="fr", actor=applicant.actor)
    assert second.id != first.id
    assert charter.is_signed(applicant.organisation_id)


def test_both_charters_say_the_same_things() -> None:
    french, english = charter.text("fr"), charter.text("en")
    assert [len(paragraphs) for _, paragraphs in french] == [len(paragraphs) for _, paragraphs in english]
    assert len(french) == 8


def test_evidence_is_sent_read_and_withdrawn(app: Flask, world: World, applicant: Party) -> None:
    visitor = Visitor(app.test_client(), applicant).open("/organisation")
    upload = {"kind": "association_rup", "issued_on": "2019-03-04", "until": "2030-01-01"}
    visitor.press("Ajouter le fichier", 422, **upload, file=(BytesIO(b"MZ program"), "statuts.pdf"))
    assert "Ce type de fichier n’est pas accepté ici." in visitor.text
    visitor.press("Ajouter le fichier", **upload, file=(BytesIO(PDF), "statuts.pdf"))
    assert "valable jusqu’au 1 janvier 2030" in visitor.text.replace("1er", "1")
    [row] = evidence.evidence_of(applicant.organisation_id)
    page = f"/organisation/justificatifs/{row.id}"
    assert visitor.client.get(page).data == PDF
    assert Visitor(app.test_client(), world.holder()).client.get(page).status_code == 404
    operator = Visitor(app.test_client(), world.operator())
    answer = operator.client.get(page)
    assert (answer.data, answer.headers["Content-Disposition"]) == (
        PDF, f"attachment; filename=justificatif-{row.id}.pdf",
    )  # fmt: skip
    assert events(applicant) == [
        "organisation.registered", "organisation.evidence-added", "organisation.evidence-read",
    ]  # fmt: skip
    visitor.open("/organisation").press(f"Retirer ce fichier {KIND}")
    assert evidence.evidence_of(applicant.organisation_id) == []
    assert visitor.client.get(page).status_code == 404


KIND = "Décret de reconnaissance d’utilité publique"


def test_what_evidence_is_refused(app: Flask, world: World, applicant: Party) -> None:
    mine, actor, today = applicant.organisation_id, applicant.actor, clock.today()
    wrong: list[tuple[bytes, dict[str, object], str]] = [
        (b"", {}, "file"), (PDF + b" " * 5_000_001, {}, "file"), (b"<svg/>", {}, "file"),
        (PDF, {"kind": "school_eple"}, "kind"), (PDF, {"issued_on": today + timedelta(days=1)}, "issued_on"),
        (PDF, {"until": today - timedelta(days=1)}, "until"),
    ]  # fmt: skip
    for data, more, field in wrong:
        with pytest.raises(Invalid) as refused:
            evidence.add_evidence(mine, str(more.pop("kind", "other")), data, actor=actor, **more)
        assert refused.value.field == field
    with pytest.raises(NotAllowed):
        evidence.add_evidence(mine, "other", PDF, actor=world.holder().actor)


def test_a_file_about_to_end_is_told_once(app: Flask, world: World, applicant: Party) -> None:
    for days in (29, 31):
        until = clock.today() + timedelta(days=days)
        evidence.add_evidence(applicant.organisation_id, "other", PDF, actor=applicant.actor, until=until)
    assert [evidence.warn_of_expiry(), evidence.warn_of_expiry()] == [1, 0]
    [mail] = session().scalars(sa.select(Message).where(Message.template == "evidence_expiring"))
    assert mail.to_address == applicant.email
    with clock.frozen(clock.now() + timedelta(days=1)):
        assert evidence.warn_of_expiry() == 1
    assert session().scalar(sa.select(sa.func.count()).where(Evidence.warned_at.is_not(None))) == 2


def test_a_member_keeps_the_contact_only(world: World, applicant: Party) -> None:
    mine, actor = applicant.organisation_id, applicant.actor
    registration.change_organisation(mine, phone="04 00 00 00 09", actor=actor)
    assert session().get_one(Organisation, mine).phone == "04 00 00 00 09"
    for change in ({"name": "Autre"}, {"legal_kind": "state"}, {"siret": ""}, {"roles": ("buyer",)}):
        with pytest.raises(NotAllowed):
            registration.change_organisation(mine, actor=actor, **change)
    with pytest.raises(NotAllowed):
        registration.change_organisation(mine, phone="0", actor=world.holder().actor)
    operator = world.operator().actor
    registration.change_organisation(
        mine, name="Autre", legal_kind="school", roles=("buyer",), actor=operator
    )
    assert queries.roles_of(mine) == {"buyer"}
    assert events(applicant)[1:] == ["organisation.changed"] * 2


def test_each_decision_is_told_in_both_languages(world: World, applicant: Party) -> None:
    english = services.add_person("Somebody", "english@test.example", language="en", password=PASSWORD)
    services.add_member(english.id, applicant.organisation_id)
    operator = world.operator().actor
    for action in ("refuse", "admit", "suspend", "reinstate"):
        decide_on_organisation(
            applicant.organisation_id, action, actor=operator, reason="Exemple", paper_charter=True
        )
    mails = session().scalars(sa.select(Message).order_by(Message.id)).all()
    told = [(mail.language, mail.subject) for mail in mails]
    assert [subject for language, subject in told if language == "en"] == [
        "Nouvelle Exemple is not admitted", "Nouvelle Exemple is admitted", "Nouvelle Exemple is suspended",
        "The suspension of Nouvelle Exemple is lifted",
    ]  # fmt: skip
    assert [subject for language, subject in told if language == "fr"] == [
        "Nouvelle Exemple n’est pas admis", "Nouvelle Exemple est admis", "Nouvelle Exemple est suspendu",
        "La suspension de Nouvelle Exemple est levée",
    ]  # fmt: skip
