"""Deeds issued from the data: what they say, to whom, and what becomes of them when facts change."""

from __future__ import annotations

import io
import re
import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from reuse_market.catalogue import queries as catalogue
from reuse_market.claims import papers as claim_papers
from reuse_market.documents import listing, queries, rendering, services
from reuse_market.kernel import clock, db, files
from reuse_market.kernel.errors import Conflict, NotFound
from reuse_market.lots import papers as lot_papers
from reuse_market.lots import queries as lots
from reuse_market.lots.models import LotLine
from reuse_market.notices.settings import configure as configure_notices
from reuse_market.reservations import services as booking
from reuse_market.reservations.handing import sign_as_beneficiary
from reuse_market.traceability import queries as journal
from reuse_market.web import catalogues
from tests.documents import deed_samples, samples
from tests.support import world as chain
from tests.support.world import World


@pytest.fixture
def world(database: db.Database, tmp_path: Path) -> World:
    catalogues.compile_stale(catalogues.ROOT)
    files.configure(f"file://{tmp_path / 'files'}")
    configure_notices(base_url="http://parc.example", mail_url="page:", sender="Parc <parc@test.example>")
    return World.begin()


def read(data: bytes, tmp_path: Path) -> str:
    """The words of a PDF, spaces folded."""
    file = tmp_path / "deed.pdf"
    file.write_bytes(data)
    text = subprocess.run(["pdftotext", "-layout", str(file), "-"], check=True, capture_output=True).stdout
    return " ".join(text.decode().replace("\u00a0", " ").split())


def checked(data: bytes, lang: str) -> None:
    """Tagged, in its language, light."""
    assert len(data) <= 150_000
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert str(pdf.Root.Lang).startswith(lang)
        assert pdf.Root.MarkInfo.Marked
        assert "pdfuaid:part" in pdf.Root.Metadata.read_bytes().decode()
        assert not pdf.check_pdf_syntax()


@db.command
def valued(lot: Any, cents: int) -> None:
    for line in lots.lines(lot.id):
        row = db.session().get_one(LotLine, line.id)
        row.value_cents, row.value_how, row.valued_on = cents, "market_price", clock.today()


def sold(world: World, holder: Any = None, **changes: Any) -> tuple[Any, Any]:
    """(lot, awarded claim) of a sale: the reuse actor erases."""
    holder, actor = holder or world.holder(), world.reuse_actor()
    lot = chain.published_lot(holder, **({"erasure_policy": "purge"} | changes))
    return lot, chain.awarded_claim(lot, holder, actor, {1: 2, 2: 1})


def test_an_actor_that_erases_gets_a_mandate(world: World, tmp_path: Path) -> None:
    _lot, claim = sold(world)
    [made] = claim_papers.issue_deeds(claim.reference, actor=world.reuse_actor().actor)
    assert made.kind == "erasure_mandate"
    assert re.fullmatch(r"ME-\d{4}-0001", made.number)
    data = queries.content(made)
    checked(data, "fr")
    text = read(data, tmp_path)
    assert "Mandat d’effacement des données" in text
    assert "Entreprise Exemple" in text
    assert "Atelier Exemple" in text
    assert "Effacement des supports de 3 appareils." in text
    assert "effacement renforcé (purge)" in text
    assert claim.reference in text
    english = queries.content_in(made, "en")
    checked(english, "en")
    told = read(english, tmp_path)
    assert "Data erasure mandate" in told
    assert "purge: data cannot be recovered" in told
    assert "Translation for reading. The issued copy is in French." in told
    assert made.number in told
    assert rendering.code_shown(made.verification_code) in told
    [event] = [e for e in journal.events_of_stream(f"lot/{_lot.reference}") if e.type == "document.issued"]
    assert journal.body(event)["facts"]["number"] == made.number


def test_the_job_issues_the_first_deeds_of_an_award_once(world: World) -> None:
    lot, claim = sold(world)
    assert claim_papers.issue_due() == 1
    [made] = queries.of(f"claim/{claim.reference}")
    assert made.kind == "erasure_mandate"
    assert {each.organisation_id for each in made.readers} == {
        world.holder().organisation_id, world.reuse_actor().organisation_id,
    }  # fmt: skip
    [event] = [e for e in journal.events_of_stream(f"lot/{lot.reference}") if e.type == "document.issued"]
    assert journal.body(event)["facts"]["claim"] == claim.reference
    assert claim_papers.issue_due() == 0
    assert claim_papers.stale(claim, lot) == {}
    with pytest.raises(Conflict):
        claim_papers.issue_deeds(claim.reference, actor=world.holder().actor)


