"""PINs and badges of a workshop's shared computer: who may take a turn, and saying who one is.

Only the person sets their own PIN or badge, signed in: whoever knew a colleague's would write in their name.
Whoever keeps the people may only withdraw them. A turn never gives more than the person has: its rights are
those of `queries.actor_of`, commitment included only where the session that opened the shared computer has it
too (a PIN is weaker than a password).
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa

from reuse_market.accounts import attempts, members, passwords, policy, queries
from reuse_market.accounts.models import Person, TechnicianKey
from reuse_market.accounts.services import stream
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor, require_own_hand
from reuse_market.kernel.db import command, session
from reuse_market.kernel.errors import Invalid, NotAllowed, NotFound
from reuse_market.kernel.words import N_
from reuse_market.traceability import journal

PER_PERSON, PER_POST = 5, 20  # wrong answers in a quarter of an hour
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
BADGE_LENGTH = 16  # 80 bits: nobody tries them all
WEAK = {"0123", "1234", "2345", "3456", "4567", "5678", "6789", "4321", "123456", "012345", "654321"}
OWN = N_(
    "Each sets their own PIN and badge, signed in, from “My account”. Whoever keeps the people may take them away."
)
NONE = N_("This person has neither a PIN nor a badge.")
REFUSAL = N_("This PIN or this badge is not known here. Check it, then try again.")


@dataclass(frozen=True, slots=True)
class Technician:
    """A member who may take turns on the shared computer, and by what."""

    person_id: int
    name: str
    pin: bool
    badge: bool
    used_at: datetime | None


def technicians(organisation_id: int) -> list[Technician]:
    """The members with a PIN or a badge, by name; those who left are not told."""
    today = {one.person_id for one in members.members(organisation_id)}
    statement = (
        sa.select(TechnicianKey, Person.name)
        .join(Person, Person.id == TechnicianKey.person_id)
        .where(TechnicianKey.organisation_id == organisation_id, Person.active.is_(True))
        .order_by(Person.name, Person.id)
    )
    return [
        Technician(key.person_id, name, bool(key.pin_hash), bool(key.badge_sha256), key.used_at)
        for key, name in session().execute(statement)
        if key.person_id in today
    ]


@command
def set_pin(organisation_id: int, person_id: int, pin: str, *, actor: Actor) -> None:
    """Set one's own PIN of 4 to 8 figures. Refused: for anybody else, by a token or the operator; an easy PIN."""
    _require_oneself(actor, organisation_id, person_id)
    plain = "".join(pin.split())
    if not (plain.isascii() and plain.isdigit() and 4 <= len(plain) <= 8):
        raise Invalid(N_("Choose 4 to 8 figures."), field="pin")
    if len(set(plain)) == 1 or plain in WEAK:
        raise Invalid(N_("This PIN is the first one somebody would try: choose another."), field="pin")
    _key(organisation_id, person_id, actor).pin_hash = passwords.digest(plain)
    session().flush()
    _tell(organisation_id, person_id, "technician.pin-set", actor)


@command
def make_badge(organisation_id: int, person_id: int, *, actor: Actor) -> str:
    """Draw the code of one's own badge, shown once; the badge before it no longer works. Refused as for a PIN."""
    _require_oneself(actor, organisation_id, person_id)
    code = "".join(secrets.choice(ALPHABET) for _ in range(BADGE_LENGTH))
    _key(organisation_id, person_id, actor).badge_sha256 = _digest(code)
    session().flush()
    _tell(organisation_id, person_id, "technician.badge-made", actor)
    return code


@command
def withdraw(organisation_id: int, person_id: int, *, actor: Actor) -> None:
    """Take PIN and badge away, one's own or, for the keeper of the people, a colleague's: no more turn begins.

    NotFound when there is neither.
    """
    require_own_hand(actor)
    if not _is(actor, organisation_id, person_id):
        members.require_keeper(actor, organisation_id)
    gone = session().execute(
        sa.delete(TechnicianKey)
        .where(TechnicianKey.organisation_id == organisation_id, TechnicianKey.person_id == person_id)
        .returning(TechnicianKey.id)
    ).all()  # fmt: skip
    if not gone:
        raise NotFound(NONE)
    _tell(organisation_id, person_id, "technician.key-withdrawn", actor)


