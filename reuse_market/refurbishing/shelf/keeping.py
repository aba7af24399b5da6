"""Settles the stored groups: inside the command that moved the units, last, groups in the order of their ids.

A group's row is locked only here, after every other row of the command: two commands never wait for each
other. New groups are inserted before any is locked, in the order of their keys.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from reuse_market.accounts.models import Site
from reuse_market.kernel import clock, ending
from reuse_market.kernel.db import command, database, session
from reuse_market.kernel.statements import plain
from reuse_market.places.models import Commune
from reuse_market.refurbishing.group_models import ALREADY, OfferGroup, OfferWord
from reuse_market.refurbishing.models import Offer
from reuse_market.refurbishing.shelf import reading
from reuse_market.refurbishing.shelf.reading import Shelved
from reuse_market.units.models import Unit
from reuse_market.units.services import criterion

CHUNK = 1000
Place = tuple[str, Any, Any]


@dataclass(slots=True)
class _Change:
    """What becomes of a group: units that leave and come, and the least that those who come have."""

    left: int = 0
    came: list[Shelved] = field(default_factory=list)
    batteries: list[int] = field(default_factory=list)  # of those that left


def keep() -> None:
    """Keep the groups from now on: what units and sites announce is settled (safe to repeat)."""
    ending.at_end("units", settle)
    ending.at_end("bases", follow_bases)


def settle(unit_ids: Sequence[int]) -> None:
    """Make the stored groups true of these units. Inside a command, last."""
    session().flush()
    chunks = (unit_ids[start : start + CHUNK] for start in range(0, len(unit_ids), CHUNK))
    moved = [one for chunk in chunks for one in _moved(chunk)]
    if not moved:
        return
    ids = _groups_of([one for one in moved if one.place is not None])
    changes: dict[int, _Change] = defaultdict(_Change)
    stamps: dict[int | None, list[int]] = defaultdict(list)
    for one in moved:
        if one.stood is not None:
            changes[one.stood].left += 1
            if one.row["battery_percent"] is not None:
                changes[one.stood].batteries.append(one.row["battery_percent"])
        if one.place is not None:
            changes[ids[one.place]].came.append(one)
        stamps[ids[one.place] if one.place else None].append(one.unit_id)
    for group_id, stamped in stamps.items():
        plain(_STAMP, {"units": stamped, "stamp": group_id})
    for group_id in sorted(changes):
        _count(group_id, changes[group_id])
    for offer in [row for row in session().identity_map.values() if isinstance(row, Offer)]:
        session().expire(offer, ["group_id"])


def _moved(unit_ids: Sequence[int]) -> list[Shelved]:
    """Those that stand where they no longer should. What is not ready leaves, and is asked nothing more."""
    moved, ready = [], []
    for row in plain(_STANDING, {"units": list(unit_ids)}):
        if row.state == "ready":
            ready.append(row.unit_id)
        elif row.group_id is not None:
            told = {"battery_percent": row.battery_percent}
            moved.append(Shelved(row.unit_id, row.group_id, None, None, told))
    if ready:
        moved += [one for one in reading.shelved(ready) if one.place != one.stood_at]
    return moved


def _count(group_id: int, change: _Change) -> None:
    told = {"group": group_id, "more": len(change.came) - change.left}
    statement = _MOVED.values(added_at=clock.now(), **_least(change.came)) if change.came else _MOVED
    least = plain(statement, told).scalar_one()
    if change.batteries and least is not None and min(change.batteries) <= least:
        # The row is ours by now: what another command took out of the group before is seen.
        plain(_WEAKEST, {"group": group_id})


_unit: Any = Unit.__table__
_offer: Any = Offer.__table__
_group: Any = OfferGroup.__table__
_GROUP = sa.bindparam("group", type_=sa.Integer)
_AMONG = _offer.c.unit_id.in_(sa.bindparam("units", expanding=True))
_STANDING = (
    sa.select(_offer.c.unit_id, _offer.c.group_id, _offer.c.battery_percent, _unit.c.state)
    .join(_unit, _unit.c.id == _offer.c.unit_id)
    .where(_AMONG)
    .order_by(_offer.c.unit_id)
)
_STAMP = sa.update(_offer).where(_AMONG).values(group_id=sa.bindparam("stamp", type_=sa.Integer))
_MOVED = (
    sa.update(_group)
    .where(_group.c.id == _GROUP)
    .values(units=_group.c.units + sa.bindparam("more", type_=sa.Integer))
    .returning(_group.c.least_battery)
)
_WEAKEST = (
    sa.update(_group)
    .where(_group.c.id == _GROUP)
    .values(
        least_battery=sa.select(sa.func.min(_offer.c.battery_percent))
        .where(_offer.c.group_id == _GROUP)
        .scalar_subquery()
    )
)


def _least(came: Sequence[Shelved]) -> dict[str, Any]:
    """What every unit has at least, newcomers included; an empty group begins anew."""
    values: dict[str, Any] = {}
    for name, told in (
        ("least_battery", "battery_percent"),
        ("ram_mb", "ram_mb"),
        ("storage_mb", "storage_mb"),
    ):
        column = _group.c[name]
        known = [one.row[told] for one in came if one.row[told] is not None]
        if not known:
            values[name] = sa.case((_group.c.units == 0, sa.null()), else_=column)
            continue
        least = min(known)
        lower = sa.or_(_group.c.units == 0, column.is_(None), column > least)
        values[name] = sa.case((lower, least), else_=column)
    return values


def _groups_of(coming: Sequence[Shelved]) -> dict[Place, int]:
    """The id of each place's group, made where it is missing."""
    if not coming:
        return {}
    wanted = {one.place: one for one in coming if one.place is not None}
    found = _known(wanted)
    missing = [wanted[place] for place in sorted(wanted.keys() - found.keys())]
    if missing:
        _make(missing)
        found = _known(wanted)
    return found


