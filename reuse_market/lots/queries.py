"""Reads on lots: what a page needs in a constant number of statements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa

from reuse_market.accounts import queries as accounts
from reuse_market.accounts.models import Site
from reuse_market.accounts.policy import oversees
from reuse_market.equipment.models import Model
from reuse_market.equipment.names import full_name
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.dated import delay_days
from reuse_market.kernel.db import session
from reuse_market.kernel.errors import NotFound
from reuse_market.kernel.words import N_
from reuse_market.lots import policy
from reuse_market.lots.balances import Balance, balance, of_rows, place
from reuse_market.lots.board import SIZE as BOARD_SIZE
from reuse_market.lots.board import Board, BoardFilters, Card, board, communes_on_board
from reuse_market.lots.models import Lot, LotItem, LotLine
from reuse_market.units import queries as units
from reuse_market.units.models import Engagement, Unit

__all__ = [
    "BOARD_SIZE", "Balance", "Board", "BoardFilters", "Card", "LineState", "LotUnit", "OwnLot",
    "balance", "board", "by_id", "communes_on_board", "contents", "count_by_state", "count_units",
    "counted", "counted_lines", "drafts_of", "due_ids", "get", "holder_acts", "is_over", "left_by_line", "lines",
    "may_see", "may_see_place", "mine", "of_rows", "place", "place_of", "reserved_for_public_bodies", "seen",
    "takes_claims", "units_of", "whose_holder_acts",
]  # fmt: skip
GIVEN_BACK = ("released", "withdrawn", "expired")


@dataclass(frozen=True, slots=True)
class LineState:
    """A line with what became of its units."""

    line: LotLine
    declared: int
    extra: int
    left: int  # still to be claimed
    claimed: int  # awarded, not collected yet
    gone: int  # collected, whatever became of them

    @property
    def number(self) -> int:
        """The line's number in its lot."""
        return self.line.number


@dataclass(frozen=True, slots=True)
class OwnLot:
    """A lot in its holder's list."""

    lot: Lot
    declared: int
    left: int
    claimed: int


def get(reference: str) -> Lot | None:
    """The lot of that reference, whoever asks."""
    return session().scalars(sa.select(Lot).where(Lot.reference == reference)).one_or_none()


def by_id(lot_id: int) -> Lot | None:
    """The lot of that id, whoever asks."""
    return session().get(Lot, lot_id)


def seen(reference: str, actor: Actor) -> Lot:
    """The lot, for somebody who may see it; NotFound otherwise, as for one that does not exist."""
    lot = get(reference)
    if lot is None or not policy.sees(actor, lot):
        raise NotFound(N_("This lot does not exist."))
    return lot


def lines(lot_id: int) -> list[LotLine]:
    """Lines in their order."""
    return list(
        session().scalars(sa.select(LotLine).where(LotLine.lot_id == lot_id).order_by(LotLine.number))
    )


def counted_lines(lot_id: int) -> set[int]:
    """Numbers of a draft's lines that are a mere count, without fleet units."""
    has_items = sa.exists().where(LotItem.line_id == LotLine.id)
    return set(session().scalars(sa.select(LotLine.number).where(LotLine.lot_id == lot_id, ~has_items)))


def contents(lot: Lot) -> tuple[list[LineState], Balance]:
    """The lines with their counts, and the lot's balance, in two statements."""
    rows = units.outcomes("lot", lot.reference)
    found = lines(lot.id)
    counts: dict[int, dict[str, int]] = {line.number: {} for line in found}
    for row in rows:
        # An extra unit of a line nobody declared counts in the lot's balance only.
        of_line = counts.setdefault(row["line"] or 0, {})
        name = {"listed": "left", "awarded": "claimed"}.get(place(row["outcome"], row["state"]), "other")
        if row["outcome"] in ("collected", "provided"):
            name = "gone"
        of_line[name] = of_line.get(name, 0) + row["units"]
        of_line["extra"] = of_line.get("extra", 0) + (row["units"] if row["extra"] else 0)
    states = [
        LineState(
            line,
            line.declared,
            *(counts[line.number].get(name, 0) for name in ("extra", "left", "claimed", "gone")),
        )
        for line in found
    ]
    return states, of_rows(rows, sum(line.declared for line in found))


def left_by_line(reference: str) -> dict[int, int]:
    """Line number → units still listed."""
    statement = (
        sa.select(Engagement.line, sa.func.count())
        .join(Unit, Unit.id == Engagement.unit_id)
        .where(
            Engagement.kind == "lot",
            Engagement.reference == reference,
            Engagement.until_at.is_(None),
            Unit.state == "listed",
        )
        .group_by(Engagement.line)
    )
    return {line or 0: count for line, count in session().execute(statement)}


def may_see(lot: Lot, actor: Actor) -> bool:
    """Whether the lot exists for this actor."""
    return policy.sees(actor, lot)


def may_see_place(lot: Lot, actor: Actor) -> bool:
    """Exact address, contacts, serials: the holder, the overseers, an actor with an award not given back."""
    if policy.holder(actor, lot) or oversees(actor):
        return True
    if actor.organisation_id is None or lot.published_at is None:
        return False
    of_lot, award = sa.orm.aliased(Engagement), sa.orm.aliased(Engagement)
    statement = (
        sa.select(award.id)
        .join(of_lot, of_lot.unit_id == award.unit_id)
        .where(
            of_lot.kind == "lot",
            of_lot.reference == lot.reference,
            award.kind == "award",
            award.party_id == actor.organisation_id,
            award.from_at >= of_lot.from_at,
            sa.or_(of_lot.until_at.is_(None), award.from_at <= of_lot.until_at),
            sa.or_(award.outcome.is_(None), award.outcome.not_in(GIVEN_BACK)),
        )
        .limit(1)
    )
    return session().scalar(statement) is not None


