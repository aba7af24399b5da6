"""Reads of the API's lists: by key, one row more than the limit when there is more."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from reuse_market.accounts.models import Evidence, Invitation, Organisation, OrganisationRole, Site
from reuse_market.accounts.policy import oversees
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import session


def organisations(actor: Actor, *, after: int | None = None, limit: int = 25) -> list[Organisation]:
    """The actor's own organisation; every one for those who oversee."""
    statement = sa.select(Organisation).order_by(Organisation.id).limit(limit + 1)
    if not oversees(actor):
        statement = statement.where(Organisation.id == (actor.organisation_id or 0))
    if after is not None:
        statement = statement.where(Organisation.id > after)
    return list(session().scalars(statement))


def roles(organisation_ids: Sequence[int]) -> dict[int, list[str]]:
    """Organisation id → its roles, in one statement."""
    statement = sa.select(OrganisationRole.organisation_id, OrganisationRole.role).where(
        OrganisationRole.organisation_id.in_(organisation_ids)
    )
    found: dict[int, list[str]] = {}
    for organisation_id, role in session().execute(statement.order_by(OrganisationRole.role)):
        found.setdefault(organisation_id, []).append(role)
    return found


def sites(organisation_id: int, *, after: int | None = None, limit: int = 25) -> list[Site]:
    """An organisation's sites, the oldest first."""
    statement = (
        sa.select(Site).where(Site.organisation_id == organisation_id).order_by(Site.id).limit(limit + 1)
    )
    if after is not None:
        statement = statement.where(Site.id > after)
    return list(session().scalars(statement))


def invitations(organisation_id: int, *, after: int | None = None, limit: int = 25) -> list[Invitation]:
    """Its invitations neither accepted nor cancelled, the newest first."""
    statement = (
        sa.select(Invitation)
        .where(
            Invitation.organisation_id == organisation_id,
            Invitation.accepted_at.is_(None),
            Invitation.cancelled_at.is_(None),
        )
        .order_by(Invitation.id.desc())
        .limit(limit + 1)
    )
    if after is not None:
        statement = statement.where(Invitation.id < after)
    return list(session().scalars(statement))


def evidence(organisation_id: int, *, after: int | None = None, limit: int = 25) -> list[Evidence]:
    """The files it shows today, the newest first."""
    statement = (
        sa.select(Evidence)
        .where(Evidence.organisation_id == organisation_id, Evidence.withdrawn_at.is_(None))
        .order_by(Evidence.id.desc())
        .limit(limit + 1)
    )
    if after is not None:
        statement = statement.where(Evidence.id < after)
    return list(session().scalars(statement))
