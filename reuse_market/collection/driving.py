"""Links of drivers who have no account: one round or one pick-up, one day, revocable.

The mail or the text message alone holds the token; the table keeps its SHA-256. Opening the address changes
nothing, since mail filters open it too: the button of its page begins the driver's day.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from reuse_market.accounts import queries as accounts
from reuse_market.accounts.models import Organisation
from reuse_market.accounts.policy import standing
from reuse_market.collection import mails, policy
from reuse_market.collection.models import DriverLink, Pickup, Round, RoundStop
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor, require_own_hand
from reuse_market.kernel.db import command, lock, session
from reuse_market.kernel.errors import Conflict, Invalid, NotFound
from reuse_market.kernel.words import N_
from reuse_market.kernel.workflow import refusal
from reuse_market.notices.services import ADDRESS
from reuse_market.traceability import journal

DEAD = N_("This link no longer works: its day is over, or it was withdrawn. Call whoever gave it to you.")
MOST = 20  # links in force at once on one round
ROLES = frozenset({"driver"})  # no role one asks for: what the gate calls a driver who came by a link


@dataclass(frozen=True, slots=True)
class Given:
    """A link just made: its token is shown this once."""

    link: DriverLink
    token: str


@command
def give_link(
    reference: str, name: str, *, email: str = "", phone: str = "", language: str = "fr", actor: Actor
) -> Given:
    """Let a driver without an account do a round (TRN-…) or a pick-up (ENL-…) on its day; mailed if `email`.

    Until midnight, Europe/Paris, the driver sees those stops, checks off, notes problems and signs for the
    organisation. Refused: nobody who may commit it; no name, a wrong address (Invalid); a day gone by, a round
    over, a pick-up not agreed, too many links (Conflict).
    """
    require_own_hand(actor)
    subject = _subject(reference, actor)
    _require_giver(actor, subject)
    email, name = email.strip(), " ".join(name.split())[:120]
    if not name:
        raise Invalid(N_("Enter the driver’s name."), field="name", code="driver.name")
    if email and (len(email) > 200 or not ADDRESS.fullmatch(email)):
        raise Invalid(
            N_("Enter an e-mail address such as name@example.org."), field="email", code="driver.email"
        )
    _require_ahead(subject)
    token = secrets.token_urlsafe(24)
    is_round = isinstance(subject, Round)
    made = DriverLink(
        organisation_id=actor.organisation_id, digest=_digest(token), name=name, email=email,
        phone=phone.strip()[:30], day=subject.day, made_at=clock.now(), made_by=actor.person_id,
        round_id=subject.id if is_round else None, pickup_id=None if is_round else subject.id,
    )  # fmt: skip
    session().add(made)
    session().flush()
    _record("driver.link-given", made, reference, actor)
    if email:
        mails.driver_link(
            made, accounts.names([subject_owner(subject)])[subject_owner(subject)], token, language
        )
    return Given(made, token)


@command
def revoke_link(link_id: int, *, actor: Actor) -> DriverLink:
    """Withdraw a link: the driver's very next act is refused. Conflict when it is withdrawn already."""
    require_own_hand(actor)
    found: DriverLink | None = lock(DriverLink, DriverLink.id == link_id)
    if found is None or not actor.is_org(found.organisation_id):
        raise NotFound(N_("This link does not exist."))
    if not policy.gives_link(actor, found):
        raise refusal(lambda one: policy.gives_link(one, found), actor, "driver.revoke")
    if found.revoked_at is not None:
        raise Conflict(N_("This link is already withdrawn."), code="driver.revoked")
    found.revoked_at = clock.now()
    _record("driver.link-revoked", found, reference_of(found), actor)
    return found


@command
def open_link(token: str) -> DriverLink:
    """The driver presses the button: the use is written down. Conflict for a dead link, or before its day."""
    seen = peek(token)
    found: DriverLink | None = lock(DriverLink, DriverLink.id == (seen.id if seen else 0))
    if found is None:
        raise Conflict(DEAD, code="link.dead")
    if found.revoked_at is None and found.day > clock.today():
        raise Conflict(N_("This link works on %(day)s only."), code="link.early", day=found.day)
    actor = actor_of(found.id)
    if actor is None:
        raise Conflict(DEAD, code="link.dead")
    found.seen_at, found.opened = found.seen_at or clock.now(), found.opened + 1
    _record("driver.link-opened", found, reference_of(found), actor)
    return found


def peek(token: str) -> DriverLink | None:
    """The link of a token, dead or alive; None when there is none."""
    return session().scalars(sa.select(DriverLink).where(DriverLink.digest == _digest(token))).one_or_none()


