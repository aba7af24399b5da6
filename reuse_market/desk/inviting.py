"""The operator invites from a file of contacts: organisations registered, people invited, what is known kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa

from reuse_market.accounts import invitations, policy, queries
from reuse_market.accounts.models import Invitation, Membership, Organisation, Person
from reuse_market.accounts.services import register_organisation
from reuse_market.desk.contacts import LIMIT, Contact, read
from reuse_market.kernel import files
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import command, session
from reuse_market.kernel.errors import Conflict, Invalid, NotAllowed
from reuse_market.kernel.spreadsheets import csv_bytes
from reuse_market.kernel.words import N_

IN_COLUMN = N_("%(column)s: %(reason)s")
AT_ONCE = 50  # rows a press of the button handles: an answer within seconds, and progress seen


@dataclass(frozen=True)
class Verdict:
    """A row and what becomes of it: new | joins (a known organisation) | known (nothing to do) | wrong."""

    row: Contact
    what: str
    organisation_id: int | None = None


def keep_file(data: bytes, *, actor: Actor) -> str:
    """Keep an uploaded file for a day, checked as a whole; return its address (SHA-256)."""
    _require_operator(actor)
    if len(data) > LIMIT:
        raise Invalid(N_("This file is too heavy: choose a file of at most %(limit)s MB."), field="file",
                      limit=LIMIT // 1_000_000)  # fmt: skip
    read(data)
    return files.put(data, media_type="text/csv")


def verdicts(address: str, *, actor: Actor) -> list[Verdict]:
    """Each row of a kept file against what is known now: read again after an import, done rows are known."""
    _require_operator(actor)
    _header, rows = read(files.get(address))
    return [_judged(row) for row in rows]


def wrong_rows(address: str, say: Callable[..., str], *, actor: Actor) -> bytes:
    """The rows to correct as a CSV, as they were written, with one more column: the reasons in words."""
    header, _rows = read(files.get(address))
    bad = [one.row for one in verdicts(address, actor=actor) if one.what == "wrong"]
    width = len(header)
    lines = [(row.cells + [""] * width)[:width] + [" ".join(reasons(row, say))] for row in bad]
    return csv_bytes([[*header, say(N_("To correct"))], *lines])


def reasons(row: Contact, say: Callable[..., str]) -> list[str]:
    """What is wrong with a row, in words of `say`'s language."""
    return [
        say(
            IN_COLUMN,
            column=one.heading,
            reason=say(one.reason, **one.params) if one.params else say(one.reason),
        )
        for one in row.faults
    ]


def invite_next(address: str, *, actor: Actor) -> int:
    """Invite the next rows that are good and not done yet, each in its own transaction; return how many.

    Doing it again invites nobody twice.
    """
    waiting = [one.row for one in verdicts(address, actor=actor) if one.what in ("new", "joins")]
    done = 0
    for row in waiting[:AT_ONCE]:
        try:
            invite_contact(row, actor=actor)
            done += 1
        except Conflict:  # another operator was quicker: the row reads "known" by now
            continue
    return done


@command
def invite_contact(row: Contact, *, actor: Actor) -> Invitation:
    """Register the row's organisation unless it is known, and invite its person to commit it.

    The organisation waits for its admission like any other. Refused: NotAllowed but to the operator.
    """
    _require_operator(actor)
    if row.faults:
        raise Invalid(N_("Correct this row first."), field=row.faults[0].column)
    found = _organisation(row) or register_organisation(
        row.organisation, row.legal_kind, row.roles, actor=actor, siret=row.siret or None,
        rna=row.rna or None, email=row.email,
    )  # fmt: skip
    return invitations.invite(
        found.id, email=row.email, name=row.person, rights="commit", language=row.language, actor=actor
    )


def _judged(row: Contact) -> Verdict:
    if row.faults:
        return Verdict(row, "wrong")
    found = _organisation(row)
    if found is None:
        return Verdict(row, "new")
    if found.state in ("refused", "suspended"):
        row.fault("organisation", N_("This organisation is refused or suspended: decide on it first."))
        return Verdict(row, "wrong", found.id)
    return Verdict(row, "known" if _is_asked(row.email, found.id) else "joins", found.id)


def _is_asked(email: str, organisation_id: int) -> bool:
    member = (
        sa.select(Membership.id)
        .join(Person, Person.id == Membership.person_id)
        .where(Person.email == email, Membership.organisation_id == organisation_id)
    )
    invited = sa.select(Invitation.id).where(
        Invitation.email == email,
        Invitation.organisation_id == organisation_id,
        Invitation.cancelled_at.is_(None),
    )
    return session().scalar(member.union(invited).limit(1)) is not None


def _organisation(row: Contact) -> Organisation | None:
    """By its number; without one, by its name among those that have none either."""
    if row.siret and (found := queries.organisation_by_siret(row.siret)) is not None:
        return found
    if row.rna and (found := queries.organisation_by_rna(row.rna)) is not None:
        return found
    if row.siret or row.rna:
        return None
    statement = sa.select(Organisation).where(
        sa.func.lower(Organisation.name) == row.organisation.lower(),
        Organisation.siret.is_(None),
        Organisation.rna.is_(None),
    )
    return session().scalars(statement.order_by(Organisation.id)).first()


def _require_operator(actor: Actor) -> None:
    if not policy.is_operator(actor):
        raise NotAllowed(N_("Only the operator invites organisations."), code="inviting")
