"""What is expected: devices in the workshops, and lots announced for the months to come."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from reuse_market.catalogue.groups import COMING
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.dated import delay_days
from reuse_market.kernel.db import session
from reuse_market.lots import planned
from reuse_market.lots.board_filters import BoardFilters
from reuse_market.units.models import Unit

MONTHS = 6  # told on a page; the board of announced lots tells them all


@dataclass(frozen=True, slots=True)
class Expected:
    """Of a kind: units in the workshops now, and (first day of a month, units announced), soonest first."""

    kind: str | None
    in_workshop: int
    workshop_on: date  # when what is in the workshops now may be ready: the dated delay of a workshop
    announced: tuple[tuple[date, int], ...]

    @property
    def anything(self) -> bool:
        """Whether there is something to wait for."""
        return bool(self.in_workshop or self.announced)


def expected(kind: str | None, actor: Actor) -> Expected:
    """What is to come of a kind (of every kind when None). Five statements."""
    statement = sa.select(sa.func.count()).select_from(Unit).where(Unit.state.in_(COMING))
    if kind is not None:
        statement = statement.where(Unit.kind == kind)
    months: Counter[date] = Counter()
    for card in planned.announced(actor, BoardFilters(kind=kind), size=200).cards:
        months[card.expected_month] += dict(card.kinds).get(kind, 0) if kind else card.units
    told = sorted((month, units) for month, units in months.items() if units)[:MONTHS]
    ready_on = clock.in_days(delay_days("need.workshop"))
    return Expected(kind, session().scalar(statement) or 0, ready_on, tuple(told))
