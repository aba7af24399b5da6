"""Reads for the pages and the API: the table of a proposal, and what a claimant reads of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from reuse_market.accounts import queries as accounts
from reuse_market.claims.models import Claim, Share, ShareClaim, ShareLine
from reuse_market.claims.sharing import lifecycle, mails
from reuse_market.claims.sharing.accepting import NO_SHARE, cell_name
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import session
from reuse_market.kernel.errors import NotFound
from reuse_market.lots import queries as lots
from reuse_market.lots.models import Lot


@dataclass(frozen=True, slots=True)
class Cell:
    """So many units of a line for a claim: asked, proposed, final once accepted. `may`: it is eligible on it."""

    claim: str
    line: int
    asked: int
    units: int
    final: int | None
    may: bool

    @property
    def name(self) -> str:
        """Its field in the form."""
        return cell_name(self.claim, self.line)


@dataclass(frozen=True, slots=True)
class Column:
    """A claim in the table, with what its sentence is made of (mails.why)."""

    claim: str
    claimant: str
    minimum: int | None
    why: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the lot and its cells, in the order of the columns; None where nothing is asked."""

    number: int
    label: str
    left: int
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A proposal as its table. `may_accept`: this reader answers it now."""

    share: Share
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    may_accept: bool

    @property
    def cells(self) -> list[Cell]:
        """All the cells."""
        return [cell for row in self.rows for cell in row.cells if cell is not None]


def latest(lot_id: int) -> Share | None:
    """The last proposal made for a lot, or None."""
    return session().scalars(
        sa.select(Share).where(Share.lot_id == lot_id).order_by(Share.id.desc()).limit(1)
    ).first()  # fmt: skip


def latest_of(found: Sequence[Lot]) -> dict[int, Share]:
    """Lot id → its last proposal, for those that have one."""
    last = sa.select(sa.func.max(Share.id)).where(Share.lot_id.in_([lot.id for lot in found]))
    rows = session().scalars(sa.select(Share).where(Share.id.in_(last.group_by(Share.lot_id))))
    return {share.lot_id: share for share in rows}


def may_accept(share: Share | None, actor: Actor) -> bool:
    """Whether a proposal waits for this actor's answer."""
    return share is not None and "accept" in lifecycle.FLOW.offered(share, actor)


def seen(lot: Lot, actor: Actor) -> Table:
    """The table of a lot's last proposal; NotFound for who may not see all of it."""
    share = latest(lot.id)
    if share is None or not lifecycle.sees_all(actor, share):
        raise NotFound(NO_SHARE)
    found = session().execute(
        sa.select(ShareClaim, Claim)
        .join(Claim, Claim.id == ShareClaim.claim_id)
        .where(ShareClaim.share_id == share.id)
        .order_by(Claim.id)
    ).all()  # fmt: skip
    names = accounts.names(claim.organisation_id for _told, claim in found)
    columns = tuple(
        Column(claim.reference, names.get(claim.organisation_id, ""), claim.minimum, mails.why(share, told))
        for told, claim in found
    )
    references = {claim.id: claim.reference for _told, claim in found}
    cells = {
        (references[one.claim_id], one.line): Cell(references[one.claim_id], one.line, one.asked, one.units,
                                                   one.final, one.may)
        for one in session().scalars(sa.select(ShareLine).where(ShareLine.share_id == share.id))
    }  # fmt: skip
    left = lots.left_by_line(lot.reference)
    rows = tuple(
        Row(line.number, line.label, left.get(line.number, 0),
            tuple(cells.get((column.claim, line.number)) for column in columns))
        for line in lots.lines(lot.id)
    )  # fmt: skip
    return Table(share, columns, rows, "accept" in lifecycle.FLOW.offered(share, actor))


def told_of(claim: Claim) -> dict[str, Any] | None:
    """What a claimant reads of the share once it is accepted: what its sentence is made of; else None."""
    row = session().execute(
        sa.select(Share, ShareClaim)
        .join(ShareClaim, ShareClaim.share_id == Share.id)
        .where(ShareClaim.claim_id == claim.id, Share.state == "accepted")
    ).first()  # fmt: skip
    return mails.why(*row) if row else None
