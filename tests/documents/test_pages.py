"""The panel "Documents", the files behind it, and the API: for both sides and those who oversee."""

from __future__ import annotations

import base64
import io

import pikepdf
import pytest

from reuse_market.accounts import tokens
from reuse_market.claims import services as claims
from reuse_market.documents import queries
from reuse_market.lots import services as lots
from reuse_market.lots.queries import get
from reuse_market.regimes import services as regimes
from tests.api.conftest import Caller
from tests.lots.visiting import ORIGIN, Visitor
from tests.support import world as chain
from tests.support.world import World, decided


@pytest.fixture
def world(app):
    return World.begin()


@pytest.fixture
def sold(world):
    """(lot, claim) references of a public sale where the reuse actor erases."""
    holder, actor = world.public_holder(), world.reuse_actor()
    lot = chain.published_lot(holder)
    reference = lot.reference
    return reference, chain.awarded_claim(lot, holder, actor).reference


def client_of(app, party):
    return Visitor(app.test_client(), party)


def words_of(visitor):
    return visitor.text.replace("\u00a0", " ")


def test_both_sides_find_the_papers_and_read_them_in_two_languages(app, world, sold):
    lot, claim = sold
    actor = client_of(app, world.reuse_actor()).open(f"/demandes/{claim}")
    actor.press("Émettre les documents")
    assert "2 documents sont émis." in words_of(actor)
    assert "Mandat d’effacement des données" in words_of(actor)
    assert "Annexe à la décision" in words_of(actor)
    assert "Émettre de nouveau" not in words_of(actor)
    holder = client_of(app, world.public_holder()).open(f"/lots/{lot}")
    assert "Mandat d’effacement des données" in words_of(holder)
    holder.press("Émettre de nouveau les documents")
    assert "Annexe à la décision" in words_of(holder)
    links = [a.get("href") for a in holder.tree.xpath("//section[@id='documents']//td//a")]
    assert len(links) == 2 * 3
    for link in links:
        answer = holder.client.get(link)
        assert answer.mimetype == "application/pdf"
        pikepdf.open(io.BytesIO(answer.data)).close()
    assert {link.endswith("langue=en") for link in links} == {True, False}
    csv = holder.client.get(f"/lots/{lot}/annexe.csv")
    assert csv.data.startswith(b"\xef\xbb\xbf")
    assert len(csv.get_data(as_text=True).splitlines()) == 1 + 5
    assert len(actor.client.get(f"/demandes/{claim}/annexe.csv").get_data(as_text=True).splitlines()) == 1 + 5


# who × (paper of the claim, its list, the lot's list, the panel on the lot's page)
GRID = {
    "holder": (200, 200, 200, True), "actor": (200, 200, 404, True), "operator": (200, 200, 200, True),
    "other actor": (404, 404, 404, False), "recipient": (404, 404, 404, False), "visitor": (302, 302, 302, False),
}  # fmt: skip


def test_strangers_find_nothing(app, world, sold):
    lot, claim = sold
    client_of(app, world.reuse_actor()).open(f"/demandes/{claim}").press("Émettre les documents")
    number = queries.of(f"claim/{claim}", kind="erasure_mandate")[0].number
    people = {
        "holder": world.public_holder(), "actor": world.reuse_actor(), "operator": world.operator(),
        "other actor": world.reuse_actor("Autre Atelier"), "recipient": world.recipient(), "visitor": None,
    }  # fmt: skip
    for name, (paper, of_claim, of_lot, panel) in GRID.items():
        client = Visitor(app.test_client(), people[name]).client
        asked = (f"/documents/{number}.pdf", f"/demandes/{claim}/annexe.csv", f"/lots/{lot}/annexe.csv")
        assert tuple(client.get(url, headers=ORIGIN).status_code for url in asked) == (
            paper,
            of_claim,
            of_lot,
        ), name
        assert (number in client.get(f"/lots/{lot}").text) == panel, name
    assert app.test_client().get("/documents/ME-1999-0001.pdf").status_code == 302


