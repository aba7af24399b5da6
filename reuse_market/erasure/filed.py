"""Reads on reports dropped in one go, for pages and programs; and what is told of a drop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from reuse_market.erasure.dropping import NO_REPORT, Received
from reuse_market.erasure.models import ErasureCertificate, ErasureReport, ReportEntry, StorageMedium
from reuse_market.erasure.reading.stated import Stated, of
from reuse_market.erasure.report_models import ASIDE, NOT_WAITING
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import session
from reuse_market.kernel.errors import Invalid, NotFound
from reuse_market.kernel.words import N_
from reuse_market.units import codes
from reuse_market.units.models import Label, Unit

MOST_WAITING = 10  # lines shown on the page of all reports


@dataclass(frozen=True, slots=True)
class Row:
    """A report in the list: how many media it names, how many are recorded, how many wait."""

    report: ErasureReport
    media: int
    recorded: int
    waiting: int


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a report: what it states, and its device once recorded."""

    entry: ReportEntry
    stated: Stated
    unit: Unit | None

    @property
    def recorded(self) -> bool:
        """Whether it is a certificate."""
        return self.entry.certificate_id is not None

    @property
    def aside(self) -> bool:
        """Whether somebody said that it waits for no device."""
        return self.entry.left in ASIDE

    @property
    def waits(self) -> bool:
        """Whether it waits for its device."""
        return not self.recorded and self.entry.left not in NOT_WAITING


def count(organisation_id: int) -> int:
    """How many reports an organisation has dropped."""
    statement = sa.select(sa.func.count()).select_from(ErasureReport)
    return session().scalar(statement.where(ErasureReport.organisation_id == organisation_id)) or 0


def rows(organisation_id: int, limit: int, offset: int = 0, *, after: int | None = None) -> list[Row]:
    """An organisation's reports, the newest first."""
    recorded = sa.func.count(ReportEntry.certificate_id)
    left = sa.func.count(ReportEntry.left).filter(ReportEntry.left.not_in(NOT_WAITING))
    statement = (
        sa.select(ErasureReport, sa.func.count(ReportEntry.id), recorded, left)
        .outerjoin(ReportEntry, ReportEntry.report_id == ErasureReport.id)
        .where(ErasureReport.organisation_id == organisation_id)
        .group_by(ErasureReport.id)
        .order_by(ErasureReport.id.desc())
    )
    if after is not None:
        statement = statement.where(ErasureReport.id < after)
    return [Row(*row) for row in session().execute(statement.limit(limit).offset(offset))]


def report(report_id: int, actor: Actor) -> ErasureReport | None:
    """A report, for who dropped it."""
    found = session().get(ErasureReport, report_id)
    return found if found is not None and actor.is_org(found.organisation_id) else None


def lines(report_id: int) -> list[Line]:
    """The lines of a report, those that wait first."""
    statement = _lines().where(ReportEntry.report_id == report_id)
    waiting = sa.case(
        (ReportEntry.certificate_id.is_not(None), 1), (ReportEntry.left.in_(NOT_WAITING), 1), else_=0
    )
    found = session().execute(statement.order_by(waiting, ReportEntry.number))
    return [Line(entry, of(entry.stated), unit) for entry, unit in found]


def waiting(organisation_id: int) -> list[Line]:
    """The newest lines of all reports that became no certificate."""
    statement = _waiting(_lines(), organisation_id).order_by(ReportEntry.id.desc()).limit(MOST_WAITING)
    return [Line(entry, of(entry.stated), unit) for entry, unit in session().execute(statement)]


def count_waiting(organisation_id: int) -> int:
    """How many lines of all reports became no certificate."""
    return session().scalar(_waiting(sa.select(sa.func.count(ReportEntry.id)), organisation_id)) or 0


def _waiting(statement: Any, organisation_id: int) -> Any:
    return (
        statement.join(ErasureReport, ErasureReport.id == ReportEntry.report_id)
        .where(ErasureReport.organisation_id == organisation_id, ReportEntry.certificate_id.is_(None))
        .where(ReportEntry.left.not_in(NOT_WAITING))
    )


def entry(entry_id: int, organisation_id: int) -> ReportEntry:
    """A line of one's own report. NotFound otherwise."""
    found = session().get(ReportEntry, entry_id)
    whose = session().get(ErasureReport, found.report_id) if found is not None else None
    if found is None or whose is None or whose.organisation_id != organisation_id:
        raise NotFound(NO_REPORT)
    return found


def numbered(report_id: int, number: int, organisation_id: int) -> ReportEntry:
    """A line by its number in one's own report. NotFound otherwise."""
    statement = sa.select(ReportEntry.id).where(
        ReportEntry.report_id == report_id, ReportEntry.number == number
    )
    return entry(session().scalar(statement) or 0, organisation_id)


def units_of(organisation_id: int, typed: str) -> list[int]:
    """Devices an organisation keeps that bear this code, serial number or asset tag."""
    ours = Unit.custodian_id == organisation_id
    code = codes.normalise(typed)
    if codes.is_code(code):
        labelled = sa.select(Unit.id).join(Label, Label.unit_id == Unit.id).where(Label.code == code, ours)
        if found := list(session().scalars(labelled)):
            return found
    columns = [sa.func.replace(sa.func.upper(one), " ", "") for one in (Unit.serial, Unit.asset_tag)]
    for plain in codes.serials(typed):
        statement = sa.select(Unit.id).where(ours, sa.or_(*(column == plain for column in columns)))
        if found := list(session().scalars(statement.order_by(Unit.id).limit(5))):
            return found
    return []


def not_one(ids: Sequence[int]) -> Invalid:
    """The refusal of a code that names no device, or several."""
    text = (
        N_("Several devices answer to this code: type the one on their label.")
        if ids
        else N_("No device with you has this code. Check it, or type the serial number.")
    )
    return Invalid(text, field="code")


def totals(told: Sequence[Received]) -> tuple[int, int]:
    """(certificates recorded, lines that wait) of the reports that are new in a drop."""
    fresh = [one.report.id for one in told if one.report is not None and not one.again]
    statement = sa.select(
        sa.func.count(ReportEntry.certificate_id),
        sa.func.count(ReportEntry.id).filter(
            ReportEntry.certificate_id.is_(None), ReportEntry.left.not_in(NOT_WAITING)
        ),
    ).where(ReportEntry.report_id.in_(fresh))
    recorded, left = session().execute(statement).one()
    return recorded, left


def _lines() -> Any:
    return (
        sa.select(ReportEntry, Unit)
        .outerjoin(ErasureCertificate, ErasureCertificate.id == ReportEntry.certificate_id)
        .outerjoin(StorageMedium, StorageMedium.id == ErasureCertificate.medium_id)
        .outerjoin(Unit, Unit.id == StorageMedium.unit_id)
    )
