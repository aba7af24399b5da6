"""Verbs: forget a person, forget the serials of a device, ask to be forgotten."""

from __future__ import annotations

import secrets
from typing import Any

import sqlalchemy as sa

from reuse_market.accounts import queries as accounts
from reuse_market.accounts.models import (
    AccountLink,
    ApiToken,
    Invitation,
    ListVisit,
    Membership,
    OrganisationRole,
    Person,
    SavedSearch,
    TechnicianKey,
)
from reuse_market.erasure.models import ErasureCertificate, StorageMedium
from reuse_market.kernel.actor import Actor, require_own_hand
from reuse_market.kernel.db import command, lock, session
from reuse_market.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from reuse_market.kernel.words import N_
from reuse_market.notices.models import Message
from reuse_market.notices.services import queue
from reuse_market.proofs.forgetting import open_ends, originals
from reuse_market.proofs.forgetting.scrubbing import Words, dialled, forget_commitments, scrub
from reuse_market.refurbishing.models import Part
from reuse_market.traceability import journal
from reuse_market.traceability.models import Event
from reuse_market.traceability.queries import speaks_of
from reuse_market.units.models import Unit

NOBODY = N_("This account does not exist.")
ABOUT = ("person", "member")  # commitments whose value is the number of a person


@command
def forget_person(person_id: int, *, actor: Actor, confirmed: str) -> int:
    """Forget a person for good; how many rows changed. `confirmed`: its e-mail address, typed again.

    The account is emptied and closed; tokens, links, searches, keys, memberships and mails to it go; its name,
    address and phone are taken out of every text but issued papers; commitments about it lose value and key, so
    no hash changes. Journal: `person.forgotten`, without any of it. Refused: anybody but an administrator in
    person, for somebody else; signatures or rounds still open (Conflict says what to finish); a wrong address.
    """
    _require_administrator(actor)
    found: Person | None = lock(Person, Person.id == person_id)
    if found is None or forgotten(found):
        raise NotFound(NOBODY)
    if actor.person_id == person_id:
        raise Conflict(N_("Another administrator forgets your account."), code="forget.oneself")
    unfinished = open_ends.of_person(person_id)
    if unfinished:
        raise Conflict(unfinished[0], code="forget.open")
    if confirmed.strip().casefold() != found.email:
        raise Invalid(N_("Type the e-mail address of the account to confirm."), field="confirmed")
    words = _words_of(found)
    changed = forget_commitments({name: str(person_id) for name in ABOUT}) + _belongings(found)
    found.email, found.name, found.phone = f"p{person_id}@invalid", f"P{person_id}", None
    found.password_hash, found.session_key, found.active = None, secrets.token_hex(16), False
    found.language, found.seen_at = "fr", None
    session().flush()
    changed += scrub(words)
    journal.append(
        journal.Act(actor),
        f"organisation/{actor.organisation_id}",
        "person.forgotten",
        facts={"rows": changed},
    )
    return changed


@command
def forget_serials(unit_id: int, *, actor: Actor, confirmed: bool) -> int:
    """Forget what identifies a device: its serial, inventory number, those of its media and parts, the files of tools
    that speak of it alone; rows changed.

    Refused: anybody but an administrator in person; a device that has not reached its end (handed over, recycled,
    dismantled), whose erasure is still proven by its serials; not confirmed.
    """
    _require_administrator(actor)
    unit: Unit | None = lock(Unit, Unit.id == unit_id)
    if unit is None:
        raise NotFound(N_("This device does not exist."))
    if unit.state not in open_ends.SETTLED:
        raise Conflict(
            N_("The serials of a device prove its erasure until it is handed over, recycled or dismantled."),
            code="forget.unit-state",
        )
    if not confirmed:
        raise Invalid(N_("Confirm that these numbers are to be forgotten."), field="confirmed")
    serials = _serials_of(unit)
    events = session().scalars(sa.select(Event.id).where(speaks_of(unit_id))).all()
    changed = forget_commitments({"serial": "%"}, events) + originals.let_go(unit_id)
    unit.serial = unit.serial_key = unit.asset_tag = unit.holder_key = None
    session().flush()
    changed += scrub(Words({word: f"S{unit_id}.{rank}" for rank, word in enumerate(serials, 1)}))
    journal.append(
        journal.Act(actor), unit.stream, "serial.forgotten", unit_ids=[unit_id], facts={"rows": changed}
    )
    return changed


