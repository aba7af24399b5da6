"""Which share holds: what a lot's people chose, else the charter's dated row; reads only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from reuse_market.accounts import queries as accounts
from reuse_market.kernel import clock
from reuse_market.kernel.clock import PARIS
from reuse_market.kernel.dated import in_force
from reuse_market.kernel.db import session
from reuse_market.lots.models import Lot
from reuse_market.refurbishing.models import LotShare, Offer, ShareStamp, SolidarityShare
from reuse_market.units.models import Unit
from reuse_market.units.services import criterion

CHARTER = "charter"
ANY = "*"


@dataclass(frozen=True, slots=True)
class Share:
    """So many percent kept for so many days, and by whose choice (`lot/<reference>` or `charter`)."""

    basis: str
    percent: int
    days: int


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody chose for a lot, as its page tells it."""

    organisation_id: int
    organisation: str
    holds: bool
    percent: int
    days: int
    chosen_on: date


def choices(lot: str) -> list[Choice]:
    """The choice in force of each organisation that made one for the lot; those who chose 0 are left out."""
    newest: dict[int, LotShare] = {}
    for row in session().scalars(sa.select(LotShare).where(LotShare.lot == lot).order_by(LotShare.id)):
        newest[row.organisation_id] = row
    names = accounts.names(newest)
    return [
        Choice(
            key, names.get(key, ""), row.holds, row.percent, row.days, row.chosen_at.astimezone(PARIS).date()
        )
        for key, row in newest.items()
        if row.percent
    ]


def charter(kind: str, on: date | None = None) -> Share | None:
    """The charter's share of a kind on a day; its own row before that of any kind. None: nothing is kept."""
    row = in_force(SolidarityShare, on, kind=kind) or in_force(SolidarityShare, on, kind=ANY)
    return Share(CHARTER, row.percent, row.days) if row is not None and row.percent else None


def share_of(stream: str, kind: str, seller_id: int) -> Share | None:
    """The share that holds for a unit of this stream and kind that the seller makes ready now.

    Of the lot's choices the greatest that concerns the seller (the holder's, its own); without, the charter's.
    """
    lot = stream.removeprefix("lot/")
    mine = [one for one in choices(lot) if one.holds or one.organisation_id == seller_id]
    if mine:
        best = max(mine, key=lambda one: (one.percent, one.days))
        return Share(f"lot/{lot}", best.percent, best.days)
    return charter(kind)


def counted(seller_id: int, basis: str, kind: str) -> tuple[int, int]:
    """(sum of the percents of the units counted, how many of them were kept)."""
    statement = sa.select(
        sa.func.coalesce(sa.func.sum(ShareStamp.percent), 0),
        sa.func.coalesce(sa.func.sum(sa.case((ShareStamp.kept, 1), else_=0)), 0),
    ).where(ShareStamp.seller_id == seller_id, ShareStamp.basis == basis, ShareStamp.kind == kind)
    total, kept = session().execute(statement).one()
    return int(total), int(kept)


def stamped(unit_ids: Iterable[int], seller_id: int) -> dict[tuple[int, str], ShareStamp]:
    """The stamps these units have with this seller already, by unit and basis."""
    statement = sa.select(ShareStamp).where(
        ShareStamp.unit_id.in_(sorted(unit_ids)), ShareStamp.seller_id == seller_id
    )
    return {(row.unit_id, row.basis): row for row in session().scalars(statement)}


def public_until(streams: Iterable[str]) -> dict[str, date]:
    """Stream → last day its lot is kept for public bodies, where that day has not gone by (the holder's option)."""
    lots = sorted({stream.removeprefix("lot/") for stream in streams if stream.startswith("lot/")})
    rows = session().execute(
        sa.select(Lot.reference, Lot.public_first_until).where(
            Lot.reference.in_(lots), Lot.public_first_until >= clock.today()
        )
    )
    return {f"lot/{reference}": until for reference, until in rows if until is not None}


def opens_on(unit_ids: Iterable[int]) -> date | None:
    """The last of the days on which these units open to all; None where they are, or never will."""
    statement = sa.select(sa.func.max(Offer.opens_on)).where(
        Offer.unit_id.in_(sorted(unit_ids)), Offer.opens_on > clock.today(), Offer.open_to != "all"
    )
    found: date | None = session().scalar(statement)
    return found


def lots_of(unit_ids: Iterable[int]) -> list[str]:
    """The lots these units came from."""
    statement = sa.select(Unit.stream).where(criterion(sorted(unit_ids))).distinct()
    return sorted(s.removeprefix("lot/") for s in session().scalars(statement) if s and s.startswith("lot/"))
