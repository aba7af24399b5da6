"""Quotes: numbers that add up, the VAT scheme, what the law says; for both sides, in the reader's language."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from reuse_market.catalogue import queries as catalogue
from reuse_market.documents import queries as documents
from reuse_market.kernel import clock, db
from reuse_market.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from reuse_market.proofs.reconcile import reconcile
from reuse_market.reservations import quotes, services
from reuse_market.traceability.models import Event
from reuse_market.units.models import Unit
from tests.reservations.solidarity import given, seller
from tests.support.world import Party, World, ready_units


def _key(buyer: Party) -> str:
    [group] = catalogue.groups(catalogue.Filters(), buyer.actor)
    return group.key


def _quote(buyer: Party, count: int = 3):
    return quotes.quote_group(_key(buyer), count, actor=buyer.actor, lang="fr", say=str)


@pytest.mark.parametrize(
    ("scheme", "net", "gross", "per_mille"),
    [("standard", 45_000, 54_000, 200), ("exempt", 45_000, 45_000, None), ("margin", 45_000, 45_000, None)],
)
def test_a_quote_for_a_group(world: World, scheme: str, net: int, gross: int, per_mille: int | None) -> None:
    selling, buyer = world.reuse_actor(), world.public_holder()
    ready_units(selling, 4, price_cents=15_000, vat_scheme=scheme)
    made = _quote(buyer)
    facts = made.facts
    assert (facts["net_cents"], facts["gross_cents"], facts["per_mille"]) == (net, gross, per_mille)
    assert facts["lines"][0]["units"] == 3
    assert facts["valid_until_on"] == clock.in_days(30).isoformat()
    assert facts["statements"] == [
        "A purchase of reused goods counts towards the AGEC quota of its category."
    ]
    assert made.number.startswith("DEV-")
    assert made.size < 150_000
    assert {reader.organisation_id for reader in made.readers} == {
        selling.organisation_id, buyer.organisation_id,
    }  # fmt: skip
    assert db.session().scalar(sa.select(sa.func.count()).where(Unit.state == "ready")) == 4  # nothing held
    events = db.session().scalars(sa.select(Event).where(Event.type == "quote.issued")).all()
    assert [event.stream for event in events] == [f"organisation/{buyer.organisation_id}"]
    with pytest.raises(NotFound):
        documents.readable(made.number, world.buyer("Autre Exemple").actor)


def test_a_buyer_that_is_not_obliged_is_told_nothing_of_agec(world: World) -> None:
    ready_units(world.reuse_actor(), 3)
    assert _quote(world.buyer()).facts["statements"] == []


def test_a_solidarity_price_is_quoted_with_its_article(world: World) -> None:
    given(world, seller(world), 3, price_cents=15_000)
    facts = _quote(world.recipient()).facts
    assert facts["papers"] == ["Statutes that show whom the association works for"]
    assert any("CG3P" in line for line in facts["statements"])
    with pytest.raises(Invalid) as refusal:
        _quote(world.buyer())
    assert refusal.value.code == "regime.solidarity_buyer"


@pytest.mark.parametrize(("count", "kind"), [(0, Invalid), (501, Invalid), (4, Conflict)])
def test_how_many_may_be_quoted(world: World, count: int, kind: type[Exception]) -> None:
    ready_units(world.reuse_actor(), 3)
    with pytest.raises(kind):
        _quote(world.buyer(), count)


def test_who_quotes_a_reservation_and_until_when(world: World) -> None:
    selling, buyer = world.reuse_actor(), world.buyer()
    ready_units(selling, 2)
    found = services.place_reservation(_key(buyer), 2, actor=buyer.actor, order_number="BC-7")
    reference = found.reference
    first = quotes.quote_reservation(reference, actor=buyer.actor, lang="fr", say=str)
    second = quotes.quote_reservation(reference, actor=selling.actor, lang="en", say=str)
    assert (first.facts["reservation_ref"], first.facts["order_number"]) == (reference, "BC-7")
    assert documents.get(first.number).superseded_by == second.number
    for party in (world.buyer("Autre Exemple"), world.operator(), world.holder()):
        with pytest.raises(NotAllowed):
            quotes.quote_reservation(reference, actor=party.actor, lang="fr", say=str)
    services.release_reservation(reference, actor=buyer.actor)
    with pytest.raises(Conflict):
        quotes.quote_reservation(reference, actor=buyer.actor, lang="fr", say=str)
    assert reconcile() == []
