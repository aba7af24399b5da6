"""Reads of plans, age rules and of the forecast as it was last made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from reuse_market.accounts import queries as accounts
from reuse_market.equipment import queries as equipment
from reuse_market.equipment.models import Kind
from reuse_market.fleets import policy
from reuse_market.fleets.forecast_models import (
    AgeRule,
    FleetForecast,
    ForecastGround,
    ForecastMade,
    RenewalPlan,
)
from reuse_market.fleets.forecasting import counting
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import session
from reuse_market.kernel.errors import NotFound
from reuse_market.kernel.words import N_

NOWHERE = ""  # the commune of a site outside the territory


@dataclass(frozen=True, slots=True)
class Age:
    """The age of renewal of a kind in months (None: nobody has told), and whether the holder set it."""

    months: int | None
    own: bool
    source: str = ""


def ages(holder_id: int) -> dict[str, Age]:
    """The age rule of each kind: the holder's own, else the usual age in force."""
    told = {
        kind: Age(row.months, own=False, source=row.source) for kind, row in equipment.renewal_ages().items()
    }
    own = session().scalars(sa.select(AgeRule).where(AgeRule.organisation_id == holder_id))
    return told | {row.kind: Age(row.months, own=True) for row in own}


def plan(plan_id: int, actor: Actor) -> RenewalPlan:
    """A renewal plan of the actor's organisation; NotFound for any other."""
    found = session().get(RenewalPlan, plan_id)
    if found is None or not policy.holder(actor, found):
        raise NotFound(N_("This renewal plan does not exist."))
    return found


def plans(
    holder_id: int, *, state: str | None = None, after: int | None = None, limit: int | None = None
) -> list[RenewalPlan]:
    """A holder's plans, the first made first."""
    statement = sa.select(RenewalPlan).where(RenewalPlan.organisation_id == holder_id)
    if state:
        statement = statement.where(RenewalPlan.state == state)
    if after is not None:
        statement = statement.where(RenewalPlan.id > after)
    return list(session().scalars(statement.order_by(RenewalPlan.id).limit(limit)))


def open_plans(holder_id: int) -> list[RenewalPlan]:
    """Plans announced and neither done nor cancelled, by quarter."""
    statement = sa.select(RenewalPlan).where(
        RenewalPlan.organisation_id == holder_id, RenewalPlan.state == "announced"
    )
    return list(session().scalars(statement.order_by(RenewalPlan.quarter, RenewalPlan.id)))


def plan_of_lot(lot_reference: str) -> RenewalPlan | None:
    """The plan that a planned lot was made of, or None."""
    return session().scalars(sa.select(RenewalPlan).where(RenewalPlan.lot_reference == lot_reference)).first()


def communes(holder_id: int) -> dict[int | None, str]:
    """Site → INSEE code of its commune, NOWHERE outside the territory; no site counts as the first one."""
    sites = sorted(accounts.sites_of(holder_id), key=lambda site: site.id)
    told: dict[int | None, str] = {site.id: site.commune_insee or NOWHERE for site in sites}
    return told | {None: next(iter(told.values()), NOWHERE)}


def made(holder_id: int) -> ForecastMade | None:
    """When the forecast was last made, and from what; None before the first time."""
    return session().get(ForecastMade, holder_id)


def behind(holder_id: int) -> bool:
    """Whether the fleet has changed since the forecast was made."""
    last = made(holder_id)
    return last is None or last.fleet_seq != counting.fleet_seq(holder_id)


def quarters(holder_id: int) -> Sequence[FleetForecast]:
    """The forecast by kind (in the order of their list) and quarter; quarters with nothing have no row."""
    statement = (
        sa.select(FleetForecast)
        .join(Kind, Kind.code == FleetForecast.kind)
        .where(FleetForecast.organisation_id == holder_id)
        .order_by(Kind.order, FleetForecast.quarter)
    )
    return session().scalars(statement).all()


def grounds(holder_id: int) -> Sequence[ForecastGround]:
    """What the forecast of each kind rests on, in the order of the kinds."""
    statement = (
        sa.select(ForecastGround)
        .join(Kind, Kind.code == ForecastGround.kind)
        .where(ForecastGround.organisation_id == holder_id)
        .order_by(Kind.order)
    )
    return session().scalars(statement).all()
