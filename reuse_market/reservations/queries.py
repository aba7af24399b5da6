"""Reads on reservations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from reuse_market.accounts import queries as accounts
from reuse_market.accounts.models import Site
from reuse_market.catalogue import queries as catalogue
from reuse_market.catalogue.pricing import Price
from reuse_market.equipment import systems
from reuse_market.equipment.models import Kind, Model
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.clock import PARIS
from reuse_market.kernel.db import session
from reuse_market.kernel.errors import NotFound
from reuse_market.kernel.statements import plain
from reuse_market.kernel.words import N_
from reuse_market.refurbishing.models import Offer
from reuse_market.reservations import policy
from reuse_market.reservations.lifecycle import HOLDING
from reuse_market.reservations.models import Reservation, Undertaking
from reuse_market.units.models import Engagement, Label, Unit


@dataclass(frozen=True, slots=True)
class HeldUnit:
    """A unit of a reservation, for pages and slips."""

    unit_id: int
    code: str | None
    kind: str
    maker: str
    model: str
    cpu: str | None
    ram_mb: int | None
    storage_mb: int | None
    screen_tenths: int | None
    serial: str | None
    grade: str | None
    battery_percent: int | None
    warranty_months: int | None
    os: str | None = None  # it is offered with; None: without one, or not known


@dataclass(frozen=True, slots=True)
class Contents:
    """What a reservation is of, in one word: its identical group's kind and model."""

    kind: Kind
    maker: str
    model: str


@dataclass(frozen=True, slots=True)
class Row:
    """A reservation in a list."""

    reservation: Reservation
    beneficiary: str
    seller: str
    contents: Contents | None


def find(reference: str) -> Reservation | None:
    """A reservation by reference."""
    return session().scalars(sa.select(Reservation).where(Reservation.reference == reference)).one_or_none()


def get(reference: str, actor: Actor) -> Reservation:
    """A reservation this actor may see; NotFound otherwise (not theirs and does not exist are alike)."""
    found = find(reference)
    if found is None or not policy.may_see(actor, found):
        raise NotFound(N_("This reservation does not exist."))
    return found


def counts(actor: Actor) -> tuple[int, int]:
    """(running, ended) reservations of the actor's organisation, both sides."""
    running = Reservation.state.in_(HOLDING)
    statement = sa.select(running, sa.func.count()).where(_mine(actor)).group_by(running)
    found = {bool(key): number for key, number in session().execute(statement)}
    return found.get(True, 0), found.get(False, 0)


def mine(actor: Actor, *, ended: bool = False, limit: int = 25, offset: int = 0) -> list[Row]:
    """Reservations of the actor's organisation, both sides: running by end date, ended newest first."""
    state = Reservation.state.in_(HOLDING)
    order = (Reservation.id.desc(),) if ended else (Reservation.until, Reservation.id)
    statement = (
        sa.select(Reservation)
        .where(_mine(actor), ~state if ended else state)
        .order_by(*order)
        .limit(limit)
        .offset(offset)
    )
    return with_names(session().scalars(statement).all())


def with_names(found: Sequence[Reservation]) -> list[Row]:
    """Rows with both parties' names and their contents, in two statements more."""
    names = accounts.names({r.beneficiary_id for r in found} | {r.seller_id for r in found})
    inside = contents([r.reference for r in found])
    return [
        Row(r, names.get(r.beneficiary_id, ""), names.get(r.seller_id, ""), inside.get(r.reference))
        for r in found
    ]


def contents(references: Sequence[str]) -> dict[str, Contents]:
    """What each reservation is (or was) of, in one statement: its units are alike."""
    if not references:
        return {}
    rows = session().execute(_CONTENTS, {"those": list(references)})
    return {reference: Contents(kind, maker or "", model or "") for reference, kind, maker, model in rows}


def _contents() -> Any:
    first = (
        sa.select(Engagement.reference, sa.func.min(Engagement.unit_id).label("unit_id"))
        .where(Engagement.kind == "hold", Engagement.reference.in_(sa.bindparam("those", expanding=True)))
        .group_by(Engagement.reference)
        .subquery()
    )
    return (
        sa.select(first.c.reference, Kind, Model.maker, Model.name)
        .join(Unit, Unit.id == first.c.unit_id)
        .join(Kind, Kind.code == Unit.kind)
        .outerjoin(Model, Model.id == Unit.model_id)
    )


_CONTENTS = _contents()


def held_units(reference: str) -> list[HeldUnit]:
    """The units a reservation holds, or held and handed over; one statement. None once let go."""
    return [_held(dict(row)) for row in plain(_HELD, {"held_by": reference}).mappings()]


def _holding() -> Any:
    return (
        sa.select(
            Unit.id.label("unit_id"), Label.code, Unit.kind, sa.func.coalesce(Model.maker, "").label("maker"),
            sa.func.coalesce(Model.name, "").label("model"), Unit.cpu, Unit.ram_mb, Unit.storage_mb,
            Unit.screen_tenths, Unit.serial, Offer.cosmetic_grade.label("grade"), Offer.battery_percent,
            Offer.warranty_months, Offer.os.label("installed"), Unit.os,
        )
        .join(Engagement, Engagement.unit_id == Unit.id)
        .outerjoin(Label, Label.unit_id == Unit.id)
        .outerjoin(Model, Model.id == Unit.model_id)
        .outerjoin(Offer, Offer.unit_id == Unit.id)
        .where(
            Engagement.kind == "hold",
            Engagement.reference == sa.bindparam("held_by"),
            sa.or_(Engagement.outcome.is_(None), Engagement.outcome == "provided"),
        )
        .order_by(Unit.id)
    )  # fmt: skip


_HELD = _holding()


def _held(row: dict[str, Any]) -> HeldUnit:
    system = systems.offered(row["kind"], row.pop("installed"), row["os"])
    return HeldUnit(**row | {"os": system})


def price(found: Reservation) -> Price:
    """The price of one device, as it stood the day it was reserved."""
    placed_on = found.placed_at.astimezone(PARIS).date()
    return catalogue.price_of(found.price_cents, found.vat_scheme, placed_on)


def place(found: Reservation) -> Site | None:
    """Where the handover is: the seller's site, or the beneficiary's when delivered; None if unknown."""
    party = found.seller_id if found.delivery == "collect" else found.beneficiary_id
    return accounts.base_site(party) or next(iter(accounts.sites_of(party)), None)


def due() -> list[int]:
    """Ids of reservations past their end date, not handed over."""
    statement = sa.select(Reservation.id).where(
        Reservation.state.in_(HOLDING), Reservation.until < clock.today()
    )
    return list(session().scalars(statement.order_by(Reservation.id)))


def _mine(actor: Actor) -> sa.ColumnElement[bool]:
    own = actor.organisation_id or 0
    return sa.or_(Reservation.beneficiary_id == own, Reservation.seller_id == own)


def undertakings(found: Reservation) -> list[Undertaking]:
    """What the beneficiary undertook when it signed, in order."""
    statement = sa.select(Undertaking).where(Undertaking.reservation_id == found.id)
    return list(session().scalars(statement.order_by(Undertaking.id)))
