"""The stock on 1 January: what a public holder had discarded and still kept, read again from the journal.

B of the REEN rate (décret 2023-266, art. 3): devices discarded and in stock on 1 January of the year.
"""

from __future__ import annotations

import json
from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from reuse_market.fleets.models import JanuaryKind, JanuaryStock
from reuse_market.kernel import clock
from reuse_market.kernel.dated import delay_days
from reuse_market.kernel.db import session
from reuse_market.kernel.streams import streamed
from reuse_market.traceability import payload
from reuse_market.traceability.models import Event
from reuse_market.units.models import Engagement, Unit

Counts = dict[str, tuple[int, int]]  # kind → devices, those of them over ten years at their discard
GONE = {"unit.departed": True, "unit.departure-annulled": False}
# A lot is an offer, a diagnosis an opinion: until a device is taken away it stands discarded in the holder's stock.
STANDING = ("discarded", "listed", "awarded")


@dataclass(frozen=True, slots=True)
class Year:
    """One 1 January as it was kept, by kind."""

    stock: JanuaryStock
    kinds: dict[str, tuple[int, int]]

    @property
    def over_ten(self) -> int:
        """Devices that the rate leaves out: over ten years when they were discarded."""
        return sum(old for _units, old in self.kinds.values())


def day_of(year: int) -> date:
    """The 1 January of a year."""
    return date(year, 1, 1)


def years(holder_id: int) -> list[Year]:
    """Every 1 January kept for a holder, the newest first."""
    statement = sa.select(JanuaryStock).where(JanuaryStock.organisation_id == holder_id)
    rows = list(session().scalars(statement.order_by(JanuaryStock.day.desc())))
    kinds: dict[int, dict[str, tuple[int, int]]] = {row.id: {} for row in rows}
    found = sa.select(JanuaryKind).where(JanuaryKind.stock_id.in_(kinds)).order_by(JanuaryKind.kind)
    for line in session().scalars(found):
        kinds[line.stock_id][line.kind] = (line.units, line.over_ten)
    return [Year(row, kinds[row.id]) for row in rows]


def at(holder_id: int, instant: datetime) -> Counts:
    """What stood discarded at an instant, by the dates of the acts: told by the journal alone.

    What waits in a published lot, or for its recycler, is still in stock. Kinds and dates of purchase are the
    devices' own, as they are known now.
    """
    since = standing(holder_id, instant)
    over = delay_days("advice.recycle-over", instant.astimezone(clock.PARIS).date())
    counts: dict[str, tuple[int, int]] = {}
    ids = sorted(since)
    for start in range(0, len(ids), 500):
        columns = (Unit.id, Unit.kind, Unit.bought_on)
        for unit_id, kind, bought_on in session().execute(
            sa.select(*columns).where(Unit.id.in_(ids[start : start + 500]))
        ):
            old = bought_on is not None and since[unit_id] - bought_on > timedelta(days=over)
            units, over_ten = counts.get(kind, (0, 0))
            counts[kind] = (units + 1, over_ten + old)
    return dict(sorted(counts.items()))


def standing(holder_id: int, instant: datetime) -> dict[int, date]:
    """Unit → the day it was discarded, for those that were discarded and still at the holder's at the instant."""
    state, since, left = _replayed(holder_id, instant)
    unknown = instant.astimezone(clock.PARIS).date()
    return {
        unit_id: since.get(unit_id, unknown)
        for unit_id, now in state.items()
        if now in STANDING and unit_id not in left
    }


def discard_days(holder_id: int, instant: datetime) -> dict[int, date]:
    """Unit → the day it was discarded, for all that were by the instant, wherever they are since."""
    return _replayed(holder_id, instant)[1]


def _replayed(holder_id: int, instant: datetime) -> tuple[dict[int, str], dict[int, date], set[int]]:
    """Unit → state, unit → day of its discard, and those that had left outside the tool, at an instant."""
    state: dict[int, str] = {}
    since: dict[int, date] = {}
    left: set[int] = set()
    with closing(_events(holder_id, instant)) as told:
        for event, body in told:
            ids = payload.members(body["units"])
            if event.type in GONE:
                (left.update if GONE[event.type] else left.difference_update)(ids)
            target = (body["change"] or {}).get("state")
            if target is None:
                continue
            kept = [one for one in ids if state.get(one) in STANDING] if target == "waste" else []
            state |= dict.fromkeys(ids, target) | dict.fromkeys(kept, "discarded")
            if target == "discarded" and event.type in ("unit.discarded", "unit.declared"):
                since |= dict.fromkeys(ids, event.occurred_at.astimezone(clock.PARIS).date())
    return state, since, left


def _events(holder_id: int, instant: datetime) -> Generator[tuple[Event, dict[str, Any]], None, None]:
    """The events of the holder's streams (its fleet, its lots) that had happened by then, as recorded."""
    lots = sa.select(sa.literal("lot/") + Engagement.reference).where(
        Engagement.kind == "lot", Engagement.party_id == holder_id
    )
    statement = (
        sa.select(Event)
        .where(sa.or_(Event.stream == f"fleet/{holder_id}", Event.stream.in_(lots)))
        .where(Event.occurred_at < instant)
        .order_by(Event.id)
    )
    with streamed(statement, 500) as rows:
        for event in rows.scalars():
            yield event, json.loads(event.payload)
