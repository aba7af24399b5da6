"""What a holder has and will release, kept as counts: made anew as a whole when its fleet has changed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from reuse_market.fleets.forecast_models import FleetForecast, ForecastGround, ForecastMade, RenewalPlan
from reuse_market.fleets.forecasting import counting, reading
from reuse_market.fleets.forecasting.building import Built, build
from reuse_market.fleets.forecasting.quarters import first_day, quarter_of
from reuse_market.fleets.models import ResourceCell
from reuse_market.kernel import clock, jobs
from reuse_market.kernel.db import command, session
from reuse_market.units.models import Unit

OLD = timedelta(days=1)
AT_ONCE = 200_000
"""Devices in use or discarded: a bigger fleet waits for the job."""


def rebuild(holder_id: int) -> None:
    """Make the forecast and the resource cells of a holder anew; the same again when nothing has changed."""
    stock = counting.stock_of(holder_id)
    made = {
        "organisation_id": holder_id, "made_at": clock.now(), "quarter": first_day(quarter_of(clock.today())),
        "fleet_seq": counting.fleet_seq(holder_id), "in_use": stock.get("in_use", 0),
        "discarded": stock.get("discarded", 0),
    }  # fmt: skip
    _store(holder_id, build(holder_id), made)


def refresh(holder_id: int) -> bool:
    """Rebuild at once after a change of rule or plan, so that its effect shows; False: left to the job."""
    if sum(counting.stock_of(holder_id).values()) <= AT_ONCE:
        rebuild(holder_id)
        return True
    _forget(holder_id)
    return False


def ensure(holder_id: int) -> bool:
    """Make what was never made, for a page about to show it; False when it is left to the job."""
    return reading.made(holder_id) is not None or refresh(holder_id)


def rebuild_changed() -> int:
    """Job: rebuild the holders whose fleet has changed since, or whose figures are a day old; how many."""
    owners = sa.select(Unit.owner_id).where(Unit.state.in_(counting.STOCK)).distinct()
    planners = sa.select(RenewalPlan.organisation_id).distinct()
    known = sa.select(ForecastMade.organisation_id)
    everyone = sorted(session().scalars(sa.union(owners, planners, known)))
    return jobs.each([one for one in everyone if _out_of_date(one)], rebuild, "resource")


def _out_of_date(holder_id: int) -> bool:
    made = reading.made(holder_id)
    if made is None or made.made_at < clock.now() - OLD or reading.behind(holder_id):
        return True
    stock = counting.stock_of(holder_id)
    return (made.in_use, made.discarded) != (stock.get("in_use", 0), stock.get("discarded", 0))


@command
def _forget(holder_id: int) -> None:
    session().execute(sa.delete(ForecastMade).where(ForecastMade.organisation_id == holder_id))


@command
def _store(holder_id: int, built: Built, made: dict[str, Any]) -> None:
    session().flush()
    rows: list[tuple[Any, list[dict[str, Any]]]] = [
        (ResourceCell, [row | {"made_at": made["made_at"]} for row in built.cells]),
        (FleetForecast, built.quarters),
        (ForecastGround, built.grounds),
        (ForecastMade, [made]),
    ]
    for table, told in rows:
        session().execute(sa.delete(table).where(table.organisation_id == holder_id))
        if told:
            session().execute(sa.insert(table), [{"organisation_id": holder_id} | row for row in told])
    session().expire_all()
