"""Who saw places, serial numbers, contacts and papers: written down once a person, a thing and a day."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from threading import Lock

import sqlalchemy as sa

from reuse_market.accounts.models import Organisation, Person
from reuse_market.accounts.sighting_models import SEEN, Sighting
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import command, session

KEPT = timedelta(days=3 * 365)  # a choice of this service, said in docs/audit.md
REMEMBERED = 20_000
_told: OrderedDict[tuple[str, str, str, str, date], None] = OrderedDict()
_telling = Lock()


@dataclass(frozen=True, slots=True)
class Seen:
    """A line of the list: who (None: forgotten, or a driver by a link), for whom, what, of what, when first."""

    id: int
    at: datetime
    person: str | None
    organisation: str | None
    link_id: int | None
    what: str
    subject: str
    door: str


def note(actor: Actor, what: Iterable[str], subject: str, door: str) -> None:
    """Write down that this actor was shown `what` of `subject` today. Nothing for a visitor, or what is written."""
    viewer = _viewer(actor)
    if viewer is None or not subject:
        return
    day, url = clock.today(), _database()
    keys = {one: (url, viewer, one, subject[:80], day) for one in what if one in SEEN}
    fresh = [one for one, key in keys.items() if _new(key)]
    if not fresh:
        return
    try:
        _write(actor, viewer, fresh, subject[:80], door, day)
    except BaseException:
        _forget(keys[one] for one in fresh)  # not written after all: the next look tries again
        raise


def listed(
    *, subject: str = "", organisation_id: int | None = None, before: int | None = None, limit: int = 25
) -> Sequence[Seen]:
    """Who saw what, the latest first; narrowed to a thing, or to those who looked for an organisation."""
    statement = (
        sa.select(
            Sighting.id, Sighting.at, Person.name, Organisation.name, Sighting.link_id, Sighting.what,
            Sighting.subject, Sighting.door,
        )
        .outerjoin(Person, Person.id == Sighting.person_id)
        .outerjoin(Organisation, Organisation.id == Sighting.organisation_id)
        .order_by(Sighting.id.desc())
        .limit(limit)
    )  # fmt: skip
    if subject:
        statement = statement.where(Sighting.subject == subject)
    if organisation_id is not None:
        statement = statement.where(Sighting.organisation_id == organisation_id)
    if before is not None:
        statement = statement.where(Sighting.id < before)
    return [Seen(*row) for row in session().execute(statement)]


@command
def forget_old() -> int:
    """The job: what was seen more than three years ago is no longer kept."""
    done = session().execute(
        sa.delete(Sighting).where(Sighting.day < clock.today() - KEPT).returning(Sighting.id)
    )
    return len(done.all())


@command
def _write(actor: Actor, viewer: str, what: Sequence[str], subject: str, door: str, day: date) -> None:
    known = sa.select(Sighting.what).where(
        Sighting.viewer == viewer, Sighting.subject == subject, Sighting.day == day
    )
    already = set(session().scalars(known))
    session().add_all(
        Sighting(
            viewer=viewer, person_id=actor.person_id, organisation_id=actor.organisation_id,
            link_id=actor.link_id, what=one, subject=subject, door=door, day=day, at=clock.now(),
        )
        for one in what
        if one not in already
    )  # fmt: skip


def unremember() -> None:
    """Ask the database again what is written down: after it was restored or replaced under a living process."""
    with _telling:
        _told.clear()


def _viewer(actor: Actor) -> str | None:
    if actor.person_id is not None:
        return f"person/{actor.person_id}/organisation/{actor.organisation_id or 0}"
    return f"link/{actor.link_id}" if actor.link_id is not None else None


def _database() -> str:
    return str(session().get_bind().engine.url)


def _new(key: tuple[str, str, str, str, date]) -> bool:
    """Whether this process has not written it down yet: a page looked at again costs nothing."""
    with _telling:
        if key in _told:
            return False
        _told[key] = None
        if len(_told) > REMEMBERED:
            _told.popitem(last=False)
    return True


def _forget(keys: Iterable[tuple[str, str, str, str, date]]) -> None:
    with _telling:
        for key in keys:
            _told.pop(key, None)
