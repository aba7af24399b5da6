"""Figures for everybody: counts only, never an address, a holder of few, or a person."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from reuse_market.accounts.models import Organisation, OrganisationRole, Site
from reuse_market.kernel.db import session
from reuse_market.lots.models import Lot
from reuse_market.places import queries as places
from reuse_market.places.models import Commune
from reuse_market.units.models import Engagement, Unit

FEWEST_HOLDERS = 3  # under this, a commune's figure would tell one holder's stock (theft, secrecy)


@dataclass(frozen=True, slots=True)
class Figures:
    """What the home page says, counted now.

    `collectors`: admitted reuse actors. `to_recipients`: those of `provided` that a recipient owns.
    """

    lots: int
    to_collect: int
    ready: int
    provided: int
    recycled: int
    collectors: int
    to_recipients: int


@dataclass(frozen=True, slots=True)
class CommuneRow:
    """A commune of the map: open lots, and units to collect there (None: the number must stay secret)."""

    insee: str
    name: str
    units: int | None
    lots: int

    @property
    def secret(self) -> bool:
        """Whether the number is known and kept back."""
        return self.units is None


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the public directory."""

    name: str
    roles: list[str]
    commune: str


def figures() -> Figures:
    """The home page's numbers, in four statements."""
    current = session()
    states = dict(current.execute(sa.select(Unit.state, sa.func.count()).group_by(Unit.state)).all())
    lots = sa.select(sa.func.count()).select_from(Lot).where(Lot.state == "published")
    actors = (
        sa.select(sa.func.count())
        .select_from(OrganisationRole)
        .join(Organisation, Organisation.id == OrganisationRole.organisation_id)
        .where(OrganisationRole.role == "reuse_actor", Organisation.state == "verified")
    )
    given = (
        sa.select(sa.func.count())
        .select_from(Unit)
        .join(OrganisationRole, OrganisationRole.organisation_id == Unit.owner_id)
        .where(Unit.state == "provided", OrganisationRole.role == "recipient")
    )
    return Figures(
        lots=current.scalar(lots) or 0,
        to_collect=states.get("listed", 0),
        ready=states.get("ready", 0),
        provided=states.get("provided", 0),
        recycled=states.get("recycled", 0),
        collectors=current.scalar(actors) or 0,
        to_recipients=current.scalar(given) or 0,
    )


def resource_by_commune(kind: str | None = None) -> list[CommuneRow]:
    """Units listed, by commune of their lot's site, most first; the number is secret under three holders."""
    statement = (
        sa.select(
            Site.commune_insee,
            sa.func.count(),
            sa.func.count(sa.distinct(Lot.holder_id)),
            sa.func.count(sa.distinct(Lot.id)),
        )
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
    found = {insee: (units, holders, lots) for insee, units, holders, lots in session().execute(statement)}
    rows = []
    for commune in places.communes():
        units, holders, lots = found.get(commune.insee, (0, 0, 0))
        rows.append(CommuneRow(commune.insee, commune.name, _shown(units, holders), lots))
    return sorted(rows, key=lambda row: (row.lots == 0, -(row.units or 0), row.name))


def _shown(units: int, holders: int) -> int | None:
    return None if 0 < holders < FEWEST_HOLDERS else units


def directory() -> list[Entry]:
    """The admitted reuse actors by name, with their roles and commune. Holders are never listed (theft)."""
    statement = (
        sa.select(Organisation.id, Organisation.name)
        .join(OrganisationRole, OrganisationRole.organisation_id == Organisation.id)
        .where(Organisation.state == "verified", OrganisationRole.role == "reuse_actor")
        .order_by(Organisation.name, Organisation.id)
    )
    found = session().execute(statement).all()
    ids = [key for key, _ in found]
    roles: dict[int, list[str]] = {}
    held = sa.select(OrganisationRole).where(OrganisationRole.organisation_id.in_(ids))
    for row in session().scalars(held):
        roles.setdefault(row.organisation_id, []).append(row.role)
    first_site = (
        sa.select(Site.organisation_id, Commune.name)
        .join(Commune, Commune.insee == Site.commune_insee)
        .where(Site.organisation_id.in_(ids))
        .order_by(Site.id.desc())
    )
    communes = dict(session().execute(first_site).all())
    return [Entry(name, sorted(roles.get(key, [])), communes.get(key, "")) for key, name in found]
