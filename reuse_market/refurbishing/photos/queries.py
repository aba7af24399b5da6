"""Reads of the photos of devices that look alike."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import session
from reuse_market.refurbishing.models import OfferGroup, OfferPhoto


@dataclass(frozen=True, slots=True)
class Look:
    """What photos are of: one seller's devices of a model in a condition."""

    seller_id: int
    model_id: int
    kind: str
    grade: str
    faults: str


def look(seller_id: int, model_id: int | None, kind: str, grade: str, faults: str | None) -> Look | None:
    """The looks of a group; None while its model is not known: photos of one would pass for another's."""
    return Look(seller_id, model_id, kind, grade, faults or "") if model_id is not None else None


def of_look(shown: Look | None) -> list[OfferPhoto]:
    """The photos of these looks, in order: four at most."""
    if shown is None:
        return []
    statement = sa.select(OfferPhoto).where(*criteria(shown)).order_by(OfferPhoto.position)
    return list(session().scalars(statement))


def criteria(shown: Look) -> list[sa.ColumnElement[bool]]:
    """The photos of these looks."""
    return [
        OfferPhoto.seller_id == shown.seller_id, OfferPhoto.model_id == shown.model_id,
        OfferPhoto.kind == shown.kind, OfferPhoto.grade == shown.grade, OfferPhoto.faults == shown.faults,
    ]  # fmt: skip


def counted() -> sa.ScalarSelect[int]:
    """How many photos a row of `offer_group` has, read with it."""
    photo, group = OfferPhoto.__table__.c, OfferGroup.__table__.c
    same = (
        photo.seller_id == group.seller_id, photo.model_id == group.model_id, photo.kind == group.kind,
        photo.grade == group.grade, photo.faults == sa.func.coalesce(group.faults, ""),
    )  # fmt: skip
    found = sa.select(sa.func.count()).select_from(OfferPhoto.__table__).where(*same)
    return found.correlate(OfferGroup.__table__).scalar_subquery()


def sells(actor: Actor, seller_id: int) -> bool:
    """Whether this actor is the seller, who alone adds and removes photos."""
    return actor.has("reuse_actor") and actor.is_org(seller_id)
