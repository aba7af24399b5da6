"""Figures for everybody: counts only, never an address, a holder of few, or a person."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from reuse_market.accounts.models import Organisation, OrganisationRole, Site
from reuse_market.kernel.db import session
from reuse_market.lots.models import Lot
from reuse_market.places.models import Commune
from reuse_market.traceability import log
from reuse_market.units.models import Unit


@dataclass(frozen=True, slots=True)
class Figures:
    """What the home page says, counted now.

    `collectors`: admitted reuse actors. `to_recipients`: those of `provided` that a recipient owns.
    `entry`: the size of the journal they were counted at.
    """

    lots: int
    to_collect: int
    ready: int
    provided: int
    recycled: int
    collectors: int
    to_recipients: int
    entry: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the public directory."""

    name: str
    roles: list[str]
    commune: str


def figures() -> Figures:
    """The home page's numbers, in five statements."""
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
        entry=log.entries(),
    )


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