def takes_claims(lot: Lot, today: date | None = None) -> bool:
    """Whether somebody may ask for units of it today (published, last day for requests not over)."""
    return (
        lot.state == "published"
        and lot.claims_until is not None
        and lot.claims_until >= (today or clock.today())
    )


def reserved_for_public_bodies(lot: Lot, today: date | None = None) -> bool:
    """Whether only public bodies may ask for it today: the holder's option, until `public_first_until`."""
    return lot.public_first_until is not None and lot.public_first_until >= (today or clock.today())


def holder_acts(lot: Lot) -> bool:
    """Whether its holder is admitted today: the lots of one suspended stand still, off the board."""
    return accounts.is_verified(lot.holder_id)


def whose_holder_acts() -> sa.ColumnElement[bool]:
    """`holder_acts` as a criterion on Lot."""
    return Lot.holder_id.in_(accounts.verified_ids())


def is_over(lot: Lot, today: date | None = None) -> bool:
    """Whether units given back return to the holder rather than to the list."""
    return not takes_claims(lot, today)


def due_ids(today: date) -> list[int]:
    """Published lots whose last day for requests (and to answer a share) is over, with listed units or nothing open."""
    answered = today - timedelta(days=delay_days("share.answer"))
    open_unit = sa.select(Engagement.id).join(Unit, Unit.id == Engagement.unit_id).where(
        Engagement.kind == "lot", Engagement.reference == Lot.reference, Engagement.until_at.is_(None)
    )  # fmt: skip
    return list(
        session().scalars(
            sa.select(Lot.id)
            .where(Lot.state == "published", Lot.claims_until < today)
            .where(sa.or_(Lot.award_mode != "at_closing", Lot.claims_until < answered))
            .where(sa.or_(open_unit.where(Unit.state == "listed").exists(), ~open_unit.exists()))
            .order_by(Lot.id)
        )
    )


def mine(holder_id: int, states: tuple[str, ...] = (), *, offset: int = 0, limit: int = 25) -> list[OwnLot]:
    """A holder's lots, the newest first, with their counts: three statements."""
    statement = (
        sa.select(Lot).where(Lot.holder_id == holder_id).order_by(Lot.id.desc()).offset(offset).limit(limit)
    )
    if states:
        statement = statement.where(Lot.state.in_(states))
    return counted(list(session().scalars(statement)))


def counted(found: list[Lot]) -> list[OwnLot]:
    """Lots with their counts: two statements."""
    declared = _declared([lot.id for lot in found])
    open_counts = _open_counts([lot.reference for lot in found])
    return [
        OwnLot(
            lot,
            declared.get(lot.id, 0),
            open_counts.get((lot.reference, "listed"), 0),
            open_counts.get((lot.reference, "awarded"), 0),
        )
        for lot in found
    ]


def count_by_state(holder_id: int) -> dict[str, int]:
    """State → how many lots of the holder."""
    statement = sa.select(Lot.state, sa.func.count()).where(Lot.holder_id == holder_id).group_by(Lot.state)
    return dict(session().execute(statement).all())


def drafts_of(holder_id: int) -> list[Lot]:
    """A holder's drafts, the newest first."""
    statement = sa.select(Lot).where(Lot.holder_id == holder_id, Lot.state == "draft").order_by(Lot.id.desc())
    return list(session().scalars(statement))


def place_of(lot: Lot) -> Site | None:
    """The lot's site. Show more than its commune only to those who may see the place."""
    return session().get(Site, lot.site_id) if lot.site_id is not None else None


@dataclass(frozen=True, slots=True)
class LotUnit:
    """A unit of a published lot, with its line, its model ("" when unknown), its outcome in the lot."""

    unit: Unit
    line: int | None
    model: str
    outcome: str | None


def units_of(lot: Lot, *, offset: int = 0, limit: int = 25) -> list[LotUnit]:
    """Units of a published lot, by line; only for those who may see the place."""
    statement = (
        sa.select(Unit, Engagement.line, Engagement.outcome, Model.maker, Model.name)
        .join(Engagement, Engagement.unit_id == Unit.id)
        .outerjoin(Model, Model.id == Unit.model_id)
        .where(Engagement.kind == "lot", Engagement.reference == lot.reference)
        .order_by(Engagement.line, Unit.id)
        .offset(offset)
        .limit(limit)
    )
    return [
        LotUnit(unit, line, full_name(maker, name), outcome)
        for unit, line, outcome, maker, name in session().execute(statement)
    ]


def count_units(lot: Lot) -> int:
    """How many units `units_of` lists in all."""
    of_lot = sa.select(sa.func.count()).where(Engagement.kind == "lot", Engagement.reference == lot.reference)
    return session().scalar(of_lot) or 0


def _declared(lot_ids: list[int]) -> dict[int, int]:
    statement = (
        sa.select(LotLine.lot_id, sa.func.sum(LotLine.declared))
        .where(LotLine.lot_id.in_(lot_ids))
        .group_by(LotLine.lot_id)
    )
    return {lot_id: int(units) for lot_id, units in session().execute(statement)}


def _open_counts(references: list[str]) -> dict[tuple[str, str], int]:
    statement = (
        sa.select(Engagement.reference, Unit.state, sa.func.count())
        .join(Unit, Unit.id == Engagement.unit_id)
        .where(Engagement.kind == "lot", Engagement.reference.in_(references), Engagement.until_at.is_(None))
        .group_by(Engagement.reference, Unit.state)
    )
    return {(reference, state): count for reference, state, count in session().execute(statement)}
