"""Reads on shipments: lists, one shipment, its units with what identifies them."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from reuse_market.accounts import queries as accounts
from reuse_market.accounts.policy import oversees
from reuse_market.collection.shipment_models import SHIPMENT_OUTCOMES, Shipment, ShipmentUnit
from reuse_market.collection.shipments import policy
from reuse_market.collection.shipments.choosing import plain
from reuse_market.collection.shipments.lifecycle import FLOW
from reuse_market.equipment.models import Model
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import session
from reuse_market.kernel.errors import NotFound
from reuse_market.kernel.words import N_
from reuse_market.units.models import Label, Unit

NAMES = {"answer": "answer", "void": "void"}


@dataclass(frozen=True, slots=True)
class ShipmentView:
    """A shipment as lists show it."""

    shipment: Shipment
    sender: str
    receiver: str
    waiting: int


@dataclass(frozen=True, slots=True)
class Row:
    """One unit of a shipment. `outcome` None: not answered yet."""

    unit: Unit
    code: str | None
    maker: str
    model: str
    outcome: str | None
    reason: str | None
    note: str

    @property
    def codes(self) -> list[str]:
        """What a scanner may read on it."""
        return [plain(one) for one in (self.code, self.unit.serial, self.unit.asset_tag) if one]


def get(reference: str) -> Shipment | None:
    """The shipment of that reference, or None."""
    return session().scalars(sa.select(Shipment).where(Shipment.reference == reference)).one_or_none()


def seen(reference: str, actor: Actor) -> Shipment:
    """The shipment of that reference; NotFound when there is none or `actor` may not know of it."""
    found = get(reference)
    if found is None or not policy.may_see(actor, found):
        raise NotFound(N_("This shipment does not exist."))
    return found


def views(
    actor: Actor, *, state: str | None = None, after: int | None = None, limit: int | None = None
) -> list[ShipmentView]:
    """Shipments sent or received by the actor's organisation (all for overseers), the newest first."""
    statement = sa.select(Shipment).order_by(Shipment.id.desc())
    if not oversees(actor):
        here = actor.organisation_id or 0
        statement = statement.where(sa.or_(Shipment.sender_id == here, Shipment.receiver_id == here))
    if state:
        statement = statement.where(Shipment.state == state)
    if after is not None:
        statement = statement.where(Shipment.id < after)
    if limit is not None:
        statement = statement.limit(limit)
    found = list(session().scalars(statement))
    left = sa.select(ShipmentUnit.shipment_id, sa.func.count()).where(
        ShipmentUnit.shipment_id.in_([one.id for one in found]), ShipmentUnit.outcome.is_(None)
    )
    waiting = dict(session().execute(left.group_by(ShipmentUnit.shipment_id)).all())
    names = accounts.names([key for one in found for key in (one.sender_id, one.receiver_id)])
    return [
        ShipmentView(
            one, names.get(one.sender_id, ""), names.get(one.receiver_id, ""), waiting.get(one.id, 0)
        )
        for one in found
    ]


def view(found: Shipment) -> ShipmentView:
    """One shipment with the names of its sides."""
    names = accounts.names([found.sender_id, found.receiver_id])
    left = len(waiting_ids(found.id))
    return ShipmentView(found, names.get(found.sender_id, ""), names.get(found.receiver_id, ""), left)


def waiting_ids(shipment_id: int) -> list[int]:
    """Ids of its units that nobody answered for, lowest first."""
    statement = (
        sa.select(ShipmentUnit.unit_id)
        .where(ShipmentUnit.shipment_id == shipment_id, ShipmentUnit.outcome.is_(None))
        .order_by(ShipmentUnit.unit_id)
    )
    return list(session().scalars(statement))


def counts(shipment_id: int) -> dict[str, int]:
    """Outcome → how many units, zeros included."""
    statement = sa.select(ShipmentUnit.outcome, sa.func.count()).where(
        ShipmentUnit.shipment_id == shipment_id, ShipmentUnit.outcome.is_not(None)
    )
    found = dict(session().execute(statement.group_by(ShipmentUnit.outcome)).all())
    return {outcome: found.get(outcome, 0) for outcome in SHIPMENT_OUTCOMES}


def rows(shipment_id: int) -> list[Row]:
    """Its units, those left to answer first."""
    statement = (
        sa.select(ShipmentUnit, Unit, Label.code, Model.maker, Model.name)
        .join(Unit, Unit.id == ShipmentUnit.unit_id)
        .outerjoin(Label, Label.unit_id == Unit.id)
        .outerjoin(Model, Model.id == Unit.model_id)
        .where(ShipmentUnit.shipment_id == shipment_id)
        .order_by(ShipmentUnit.outcome.is_not(None), Unit.kind, Model.maker, Model.name, Unit.id)
    )
    return [
        Row(unit, code, maker or "", name or "", one.outcome, one.reason, one.note)
        for one, unit, code, maker, name in session().execute(statement)
    ]


def offered(found: Shipment, actor: Actor) -> list[str]:
    """What this actor may do with it now: answer, void."""
    own = [NAMES[action] for action in FLOW.offered(found, actor) if action in NAMES]
    begun = found.state == "sent" and len(waiting_ids(found.id)) != found.units
    return [name for name in own if name != "void" or not begun]


def of_unit(unit_id: int) -> Shipment | None:
    """The shipment a unit is on its way with, or None."""
    statement = (
        sa.select(Shipment)
        .join(ShipmentUnit, ShipmentUnit.shipment_id == Shipment.id)
        .where(ShipmentUnit.unit_id == unit_id, ShipmentUnit.outcome.is_(None), Shipment.state == "sent")
    )
    return session().scalars(statement).first()
