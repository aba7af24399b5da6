"""The stored groups held against the units they sum up: what differs, and made anew."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from reuse_market.kernel import clock
from reuse_market.kernel.db import command, session
from reuse_market.refurbishing.group_models import OfferGroup, OfferWord
from reuse_market.refurbishing.models import Offer
from reuse_market.refurbishing.shelf import keeping, reading
from reuse_market.units.models import Unit

CHUNK = 1000


@dataclass(frozen=True, slots=True)
class Wrong:
    """A group or a unit whose row is not what the units say."""

    subject: str
    reason: str


def wrong() -> list[Wrong]:
    """Every difference between the stored groups and the units: places, counts, what each promises, where."""
    return [*_misplaced(), *_miscounted(), *_astray()]


def _misplaced() -> Iterator[Wrong]:
    """A day that has come and is not settled yet is no fault: the job will."""
    for ids in _offered():
        for one in reading.shelved(ids):
            if one.place != one.stood_at and not _due(one):
                told = f"stands in {one.stood}, should in {one.place[0] if one.place else None}"
                yield Wrong(f"unit/{one.unit_id}", told)


def _due(one: reading.Shelved) -> bool:
    if one.place is None or one.stood_at is None:
        return False
    today = clock.today()
    return any(keeping.ALREADY < day <= today for day in one.stood_at[1:])


def _offered() -> Iterator[list[int]]:
    after = 0
    here = sa.or_(Unit.state == "ready", Offer.group_id.is_not(None))
    while True:
        statement = sa.select(Offer.unit_id).join(Unit, Unit.id == Offer.unit_id).where(here)
        statement = statement.where(Offer.unit_id > after).order_by(Offer.unit_id).limit(CHUNK)
        ids = list(session().scalars(statement))
        if not ids:
            return
        yield ids
        after = ids[-1]


def _miscounted() -> Iterator[Wrong]:
    counted = (
        sa.select(
            OfferGroup.id, OfferGroup.units, OfferGroup.least_battery, OfferGroup.ram_mb, OfferGroup.storage_mb,
            sa.func.count(Offer.unit_id), sa.func.min(Offer.battery_percent), sa.func.min(Unit.ram_mb),
            sa.func.min(Unit.storage_mb),
        )
        .outerjoin(Offer, Offer.group_id == OfferGroup.id)
        .outerjoin(Unit, Unit.id == Offer.unit_id)
        .group_by(OfferGroup.id)
    )  # fmt: skip
    for key, units, battery, ram, storage, count, weakest, least_ram, least_storage in session().execute(
        counted
    ):
        if units != count:
            yield Wrong(f"offer-group/{key}", f"says {units} units, has {count}")
        elif units and battery != weakest:
            yield Wrong(f"offer-group/{key}", f"says battery {battery}, its weakest is {weakest}")
        elif (ram or 0) > (least_ram or ram or 0) or (storage or 0) > (least_storage or storage or 0):
            yield Wrong(f"offer-group/{key}", "promises more than its least unit has")


def _astray() -> Iterator[Wrong]:
    columns = OfferGroup.id, OfferGroup.seller_id, OfferGroup.latitude, OfferGroup.longitude
    rows = session().execute(sa.select(*columns).where(OfferGroup.units > 0)).all()
    places = keeping.bases({row.seller_id for row in rows})
    for row in rows:
        if (row.latitude, row.longitude) != places.get(row.seller_id, ("", None, None))[1:]:
            yield Wrong(f"offer-group/{row.id}", "does not lie where its seller does")


def rebuild() -> int:
    """Make every stored group anew from the units, a thousand at a time; how many units stand in the window."""
    for ids in list(_offered()):
        keeping.shelve(ids)
    return _recount()


@command
def _recount() -> int:
    session().scalars(sa.select(OfferGroup.id).order_by(OfferGroup.id).with_for_update()).all()
    mine = Offer.group_id == OfferGroup.id
    counts = {
        "units": sa.select(sa.func.count()).select_from(Offer).where(mine).scalar_subquery(),
        "least_battery": sa.select(sa.func.min(Offer.battery_percent)).where(mine).scalar_subquery(),
        "ram_mb": sa.select(sa.func.min(Unit.ram_mb)).join(Offer, Offer.unit_id == Unit.id).where(mine),
        "storage_mb": sa.select(sa.func.min(Unit.storage_mb)).join(Offer, Offer.unit_id == Unit.id).where(mine),
    }  # fmt: skip
    for name in ("ram_mb", "storage_mb"):
        counts[name] = counts[name].scalar_subquery()  # type: ignore[attr-defined]  # a select until here
    update = sa.update(OfferGroup).values(**counts).execution_options(synchronize_session=False)
    session().execute(update)
    empty = sa.delete(OfferGroup).where(OfferGroup.units == 0)
    session().execute(empty.execution_options(synchronize_session=False))
    keeping.follow_bases(sorted(set(session().scalars(sa.select(OfferGroup.seller_id)))))
    _reword()
    return session().scalar(sa.select(sa.func.coalesce(sa.func.sum(OfferGroup.units), 0))) or 0


def _reword() -> None:
    """The words of the groups there are, and no others."""
    said = session().scalars(sa.select(OfferGroup.search).distinct())
    words = sorted({word for text in said for word in reading.words(text)})
    session().execute(sa.delete(OfferWord))
    if words:
        session().execute(sa.insert(OfferWord), [{"word": word} for word in words])
