"""The mail before 30 June: the year's declaration is due, and is one click away. Once a year."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from reuse_market.accounts import queries as accounts
from reuse_market.accounts.models import Organisation, OrganisationRole
from reuse_market.kernel import clock, jobs
from reuse_market.kernel.dated import delay_days
from reuse_market.kernel.db import command, session
from reuse_market.notices.services import queue
from reuse_market.obligations.agec import policy, queries
from reuse_market.obligations.agec.agec_models import AgecEntry, AgecReminder, AgecYear
from reuse_market.obligations.agec.categories import FIRST
from reuse_market.obligations.agec.declaration import due
from reuse_market.regimes import parties
from reuse_market.regimes import queries as regimes


def remind_due() -> int:
    """Job: from the dated delay before the deadline on, tell each bound buyer once; how many."""
    year = clock.today().year - 1
    if not due(year) - timedelta(days=delay_days("agec.remind")) <= clock.today() <= due(year):
        return 0
    told = sa.select(AgecReminder.organisation_id).where(AgecReminder.year == year)
    buyers = sa.select(OrganisationRole.organisation_id).where(OrganisationRole.role == "obliged_buyer")
    keepers = sa.union(sa.select(AgecEntry.organisation_id), sa.select(AgecYear.organisation_id))
    statement = sa.select(Organisation.id).where(
        Organisation.state == "verified",
        sa.or_(Organisation.id.in_(buyers), Organisation.id.in_(keepers)),
        Organisation.id.not_in(told),
    )
    wanted = list(session().scalars(statement.order_by(Organisation.id)))
    kinds = regimes.party_kinds(wanted)
    return jobs.each([one for one in wanted if kinds.get(one) in parties.OBLIGED], _remind, "agec.remind")


@command
def _remind(organisation_id: int) -> None:
    year = clock.today().year - 1
    if session().get(AgecReminder, (organisation_id, year)) or not policy.bound(organisation_id):
        return
    session().add(AgecReminder(organisation_id=organisation_id, year=year, sent_at=clock.now()))
    session().flush()
    standing = queries.ledger(organisation_id, year).of(FIRST)
    facts = {
        "year": year,
        "due": due(year).isoformat(),
        "rate": standing.rate,
        "target": standing.target,
        "url": f"/suivi-agec?annee={year}",
    }
    for address, language in accounts.addresses_of(organisation_id):
        queue("agec_reminder", address, language, facts, f"organisation/{organisation_id}")
