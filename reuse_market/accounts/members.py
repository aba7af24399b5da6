"""The people of an organisation: what each may do, until when, who leaves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from reuse_market.accounts import people_mails, policy, queries
from reuse_market.accounts.models import Membership, Organisation, Person
from reuse_market.accounts.services import stream
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor, require_own_hand
from reuse_market.kernel.db import command, lock, session
from reuse_market.kernel.errors import Conflict, Invalid, NotFound
from reuse_market.kernel.words import N_
from reuse_market.kernel.workflow import refusal
from reuse_market.traceability import journal

NOBODY = N_("This person does not act for your organisation.")
LAST = N_("Nobody else may commit the organisation: give somebody else this right first.")


@dataclass(frozen=True, slots=True)
class OfOrganisation:
    """A line of the list of people."""

    person_id: int
    name: str
    email: str
    rights: str
    until: date | None
    seen: bool


def members(organisation_id: int) -> list[OfOrganisation]:
    """Who acts for the organisation today, by name."""
    statement = _of(organisation_id).order_by(Person.name, Person.id)
    return [OfOrganisation(*row) for row in session().execute(statement)]


def page(organisation_id: int, *, after: int = 0, limit: int = 25) -> list[OfOrganisation]:
    """The same by person, beyond `after`; one more than `limit` when there are more."""
    statement = _of(organisation_id).where(Person.id > after).order_by(Person.id).limit(limit + 1)
    return [OfOrganisation(*row) for row in session().execute(statement)]


def committing(organisation_id: int) -> Sequence[str]:
    """The names of those who may commit the organisation today: whom a colleague asks."""
    return [one.name for one in members(organisation_id) if one.rights == "commit"]


@command
def change_member(
    organisation_id: int, person_id: int, *, rights: str, until: date | None, actor: Actor
) -> None:
    """Give a member other rights or another last day; the person is told. The same again changes nothing.

    Refused: NotAllowed but to a committing member or the operator; NotFound for who is no member; Conflict
    when nobody else could commit the organisation; Invalid for a day gone by.
    """
    require_own_hand(actor)
    found, kept, person = _locked(organisation_id, person_id, actor)
    if rights not in ("prepare", "commit"):
        raise Invalid(N_("Choose what this person may do."), field="rights")
    if until is not None and until < clock.today():
        raise Invalid(N_("Choose today or a later day."), field="until")
    if (kept.rights, kept.until) == (rights, until):
        return
    if kept.rights == "commit" and (rights != "commit" or until is not None):
        _leave_one_who_commits(organisation_id, person_id)
    kept.rights, kept.until = rights, until
    journal.append(
        journal.Act(actor), stream(organisation_id), "organisation.member_changed",
        facts={"rights": rights, "until": until.isoformat() if until else "none"},
        commitments={"member": str(person_id)},
    )  # fmt: skip
    people_mails.member_changed(person, found, rights, until.isoformat() if until else "")


@command
def remove_member(organisation_id: int, person_id: int, *, actor: Actor, confirmed: bool = False) -> None:
    """End what a person may do for an organisation; they are told, and keep their account.

    Refused: NotAllowed, NotFound and Conflict as for a change; Conflict for oneself unless `confirmed`.
    """
    require_own_hand(actor)
    found, kept, person = _locked(organisation_id, person_id, actor)
    if kept.rights == "commit":
        _leave_one_who_commits(organisation_id, person_id)
    if person_id == actor.person_id and not confirmed:
        raise Conflict(N_("You are about to remove yourself: confirm it."), code="member.oneself")
    session().delete(kept)
    journal.append(
        journal.Act(actor), stream(organisation_id), "organisation.member_removed",
        commitments={"member": str(person_id)},
    )  # fmt: skip
    people_mails.member_removed(person, found)


def require_keeper(actor: Actor, organisation_id: int) -> None:
    """First line of every verb on an organisation's people: by a committing member of it, or the operator."""
    require_own_hand(actor)
    roles = queries.roles_of(organisation_id)
    if not policy.keeps_people(actor, organisation_id, roles):
        raise refusal(
            lambda one: policy.keeps_people(one, organisation_id, roles), actor, "member.not-allowed"
        )


def _locked(organisation_id: int, person_id: int, actor: Actor) -> tuple[Organisation, Membership, Person]:
    """The organisation first, so that two who would remove each other wait for one another."""
    found = lock(Organisation, Organisation.id == organisation_id)
    if found is None:
        raise NotFound(N_("This organisation does not exist."))
    require_keeper(actor, organisation_id)
    kept = lock(Membership, Membership.organisation_id == organisation_id, Membership.person_id == person_id)
    if kept is None:
        raise NotFound(NOBODY)
    return found, kept, session().get_one(Person, person_id)


def _leave_one_who_commits(organisation_id: int, but: int) -> None:
    others = (
        sa.select(Membership.id)
        .join(Person, Person.id == Membership.person_id)
        .where(
            Membership.organisation_id == organisation_id, Membership.rights == "commit",
            Membership.person_id != but, *_today(),
        )
        .limit(1)
    )  # fmt: skip
    if session().scalar(others) is None:
        raise Conflict(LAST, code="member.last")


def _of(organisation_id: int) -> sa.Select[int, str, str, str, date | None, bool]:
    seen = Person.seen_at.is_not(None)
    columns = (Person.id, Person.name, Person.email, Membership.rights, Membership.until, seen)
    joined = sa.select(*columns).join(Membership, Membership.person_id == Person.id)
    return joined.where(Membership.organisation_id == organisation_id, *_today())


def _today() -> list[sa.ColumnElement[bool]]:
    return [
        Person.active.is_(True),
        sa.or_(Membership.until.is_(None), Membership.until >= clock.today()),
    ]
