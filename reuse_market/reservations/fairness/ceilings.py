"""Ceilings: how many devices of a kind one structure may take over twelve months, and how many it has."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa

from reuse_market.accounts.models import OrganisationRole
from reuse_market.kernel import clock
from reuse_market.kernel.clock import PARIS
from reuse_market.kernel.dated import in_force
from reuse_market.kernel.db import session
from reuse_market.kernel.statements import plain
from reuse_market.reservations.models import CeilingException, Reservation, UnitCeiling
from reuse_market.reservations.returns.kept import kept_back
from reuse_market.units.models import Engagement, Unit

ROLES = ("recipient", "buyer", "obliged_buyer")
ANY = "*"
YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Room:
    """What a structure may still take of a kind: `most` over twelve months, exceptions in it, and `taken`.

    `frees_on`: the day on which the oldest device counted is older than twelve months; None when none is.
    """

    role: str
    kind: str
    most: int
    extra: int
    taken: int
    frees_on: date | None

    @property
    def left(self) -> int:
        """How many more, 0 at least."""
        return max(0, self.most + self.extra - self.taken)


def ceiling(role: str, kind: str, on: date | None = None) -> UnitCeiling | None:
    """The row in force for a role and kind: its own before that of any kind. None: no ceiling."""
    row = in_force(UnitCeiling, on, role=role, kind=kind) or in_force(UnitCeiling, on, role=role, kind=ANY)
    return row if row is not None and row.units is not None else None


def room(organisation_id: int, kind: str) -> Room | None:
    """The room of a structure for a kind: of its roles' ceilings the widest; None when one of them has none."""
    roles = [role for role in _roles(organisation_id) if role in ROLES]
    rows = [(role, ceiling(role, kind)) for role in roles]
    known = [(role, row.units) for role, row in rows if row is not None and row.units is not None]
    if not known or len(known) < len(rows):
        return None
    role, most = max(known, key=lambda one: one[1])
    taken, oldest = counted(organisation_id, kind)
    frees_on = (oldest + YEAR + timedelta(days=1)) if oldest else None
    return Room(role, kind, most, extra(organisation_id, kind), taken, frees_on)


def counted(organisation_id: int, kind: str) -> tuple[int, date | None]:
    """(devices of a kind held for or handed to a structure over twelve months, the day of the oldest)."""
    statement = (
        sa.select(sa.func.count(), sa.func.min(Reservation.placed_at))
        .select_from(Reservation)
        .join(Engagement, sa.and_(Engagement.kind == "hold", Engagement.reference == Reservation.reference))
        .join(Unit, Unit.id == Engagement.unit_id)
        .where(
            Reservation.beneficiary_id == organisation_id, Reservation.placed_at > clock.now() - YEAR,
            Unit.kind == kind, sa.or_(Engagement.outcome.is_(None), Engagement.outcome == "provided"),
            ~kept_back(),
        )
    )  # fmt: skip
    units, oldest = session().execute(statement).one()
    return int(units), oldest.astimezone(PARIS).date() if oldest else None


def extra(organisation_id: int, kind: str) -> int:
    """How many more the exceptions in force give."""
    statement = sa.select(sa.func.coalesce(sa.func.sum(CeilingException.units), 0)).where(
        CeilingException.organisation_id == organisation_id,
        CeilingException.kind == kind,
        CeilingException.until >= clock.today(),
    )
    return int(session().scalar(statement) or 0)


def stand_in_line(organisation_id: int) -> None:
    """One at a time for one structure: its roles are locked until commit, rows nothing else locks."""
    mine = sa.select(OrganisationRole.role).where(OrganisationRole.organisation_id == organisation_id)
    session().execute(mine.order_by(OrganisationRole.role).with_for_update())


def known(kinds: Iterable[str], organisation_id: int) -> bool:
    """Whether a ceiling may bear on one of these kinds: asked before anything is locked."""
    asked = {"organisation": organisation_id, "kinds": [ANY, *kinds]}
    return plain(_KNOWN, asked).scalar() is not None


def _roles(organisation_id: int) -> list[str]:
    statement = sa.select(OrganisationRole.role).where(OrganisationRole.organisation_id == organisation_id)
    return list(session().scalars(statement.order_by(OrganisationRole.role)))


_ceiling, _role = UnitCeiling.__table__.c, OrganisationRole.__table__.c
_KNOWN = (
    sa.select(_ceiling.id)
    .join(OrganisationRole.__table__, _role.role == _ceiling.role)
    .where(
        _role.organisation_id == sa.bindparam("organisation"),
        _ceiling.kind.in_(sa.bindparam("kinds", expanding=True)),
    )
    .limit(sa.literal_column("1"))
)
