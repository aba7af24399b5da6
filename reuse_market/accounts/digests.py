"""The job that mails what is new on saved lists; only when something is, once a day or a week."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta

import sqlalchemy as sa

from reuse_market.accounts import queries, searches
from reuse_market.accounts.models import SavedSearch
from reuse_market.kernel import clock, jobs
from reuse_market.kernel.db import command, lock, session
from reuse_market.notices.services import queue

EVERY = {"daily": 1, "weekly": 7}  # days
SETTLED = timedelta(minutes=10)  # what is dated before is committed: no act lasts as long
SHOWN = 5  # new rows told in one mail; the address shows the others


def send_due() -> int:
    """Job: run the searches whose day has come. Returns how many were looked at."""
    today = clock.at_paris(clock.today())
    due = sa.or_(*(
        sa.and_(
            SavedSearch.cadence == cadence,
            sa.or_(
                SavedSearch.looked_at.is_(None), SavedSearch.looked_at < today - timedelta(days=days - 1)
            ),
            SavedSearch.made_at < today,
        )
        for cadence, days in EVERY.items()
    ))  # fmt: skip
    ids = list(session().scalars(sa.select(SavedSearch.id).where(due).order_by(SavedSearch.id)))
    return jobs.each(ids, _send, "searches.digest")


@command
def _send(search_id: int) -> None:
    """One search: a mail when something is new since the last one; a look either way, so that a day counts once."""
    found: SavedSearch | None = lock(SavedSearch, SavedSearch.id == search_id)
    today = clock.at_paris(clock.today())
    if found is None or found.cadence == "never" or (found.looked_at and found.looked_at >= today):
        return
    found.looked_at = clock.now()
    person = queries.person(found.person_id)
    actor = queries.actor_of(found.person_id, found.organisation_id)
    if person is None or actor is None or actor.organisation_id != found.organisation_id or not actor.roles:
        return  # no longer one of them, or suspended: nothing is told
    runner = searches.room(found.room)
    # Dated now but committed after this read, a row would be told by no mail: the last minutes wait for the next.
    until = max(found.told_until, clock.now() - SETTLED)
    count, rows = runner.new(searches.answers(found), found.told_until, until, actor, person.language)
    found.told_until = until
    if not count:
        return
    facts = {
        "name": found.name, "room": found.room, "count": count, "url": searches.address(found),
        "rows": [asdict(row) for row in rows[:SHOWN]],
        "more": max(0, count - SHOWN), "cadence": found.cadence,
        "stop_url": f"/recherches/arret/{found.stop_token}",
    }  # fmt: skip
    queue("search_digest", person.email, person.language, facts, about=f"search/{found.id}")