def actor_of(link_id: int) -> Actor | None:
    """Who a link lets act now: for the organisation that gave it, on its stops alone; None once it is dead.

    Read anew at each request: a link withdrawn, midnight, a round cancelled or a suspension end it at once.
    """
    found = session().get(DriverLink, link_id, populate_existing=True)
    if found is None or found.revoked_at is not None or found.day != clock.today():
        return None
    owner = session().get_one(Organisation, found.organisation_id)
    roles, _commits = standing(owner.state, accounts.roles_of(owner.id), "commit")
    if not roles:
        return None
    scope = frozenset(view.reference for view in stops(found))
    if found.round_id is not None and session().get_one(Round, found.round_id).state == "cancelled":
        return None
    return Actor(
        organisation_id=owner.id, roles=ROLES, via="link", commits=False, person_name=found.name,
        organisation_name=owner.name, scope=scope, link_id=found.id,
    )  # fmt: skip


def by_id(link_id: int) -> DriverLink | None:
    """A link by its number."""
    return session().get(DriverLink, link_id)


def stops(link: DriverLink) -> list[Pickup]:
    """The pick-ups a link opens, in the order driven; those that will not take place are left out."""
    if link.pickup_id is not None:
        chosen = sa.select(Pickup).where(Pickup.id == link.pickup_id)
    else:
        chosen = (
            sa.select(Pickup)
            .join(RoundStop, RoundStop.pickup_id == Pickup.id)
            .where(RoundStop.round_id == link.round_id)
            .order_by(RoundStop.position)
        )
    return list(session().scalars(chosen.where(Pickup.state.in_(["agreed", "done"]))))


def of_subject(reference: str, actor: Actor) -> list[DriverLink]:
    """The links given for a round or a pick-up, the newest first. NotFound to anybody else."""
    found = _subject(reference, actor)
    column = DriverLink.round_id if isinstance(found, Round) else DriverLink.pickup_id
    return list(
        session().scalars(sa.select(DriverLink).where(column == found.id).order_by(DriverLink.id.desc()))
    )


def subject_of(reference: str, actor: Actor) -> Round | Pickup:
    """The round or pick-up of that reference, for the organisation that collects. NotFound to anybody else."""
    return _subject(reference, actor)


def subject_owner(subject: Round | Pickup) -> int:
    """Who collects."""
    return subject.organisation_id if isinstance(subject, Round) else subject.actor_id


def reference_of(link: DriverLink) -> str:
    """What a link is for: TRN-… or ENL-…"""
    model, key = (Round, link.round_id) if link.round_id is not None else (Pickup, link.pickup_id)
    return str(session().scalar(sa.select(model.reference).where(model.id == key)))


def alive(link: DriverLink) -> bool:
    """Whether it works, today or on the day to come."""
    return link.revoked_at is None and link.day >= clock.today()


def _subject(reference: str, actor: Actor) -> Round | Pickup:
    model: type[Any] = Round if reference.startswith("TRN-") else Pickup
    found: Round | Pickup | None = session().scalars(
        sa.select(model).where(model.reference == reference)
    ).one_or_none()  # fmt: skip
    if found is None or not actor.is_org(subject_owner(found)) or actor.via == "link":
        raise NotFound(N_("This pick-up does not exist."))
    return found


def _require_giver(actor: Actor, subject: Round | Pickup) -> None:
    if not policy.gives_link(actor, subject):
        raise refusal(lambda one: policy.gives_link(one, subject), actor, "driver.give")


def _require_ahead(subject: Round | Pickup) -> None:
    if subject.day < clock.today():
        raise Conflict(N_("This day has passed: propose another one."), code="driver.past")
    open_ = ("draft", "planned", "under_way") if isinstance(subject, Round) else ("agreed",)
    if subject.state not in open_:
        raise Conflict(
            N_("A link is given once the day is agreed, and until it is over."), code="driver.state"
        )
    column = DriverLink.round_id if isinstance(subject, Round) else DriverLink.pickup_id
    in_force = sa.select(sa.func.count()).where(column == subject.id, DriverLink.revoked_at.is_(None))
    if (session().scalar(in_force) or 0) >= MOST:
        raise Conflict(N_("Too many links are in force: withdraw some first."), code="driver.too-many")


def _record(event: str, link: DriverLink, reference: str, actor: Actor) -> None:
    facts = {"link": link.id, "for": reference, "day": link.day.isoformat()}
    journal.append(journal.Act(actor), f"organisation/{link.organisation_id}", event, facts=facts)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).hexdigest()