def test_the_job_leaves_what_was_issued_by_hand_what_is_collected_and_what_needs_none(world: World) -> None:
    holder, actor = world.holder(), world.reuse_actor()
    _lot, by_hand = sold(world)
    claim_papers.issue_deeds(by_hand.reference, actor=actor.actor)
    _lot, collected = sold(world)
    chain.signed_pickup(chain.agreed_pickup(collected, holder, actor), holder, actor)
    sold(world, erased_by="holder")
    assert claim_papers.issue_due() == 0
    assert len(queries.of(f"claim/{by_hand.reference}")) == 1
    assert queries.of(f"claim/{collected.reference}") == []


def test_no_mandate_where_the_holder_erases(world: World) -> None:
    _lot, claim = sold(world, erased_by="holder")
    with pytest.raises(Conflict):
        claim_papers.issue_deeds(claim.reference, actor=world.holder().actor)


def test_a_public_sale_has_its_annex_for_lot_and_award(world: World, tmp_path: Path) -> None:
    holder = world.public_holder()
    lot, claim = sold(world, holder, erased_by="holder")
    valued(lot, 4_500)
    annex = lot_papers.issue_annex(lot.reference, actor=holder.actor)
    data = queries.content(annex)
    checked(data, "fr")
    text = read(data, tmp_path)
    assert "5 appareils, 3 avec un numéro de série." in text
    assert all(f"{lot.id}-S{n}" in text for n in range(3))
    assert "225,00 €" in text
    assert "Estimation : Prix de matériels" in text or "Estimation : " in text
    assert "2 appareils sans numéro de série ni d’inventaire." in text
    made = {each.kind: each for each in claim_papers.issue_deeds(claim.reference, actor=holder.actor)}
    assert set(made) == {"decision_annex"}
    of_claim = read(queries.content(made["decision_annex"]), tmp_path)
    assert "3 appareils, 2 avec un numéro de série." in of_claim
    assert "Atelier Exemple" in of_claim
    assert lot_papers.annex_rows(lot_papers.annex_facts(lot)["lines"])[0][4] == "45.00"


def test_a_company_has_no_annex(world: World) -> None:
    lot, _claim = sold(world)
    with pytest.raises(Conflict):
        lot_papers.issue_annex(lot.reference, actor=world.holder().actor)
    with pytest.raises(NotFound):
        lot_papers.issue_annex(lot.reference, actor=world.reuse_actor().actor)


def test_issued_again_only_when_facts_changed_until_all_is_collected(world: World) -> None:
    holder = world.public_holder()
    lot, claim = sold(world, holder, erased_by="holder")
    [first] = claim_papers.issue_deeds(claim.reference, actor=holder.actor)
    with pytest.raises(Conflict):
        claim_papers.issue_deeds(claim.reference, actor=holder.actor)
    valued(lot, 9_900)
    [second] = claim_papers.issue_deeds(claim.reference, actor=holder.actor)
    rows = listing.of_owners([f"claim/{claim.reference}"], holder.actor, "en")
    assert [(row.document.number, row.document.superseded_by) for row in rows] == [
        (second.number, None), (first.number, second.number),
    ]  # fmt: skip
    assert [row.title for row in rows] == ["Annex to the decision"] * 2
    chain.signed_pickup(chain.agreed_pickup(claim, holder, world.reuse_actor()), holder, world.reuse_actor())
    valued(lot, 1)
    assert claim_papers.stale(claim, lot) == {}


# who × what: the deeds of a claim, and the annex of the lot
READS = {
    "holder": (True, True), "actor": (True, False), "operator": (True, True), "other": (False, False),
    "other holder": (False, False), "recipient": (False, False),
}  # fmt: skip


def test_who_reads_and_who_issues(world: World) -> None:
    holder = world.public_holder()
    lot, claim = sold(world, holder, erased_by="holder")
    annex = lot_papers.issue_annex(lot.reference, actor=holder.actor)
    people = {
        "holder": holder, "actor": world.reuse_actor(), "operator": world.operator(),
        "other": world.reuse_actor("Autre Atelier"), "other holder": world.holder("Autre Entreprise"),
        "recipient": world.recipient(),
    }  # fmt: skip
    for name in ("other", "other holder", "recipient"):
        with pytest.raises(NotFound):
            claim_papers.issue_deeds(claim.reference, actor=people[name].actor)
    with pytest.raises(Conflict):
        claim_papers.issue_deeds(claim.reference, actor=people["operator"].actor)
    [deed] = claim_papers.issue_deeds(claim.reference, actor=people["actor"].actor)
    for name, allowed in READS.items():
        for document, may in zip((deed, annex), allowed, strict=True):
            if may:
                assert queries.readable(document.number, people[name].actor) == document
            else:
                with pytest.raises(NotFound):
                    queries.readable(document.number, people[name].actor)
        seen = {row.document.number for row in listing.readable_page(people[name].actor, "fr")}
        assert (deed.number in seen, annex.number in seen) == allowed


