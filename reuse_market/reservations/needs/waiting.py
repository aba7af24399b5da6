"""What waits around needs, for the operator's list: nothing proposed for long, nothing answered."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

import sqlalchemy as sa

from reuse_market.kernel import clock
from reuse_market.kernel.dated import delay_days
from reuse_market.kernel.db import session
from reuse_market.places.models import Commune
from reuse_market.reservations.needs.lifecycle import LIVE
from reuse_market.reservations.needs.need_models import Need, NeedMatch


def idle() -> list[Need]:
    """Needs open for longer than the dated delay with nothing proposed, the oldest first."""
    since = clock.at_paris(clock.in_days(-delay_days("need.idle")))
    statement = sa.select(Need).where(Need.state == "open", Need.posted_at < since)
    return list(session().scalars(statement.order_by(Need.posted_at, Need.id)))


def unanswered() -> list[NeedMatch]:
    """Proposals that wait for the structure, the first to lapse first."""
    statement = sa.select(NeedMatch).where(NeedMatch.state == "proposed")
    return list(session().scalars(statement.order_by(NeedMatch.until, NeedMatch.id)))


def idle_since(found: Need) -> date:
    """The day by which somebody should have proposed something."""
    return found.posted_at.astimezone(clock.PARIS).date() + timedelta(days=delay_days("need.idle"))


def references(ids: Iterable[int]) -> dict[int, str]:
    """Need id → its reference."""
    rows = sa.select(Need.id, Need.reference).where(Need.id.in_(sorted(set(ids))))
    return dict(session().execute(rows).all())


def wanted_cells() -> list[tuple[str, date | None, str, int, int]]:
    """(kind, wanted by, commune, structure, devices not handed over yet) of needs that run, in the territory."""
    served = (
        sa.select(NeedMatch.need_id, sa.func.sum(NeedMatch.units).label("units"))
        .where(NeedMatch.state == "served")
        .group_by(NeedMatch.need_id)
        .subquery()
    )
    left = Need.units - sa.func.coalesce(served.c.units, 0)
    rows = (
        sa.select(
            Need.kind, Need.wanted_by, Need.commune_insee, sa.func.coalesce(Need.organisation_id, 0), left
        )
        .join(Commune, Commune.insee == Need.commune_insee)
        .outerjoin(served, served.c.need_id == Need.id)
        .where(Need.state.in_(LIVE), Commune.in_territory, left > 0)
        .order_by(Need.id)
    )
    return [
        (kind, day, commune or "", int(structure), int(units))
        for kind, day, commune, structure, units in session().execute(rows)
    ]
