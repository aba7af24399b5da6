"""Acts in an odd order: after the last day and before the clock has run, on papers already given back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from reuse_market.catalogue import queries as catalogue
from reuse_market.kernel import clock
from reuse_market.kernel.errors import Conflict, Invalid
from reuse_market.proofs.reconcile import reconcile
from reuse_market.reservations import jobs, queries, services
from reuse_market.reservations.invoices import queries as invoices
from reuse_market.reservations.invoices import services as invoicing
from reuse_market.reservations.lifecycle import BOOKING
from reuse_market.reservations.returns import services as returns
from reuse_market.reservations.waiting import queries as waits
from reuse_market.reservations.waiting import services as waiting
from tests.reservations.test_invoices import sold
from tests.support.world import World, ready_units


def test_what_ended_yesterday_is_neither_confirmed_nor_accepted(world: World) -> None:
    """The clock runs every hour: meanwhile nobody is told “come” for devices that go back at its next turn."""
    seller, first, second = world.reuse_actor(), world.buyer(), world.buyer("Second Exemple")
    ready_units(seller, 1)
    [group] = catalogue.groups(catalogue.Filters(), first.actor)
    held = services.place_reservation(group.key, 1, actor=first.actor)
    entry = waiting.join("laptop", 1, actor=second.actor)
    with clock.frozen(clock.at_paris(held.until, 23)):
        assert "confirm" in BOOKING.offered(held, seller.actor)
    with clock.frozen(clock.at_paris(held.until + timedelta(days=1), 0)):
        with pytest.raises(Conflict, match="ended"):
            services.confirm_reservation(held.reference, actor=seller.actor)
        jobs.expire_due()
        offer = queries.find(waits.get(entry.reference, second.actor).reservation)
    with clock.frozen(clock.at_paris(offer.until + timedelta(days=1), 0)):
        with pytest.raises(Conflict, match="ended"):
            waiting.accept(offer.reference, actor=second.actor)
        jobs.expire_due()
        assert queries.find(offer.reference).state == "expired"
    assert reconcile() == []


def test_an_invoice_is_never_corrected_below_what_was_given_back(world: World) -> None:
    reference, seller = sold(world, 2), world.reuse_actor().actor
    invoicing.record(reference, actor=seller, number="F-1", net_cents=30_000)
    invoicing.credit(reference, 1, 15_000, actor=seller, number="A-1")
    with pytest.raises(Invalid) as refusal:
        invoicing.record(reference, actor=seller, number="F-1", net_cents=14_999)
    assert refusal.value.field == "net_cents"
    made = invoicing.record(reference, actor=seller, number="F-1 bis", net_cents=15_000)
    assert invoices.credited(made) == (1, 15_000)


def test_a_repair_that_ends_in_a_refund_says_so_on_its_credit_note(world: World) -> None:
    reference, seller, buyer = sold(world, 1), world.reuse_actor().actor, world.public_holder().actor
    invoicing.record(reference, actor=seller, number="F-1", net_cents=15_000)
    invoicing.confirm(reference, actor=buyer)
    held = [unit.unit_id for unit in queries.held_units(reference)]
    asked = returns.ask_return(reference, held, actor=buyer, reason="does_not_start", wish="repair").reference
    returns.accept_return(asked, actor=seller, remedy="repair")
    returns.receive_return(asked, actor=seller)
    for values, field in (
        ({"credit_cents": 15_001}, "credit_cents"), ({"credit_cents": 0}, "credit_cents"),
        ({"credited_on": clock.in_days(1)}, "credited_on"), ({"credit_number": " "}, "credit_number"),
        ({"credit_number": "x" * 61}, "credit_number"),
    ):  # fmt: skip
        with pytest.raises(Invalid) as refusal:
            returns.settle_return(asked, actor=seller, remedy="refund", **{"credit_number": "A-1"} | values)
        assert refusal.value.field == field
    returns.settle_return(asked, actor=seller, remedy="refund", credit_number="A-1")
    [note] = invoices.credits_of(invoices.of_reservation(queries.find(reference)))
    assert (note.reason, note.units, note.net_cents) == ("refund", 1, 15_000)
    assert reconcile() == []
