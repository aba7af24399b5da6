"""What the operator did for an organisation: the list its people read, and what they were not told yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from reuse_market.accounts import queries as accounts
from reuse_market.desk.models import ActTold, OnBehalf
from reuse_market.kernel.db import session
from reuse_market.proofs.wording import title
from reuse_market.traceability import queries as journal
from reuse_market.traceability.models import Event, EventCommitment

SILENT = ("organisation.on-behalf-started", "organisation.on-behalf-ended")  # no act of the organisation
MOST = 100


@dataclass(frozen=True, slots=True)
class Done:
    """One act done for an organisation: `title` is a msgid, `subject` its stream (lot/LOT-2026-0001)."""

    act_id: str
    type: str
    title: str
    subject: str
    at: datetime
    on_behalf_id: int | None
    claim: str | None
    channel: str = ""
    caller: str = ""
    person: str = ""


def waiting() -> list[int]:
    """Ids of the calls, visits and letters with acts that the organisation has not been told."""
    statement = (
        sa.select(EventCommitment.value)
        .join(Event, Event.id == EventCommitment.event_id)
        .where(EventCommitment.name == "on_behalf", *_acts(), ~_is_told())
        .distinct()
    )
    return sorted(int(value) for value in session().scalars(statement))


def untold(on_behalf_id: int) -> list[Done]:
    """Acts of one of them that nobody was told, oldest first, one line an act."""
    statement = (
        sa.select(Event, EventCommitment.value)
        .join(EventCommitment, EventCommitment.event_id == Event.id)
        .where(
            EventCommitment.name == "on_behalf",
            EventCommitment.value == str(on_behalf_id),
            *_acts(),
            ~_is_told(),
        )
        .order_by(Event.id)
    )
    return _one_each([(event, int(value)) for event, value in session().execute(statement)])


def done_for(organisation_id: int) -> list[Done]:
    """The newest acts done for an organisation, at most 100 events, with who did them and why."""
    statement = (
        sa.select(Event, EventCommitment.value)
        .outerjoin(
            EventCommitment,
            sa.and_(EventCommitment.event_id == Event.id, EventCommitment.name == "on_behalf"),
        )
        .where(Event.organisation_id == organisation_id, *_acts())
        .order_by(Event.id.desc())
        .limit(MOST)
    )
    rows = [(event, int(value) if value else None) for event, value in session().execute(statement)]
    return [_explained(done) for done in reversed(_one_each(rows[::-1]))]


def _acts() -> tuple[sa.ColumnElement[bool], ...]:
    return Event.via == sa.literal_column("'operator'"), Event.type.not_in(SILENT)


def _is_told() -> sa.ColumnElement[bool]:
    return sa.exists().where(ActTold.act_id == Event.act_id)


def _one_each(rows: Sequence[tuple[Event, int | None]]) -> list[Done]:
    """The last event of each act names it: `pickup.done` rather than each of its parts."""
    found: dict[str, Done] = {}
    for event, on_behalf_id in rows:
        facts = journal.body(event)["facts"]
        found[event.act_id] = Done(
            event.act_id, event.type, title(event.type), event.stream, event.recorded_at, on_behalf_id,
            facts.get("claim"),
        )  # fmt: skip
    return list(found.values())


def _explained(done: Done) -> Done:
    row = session().get(OnBehalf, done.on_behalf_id) if done.on_behalf_id else None
    if row is None:
        return done
    person = accounts.person(row.person_id)
    return Done(
        done.act_id, done.type, done.title, done.subject, done.at, done.on_behalf_id, done.claim,
        row.channel, row.caller_name, person.name if person else "",
    )  # fmt: skip
