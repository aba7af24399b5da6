"""Searches a person keeps on a list, and their digests by mail: kept here, run by the room that owns the list.

A room makes itself known by `know_room`; its runner gives what came since an instant, for that person's eyes.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import parse_qsl, urlencode

import sqlalchemy as sa

from reuse_market.accounts.models import ListVisit, SavedSearch
from reuse_market.accounts.search_models import CADENCES
from reuse_market.accounts.services import locked_organisation, tell
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import command, lock, session
from reuse_market.kernel.errors import Conflict, Invalid, NotFound
from reuse_market.kernel.words import N_

MOST = 10  # searches a person keeps, so that no mail is lost among too many
VISIT = timedelta(minutes=30)  # without a look at the list, the visit is over
SEEN_EVERY = timedelta(minutes=1)  # how finely a visit is kept
NAME, QUERY = 80, 1000
NO_SEARCH = N_("This saved search does not exist.")


@dataclass(frozen=True, slots=True)
class Found:
    """A new row of a list, as its digest tells it: JSON values only, so that the mail keeps them."""

    heading: str
    text: str
    url: str
    until: str = ""  # the last day to act, as ISO text


@dataclass(frozen=True, slots=True)
class Room:
    """A list that can be searched: its address, the names its address knows, and what is new on it.

    `new(answers, since, until, actor, language)`: what came after `since`, up to `until` included.
    """

    path: str
    names: tuple[str, ...]
    new: Callable[[Mapping[str, str], datetime, datetime, Actor, str], tuple[int, list[Found]]]


_rooms: dict[str, Room] = {}


def know_room(name: str, room: Room) -> None:
    """Make a list's room known (wiring alone calls it; safe to repeat)."""
    _rooms[name] = room


def room(name: str) -> Room:
    """The room of a saved search. Invalid for an unknown one."""
    if name not in _rooms:
        raise Invalid(N_("Choose an answer."), field="room")
    return _rooms[name]


@command
def save_search(room_name: str, name: str, query: str, cadence: str, *, actor: Actor) -> SavedSearch:
    """Keep the filters of a list under a name, and mail what is new, daily, weekly or never.

    Refused: nobody's (a visitor, somebody of no organisation); no name; beyond 10; an unknown list or cadence.
    """
    if actor.person_id is None or actor.organisation_id is None:
        raise NotFound(NO_SEARCH)
    held = locked_organisation(actor.organisation_id)
    mine = session().scalar(
        sa.select(sa.func.count())
        .select_from(SavedSearch)
        .where(*_of(actor.person_id, actor.organisation_id))
    )
    if (mine or 0) >= MOST:
        raise Conflict(N_("%(most)s searches at most: delete one first."), code="search.most", most=MOST)
    made = SavedSearch(
        person_id=actor.person_id, organisation_id=actor.organisation_id, room=room_name,
        name=_named(name), query=_kept(query, room(room_name).names), cadence=_cadence(cadence),
        stop_token=secrets.token_urlsafe(24), made_at=clock.now(), told_until=clock.now(),
    )  # fmt: skip
    session().add(made)
    session().flush()
    tell(held, "organisation.search-saved", actor, {"search": made.id, "room": room_name, "cadence": cadence})
    return made


@command
def change_search(
    search_id: int, *, actor: Actor, name: str | None = None, cadence: str | None = None
) -> SavedSearch:
    """Rename one's search, or mail it more or less often ("never" stops it). NotFound for another's."""
    found = _mine(search_id, actor)
    if name is not None:
        found.name = _named(name)
    if cadence is not None:
        if found.cadence == "never" and cadence != "never":
            found.told_until = clock.now()  # what came while it was stopped is not new
        found.cadence = _cadence(cadence)
    held = locked_organisation(found.organisation_id)
    tell(held, "organisation.search-changed", actor, {"search": found.id, "cadence": found.cadence})
    return found


@command
def delete_search(search_id: int, *, actor: Actor) -> None:
    """Forget one's search. NotFound for another's."""
    found = _mine(search_id, actor)
    held = locked_organisation(found.organisation_id)
    session().delete(found)
    session().flush()
    tell(held, "organisation.search-deleted", actor, {"search": search_id})


