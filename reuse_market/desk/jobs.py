"""Telling organisations what the operator did for them: within minutes, each act once."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from reuse_market.accounts import queries as accounts
from reuse_market.claims import commitment
from reuse_market.claims.models import Claim
from reuse_market.desk import told, words
from reuse_market.desk.models import ActTold, OnBehalf
from reuse_market.kernel import clock, jobs
from reuse_market.kernel.db import command, lock, session
from reuse_market.notices.services import queue


def tell_acts() -> int:
    """Tell each organisation what was done for it since the last time; returns how many mails' worth of calls.

    An organisation without anybody to write to stays to be told: its first person will be.
    """
    return jobs.each(told.waiting(), tell, "on-behalf.tell")


@command
def tell(on_behalf_id: int) -> int:
    """One mail to each person of the organisation for the acts of one call, visit or letter; returns acts told.

    The call's row is locked and each act is marked in the same transaction: twice at once tells once.
    """
    row = lock(OnBehalf, OnBehalf.id == on_behalf_id)
    acts = told.untold(on_behalf_id)
    addresses = _addresses(row.organisation_id) if row is not None else []
    if row is None or not acts or not addresses:
        return 0
    now = clock.now()
    session().add_all(ActTold(act_id=act.act_id, on_behalf_id=row.id, told_at=now) for act in acts)
    facts = _facts(row, acts)
    for address, language in addresses:
        queue("acts_on_behalf", address, language, facts, f"on-behalf/{row.id}")
    return len(acts)


def _addresses(organisation_id: int) -> list[tuple[str, str]]:
    """The people, else the organisation's own address."""
    people = accounts.addresses_of(organisation_id)
    organisation = accounts.organisation(organisation_id)
    if people or organisation is None or not organisation.email:
        return people
    return [(organisation.email, "fr")]


def _facts(row: OnBehalf, acts: list[told.Done]) -> dict[str, Any]:
    person, operator = accounts.person(row.person_id), accounts.organisation(row.operator_id)
    organisation = accounts.organisation(row.organisation_id)
    return {
        "organisation": organisation.name if organisation else "",
        "operator": operator.name if operator else "",
        "person": person.name if person else "",
        "person_email": person.email if person else "",
        "operator_phone": (operator.phone or "") if operator else "",
        "channel": words.CHANNELS[row.channel],
        "caller": row.caller_name,
        "acts": [_told(act) for act in acts],
        "commitment": _commitment(acts),
        "url": "/compte/actes",
    }


def _told(act: told.Done) -> dict[str, str]:
    kind, _, name = act.subject.partition("/")
    return {
        "title": act.title,
        "at": act.at.isoformat(),
        "subject": name if kind == "lot" else "",
        "url": f"/lots/{name}" if kind == "lot" else "",
    }


def _commitment(acts: list[told.Done]) -> list[str]:
    """The reuse commitment ticked on the telephone, word by word: the organisation reads what binds it."""
    claims = [act.claim for act in acts if act.type == "claim.submitted" and act.claim]
    statement = sa.select(Claim.commitment_version).where(Claim.reference.in_(claims))
    versions = {version for version in session().scalars(statement) if version}
    return [point for version in sorted(versions) for point in commitment.TEXTS.get(version, ())]
