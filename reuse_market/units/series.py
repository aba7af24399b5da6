"""Series of pre-printed labels: made in advance, printed as often as needed, kept by somebody."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import command, lock, session
from reuse_market.kernel.errors import Invalid, NotAllowed, NotFound
from reuse_market.kernel.references import next_reference
from reuse_market.kernel.words import N_
from reuse_market.traceability import journal
from reuse_market.units.labels import print_blank_labels
from reuse_market.units.models import Label, LabelSeries


@dataclass(frozen=True, slots=True)
class SeriesRow:
    """A series with how many of its labels are stuck on a device, and whose hands it is in."""

    series: LabelSeries
    stuck: int

    @property
    def left(self) -> int:
        """Labels still to stick."""
        return self.series.units - self.stuck


@command
def make_series(count: int, *, form: str, kept_by: str = "", actor: Actor) -> LabelSeries:
    """Issue `count` unbound labels as a series, to print on paper of format `form`.

    Refused: an organisation without devices to label (NotAllowed); a count outside 1 to 500 (Invalid).
    """
    _require(actor)
    codes = print_blank_labels(count, actor=actor)
    made = LabelSeries(
        reference=next_reference("ETQ"), organisation_id=actor.organisation_id, units=count, format=form,
        kept_by=_kept(kept_by), made_at=clock.now(), made_by=actor.person_id,
    )  # fmt: skip
    session().add(made)
    session().flush()
    for start in range(0, count, 500):
        chosen = sa.update(Label).where(Label.code.in_(codes[start : start + 500]))
        session().execute(chosen.values(series_id=made.id))
    _record("labels.made", made, actor)
    return made


@command
def hand_series(reference: str, kept_by: str, *, actor: Actor) -> LabelSeries:
    """Say who keeps a series now: a person, a van, a room."""
    _require(actor)
    found = _locked(reference, actor)
    if not kept_by.strip():
        raise Invalid(N_("Say who keeps these labels."), field="kept_by", code="labels.kept-by")
    found.kept_by = _kept(kept_by)
    _record("labels.handed", found, actor)
    return found


@command
def note_printed(reference: str, *, form: str, actor: Actor) -> LabelSeries:
    """A sheet of the series was drawn, on this format; the second time is a reprint."""
    _require(actor)
    found = _locked(reference, actor)
    found.printed, found.printed_at, found.format = found.printed + 1, clock.now(), form
    _record("labels.printed", found, actor)
    return found


def of_organisation(organisation_id: int) -> list[SeriesRow]:
    """The series of an organisation, the newest first: two statements."""
    chosen = sa.select(LabelSeries).where(LabelSeries.organisation_id == organisation_id)
    rows = list(session().scalars(chosen.order_by(LabelSeries.id.desc()).limit(200)))
    stuck = (
        sa.select(Label.series_id, sa.func.count())
        .where(Label.series_id.in_([row.id for row in rows]), Label.unit_id.is_not(None))
        .group_by(Label.series_id)
    )
    counts: dict[int | None, int] = {row[0]: row[1] for row in session().execute(stuck)}
    return [SeriesRow(row, counts.get(row.id, 0)) for row in rows]


def seen(reference: str, actor: Actor) -> LabelSeries:
    """A series of one's own organisation; NotFound otherwise."""
    found = session().scalars(sa.select(LabelSeries).where(LabelSeries.reference == reference)).one_or_none()
    if found is None or not actor.is_org(found.organisation_id):
        raise NotFound(N_("This series of labels does not exist."))
    return found


def blank_codes(series: LabelSeries) -> list[str]:
    """The codes of a series that are on no device yet, in order: those a reprint draws."""
    chosen = sa.select(Label.code).where(Label.series_id == series.id, Label.unit_id.is_(None))
    return list(session().scalars(chosen.order_by(Label.code)))


def _require(actor: Actor) -> None:
    if not actor.has("holder", "reuse_actor") or actor.organisation_id is None:
        raise NotAllowed(N_("Your organisation may not do this."), code="labels.not-allowed")


def _locked(reference: str, actor: Actor) -> LabelSeries:
    seen(reference, actor)
    found: LabelSeries = lock(LabelSeries, LabelSeries.reference == reference)
    return found


def _kept(text: str) -> str:
    return " ".join(text.split())[:120]


def _record(event: str, series: LabelSeries, actor: Actor) -> None:
    facts = {"series": series.reference, "labels": series.units}
    journal.append(journal.Act(actor), f"organisation/{series.organisation_id}", event, facts=facts)