@command
def stop_digest(token: str) -> SavedSearch:
    """The link of a mail: no more mails of this search, which stays. NotFound for a token nobody has.

    Whoever holds the mail may stop it, without signing in; safe to repeat.
    """
    found: SavedSearch | None = lock(SavedSearch, SavedSearch.stop_token == token)
    if found is None:
        raise NotFound(NO_SEARCH)
    if found.cadence != "never":
        found.cadence = "never"
        by = Actor(organisation_id=found.organisation_id, person_id=found.person_id, via="link")
        held = locked_organisation(found.organisation_id)
        tell(held, "organisation.search-changed", by, {"search": found.id, "cadence": "never"})
    return found


def by_token(token: str) -> SavedSearch:
    """The search a mail's link is about; NotFound for a token nobody has."""
    found = session().scalars(sa.select(SavedSearch).where(SavedSearch.stop_token == token)).one_or_none()
    if found is None:
        raise NotFound(NO_SEARCH)
    return found


def get(search_id: int, actor: Actor) -> SavedSearch:
    """One of one's searches; NotFound for another's."""
    found = session().get(SavedSearch, search_id)
    if found is None or found.person_id != actor.person_id or found.organisation_id != actor.organisation_id:
        raise NotFound(NO_SEARCH)
    return found


def mine(actor: Actor, room_name: str | None = None) -> Sequence[SavedSearch]:
    """One's searches for the organisation one acts for, by name."""
    statement = sa.select(SavedSearch).where(*_of(actor.person_id, actor.organisation_id))
    if room_name is not None:
        statement = statement.where(SavedSearch.room == room_name)
    return session().scalars(statement.order_by(SavedSearch.name, SavedSearch.id)).all()


def address(search: SavedSearch) -> str:
    """The list with the filters of a search."""
    path = room(search.room).path
    return f"{path}?{search.query}" if search.query else path


def answers(search: SavedSearch) -> dict[str, str]:
    """The filters of a search, name → value."""
    return dict(parse_qsl(search.query))


@command
def look(room_name: str, actor: Actor) -> datetime | None:
    """The person looks at a list: the instant since which things are new to them. None: their first visit.

    A visit goes on until half an hour without a look, so that what is new stays so while they read.
    """
    if actor.person_id is None:
        return None
    now = clock.now()
    seen: ListVisit | None = lock(
        ListVisit, ListVisit.person_id == actor.person_id, ListVisit.room == room_name
    )
    if seen is None:  # two tabs opened at once: the first of them says so
        session().execute(_FIRST_LOOK, {"person": actor.person_id, "room": room_name, "now": now})
        return None
    if now - seen.seen_at > VISIT:
        seen.since_at = seen.seen_at
    seen.seen_at = now
    return seen.since_at


def since(room_name: str, actor: Actor) -> tuple[datetime | None, bool]:
    """(since when things of a list are new to them, whether their look is to be kept): a read, see `look`."""
    if actor.person_id is None:
        return None, False
    seen = session().get(ListVisit, (actor.person_id, room_name))
    if seen is None:
        return None, True
    away = clock.now() - seen.seen_at
    return (seen.seen_at if away > VISIT else seen.since_at), away > SEEN_EVERY


_FIRST_LOOK = sa.text(
    "INSERT INTO list_visit (person_id, room, seen_at) VALUES (:person, :room, :now)"
    " ON CONFLICT (person_id, room) DO NOTHING"
).bindparams(sa.bindparam("now", type_=ListVisit.seen_at.type))


def _of(person_id: int | None, organisation_id: int | None) -> tuple[sa.ColumnElement[bool], ...]:
    return SavedSearch.person_id == person_id, SavedSearch.organisation_id == organisation_id


def _mine(search_id: int, actor: Actor) -> SavedSearch:
    get(search_id, actor)
    found: SavedSearch | None = lock(SavedSearch, SavedSearch.id == search_id)
    if found is None:
        raise NotFound(NO_SEARCH)
    return found


def _named(name: str) -> str:
    told = " ".join(name.split())
    if not told:
        raise Invalid(N_("Fill in this field."), field="name")
    return told[:NAME]


def _cadence(cadence: str) -> str:
    if cadence not in CADENCES:
        raise Invalid(N_("Choose an answer."), field="cadence")
    return cadence


def _kept(query: str, names: Sequence[str]) -> str:
    """The filters alone, in one order: no page number, nothing the list does not know."""
    given = dict(parse_qsl(query))
    kept = urlencode([(name, given[name]) for name in names if given.get(name)])
    if len(kept) > QUERY:
        raise Invalid(N_("These filters are too long to be kept."), field="query")
    return kept
