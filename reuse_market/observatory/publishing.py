"""Computes the public dataset and keeps it as one file, so that every page of a moment says the same.

What waits, is announced or is expected is counted anew at most once a week; what open lots offer is public lot by
lot, and is counted when the journal has moved.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa

from reuse_market.accounts.models import Site
from reuse_market.fleets.models import ResourceCell
from reuse_market.kernel import clock, db, files
from reuse_market.lots.models import Lot
from reuse_market.observatory.dataset import (
    ANNOUNCED,
    AVAILABLE,
    FORECAST,
    NAME,
    STOCK,
    WANTED,
    Dataset,
    read,
    written,
)
from reuse_market.observatory.grouping import SEVERAL, Cell, exact, groups, rounded
from reuse_market.observatory.memory import recent
from reuse_market.places.models import Commune
from reuse_market.reservations.needs import waiting as needs
from reuse_market.units.models import Engagement, Unit

ROOM = "observatory"
EVERY = timedelta(days=7)
LIMIT = 50_000_000
FARTHEST = 2  # years: what is wanted later is told with the last quarter
WAITING = "discarded"  # out of use, not yet in a lot; what is still in use is no resource yet


@dataclass(frozen=True, slots=True)
class Listed:
    """What open lots offer: the dataset, and how many lots wait by kind ("": any) and commune."""

    dataset: Dataset
    lots: dict[str, dict[str, int]]


_read: dict[str, Dataset] = {}  # the last file read, by its digest


@db.command
def publish() -> int:
    """Compute the dataset anew and put it in the place of the former one. Returns its number of rows."""
    rows = [
        rounded(group, state) for state in (STOCK, ANNOUNCED, FORECAST) for group in groups(_resource(state))
    ]
    rows += [rounded(group, WANTED) for group in groups(_wanted())]
    digest = files.put(written(Dataset(clock.now(), tuple(rows))), media_type="application/json", limit=LIMIT)
    for former in files.used_by(ROOM, NAME):
        if former != digest:
            files.unuse(former, ROOM, NAME)
    files.use(digest, ROOM, NAME)
    return len(rows)


def publish_due() -> int:
    """Job: publish when the last publication that told anything is a week old. Returns its number of rows."""
    last = published()
    if last.as_of is not None and last.rows and clock.now() - last.as_of < EVERY:
        return 0
    return publish()


def published() -> Dataset:
    """What is in stock, announced and forecast, as last published; empty before."""
    found = files.used_by(ROOM, NAME)
    if not found:
        return Dataset(None, ())
    known = _read.get(found[0])
    if known is None:
        known = read(files.get(found[0]))
        _read.clear()
        _read[found[0]] = known
    return known


def available() -> Listed:
    """What open lots offer now. Exact, and without the rule of the largest: each lot is public by itself."""
    return recent("available", _count_lots)


def running_quarter() -> str:
    """The first day of the quarter that today lies in."""
    today = clock.today()
    return date(today.year, (today.month - 1) // 3 * 3 + 1, 1).isoformat()


def _resource(state: str) -> list[Cell]:
    """The counts kept of every holder's fleet, in the territory."""
    count, low, high = (
        sa.func.sum(column) for column in (ResourceCell.expected, ResourceCell.low, ResourceCell.high)
    )
    place = (
        ResourceCell.kind, ResourceCell.quarter, ResourceCell.commune_insee, ResourceCell.organisation_id,
    )  # fmt: skip
    statement = (
        sa.select(*place, count, low, high)
        .join(Commune, Commune.insee == ResourceCell.commune_insee)
        .where(Commune.in_territory, ResourceCell.basis == state)
        .group_by(*place)
    )
    if state == STOCK:
        statement = statement.where(ResourceCell.state == WAITING)
    return [
        Cell(kind, quarter.isoformat(), commune, holder, int(devices), int(least), int(most))
        for kind, quarter, commune, holder, devices, least, most in db.session().execute(statement)
    ]


def _wanted() -> list[Cell]:
    """What structures look for and was not handed over yet, by the quarter they need it in: the present one when
    it is over or not said. A need of nobody yet counts as one more structure, whoever asked."""
    first = date.fromisoformat(running_quarter())
    last = first.replace(year=first.year + FARTHEST)
    return [
        Cell(
            kind,
            min(last, max(first, _quarter(day or first))).isoformat(),
            commune,
            structure,
            units,
            units,
            units,
        )
        for kind, day, commune, structure, units in needs.wanted_cells()
    ]


def _quarter(day: date) -> date:
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


def _count_lots() -> Listed:
    """Units of open lots that nobody has claimed yet, where their lot waits."""
    place = (Unit.kind, Commune.insee, Lot.holder_id, Lot.id)
    statement = (
        sa.select(*place, sa.func.count())
        .select_from(Lot)
        .join(Site, Site.id == Lot.site_id)
        .join(Commune, Commune.insee == Site.commune_insee)
        .join(
            Engagement,
            sa.and_(
                Engagement.kind == "lot", Engagement.reference == Lot.reference, Engagement.until_at.is_(None)
            ),
        )
        .join(Unit, Unit.id == Engagement.unit_id)
        .where(Lot.state == "published", Unit.state == "listed", Commune.in_territory)
        .group_by(*place)
    )
    quarter = running_quarter()
    cells: list[Cell] = []
    lots: dict[str, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for kind, commune, holder, lot, count in db.session().execute(statement):
        cells.append(Cell(kind, quarter, commune, holder, count, count, count))
        for asked in (kind, SEVERAL):
            lots[asked][commune].add(lot)
    rows = tuple(exact(group, AVAILABLE) for group in groups(cells, even=False))
    counts = {kind: {place: len(found) for place, found in by.items()} for kind, by in lots.items()}
    return Listed(Dataset(clock.now(), rows), counts)