def by_pin(organisation_id: int, person_id: int, pin: str) -> int:
    """The person whose PIN this is. Invalid when it is not; TooMany after 5 wrong ones in a quarter of an hour."""
    who = attempts.subject("technician", f"{organisation_id}/{person_id}")
    post = attempts.subject("technicians", str(organisation_id))
    attempts.refuse_beyond({who: PER_PERSON, post: PER_POST})
    known = {one.person_id for one in technicians(organisation_id)}
    key = _found(organisation_id, person_id) if person_id in known else None
    if not passwords.matches(key.pin_hash if key else None, "".join(pin.split())) or key is None:
        attempts.record(who, post)
        raise Invalid(REFUSAL, field="pin", code="technician")
    _begun(person_id, organisation_id, who)
    return person_id


def by_badge(organisation_id: int, code: str) -> int:
    """The person whose badge this is; same limits, for the shared computer as a whole."""
    post = attempts.subject("technicians", str(organisation_id))
    attempts.refuse_beyond({post: PER_POST})
    plain = "".join(c for c in code.upper() if c.isalnum())
    statement = sa.select(TechnicianKey.person_id).where(
        TechnicianKey.badge_sha256 == _digest(plain), TechnicianKey.organisation_id == organisation_id
    )
    person_id = session().scalar(statement)
    if person_id is None or person_id not in {one.person_id for one in technicians(organisation_id)}:
        attempts.record(post)
        raise Invalid(REFUSAL, field="badge", code="technician")
    _begun(person_id, organisation_id, attempts.subject("technician", f"{organisation_id}/{person_id}"))
    return person_id


def turn_of(opener: Actor, person_id: int) -> Actor | None:
    """Who acts during a turn: the person, for the opener's organisation. None: no longer one of its technicians.

    Commits only when the person may and the session that opened the shared computer may.
    """
    organisation_id = opener.organisation_id or 0
    if person_id not in {one.person_id for one in technicians(organisation_id)}:
        return None
    found = queries.actor_of(person_id, organisation_id)
    if found is None or not found.is_org(organisation_id):
        return None
    return replace(found, commits=found.commits and opener.commits, via=opener.via)


def looks_like_badge(text: str) -> bool:
    """Whether a scanned text may be a badge rather than a device's code."""
    plain = "".join(c for c in text.upper() if c.isalnum())
    return len(plain) == BADGE_LENGTH and set(plain) <= set(ALPHABET)


@command
def _begun(person_id: int, organisation_id: int, counted: str) -> None:
    attempts.forget(counted)
    key = _found(organisation_id, person_id)
    if key is not None:
        key.used_at = clock.now()


def is_oneself(actor: Actor, organisation_id: int, person_id: int) -> bool:
    """Whether somebody signed in looks at their own PIN and badge, for the organisation they act for."""
    return actor.via == "self" and _is(actor, organisation_id, person_id)


def may_withdraw(actor: Actor, organisation_id: int, person_id: int) -> bool:
    """Whether they may take the PIN and the badge away: one's own, or as keeper of the people."""
    keeps = policy.keeps_people(actor, organisation_id, queries.roles_of(organisation_id))
    return actor.own_hand and (keeps or _is(actor, organisation_id, person_id))


def _is(actor: Actor, organisation_id: int, person_id: int) -> bool:
    return actor.is_org(organisation_id) and actor.person_id == person_id


def _require_oneself(actor: Actor, organisation_id: int, person_id: int) -> None:
    """The person alone, as a member of the organisation acted for."""
    require_own_hand(actor)
    if not is_oneself(actor, organisation_id, person_id):
        raise NotAllowed(OWN, code="technician.own")
    if person_id not in {one.person_id for one in members.members(organisation_id)}:
        raise NotFound(members.NOBODY)


def _found(organisation_id: int, person_id: int) -> TechnicianKey | None:
    return session().scalars(
        sa.select(TechnicianKey).where(
            TechnicianKey.organisation_id == organisation_id, TechnicianKey.person_id == person_id
        )
    ).one_or_none()  # fmt: skip


def _key(organisation_id: int, person_id: int, actor: Actor) -> TechnicianKey:
    key = _found(organisation_id, person_id)
    if key is None:
        key = TechnicianKey(organisation_id=organisation_id, person_id=person_id)
        session().add(key)
    key.set_at, key.set_by = clock.now(), actor.person_id
    return key


def _tell(organisation_id: int, person_id: int, event: str, actor: Actor) -> None:
    journal.append(journal.Act(actor), stream(organisation_id), event, commitments={"member": str(person_id)})


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
