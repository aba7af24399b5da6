"""Photos that no device needs any more: noticed by the job, deleted once the dated delay is over.

A look (one seller's model in one condition) is alone while no group of it holds a device and nothing above says that
one of its groups is still asked about: a running reservation, a quote whose price still holds.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import sqlalchemy as sa

from reuse_market.kernel import clock, jobs
from reuse_market.kernel.actor import SYSTEM
from reuse_market.kernel.dated import delay_days
from reuse_market.kernel.db import command, session
from reuse_market.refurbishing.models import OfferGroup, OfferPhoto
from reuse_market.refurbishing.photos import services
from reuse_market.refurbishing.photos.queries import Look

KEEP = "photo.keep"  # the dated delay, in days
Needed = Callable[[Collection[str]], set[str]]  # of these keys of groups, those still asked about


@dataclass(slots=True)
class _Shown:
    """The groups of a look: their keys, whether one holds a device, when devices last came in."""

    keys: list[str] = field(default_factory=list)
    filled: bool = False
    came_at: datetime | None = None


def forget_old(needed: Needed) -> int:
    """Job: notice the photos that stand alone, and delete those that have for the delay `photo.keep`; how many.

    Noticed at a run only, so that the delay is never shorter than said. `needed` is asked again before each deletion.
    """
    before = clock.now() - timedelta(days=delay_days(KEEP))
    return jobs.each(_notice(needed, before), lambda photo_id: _delete(photo_id, needed), "photos.forget")


@command
def _notice(needed: Needed, before: datetime) -> list[int]:
    photos = list(session().scalars(sa.select(OfferPhoto).order_by(OfferPhoto.id)))
    looks = {_look(photo) for photo in photos}
    shown = {look: _shown(look) for look in looks}
    asked = needed({key for one in shown.values() for key in one.keys})
    due = []
    for photo in photos:
        one = shown[_look(photo)]
        if one.filled or asked & set(one.keys):
            photo.alone_since = None
        elif photo.alone_since is None or (one.came_at is not None and one.came_at > photo.alone_since):
            photo.alone_since = clock.now()
        elif photo.alone_since <= before:
            due.append(photo.id)
    return due


@command
def _delete(photo_id: int, needed: Needed) -> None:
    """Nothing when a device came in meanwhile: its groups wait for one another as those that add a photo do."""
    photo = session().get(OfferPhoto, photo_id)
    if photo is None:
        return
    one = _shown(_look(photo), locked=True)
    if one.filled or needed(one.keys):
        return
    services.take_away(one.keys[0] if one.keys else "", photo, SYSTEM)


def _look(photo: OfferPhoto) -> Look:
    return Look(photo.seller_id, photo.model_id, photo.kind, photo.grade, photo.faults)


def _shown(look: Look, *, locked: bool = False) -> _Shown:
    statement = (
        sa.select(OfferGroup.key, OfferGroup.units, OfferGroup.added_at)
        .where(
            OfferGroup.seller_id == look.seller_id, OfferGroup.model_id == look.model_id,
            OfferGroup.kind == look.kind, OfferGroup.grade == look.grade,
            sa.func.coalesce(OfferGroup.faults, "") == look.faults,
        )
        .order_by(OfferGroup.id)
    )  # fmt: skip
    told: _Shown = _Shown()
    for key, units, came_at in session().execute(statement.with_for_update() if locked else statement):
        told.keys.append(key)
        told.filled = told.filled or units > 0
        told.came_at = max(came_at, told.came_at or came_at)
    return told
