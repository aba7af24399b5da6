"""A list of erasures waits for its validator: written to those who may sign it, and once more after a delay."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from reuse_market.accounts import queries as accounts
from reuse_market.erasure import seconding
from reuse_market.erasure.models import ErasureCheck
from reuse_market.kernel import clock, jobs
from reuse_market.kernel.dated import delay_days
from reuse_market.kernel.db import command, lock, session
from reuse_market.notices.services import queue

REMIND = "erasure-check.remind"


def check_waits(check: ErasureCheck, *, again: bool = False) -> None:
    """Ask the people who may sign, of its organisation and of the holder who asks for it; not who erased."""
    listed = [one.certificate for one in seconding.lines(check.id)]
    asked = seconding.demand_of(check.stream)
    parties = dict.fromkeys((check.organisation_id, *((asked.organisation_id,) if asked else ())))
    facts = {
        "lot_ref": check.stream.partition("/")[2], "certificates": len(listed), "again": again,
        "url": f"/effacements/controles/{check.id}",
    }  # fmt: skip
    written: set[str] = set()
    for organisation_id in parties:
        for address, language in accounts.addresses_of(organisation_id):
            person = accounts.person_by_email(address)
            reader = accounts.actor_of(person.id, organisation_id) if person is not None else None
            may = reader is not None and reader.commits and not seconding.own_work(reader, listed)
            if may and address not in written:
                written.add(address)
                queue("erasure_check_waits", address, language, facts, f"erasure-check/{check.id}")


def remind_due() -> int:
    """Job: one reminder for lists nobody has signed within the delay; how many."""
    late = clock.now() - timedelta(days=delay_days(REMIND))
    due = sa.select(ErasureCheck.id).where(
        ErasureCheck.signed_at.is_(None), ErasureCheck.made_at < late, ErasureCheck.reminded_at.is_(None)
    )
    return jobs.each(list(session().scalars(due)), _remind, "erasure-checks.remind")


@command
def _remind(check_id: int) -> None:
    found: ErasureCheck | None = lock(ErasureCheck, ErasureCheck.id == check_id)
    if found is not None and found.signed_at is None and found.reminded_at is None:
        found.reminded_at = clock.now()
        check_waits(found, again=True)
