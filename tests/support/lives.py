"""A whole little life of many units, made by the verbs: what the checks of the whole database run on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

import pytest
import sqlalchemy as sa

from reuse_market.catalogue import queries as catalogue
from reuse_market.collection import services as collection
from reuse_market.kernel.db import session
from reuse_market.reservations import services as reservations
from reuse_market.units.models import Unit
from tests.support import world as build
from tests.support.world import Party, World


@dataclass
class Life:
    """Who takes part, and the references of what they did."""

    holder: Party
    workshop: Party
    buyer: Party
    lot: str  # claimed in whole, collected with one missing and one extra
    open_lot: str  # published, claimed by nobody
    pickup: str
    held: str  # a reservation under way
    provided: str  # a reservation handed over

    def unit_in(self, state: str, *, stream: str = "") -> int:
        """The lowest id of the units in `state` (and of `stream` if given)."""
        statement = sa.select(sa.func.min(Unit.id)).where(Unit.state == state)
        if stream:
            statement = statement.where(Unit.stream == stream)
        return int(session().scalar(statement) or 0)


def whole_life(world: World) -> Life:
    """Two lots, a pick-up with differences, a workshop, a reservation under way and one handed over.

    Units are left in every state from `in_use` to `provided`. Needs files and mails configured (`app`).
    """
    holder, workshop, buyer = world.holder(), world.reuse_actor(), world.buyer()
    build.fleet(holder, 2, prefix="KEPT")
    open_lot = build.published_lot(holder, numbered=2, counted=1)
    lot = build.published_lot(holder, numbered=3, counted=3)
    pickup = build.agreed_pickup(build.awarded_claim(lot, holder, workshop), holder, workshop)
    actor = workshop.actor
    collection.check_off_line(pickup.reference, 2, 1, outcome="missing", reason="not_found", actor=actor)
    collection.add_extra(pickup.reference, "monitor", "Écran trouvé", actor=actor)
    build.signed_pickup(pickup, holder, workshop)
    build.ready_units(workshop, 5)
    held = reserve(buyer, 2)
    provided = reserve(buyer, 1)
    reservations.confirm_reservation(provided, actor=actor)
    reservations.sign_as_beneficiary(provided, actor=buyer.actor, name="Personne Exemple")
    waiting = build.published_lot(holder, numbered=1, counted=1)
    build.awarded_claim(waiting, holder, workshop)
    return Life(holder, workshop, buyer, lot.reference, open_lot.reference, pickup.reference, held, provided)


def reserve(buyer: Party, count: int) -> str:
    """A reservation of the one group there is; its reference."""
    [group] = catalogue.groups(catalogue.Filters(), buyer.actor)
    return reservations.place_reservation(group.key, count, actor=buyer.actor).reference


@pytest.fixture
def life(world: World, tell_once: Callable[[str, Callable[[], Any]], Any]) -> Life:
    """Two lots, a pick-up with differences, a workshop, two reservations: played once a worker."""

    def tell() -> tuple[Life, dict[str, Party]]:
        return whole_life(world), world.parties

    told, world.parties = tell_once("life", tell)
    return cast(Life, told)
