"""Reads of the API's lists: by key, one row more than the limit when there is more."""

from __future__ import annotations

import sqlalchemy as sa

from reuse_market.accounts.policy import oversees
from reuse_market.claims.models import Claim
from reuse_market.collection import queries
from reuse_market.collection.models import Pickup, PickupCheck
from reuse_market.collection.queries import PickupView
from reuse_market.collection.sheets import Planned
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import session
from reuse_market.lots.models import Lot
from reuse_market.units.models import Engagement, Label, Unit

Check = tuple[PickupCheck, str | None]  # what was noted, and the label code of its unit


def pickups(
    actor: Actor, *, state: str | None = None, claim: str | None = None, lot: str | None = None,
    after: int | None = None, limit: int = 25,
) -> list[tuple[Pickup, PickupView]]:  # fmt: skip
    """Pick-ups of both sides of the actor's organisation (all for overseers), the newest first."""
    statement = sa.select(Pickup).order_by(Pickup.id.desc()).limit(limit + 1)
    if not oversees(actor):
        mine = actor.organisation_id or 0
        statement = statement.where(sa.or_(Pickup.holder_id == mine, Pickup.actor_id == mine))
    if state:
        statement = statement.where(Pickup.state == state)
    if claim:
        statement = statement.join(Claim, Claim.id == Pickup.claim_id).where(Claim.reference == claim)
    if lot:
        statement = statement.join(Lot, Lot.id == Pickup.lot_id).where(Lot.reference == lot)
    if after is not None:
        statement = statement.where(Pickup.id < after)
    rows = {row.id: row for row in session().scalars(statement)}
    return [(rows[view.id], view) for view in queries.of_ids(list(rows))]


def units(pickup: Pickup, *, after: int | None = None, limit: int = 25) -> list[Planned]:
    """The planned units by id, with their code and what was noted of them."""
    noted = sa.and_(PickupCheck.pickup_id == pickup.id, PickupCheck.unit_id == Engagement.unit_id)
    statement = (
        sa.select(Unit.id, Engagement.line, Unit.kind, Unit.serial, Unit.asset_tag, Label.code,
                  PickupCheck.outcome, PickupCheck.reason, sa.func.coalesce(PickupCheck.note, ""))
        .select_from(Engagement)
        .join(Unit, Unit.id == Engagement.unit_id)
        .outerjoin(Label, Label.unit_id == Unit.id)
        .outerjoin(PickupCheck, noted)
        .where(Engagement.kind == "pickup", Engagement.reference == pickup.reference)
        .order_by(Unit.id)
        .limit(limit + 1)
    )  # fmt: skip
    if after is not None:
        statement = statement.where(Unit.id > after)
    return [Planned(*row) for row in session().execute(statement)]


def checks(pickup: Pickup, *, after: int | None = None, limit: int = 25) -> list[Check]:
    """What was noted unit by unit, in order."""
    statement = (
        sa.select(PickupCheck, Label.code)
        .outerjoin(Label, Label.unit_id == PickupCheck.unit_id)
        .where(PickupCheck.pickup_id == pickup.id)
        .order_by(PickupCheck.id)
        .limit(limit + 1)
    )
    if after is not None:
        statement = statement.where(PickupCheck.id > after)
    return [(check, code) for check, code in session().execute(statement)]


def has_check(pickup: Pickup, check_id: int) -> bool:
    """Whether something noted is of this pick-up."""
    statement = sa.select(PickupCheck.id).where(
        PickupCheck.id == check_id, PickupCheck.pickup_id == pickup.id
    )
    return session().scalar(statement) is not None