@command
def ask_to_be_forgotten(*, actor: Actor) -> None:
    """A person asks for it: the administrators get a mail; the operators too where an organisation has nobody else who
    may commit it, which somebody must be named for first. Refused: through the operator; open signatures or rounds.
    """
    require_own_hand(actor)
    if actor.person_id is None or actor.via != "self":
        raise NotAllowed(N_("This needs the person itself."))
    unfinished = open_ends.unfinished(actor.person_id)
    if unfinished:
        raise Conflict(unfinished[0], code="forget.open")
    alone = open_ends.alone_in(actor.person_id)
    stream = f"organisation/{actor.organisation_id}" if actor.organisation_id else "organisation/0"
    journal.append(journal.Act(actor), stream, "person.forgetting-asked")
    names = accounts.names(alone)
    facts = {
        "url": f"/administration/oubli/{actor.person_id}",
        "alone": [{"name": names.get(one, ""), "url": f"/organismes/{one}/personnes"} for one in alone],
    }
    wanted = ("administrator", "operator") if alone else ("administrator",)
    keepers = sa.select(OrganisationRole.organisation_id).where(OrganisationRole.role.in_(wanted)).distinct()
    addresses = {pair for one in session().scalars(keepers).all() for pair in accounts.addresses_of(one)}
    for address, language in sorted(addresses):
        queue("forgetting_asked", address, language, facts, f"person/{actor.person_id}")


def forgotten(person: Person) -> bool:
    """Whether this account was emptied already."""
    return person.email == f"p{person.id}@invalid"


def _require_administrator(actor: Actor) -> None:
    require_own_hand(actor)
    if not actor.has("administrator") or actor.organisation_id is None or actor.via == "token":
        raise NotAllowed(N_("Only an administrator forgets, in person."))


def _words_of(person: Person) -> Words:
    """What names the person. A name of one word, or that somebody else bears too, is not only theirs: it goes
    from the account, not from texts."""
    mark = f"P{person.id}"
    marks = {person.email: f"p{person.id}@invalid"}
    if person.phone and len(person.phone) >= 8:
        marks |= dict.fromkeys(dialled(person.phone), "–")
    others = sa.select(Person.id).where(
        sa.func.lower(Person.name) == sa.func.lower(person.name), Person.id != person.id
    )
    parts = person.name.split()
    if len(parts) > 1 and session().scalar(others.limit(1)) is None:
        marks[person.name] = marks[" ".join((*parts[1:], parts[0]))] = mark
    return Words(marks)


def _belongings(person: Person) -> int:
    """What only the account needs."""
    ours = sa.select(Invitation.id).where(sa.func.lower(Invitation.email) == person.email)
    statements = (
        sa.delete(AccountLink).where(
            sa.or_(AccountLink.person_id == person.id, AccountLink.invitation_id.in_(ours))
        ),
        sa.delete(Invitation).where(sa.func.lower(Invitation.email) == person.email),
        *(sa.delete(model).where(model.person_id == person.id)
          for model in (ApiToken, SavedSearch, ListVisit, TechnicianKey, Membership)),
        sa.delete(Message).where(sa.func.lower(Message.to_address) == person.email),
    )  # fmt: skip
    done: list[Any] = [session().execute(one) for one in statements]
    return sum(int(one.rowcount) for one in done)


def _serials_of(unit: Unit) -> list[str]:
    """Every number of the device, its media, their proofs and its parts, and those that tools read on it."""
    media = sa.select(StorageMedium.id).where(StorageMedium.unit_id == unit.id)
    found = [unit.serial, unit.serial_key, unit.asset_tag, unit.holder_key, *originals.numbers_told(unit.id)]
    for statement in (
        sa.select(StorageMedium.serial).where(StorageMedium.unit_id == unit.id),
        sa.select(ErasureCertificate.serial).where(ErasureCertificate.medium_id.in_(media)),
        sa.select(ErasureCertificate.property_number).where(ErasureCertificate.medium_id.in_(media)),
        sa.select(Part.serial).where(Part.source_unit_id == unit.id),
    ):
        found += session().scalars(statement).all()
    return sorted({one for one in found if one})