def _known(wanted: Iterable[Place]) -> dict[Place, int]:
    columns = OfferGroup.key, OfferGroup.shown_from, OfferGroup.opens_on, OfferGroup.id
    statement = sa.select(*columns).where(OfferGroup.key.in_(sorted({place[0] for place in wanted})))
    asked = set(wanted)
    return {(key, a, b): i for key, a, b, i in session().execute(statement) if (key, a, b) in asked}


def _make(missing: Sequence[Shelved]) -> None:
    places = bases({one.row["seller_id"] for one in missing})
    rows = []
    for one in missing:
        assert one.place is not None
        key, shown_from, opens_on = one.place
        name, latitude, longitude = places.get(one.row["seller_id"], ("", None, None))
        rows.append(
            reading.values(one.row)
            | {"key": key, "shown_from": shown_from, "opens_on": opens_on, "units": 0, "added_at": clock.now()}
            | {"commune_name": name, "latitude": latitude, "longitude": longitude}
        )  # fmt: skip
    words = sorted({word for row in rows for word in reading.words(row["search"])})
    if words:
        session().execute(_insert(OfferWord, [{"word": word} for word in words]))
    session().execute(_insert(OfferGroup, rows))


def _insert(table: Any, rows: Sequence[dict[str, Any]]) -> Any:
    make = sqlite.insert if database().is_sqlite else postgresql.insert
    return make(table).values(list(rows)).on_conflict_do_nothing()


def bases(seller_ids: Iterable[int]) -> dict[int, tuple[str, int, int]]:
    """Commune and its point of each seller's first located site: a distance must not betray an address."""
    statement = (
        sa.select(Site.organisation_id, Site.commune_name, Commune.latitude, Commune.longitude)
        .join(Commune, Commune.insee == Site.commune_insee)
        .where(Site.organisation_id.in_(sorted(seller_ids)))
        .order_by(Site.id.desc())
    )
    return {row[0]: (row[1], row[2], row[3]) for row in session().execute(statement)}


def follow_bases(seller_ids: Sequence[int]) -> None:
    """The groups of these sellers lie where their first located site does. Inside a command, last."""
    session().flush()
    places = bases(seller_ids)
    mine = sa.select(OfferGroup.id, OfferGroup.seller_id).where(OfferGroup.seller_id.in_(list(seller_ids)))
    for group_id, seller_id in session().execute(mine.order_by(OfferGroup.id).with_for_update()).all():
        name, latitude, longitude = places.get(seller_id, ("", None, None))
        values = {"commune_name": name, "latitude": latitude, "longitude": longitude}
        statement = sa.update(OfferGroup).where(OfferGroup.id == group_id).values(**values)
        session().execute(statement.execution_options(synchronize_session=False))


@command
def open_due() -> int:
    """Units whose day has come join those that are open already (job); how many."""
    days = sa.literal(ALREADY, sa.Date), clock.today()
    due = sa.select(OfferGroup.id).where(
        OfferGroup.units > 0,
        sa.or_(
            *(sa.and_(day > days[0], day <= days[1]) for day in (OfferGroup.shown_from, OfferGroup.opens_on))
        ),
    )
    return shelve(list(session().scalars(sa.select(Offer.unit_id).where(Offer.group_id.in_(due)))))


@command
def shelve(unit_ids: Sequence[int]) -> int:
    """Lock these units and settle them at the end of the command; how many."""
    locked = sa.select(Unit.id).where(criterion(unit_ids)).order_by(Unit.id).with_for_update()
    ids = list(session().scalars(locked))
    ending.announce("units", ids)
    return len(ids)