def test_the_verification_page_knows_them(app, world, sold):
    _lot, claim = sold
    client_of(app, world.reuse_actor()).open(f"/demandes/{claim}").press("Émettre les documents")
    document = queries.of(f"claim/{claim}", kind="erasure_mandate")[0]
    code, number = document.verification_code, document.number
    page = app.test_client().get(f"/verification/{code}").text
    assert "Mandat d’effacement des données" in page
    assert number in page
    assert "Atelier Exemple" not in page


def test_the_same_by_the_api(app, world, sold):
    lot, claim = sold

    def caller(party):
        _made, secret = tokens.make_token(party.person_id, party.organisation_id, ("write",))
        return Caller(app, party, secret)

    actor, holder, other = (
        caller(p) for p in (world.reuse_actor(), world.public_holder(), world.reuse_actor("Autre"))
    )
    shown = actor.get(f"/claims/{claim}")
    assert "issue-documents" in shown["actions"]
    made = actor.post(f"/claims/{claim}:issue-documents")["documents"]
    assert {each["kind"] for each in made} == {"decision_annex", "erasure_mandate"}
    actor.post(f"/claims/{claim}:issue-documents", 409)
    other.post(f"/claims/{claim}:issue-documents", 404)
    assert "issue-documents" in holder.get(f"/lots/{lot}")["actions"]
    assert holder.post(f"/lots/{lot}:issue-documents")["documents"][0]["kind"] == "decision_annex"
    listed = holder.get(shown["links"]["documents"])["items"]
    assert {each["number"] for each in listed} == {each["number"] for each in made}
    assert {each["owner"] for each in holder.all("/documents")} == {f"claim/{claim}", f"lot/{lot}"}
    assert other.all("/documents") == []
    one = actor.get(f"/documents/{made[0]['number']}?lang=en")
    assert base64.b64decode(one["pdf"]).startswith(b"%PDF-1.7")
    other.get(f"/documents/{made[0]['number']}", 404)


def test_a_free_transfer_has_agreement_undertaking_and_annex(app, world):
    """CG3P L3212-2 3°: a commune gives to an association recognised as of public utility, as it is."""
    holder, taker = world.public_holder(), world.recipient()
    operator = world.operator()
    regimes.qualify(taker.organisation_id, "association_rup", evidence="Décret Exemple", actor=operator.actor)
    lot = lots.draft_lot(actor=holder.actor, title="Portables")
    lots.add_counted_line(lot.id, actor=holder.actor, kind="laptop", units=4, label="Portable Exemple")
    lots.value_lines(lot.id, [1], value_cents=9_000, value_how="market_price", actor=holder.actor)
    terms = chain.conditions(holder, regime="free_transfer", price_kind="free", erased_by="holder")
    lots.set_conditions(lot.id, terms, actor=holder.actor)
    reference = lots.publish_lot(lot.id, actor=holder.actor, decision=decided()).reference
    claim = claims.submit_claim(
        reference, {1: 3}, actor=taker.actor, capacity="recipient", proposal="free", undertaken=True
    ).reference  # fmt: skip
    claims.award_claim(claim, actor=holder.actor)
    visitor = client_of(app, taker).open(f"/demandes/{claim}").press("Émettre les documents")
    kinds = {each.kind: each for each in queries.of(f"claim/{claim}")}
    assert set(kinds) == {"transfer_agreement", "undertaking", "decision_annex"}
    facts = kinds["transfer_agreement"].facts
    assert "L3212-2" in facts["article"]
    assert facts["lines"][0]["value_cents"] == 9_000
    assert facts["undertaking"]["by"]
    assert kinds["undertaking"].facts["undertaking"]["points"][0]["fr"].startswith("Nous")
    assert "Convention de cession à titre gratuit" in words_of(visitor)
    assert get(reference).regime == "free_transfer"
