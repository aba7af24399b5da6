"""What was asked for says what the journal says of it: needs, proposals, the waiting list, returns."""

from __future__ import annotations

import sqlalchemy as sa

from reuse_market.catalogue import queries as catalogue
from reuse_market.kernel import db
from reuse_market.kernel.db import session
from reuse_market.proofs.reconcile import reconcile
from reuse_market.proofs.reconcile_asked import asked
from reuse_market.reservations import services
from reuse_market.reservations.needs import services as needs
from reuse_market.reservations.returns import services as returns
from reuse_market.reservations.waiting import services as waiting
from reuse_market.units import queries as units
from tests.support.tampering import disarm
from tests.support.world import World, ready_units

TAMPERED = (  # each is noticed; nothing else is needed to see it
    "UPDATE need SET state = 'met'", "UPDATE need SET units = 5", "UPDATE need SET kind = 'monitor'",
    "UPDATE need SET reference = 'BES-2026-9999'", "DELETE FROM need_match",
    "UPDATE need_match SET state = 'served'", "UPDATE need_match SET units = 2",
    "UPDATE need_match SET reservation_id = NULL",
    "UPDATE waiting_entry SET state = 'left'", "UPDATE waiting_entry SET units = 9",
    "UPDATE waiting_entry SET kind = 'monitor'", "DELETE FROM waiting_entry",
    "UPDATE unit_return SET state = 'settled'", "UPDATE unit_return SET replacement = 'RES-2026-0001'",
    "UPDATE unit_return SET reservation_id = (SELECT max(id) FROM reservation)",
)  # fmt: skip


def _noticed(statement: str) -> bool:
    """Whether a change is seen, in a transaction that is thrown away."""
    try:
        with db.writing():
            disarm()
            session().execute(sa.text(statement))
            return bool(asked())
    finally:
        db.release()


def test_rows_follow_their_events(world: World) -> None:
    seller, friend, buyer = world.reuse_actor(), world.recipient(), world.buyer()
    ready_units(seller, 3)
    [group] = catalogue.groups(catalogue.Filters(), buyer.actor)
    bought = services.place_reservation(group.key, 1, actor=buyer.actor).reference
    services.confirm_reservation(bought, actor=seller.actor)
    services.sign_as_beneficiary(bought, actor=buyer.actor, name="Personne Exemple")
    [unit] = units.past_ids("hold", bought, outcome="provided")
    returns.ask_return(bought, [unit], actor=buyer.actor, reason="battery", wish="exchange")
    need = needs.post_need(actor=friend.actor, kind="laptop", units=1)
    needs.propose_match(need.reference, "ready", group.key, 1, actor=seller.actor)
    waiting.join("laptop", 8, actor=buyer.actor)
    db.release()
    assert reconcile() == []
    for statement in TAMPERED:
        assert _noticed(statement), statement
    assert asked() == []
