"""A quote taken at its price, one device first to try, the seller's attestations, the order, the thresholds."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pypdf
import pytest
import sqlalchemy as sa

from reuse_market.accounts import evidence
from reuse_market.catalogue import queries as catalogue
from reuse_market.demo.parties import siret
from reuse_market.documents import queries as documents
from reuse_market.documents.models import Document
from reuse_market.kernel import clock, db
from reuse_market.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from reuse_market.notices.models import Message
from reuse_market.panel_wiring import register
from reuse_market.proofs.reconcile import reconcile
from reuse_market.refurbishing import services as workshop
from reuse_market.regimes.models import PurchaseThreshold
from reuse_market.reservations import queries, quotes, services
from reuse_market.reservations.ordering import attestations, orders, promises, taking, thresholds
from reuse_market.reservations.waiting import services as waiting
from tests.reservations.solidarity import on_behalf
from tests.support.world import Party, World, ready_units

PDF = b"%PDF-1.4\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"
SIRET = siret(41)


def _quote(buyer: Party, count: int) -> Document:
    group = max(catalogue.groups(catalogue.Filters(), buyer.actor), key=lambda one: one.units)
    return quotes.quote_group(group.key, count, actor=buyer.actor, lang="fr", say=str)


def _promise(number: str, party: Party) -> promises.Promise:
    return promises.of_number(number, party.actor)


def test_a_quote_is_taken_at_its_price_though_the_seller_now_asks_more(world: World) -> None:
    selling, buyer, other = world.reuse_actor(), world.public_holder(), world.buyer()
    ids = ready_units(selling, 5, price_cents=15_000)
    made = _quote(buyer, 4)
    assert made.facts["terms"][1].startswith("You may reserve one device first")
    assert (_promise(made.number, buyer).offered, _promise(made.number, selling).offered) == (
        ("take", "try-one", "decline"), ()
    )  # fmt: skip
    for unit in ids:  # dearer from now on
        workshop.back_to_workshop(unit, actor=selling.actor)
    workshop.make_ready_many(ids, actor=selling.actor, cosmetic_grade="B", price_cents=19_000)
    for party, answer in ((other, NotFound), (world.operator(), NotFound), (selling, NotAllowed)):
        for verb in (taking.take_quote, taking.try_one, taking.decline_quote):
            with pytest.raises(answer):
                verb(made.number, actor=party.actor)
    trial = taking.try_one(made.number, actor=buyer.actor)
    assert (trial.units, trial.price_cents, _promise(made.number, buyer).rest) == (1, 15_000, 3)
    with pytest.raises(Conflict) as twice:
        taking.try_one(made.number, actor=buyer.actor)
    assert twice.value.code == "quote.tried"
    rest = taking.take_quote(made.number, actor=buyer.actor, order_number="BC-9")
    assert (rest.units, rest.price_cents, rest.order_number) == (3, 15_000, "BC-9")
    for verb in (taking.take_quote, taking.try_one, taking.decline_quote):
        with pytest.raises(Conflict) as over:
            verb(made.number, actor=buyer.actor)
        assert over.value.code == "quote.taken"
    assert _promise(made.number, buyer).state == "taken"
    assert reconcile() == []


def test_a_quote_ends_by_its_date_its_successor_its_stock_or_a_no(world: World) -> None:
    selling, buyer = world.reuse_actor(), world.public_holder()
    ready_units(selling, 3)
    first = _quote(buyer, 2)
    second = _quote(buyer, 3)
    codes = []
    with pytest.raises(Conflict) as replaced:
        taking.take_quote(first.number, actor=buyer.actor)
    codes.append((replaced.value.code, replaced.value.params["number"]))
    with clock.frozen(clock.at_paris(clock.in_days(31), 9)), pytest.raises(Conflict) as late:
        taking.take_quote(second.number, actor=buyer.actor)
    codes.append((late.value.code, late.value.params["day"]))
    trial = taking.try_one(second.number, actor=buyer.actor)
    services.release_reservation(trial.reference, actor=buyer.actor)  # tried, given back: three again
    assert _promise(second.number, buyer).rest == 3
    [group] = catalogue.groups(catalogue.Filters(), buyer.actor)
    services.place_reservation(group.key, 1, actor=world.buyer().actor)
    with pytest.raises(Conflict) as short:
        taking.take_quote(second.number, actor=buyer.actor)
    codes.append((short.value.code, short.value.params["left"]))
    taking.decline_quote(second.number, actor=buyer.actor)
    [mail] = db.session().scalars(sa.select(Message).where(Message.template == "quote_declined"))
    assert (mail.facts["quote"], mail.facts["units"]) == (second.number, 3)
    with pytest.raises(Conflict) as declined:
        taking.take_quote(second.number, actor=buyer.actor)
    codes.append((declined.value.code, None))
    assert codes == [
        ("quote.replaced", second.number), ("quote.over", clock.in_days(30)), ("too-few", 2),
        ("quote.declined", None),
    ]  # fmt: skip
    only = _quote(buyer, 1)
    with pytest.raises(Invalid):
        taking.try_one(only.number, actor=buyer.actor)


def test_attestations_are_listed_with_their_last_day_and_missing_ones_said(world: World) -> None:
    register()
    selling, buyer = world.reuse_actor(), world.public_holder()
    ready_units(selling, 40, price_cents=15_000)
    until = clock.in_days(100)
    assert _quote(buyer, 33).facts["missing"] == [attestations.KINDS["attestation_insurance"]]  # 4 950 € HT
    assert _quote(buyer, 34).facts["missing"] == [  # 5 100 €
        attestations.KINDS["attestation_social"], attestations.KINDS["attestation_insurance"]
    ]  # fmt: skip
    row = evidence.add_evidence(
        selling.organisation_id, "attestation_social", PDF, actor=selling.actor, until=until
    )
    evidence.add_evidence(
        selling.organisation_id, "attestation_insurance", PDF + b" ", actor=selling.actor, until=clock.today()
    )
    made = quotes.quote_group(
        catalogue.groups(catalogue.Filters(), buyer.actor)[0].key, 34, actor=buyer.actor, lang="fr",
        say=lambda text: {"%(what)s, valid until %(day)s": "%(what)s, valable jusqu’au %(day)s"}.get(text, text),
    )  # fmt: skip
    assert made.facts["missing"] == []
    assert len(made.facts["attestations"]) == 2
    text = " ".join(
        page.extract_text() for page in pypdf.PdfReader(io.BytesIO(documents.content(made))).pages
    )
    text = " ".join(text.replace("\u00a0", " ").replace("\u202f", " ").split())
    assert "Attestations du vendeur" in text
    assert "The social attestation is asked from 5 000,00 € before tax on." in text
    for said in ("L8222-1", "secondary source"):
        assert said in text, said
    assert "valable jusqu’au" in text
    assert [one.id for one in attestations.of_seller(selling.organisation_id, until)] == [row.id]
    assert attestations.of_seller(selling.organisation_id, clock.in_days(101)) == []


def test_a_quote_says_no_threshold_where_none_is_provided(world: World) -> None:
    row = sa.delete(PurchaseThreshold).where(PurchaseThreshold.code == "seller.attestation")
    db.command(lambda: db.session().execute(row))()
    ready_units(world.reuse_actor(), 40, price_cents=15_000)
    facts = _quote(world.public_holder(), 40).facts
    assert facts["asked_from"] == []
    assert facts["missing"] == [attestations.KINDS["attestation_insurance"]]


def test_an_order_bears_what_chorus_asks_and_is_remembered(world: World) -> None:
    selling, buyer = world.reuse_actor(), world.public_holder()
    ready_units(selling, 3)
    [group] = catalogue.groups(catalogue.Filters(), buyer.actor)
    found = services.place_reservation(group.key, 2, actor=buyer.actor)
    typed: dict[str, Any] = {
        "siret": SIRET, "service_code": "INFO-01", "commitment": "2026-45871", "buyer_reference": "Parc 2026",
    }  # fmt: skip
    grid = [  # who, changes → what is answered
        (selling.actor, {}, NotAllowed), (world.operator().actor, {}, NotAllowed),
        (world.buyer().actor, {}, NotAllowed),
        (on_behalf(buyer.actor), {}, NotAllowed), (buyer.actor, {"siret": "123"}, Invalid),
        (buyer.actor, {"commitment": "x" * 51}, Invalid), (buyer.actor, {"service_code": "x" * 101}, Invalid),
    ]  # fmt: skip
    for actor, changes, answer in grid:
        with pytest.raises(answer):
            orders.issue_order(found.reference, actor=actor, lang="fr", **{**typed, **changes})
    made = orders.issue_order(found.reference, actor=buyer.actor, lang="fr", **typed)
    assert made.number.startswith("BC-")
    paper = documents.readable(made.number, selling.actor)
    text = "".join(
        page.extract_text() for page in pypdf.PdfReader(io.BytesIO(documents.content(paper))).pages
    )
    for told in (
        SIRET,
        "INFO-01",
        "2026-45871",
        "Parc 2026",
        "Bon de commande",
        made.number,
        found.reference,
    ):
        assert told in text, told
    [mail] = db.session().scalars(sa.select(Message).where(Message.template == "order_issued"))
    assert mail.facts["commitment"] == "2026-45871"
    assert queries.get(found.reference, buyer.actor).order_number == "Parc 2026"
    second = services.place_reservation(group.key, 1, actor=buyer.actor)
    assert orders.remembered(second) == {
        "siret": SIRET, "service_code": "INFO-01", "commitment": "2026-45871", "buyer_reference": "",
    }  # fmt: skip
    again = orders.issue_order(found.reference, actor=buyer.actor, lang="en", **{**typed, "siret": SIRET})
    assert documents.get(made.number).superseded_by == again.number
    services.release_reservation(found.reference, actor=buyer.actor)
    with pytest.raises(Conflict):
        orders.issue_order(found.reference, actor=buyer.actor, lang="fr", **typed)
    offered = waiting.join(group.kind, 1, actor=buyer.actor).reservation
    with pytest.raises(Conflict) as unanswered:
        orders.issue_order(offered, actor=buyer.actor, lang="fr", **typed)
    assert unanswered.value.code == "order.offered"
    assert not orders.may_order(buyer.actor, queries.get(offered, buyer.actor))
    assert reconcile() == []


def test_the_year_of_a_need_is_told_beside_its_threshold_and_blocks_nothing(world: World) -> None:
    selling, buyer, private = world.reuse_actor(), world.public_holder(), world.buyer()
    ready_units(selling, 4, price_cents=3_000_000)
    ready_units(selling, 1, kind="monitor", model="Écran", price_cents=100_000)
    assert thresholds.of_need(private.organisation_id, "laptop") is None
    assert thresholds.of_need(buyer.organisation_id, "laptop").cents == 0
    for kind in ("laptop", "monitor"):
        [group] = catalogue.groups(catalogue.Filters(kind=kind), buyer.actor)
        services.place_reservation(group.key, min(group.units, 3), actor=buyer.actor)
    with clock.frozen(clock.at_paris(date(2026, 3, 31), 9)):
        assert thresholds.of_need(buyer.organisation_id, "laptop").threshold_cents == 4_000_000
    need = thresholds.of_need(buyer.organisation_id, "laptop")
    assert (need.cents, need.threshold_cents, need.confidence) == (9_100_000, 6_000_000, "S")
    assert need.source.startswith("décret 2025-1386")
    with clock.frozen(clock.at_paris(date(clock.today().year + 1, 1, 2), 9)):
        assert thresholds.of_need(buyer.organisation_id, "laptop").cents == 0
