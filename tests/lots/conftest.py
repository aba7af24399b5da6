"""A seeded world for the tests of lots."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from reuse_market import notices
from reuse_market.kernel import clock, db
from reuse_market.kernel.actor import Actor
from reuse_market.lots import services
from reuse_market.lots.models import Lot
from reuse_market.traceability import journal
from reuse_market.units.services import create
from tests.support.world import Party, World, decided


@pytest.fixture
def world(database: db.Database) -> World:
    """Reference rows, territory, and parties on demand; mails stay in the outbox."""
    notices.configure(
        base_url="http://parc.example", mail_url="page:", sender="Parc commun <parc@test.example>"
    )
    return World.begin()


def terms(default_site: int | None, **changes: Any) -> dict[str, Any]:
    """Complete terms of a sale at a fixed price."""
    today = clock.today()
    return {
        "site_id": default_site, "available_from": today, "available_until": today + timedelta(days=60),
        "claims_until": today + timedelta(days=20), "regime": "sale", "price_kind": "fixed",
        "price_cents": 120_000,
        "award_mode": "first_come", "erased_by": "reuse_actor", "erasure_policy": "clear",
    } | changes  # fmt: skip


@db.command
def fleet(party: Party, count: int, **values: Any) -> list[int]:
    """`count` devices in use in the party's fleet."""
    row = {"kind": "laptop", "site_id": party.site_id} | values
    return create(
        [{**row, "serial": f"S{n}"} for n in range(count)], doing=journal.Act(party.actor),
        stream=f"fleet/{party.organisation_id}", event_type="fleet.imported", state="in_use",
        owner_id=party.organisation_id, custodian_id=party.organisation_id, origin="import",
    )  # fmt: skip


def draft(holder: Party, units: int = 3, counted: int = 2, **changes: Any) -> Lot:
    """A complete draft: fleet laptops on line 1, monitors without serial on line 2."""
    lot = services.draft_lot(actor=holder.actor, title="Portables et écrans")
    if units:
        services.add_units(lot.id, fleet(holder, units), actor=holder.actor)
    if counted:
        services.add_counted_line(
            lot.id, actor=holder.actor, kind="monitor", units=counted, label="Écrans 24 pouces"
        )
    services.set_conditions(lot.id, terms(holder.site_id, **changes), actor=holder.actor)
    return lot


def published(holder: Party, units: int = 3, counted: int = 2, **changes: Any) -> Lot:
    """The same, published."""
    return services.publish_lot(
        draft(holder, units, counted, **changes).id, actor=holder.actor, decision=decided()
    )


def stranger(party: Party) -> Actor:
    """The actor of a party, for readability of the grids."""
    return party.actor
