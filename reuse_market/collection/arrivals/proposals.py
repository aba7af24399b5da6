"""Slots worth proposing: within the opening hours, the lot's window, and clear of what is agreed already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from reuse_market.accounts import hours
from reuse_market.accounts import queries as accounts
from reuse_market.accounts.models import Site
from reuse_market.collection.models import Pickup
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import session
from reuse_market.lots.models import Lot

AHEAD, PROPOSED, A_DAY = 30, 8, 2  # days looked at; slots shown in all, and of one day
LONGEST, SHORTEST = 120, 45  # minutes of a slot
OPEN = ("proposed", "countered", "agreed")


@dataclass(frozen=True, slots=True)
class Slot:
    """A day and hours, Europe/Paris."""

    day: date
    from_time: str
    to_time: str

    @property
    def from_at(self) -> datetime:
        """The instant it begins."""
        return clock.at_paris(self.day, *_hm(self.from_time))

    @property
    def to_at(self) -> datetime:
        """The instant it ends."""
        return clock.at_paris(self.day, *_hm(self.to_time))


@dataclass(frozen=True, slots=True)
class Taken:
    """A pick-up that already has these hours; `here`: at the same place, else elsewhere by the same people."""

    reference: str
    day: date
    from_time: str
    to_time: str
    here: bool
    holder_id: int


def free_slots(lot: Lot, actor_id: int) -> list[Slot]:
    """At most eight slots from tomorrow on; none when the site has not said its hours, or the window is over."""
    site = accounts.site(lot.site_id)
    first = max(clock.in_days(1), lot.available_from or clock.in_days(1))
    last = min(lot.available_until or clock.in_days(AHEAD), first + timedelta(days=AHEAD))
    if site is None or not site.week or last < first:
        return []
    busy = _taken(site.id, actor_id, first, last)
    found: list[Slot] = []
    for ahead in range((last - first).days + 1):
        day = first + timedelta(days=ahead)
        clear = [one for one in _cut(site, day) if not _crossed(one, busy)]
        found += clear[:A_DAY]
        if len(found) >= PROPOSED:
            break
    return found[:PROPOSED]


def clashes(pickup: Pickup, actor: Actor) -> list[Taken]:
    """Other pick-ups of the reader's own organisation that cross these hours, while the slot is open.

    Those who oversee are told of both sides'; one side never learns the other's appointments.
    """
    if pickup.state not in OPEN:
        return []
    taken = [
        one for one in _taken(pickup.site_id, pickup.actor_id, pickup.day, pickup.day, OPEN, pickup.id)
        if _visible(one, pickup, actor)
    ]  # fmt: skip
    return _crossed(Slot(pickup.day, pickup.from_time, pickup.to_time), taken)


def within_hours(pickup: Pickup) -> bool | None:
    """Whether somebody is there during the whole slot; None when the site has not said."""
    open_hours = hours.ranges(accounts.site(pickup.site_id), pickup.day)
    if open_hours is None:
        return None
    return any(start <= pickup.from_time and pickup.to_time <= end for start, end in open_hours)


def _visible(taken: Taken, pickup: Pickup, actor: Actor) -> bool:
    return actor.is_org(taken.holder_id) or not actor.is_org(pickup.holder_id)


def _cut(site: Site, day: date) -> list[Slot]:
    """The hours of a day in slots of two hours at most; what is left at the end counts from 45 minutes on."""
    made = []
    for start, end in hours.ranges(site, day) or []:
        at, until = _minutes(start), _minutes(end)
        while until - at >= SHORTEST:
            to = min(at + LONGEST, until)
            made.append(Slot(day, _clock(at), _clock(to)))
            at = to
    return made


def _taken(
    site_id: int | None, actor_id: int, first: date, last: date, states: Sequence[str] = ("agreed",),
    but: int | None = None,
) -> list[Taken]:  # fmt: skip
    same = sa.or_(Pickup.site_id == site_id, Pickup.actor_id == actor_id)
    statement = sa.select(
        Pickup.reference, Pickup.day, Pickup.from_time, Pickup.to_time, Pickup.site_id, Pickup.holder_id
    ).where(same, Pickup.state.in_(states), Pickup.day.between(first, last), Pickup.slot_id.is_(None))
    if but is not None:
        statement = statement.where(Pickup.id != but)
    rows = session().execute(statement.order_by(Pickup.day, Pickup.from_time, Pickup.id))
    return [Taken(ref, day, a, b, place == site_id, holder) for ref, day, a, b, place, holder in rows]


def _crossed(slot: Slot, taken: Sequence[Taken]) -> list[Taken]:
    return [
        one for one in taken
        if one.day == slot.day and one.from_time < slot.to_time and slot.from_time < one.to_time
    ]  # fmt: skip


def _hm(time: str) -> tuple[int, int]:
    return int(time[:2]), int(time[3:])


def _minutes(time: str) -> int:
    return int(time[:2]) * 60 + int(time[3:])


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
