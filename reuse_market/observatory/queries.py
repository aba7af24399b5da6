"""Figures for everybody: counts only, never an address, a holder of few, or a person."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from reuse_market.accounts.models import Organisation, OrganisationRole, Site
from reuse_market.kernel import clock
from reuse_market.kernel.db import session
from reuse_market.lots.models import Lot
from reuse_market.places import queries as places
from reuse_market.places.models import Commune
from reuse_market.refurbishing.models import Offer
from reuse_market.units.models import Engagement, Unit

FEWEST_HOLDERS = 3  # under this, a commune's figure would tell one holder's stock (theft, statistical secrecy)


@dataclass(frozen=True, slots=True)
class Figures:
    """What the home page says, counted now."""

    lots: int
    to_collect: int
    ready: int
    provided: int
    recycled: int


@dataclass(frozen=True, slots=True)
class CommuneRow:
    """A commune of the map: units to collect there, or None when it must stay secret."""

    insee: str
    name: str
    units: int | None
    holders: int


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the public directory."""

    name: str
    roles: list[str]
    commune: str


def figures() -> Figures:
    """Open lots, units to collect, ready, provided, recycled: two statements."""
    states = dict(
        session().execute(sa.select(Unit.state, sa.func.count()).group_by(Unit.state)).tuples().all()
    )
    lots = session().scalar(sa.select(sa.func.count()).select_from(Lot).where(Lot.state == "published"))
    return Figures(
        lots=lots or 0,
        to_collect=states.get("listed", 0),
        ready=states.get("ready", 0),
        provided=states.get("provided", 0),
        recycled=states.get("recycled", 0),
    )


def resource_by_commune(kind: str | None = None) -> list[CommuneRow]:
    """Units listed, by commune of their lot's site, most first; secret under three holders."""
    statement = (
        sa.select(Site.commune_insee, sa.func.count(), sa.func.count(sa.distinct(Lot.holder_id)))
        .select_from(Lot)
        .join(Site, Site.id == Lot.site_id)
        .join(
            Engagement,
            sa.and_(
                Engagement.kind == "lot", Engagement.reference == Lot.reference, Engagement.until_at.is_(None)
            ),
        )
        .join(Unit, Unit.id == Engagement.unit_id)
        .where(Lot.state == "published", Unit.state == "listed")
        .group_by(Site.commune_insee)
    )
    if kind:
        statement = statement.where(Unit.kind == kind)
    found = {insee: (units, holders) for insee, units, holders in session().execute(statement)}
    rows = []
    for commune in places.communes():
        units, holders = found.get(commune.insee, (0, 0))
        rows.append(CommuneRow(commune.insee, commune.name, _shown(units, holders), holders))
    return sorted(rows, key=lambda row: (row.holders == 0, -(row.units or 0), row.name))


def _shown(units: int, holders: int) -> int | None:
    return None if 0 < holders < FEWEST_HOLDERS else units


def directory(role: str | None = None) -> list[Entry]:
    """Verified reuse actors, holders, recipients and buyers that a visitor may read about: name and commune."""
    open_roles = ("reuse_actor",) if role is None else (role,)
    statement = (
        sa.select(Organisation.id, Organisation.name)
        .join(OrganisationRole, OrganisationRole.organisation_id == Organisation.id)
        .where(Organisation.state == "verified", OrganisationRole.role.in_(open_roles))
        .distinct()
        .order_by(Organisation.name)
    )
    found = session().execute(statement).tuples().all()
    ids = [key for key, _ in found]
    roles: dict[int, list[str]] = {}
    for row in session().scalars(sa.select(OrganisationRole).where(OrganisationRole.organisation_id.in_(ids))):
        roles.setdefault(row.organisation_id, []).append(row.role)
    communes = dict(
        session()
        .execute(
            sa.select(Site.organisation_id, Commune.name)
            .join(Commune, Commune.insee == Site.commune_insee)
            .where(Site.organisation_id.in_(ids))
            .order_by(Site.id.desc())
        )
        .tuples()
        .all()
    )
    return [Entry(name, sorted(roles.get(key, [])), communes.get(key, "")) for key, name in found]


def today() -> str:
    """The civil day the figures were counted, ISO."""
    return clock.today().isoformat()


def ready_by_kind() -> dict[str, int]:
    """Ready units open today, by kind."""
    statement = (
        sa.select(Unit.kind, sa.func.count())
        .join(Offer, Offer.unit_id == Unit.id)
        .where(Unit.state == "ready", Offer.open_from <= clock.today())
        .group_by(Unit.kind)
    )
    return dict(session().execute(statement).tuples().all())
