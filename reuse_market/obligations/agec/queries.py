"""Reads: the year of an organisation by category, line by line, and what its declaration would say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from reuse_market.accounts import queries as accounts
from reuse_market.accounts.models import Organisation, OrganisationRole
from reuse_market.kernel import clock
from reuse_market.kernel.db import session
from reuse_market.obligations.agec import here
from reuse_market.obligations.agec.agec_models import AMOUNTS, AgecEntry, AgecImport, AgecYear
from reuse_market.obligations.agec.categories import CODES, FIRST
from reuse_market.obligations.agec.declaration import SIRET, Declared
from reuse_market.obligations.agec.here import Line
from reuse_market.regimes import parties
from reuse_market.regimes import queries as regimes


@dataclass(frozen=True, slots=True)
class Standing:
    """A category in a year. Cents before tax; `total_cents` None: nobody has said what was spent in all.

    `target`: thousandths asked of that year, None: not provided. `typed`: the two figures stand in for lines.
    """

    year: int
    category: str
    target: int | None
    total_cents: int | None
    reused_cents: int
    gift_cents: int
    recycled_cents: int
    here_cents: int  # bought here and counted: part of `reused_cents`
    lines_cents: int | None  # what the lines would say, where two figures were typed
    figures: AgecYear | None

    @property
    def counted_cents(self) -> int:
        """What the rate counts: reused purchases, and gifts of the State's platform at their flat value."""
        return self.reused_cents + self.gift_cents

    @property
    def rate(self) -> int | None:
        """Thousandths, rounded down (19.96 % has not reached 20 %); None: not known."""
        if not self.total_cents or self.total_cents < 0:
            return None
        return self.counted_cents * 1000 // self.total_cents

    @property
    def missing_cents(self) -> int | None:
        """Reused purchases missing within the same total; 0 when reached, None when not known."""
        if self.target is None or self.rate is None or self.total_cents is None:
            return None
        return max(0, -(-self.target * self.total_cents // 1000) - self.counted_cents)

    @property
    def on_top_cents(self) -> int | None:
        """The same when what is bought comes on top of the total: both sides of the fraction grow."""
        missing = self.missing_cents
        if missing is None or self.target is None or self.target >= 1000:
            return None
        return -(-missing * 1000 // (1000 - self.target))

    @property
    def reached(self) -> bool:
        """Whether the year's share is reached."""
        return self.missing_cents == 0

    @property
    def excessive(self) -> bool:
        """More counted than spent: a figure is wrong somewhere."""
        return self.total_cents is not None and self.counted_cents > self.total_cents


@dataclass(frozen=True, slots=True)
class Ledger:
    """A year of an organisation: its categories in play, and the lines of what was bought here."""

    organisation_id: int
    year: int
    standings: tuple[Standing, ...]
    lines: tuple[Line, ...]

    def of(self, category: str) -> Standing:
        """One category, in play or not."""
        found = next((one for one in self.standings if one.category == category), None)
        return found or _standing(self.year, category, None, (), ())


def target(category: str, year: int) -> int | None:
    """The share asked of a calendar year: the row in force at its end."""
    return regimes.agec_rate(category, date(year, 12, 31))


def ledger(organisation_id: int, year: int) -> Ledger:
    """The whole year; about fifteen statements, however many lines."""
    lines = here.lines(organisation_id, year)
    sums, figures = _sums(organisation_id, year), _figures(organisation_id, year)
    in_play = {FIRST} | set(sums) | set(figures) | {line.category for line in lines if line.category}
    standings = [
        _standing(
            year,
            code,
            figures.get(code),
            sums.get(code, ()),
            [line for line in lines if line.category == code],
        )
        for code in CODES
        if code in in_play
    ]
    return Ledger(organisation_id, year, tuple(standings), tuple(lines))


def _standing(
    year: int, category: str, typed: AgecYear | None, sums: Sequence[int], lines: Sequence[Line]
) -> Standing:
    spent = sum(line.net_cents for line in lines if line.spent)
    counted = sum(line.net_cents for line in lines if line.counted)
    amount, reused, recycled, gift = sums or (0, 0, 0, 0)
    by_lines = spent + amount if sums else None
    total = typed.total_cents if typed else by_lines
    elsewhere = typed.reused_cents if typed else reused
    return Standing(
        year=year, category=category, target=target(category, year), total_cents=total,
        reused_cents=counted + elsewhere, gift_cents=gift, recycled_cents=recycled, here_cents=counted,
        lines_cents=by_lines if typed else None, figures=typed,
    )  # fmt: skip


def _sums(organisation_id: int, year: int) -> dict[str, tuple[int, ...]]:
    columns = [sa.func.sum(getattr(AgecEntry, name)) for name in AMOUNTS]
    statement = sa.select(AgecEntry.category, *columns).where(*_mine(organisation_id, year))
    rows = session().execute(statement.group_by(AgecEntry.category))
    return {row[0]: tuple(int(cents) for cents in row[1:]) for row in rows}


def _figures(organisation_id: int, year: int) -> dict[str, AgecYear]:
    statement = sa.select(AgecYear).where(AgecYear.organisation_id == organisation_id, AgecYear.year == year)
    return {row.category: row for row in session().scalars(statement)}


def _mine(organisation_id: int, year: int) -> list[sa.ColumnElement[bool]]:
    return [
        AgecEntry.organisation_id == organisation_id, AgecEntry.year == year, AgecEntry.removed_at.is_(None)
    ]  # fmt: skip


def count(organisation_id: int, year: int) -> int:
    """How many lines of spend made elsewhere the year has."""
    return session().scalar(sa.select(sa.func.count()).where(*_mine(organisation_id, year))) or 0


def entries(
    organisation_id: int, year: int, *, limit: int | None = 25, offset: int = 0, after: int | None = None
) -> list[AgecEntry]:
    """Lines of spend made elsewhere, the newest first; by id where `after` is a cursor."""
    statement = sa.select(AgecEntry).where(*_mine(organisation_id, year)).order_by(AgecEntry.id.desc())
    if after is not None:
        statement = statement.where(AgecEntry.id < after)
    return list(session().scalars(statement.limit(limit).offset(offset)))


def entry(entry_id: int, organisation_id: int) -> AgecEntry | None:
    """A line of this organisation's ledger, taken away or not."""
    found = session().get(AgecEntry, entry_id)
    return found if found is not None and found.organisation_id == organisation_id else None


def years(organisation_id: int) -> list[int]:
    """The years to choose from: those with lines, the last two, newest first."""
    today = clock.today().year
    kept = session().scalars(
        sa.select(AgecEntry.year).where(AgecEntry.organisation_id == organisation_id).distinct()
    )
    typed = session().scalars(sa.select(AgecYear.year).where(AgecYear.organisation_id == organisation_id))
    return sorted({today, today - 1, *kept, *typed}, reverse=True)


def _keepers() -> sa.ColumnElement[bool]:
    """Those that buy as a public buyer or keep a ledger; whether the law binds each is asked of regimes."""
    buyers = sa.select(OrganisationRole.organisation_id).where(OrganisationRole.role == "obliged_buyer")
    kept = sa.union(sa.select(AgecEntry.organisation_id), sa.select(AgecYear.organisation_id))
    return sa.and_(Organisation.state == "verified",
                   sa.or_(Organisation.id.in_(buyers), Organisation.id.in_(kept)))  # fmt: skip


def keepers_count() -> int:
    """How many organisations the overseers' list has."""
    return session().scalar(sa.select(sa.func.count(Organisation.id)).where(_keepers())) or 0


def keepers(year: int, *, limit: int, offset: int) -> list[tuple[Organisation, bool, int, int]]:
    """(organisation, bound by law, lines of the year, categories told in two figures), by name."""
    lines = sa.select(sa.func.count()).where(
        AgecEntry.organisation_id == Organisation.id, AgecEntry.year == year, AgecEntry.removed_at.is_(None)
    )
    typed = sa.select(sa.func.count()).where(
        AgecYear.organisation_id == Organisation.id, AgecYear.year == year
    )
    statement = (
        sa.select(Organisation, lines.scalar_subquery(), typed.scalar_subquery()).where(_keepers())
        .order_by(Organisation.name, Organisation.id).limit(limit).offset(offset)
    )  # fmt: skip
    rows = session().execute(statement).all()
    kinds = regimes.party_kinds([row[0].id for row in rows])
    return [(found, kinds.get(found.id) in parties.OBLIGED, many, two) for found, many, two in rows]


def imports(organisation_id: int) -> list[AgecImport]:
    """Files read and not taken in yet, the newest first."""
    statement = sa.select(AgecImport).where(
        AgecImport.organisation_id == organisation_id, AgecImport.applied_at.is_(None)
    )
    return list(session().scalars(statement.order_by(AgecImport.id.desc()).limit(5)))


def declared(found: Ledger) -> tuple[list[Declared], list[tuple[str, str]]]:
    """(rows, faults): the declaration, or why it cannot be made: codes of wording.FAULTS with a category."""
    organisation = accounts.organisation(found.organisation_id)
    siret = (organisation.siret or "") if organisation else ""
    faults = [] if SIRET.fullmatch(siret) else [("siret", "")]
    known: dict[str, Standing] = {}
    missing: dict[str, str] = defaultdict(str)
    for one in found.standings:
        if one.total_cents is not None and (one.total_cents or one.counted_cents or one.recycled_cents):
            known[one.category] = one
        elif one.total_cents is None and one.here_cents:
            missing[one.category] = "total"
        if (one.total_cents or 0) < 0 or one.reused_cents < 0:
            missing[one.category] = "negative"
    faults += [(code, category) for category, code in missing.items()]
    if not known and not missing:
        faults.append(("empty", ""))
    if faults or organisation is None:
        return [], faults
    rows = [
        Declared(found.year, siret, organisation.name, one.category, one.total_cents or 0, one.reused_cents,
                 one.gift_cents, one.recycled_cents)
        for one in known.values()
    ]  # fmt: skip
    return rows, []


def excessive(found: Ledger) -> list[str]:
    """Categories where more is counted than spent: said before declaring, never corrected by us."""
    return [one.category for one in found.standings if one.excessive]
