"""The invoice of a reservation: recorded, confirmed or disputed, corrected, given back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from reuse_market.catalogue import queries as catalogue
from reuse_market.kernel import clock, db
from reuse_market.kernel.actor import SYSTEM, Actor
from reuse_market.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from reuse_market.notices.models import Message
from reuse_market.reservations import queries as reservations
from reuse_market.reservations import services
from reuse_market.reservations.invoices import queries
from reuse_market.reservations.invoices import services as invoices
from reuse_market.reservations.invoices.lifecycle import FLOW
from reuse_market.traceability.models import Event
from reuse_market.traceability.verify import verify_chains
from tests.support.world import Party, World, ready_units

NONE = ""
# state of the invoice → actor → what is offered; "none": no invoice yet. Others may nothing in any state.
GRID = {
    "none": {"buyer": NONE, "seller": "record"},
    "recorded": {"buyer": "confirm dispute", "seller": "correct credit"},
    "confirmed": {"buyer": NONE, "seller": "credit"},
    "disputed": {"buyer": NONE, "seller": "correct credit"},
}
NOBODY = ("other buyer", "other actor", "operator", "system", "visitor", "preparer", "seller’s preparer")


def sold(world: World, count: int = 2, *, buyer: Party | None = None, **terms: object) -> str:
    """A reservation handed over."""
    selling, buying = world.reuse_actor(), buyer or world.public_holder()
    ready_units(selling, count, **terms)
    [group] = catalogue.groups(catalogue.Filters(), buying.actor)
    reference = services.place_reservation(group.key, count, actor=buying.actor).reference
    services.confirm_reservation(reference, actor=selling.actor)
    services.sign_as_beneficiary(reference, actor=buying.actor, name="Accueil Exemple")
    return reference


def _people(world: World) -> dict[str, Actor]:
    buyer, seller = world.public_holder().actor, world.reuse_actor().actor
    return {
        "buyer": buyer, "seller": seller, "other buyer": world.buyer().actor,
        "other actor": world.reuse_actor("Ressourcerie Exemple").actor, "operator": world.operator().actor,
        "system": SYSTEM, "visitor": Actor(commits=False), "preparer": replace(buyer, commits=False),
        "seller’s preparer": replace(seller, commits=False),
    }  # fmt: skip


def _verbs(reference: str, actor: Actor) -> dict[str, Callable[[], object]]:
    return {
        "record": lambda: invoices.record(reference, actor=actor, number="F-1"),
        "correct": lambda: invoices.record(reference, actor=actor, number="F-1 bis"),
        "confirm": lambda: invoices.confirm(reference, actor=actor),
        "dispute": lambda: invoices.dispute(reference, actor=actor, reason="Le montant"),
        "credit": lambda: invoices.credit(reference, 1, 100, actor=actor, number="A-1"),
    }


def _bring(world: World, state: str, people: dict[str, Actor]) -> str:
    """A reservation of one device whose invoice is in this state."""
    reference = sold(world, 1)
    if state != "none":
        invoices.record(reference, actor=people["seller"], number="F-0")
    if state == "confirmed":
        invoices.confirm(reference, actor=people["buyer"])
    if state == "disputed":
        invoices.dispute(reference, actor=people["buyer"], reason="La date")
    return reference


def test_every_cell(world: World) -> None:
    """State × actor: what is offered can be done, nothing else can, nor leaves a trace."""
    people, targets = _people(world), {"correct": "recorded", "confirm": "confirmed", "dispute": "disputed"}
    assert set(FLOW.transitions) == set(targets)
    for state, row in GRID.items():
        reference = _bring(world, state, people)
        found = reservations.find(reference)
        before = db.session().scalar(sa.select(sa.func.count(Event.id)))
        for who, actor in people.items():
            allowed = row.get(who, NONE).split()
            assert who in row or who in NOBODY
            assert queries.offered(found, actor) == allowed, (state, who)
            # one verb records and corrects
            alike = {"record", "correct"} if {"record", "correct"} & set(allowed) else set()
            for action in set(_verbs(reference, actor)) - set(allowed) - alike:
                with pytest.raises((NotAllowed, Conflict, NotFound)):
                    _verbs(reference, actor)[action]()
        assert db.session().scalar(sa.select(sa.func.count(Event.id))) == before, state
        for who in ("buyer", "seller"):
            for action in row[who].split():
                fresh = _bring(world, state, people)
                _verbs(fresh, people[who])[action]()
                made = queries.of_reservation(reservations.find(fresh))
                assert made.state == targets.get(action, "recorded" if action == "record" else state)
    assert verify_chains() == []


def test_the_invoice_says_what_was_reserved_and_its_vat(world: World) -> None:
    buyer, seller = world.public_holder(), world.reuse_actor()
    for scheme, vat in (("standard", 6_066), ("exempt", 0), ("margin", 0)):
        reference = sold(world, 2, price_cents=15_167, vat_scheme=scheme)
        made = invoices.record(reference, actor=seller.actor, number="  F  12 ")
        told = (made.number, made.net_cents, made.vat_cents, made.vat_scheme, made.issued_on)
        # twice 30.33 €, as on the quote, and not the 60.67 € that 20 % of 303.34 € would be
        assert told == ("F 12", 30_334, vat, scheme, clock.today())
        corrected = invoices.record(reference, actor=seller.actor, number="F 13", net_cents=20_000)
        assert (corrected.id, corrected.vat_cents) == (made.id, 4_000 if scheme == "standard" else 0)
    mails = (
        db.session()
        .scalars(sa.select(Message).where(Message.template == "invoice_recorded").order_by(Message.id))
        .all()
    )
    assert {mail.to_address for mail in mails} == {buyer.email}
    assert "F 13" in mails[-1].text
    facts = [
        e.payload for e in db.session().scalars(sa.select(Event).where(Event.type == "invoice.corrected"))
    ]
    assert "F 13" not in str(facts)  # a number is free text: never hashed


def test_what_is_refused_of_an_invoice(world: World) -> None:
    seller, buyer = world.reuse_actor().actor, world.public_holder().actor
    reference, today = sold(world, 2), clock.today()
    for wrong, field in (
        ({"number": " "}, "number"), ({"number": "x" * 61}, "number"), ({"net_cents": 0}, "net_cents"),
        ({"net_cents": 21_000_000_01}, "net_cents"), ({"issued_on": today + timedelta(days=1)}, "issued_on"),
        ({"issued_on": today - timedelta(days=2)}, "issued_on"),
    ):  # fmt: skip
        with pytest.raises(Invalid) as refusal:
            invoices.record(reference, actor=seller, **{"number": "F-1"} | wrong)
        assert refusal.value.field == field
    with pytest.raises(NotFound):
        invoices.confirm(reference, actor=buyer)
    invoices.record(reference, actor=seller, number="F-1")
    with pytest.raises(Invalid):
        invoices.dispute(reference, actor=buyer, reason=" ")
    for units, cents, field in ((1, 30_001, "net_cents"), (3, 100, "units"), (1, 0, "net_cents")):
        with pytest.raises(Invalid) as refusal:
            invoices.credit(reference, units, cents, actor=seller, number="A-1")
        assert refusal.value.field == field
    invoices.credit(reference, 1, 20_000, actor=seller, number="A-1")
    with pytest.raises(Invalid):
        invoices.credit(reference, 1, 10_001, actor=seller, number="A-2")
    invoices.credit(reference, 1, 10_000, actor=seller, number="A-2", reason="refund")
    [bought] = queries.year_of(world.public_holder().organisation_id, today.year)
    assert (bought.credited_cents, bought.net_cents) == (30_000, 0)
    gift = sold(world, 1, price_cents=0)
    with pytest.raises(Invalid) as refusal:
        invoices.record(gift, actor=seller, number="F-2")
    assert refusal.value.code == "invoice.gift"
    ready_units(world.reuse_actor(), 1)
    [group] = catalogue.groups(catalogue.Filters(), buyer)
    placed = services.place_reservation(group.key, 1, actor=buyer).reference
    with pytest.raises(Conflict):
        invoices.record(placed, actor=seller, number="F-3")
    services.confirm_reservation(placed, actor=seller)
    invoices.record(placed, actor=seller, number="F-3")  # before the handover too
    invoices.confirm(placed, actor=buyer)
    services.release_reservation(placed, actor=buyer)  # nothing was bought in the end
    assert len(queries.year_of(world.public_holder().organisation_id, today.year)) == 1
