"""Keeping the stock on 1 January of each public holder: once a year, and again when the journal says more."""

from __future__ import annotations

import sqlalchemy as sa

from reuse_market.accounts.models import Organisation, OrganisationRole
from reuse_market.fleets import decisions, january
from reuse_market.fleets.models import JanuaryKind, JanuaryStock
from reuse_market.kernel import clock, jobs
from reuse_market.kernel.actor import SYSTEM, Actor
from reuse_market.kernel.db import command, session
from reuse_market.kernel.errors import Invalid, NotAllowed
from reuse_market.kernel.words import N_
from reuse_market.traceability import journal


@command
def keep_stock(holder_id: int, year: int, *, actor: Actor) -> JanuaryStock:
    """Write down what a public holder had discarded and kept on 1 January, counted again from the journal.

    Safe to repeat: what an act recorded later has changed replaces what was kept, and the journal tells both.
    Refused: a year to come, a holder that is no public person (NotAllowed), somebody else's.
    """
    day = january.day_of(year)
    if day > clock.today():
        raise Invalid(N_("This year has not begun."), field="year")
    mine = actor.via == "system" or (actor.has("holder") and actor.is_org(holder_id))
    if not mine or not decisions.must_decide(holder_id):
        raise NotAllowed(N_("The stock on 1 January is kept for public bodies."), code="fleet.stock")
    counts = january.at(holder_id, clock.at_paris(day))
    units = sum(number for number, _old in counts.values())
    of_day = sa.select(JanuaryStock).where(JanuaryStock.organisation_id == holder_id, JanuaryStock.day == day)
    kept = session().scalars(of_day.with_for_update()).one_or_none()
    if kept is not None and _same(kept, counts):
        return kept
    event = "stock.kept" if kept is None else "stock.corrected"
    if kept is None:
        kept = JanuaryStock(organisation_id=holder_id, day=day, units=units, made_at=clock.now())
        session().add(kept)
    kept.units, kept.made_at = units, clock.now()
    session().flush()
    session().execute(sa.delete(JanuaryKind).where(JanuaryKind.stock_id == kept.id))
    for kind, (number, old) in counts.items():
        session().add(JanuaryKind(stock_id=kept.id, kind=kind, units=number, over_ten=old))
    session().flush()
    facts = {"day": day.isoformat(), "units": units, "kinds": {k: list(pair) for k, pair in counts.items()}}
    journal.append(journal.Act(actor), f"fleet/{holder_id}", event, facts=facts)
    return kept


def keep_due_stocks() -> int:
    """Job: the present year's stock of each public holder that has none yet. How many were written."""
    year = clock.today().year
    kept = sa.select(JanuaryStock.organisation_id).where(JanuaryStock.day == january.day_of(year))
    holders = (
        sa.select(Organisation.id)
        .join(OrganisationRole, OrganisationRole.organisation_id == Organisation.id)
        .where(OrganisationRole.role == "holder", Organisation.state == "verified")
        .where(Organisation.id.not_in(kept))
        .order_by(Organisation.id)
    )
    due = [one for one in session().scalars(holders) if decisions.must_decide(one)]
    return jobs.each(due, lambda one: keep_stock(one, year, actor=SYSTEM), "stock on 1 January")


def _same(kept: JanuaryStock, counts: january.Counts) -> bool:
    rows = session().scalars(sa.select(JanuaryKind).where(JanuaryKind.stock_id == kept.id))
    return {row.kind: (row.units, row.over_ten) for row in rows} == counts
