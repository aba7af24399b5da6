"""Who changed what: the journal with the persons who are not forgotten, narrowed to a stream or an organisation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from reuse_market.accounts import queries as accounts
from reuse_market.kernel.db import session
from reuse_market.kernel.errors import NotFound
from reuse_market.kernel.words import N_
from reuse_market.proofs.wording import title
from reuse_market.traceability import queries as journal
from reuse_market.traceability.log_models import LogEntry
from reuse_market.traceability.models import Event


@dataclass(frozen=True, slots=True)
class Change:
    """An event: when, where, what (a msgid), who for whom. `person` is None for a job, "" once forgotten."""

    id: int
    uid: str
    position: int | None
    at: datetime
    stream: str
    title: str
    organisation_id: int | None
    organisation: str
    person: str | None
    via: str


def listed(
    *, stream: str = "", organisation_id: int | None = None, before: int | None = None, limit: int = 25
) -> list[Change]:
    """The journal, the latest first, `limit` events below the id `before`."""
    statement = (
        sa.select(Event, LogEntry.position)
        .outerjoin(LogEntry, LogEntry.event_id == Event.id)
        .order_by(Event.id.desc())
        .limit(limit)
    )
    if stream:
        statement = statement.where(Event.stream == stream)
    if organisation_id is not None:
        statement = statement.where(Event.organisation_id == organisation_id)
    if before is not None:
        statement = statement.where(Event.id < before)
    return _told([(event, position) for event, position in session().execute(statement)])


def event(uid: str) -> Event:
    """Any event of the journal. NotFound when there is none."""
    found = session().scalars(sa.select(Event).where(Event.uid == uid[:32])).one_or_none()
    if found is None:
        raise NotFound(N_("This event does not exist."))
    return found


def _told(rows: Sequence[tuple[Event, int | None]]) -> list[Change]:
    events = [event for event, _position in rows]
    persons = journal.persons_of([event.id for event in events])
    people = accounts.person_names(persons.values())
    names = accounts.names({event.organisation_id for event in events})
    return [
        Change(
            event.id, event.uid, position, event.recorded_at, event.stream, title(event.type),
            event.organisation_id, names.get(event.organisation_id or 0, ""),
            _person(event, persons, people), event.via,
        )
        for event, position in rows
    ]  # fmt: skip


def _person(event: Event, persons: dict[int, int], people: dict[int, str]) -> str | None:
    """The name; "" when the journal named somebody who is forgotten since; None when nobody did it."""
    if event.id in persons:
        return people.get(persons[event.id], "")
    return "" if "person" in journal.body(event)["commitments"] else None