def test_a_gift_is_stated_at_the_counter_signature_and_a_sale_is_not(world: World, tmp_path: Path) -> None:
    holder, actor = world.holder(), world.reuse_actor()
    lot = chain.published_lot(holder, regime="gift", price_kind="free")
    claim = chain.awarded_claim(lot, holder, actor, proposal="free", amount_cents=None)
    pickup = chain.signed_pickup(chain.agreed_pickup(claim, holder, actor), holder, actor)
    [made] = queries.of(f"pickup/{pickup.reference}", kind="gift_statement")
    data = queries.content(made)
    checked(data, "fr")
    text = read(data, tmp_path)
    assert "Attestation de don, sans valeur" in text
    assert "5 appareils reçus en don." in text
    assert "cerfa 16216" in text
    assert pickup.reference in text
    assert "€" not in text
    assert {each.organisation_id for each in made.readers} == {holder.organisation_id, actor.organisation_id}
    lot, claim = sold(world)
    pickup = chain.signed_pickup(chain.agreed_pickup(claim, holder, actor), holder, actor)
    assert queries.of(f"pickup/{pickup.reference}", kind="gift_statement") == []


def test_the_agreement_says_who_gives_what_on_which_article(tmp_path: Path) -> None:
    text = read(
        rendering.render("transfer_agreement", deed_samples.transfer_agreement(), lang="fr"), tmp_path
    )
    for said in ("Convention de cession à titre gratuit", "CG3P L3212-2 3° et L3212-3", "21380000000000", "W381000000",
                 "1 233,00 €", "Nous utilisons ces appareils", "accepté le 1er mars 2026",
                 "du 20 mars 2026 au 20 avril 2026", "Décision ou délibération du cédant"):  # fmt: skip
        assert said in text
    public = deed_samples.transfer_agreement(regime="public_transfer")
    assert (
        rendering.title_of("transfer_agreement", public, "fr")
        == "Convention de transfert entre personnes publiques"
    )
    bare = deed_samples.transfer_agreement(
        article="", window={}, undertaking=None, erased_by="reuse_actor", policy=None
    )
    text = read(rendering.render("transfer_agreement", bare, lang="en"), tmp_path)
    for said in ("for the giver to fill in", "to be agreed", "level not provided", "An erasure mandate"):
        assert said in text


@pytest.mark.parametrize("devices", [1, 300, 1000])
def test_a_thousand_devices_stay_light_on_every_list(devices: int, tmp_path: Path) -> None:
    annex = rendering.render(
        "decision_annex", deed_samples.decision_annex(devices), lang="fr", number="AN-1", code="A" * 10
    )
    checked(annex, "fr")
    text = read(annex, tmp_path)
    assert f"5CG{devices - 1:07d}" in text
    assert f"INV-{devices - 1:05d}" in text
    taken = [{"code": samples.code(n), "label": "Portable Exemple", "serial": f"5CG{n * 7919 % 10**7:07d}"}
             for n in range(devices)]  # fmt: skip
    note = rendering.render("handover_note", samples.handover_note() | {"taken": taken}, lang="fr")
    checked(note, "fr")
    assert taken[-1]["serial"] in read(note, tmp_path)


def test_beyond_a_thousand_the_list_is_a_file(tmp_path: Path) -> None:
    data = rendering.render("decision_annex", deed_samples.decision_annex(1001), lang="fr")
    text = read(data, tmp_path)
    assert "leur liste est le fichier CSV" in text
    assert "5CG0000000" not in text
    assert len(data) < 60_000


def test_the_same_facts_give_the_same_paper(database: db.Database, tmp_path: Path) -> None:
    files.configure(f"file://{tmp_path / 'files'}")
    given: dict[str, Any] = {"lang": "fr", "owner": "claim/X", "readers": [1, 2], "number_prefix": "CV"}
    first, new = services.issue_anew("transfer_agreement", deed_samples.transfer_agreement(), **given)
    later = deed_samples.transfer_agreement(made_at=(clock.now() + timedelta(days=1)).isoformat())
    assert new
    assert services.issue_anew("transfer_agreement", later, **given) == (first, False)
    other, new = services.issue_anew("transfer_agreement", later, **given | {"readers": [1, 3]})
    assert new
    assert first.superseded_by == other.number


@pytest.mark.parametrize("price", [0, 15_000])
def test_a_free_provision_is_stated_and_a_sale_is_not(world: World, price: int, tmp_path: Path) -> None:
    actor, taker = world.reuse_actor(), world.buyer()
    chain.ready_units(actor, 2, price_cents=price)
    [group] = catalogue.groups(catalogue.Filters(), taker.actor)
    found = booking.place_reservation(group.key, 2, actor=taker.actor).reference
    booking.confirm_reservation(found, actor=actor.actor)
    booking.prepare_reservation(found, actor=actor.actor)
    sign_as_beneficiary(found, actor=taker.actor, name="Camille Exemple", undertaken=True)
    made = queries.of(f"reservation/{found}", kind="gift_statement")
    assert len(made) == (1 if price == 0 else 0)
    for each in made:
        assert "2 appareils reçus en don." in read(queries.content(each), tmp_path)
