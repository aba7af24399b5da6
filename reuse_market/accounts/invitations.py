"""Invitations: somebody asked by mail to act for an organisation, who joins by the link."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from reuse_market.accounts import links, people_mails, policy, queries
from reuse_market.accounts.members import require_keeper
from reuse_market.accounts.models import AccountLink, Invitation, Membership, Organisation, Person
from reuse_market.accounts.services import add_person, change_password, stream
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor, require_own_hand
from reuse_market.kernel.db import command, lock, session
from reuse_market.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from reuse_market.kernel.words import N_
from reuse_market.notices.services import ADDRESS
from reuse_market.traceability import journal

MOST_OPEN = 50  # invitations one organisation may have waiting: nobody turns the service into a mailing list
GONE = N_("This invitation has been accepted or cancelled.")


@command
def invite(
    organisation_id: int,
    *,
    email: str,
    name: str,
    rights: str,
    actor: Actor,
    language: str = "fr",
    until: date | None = None,
) -> Invitation:
    """Ask somebody to act for an organisation: `prepare` or also `commit` it; the mail holds the link.

    Refused: NotAllowed but to a committing member or the operator; Invalid values; Conflict for who is a
    member or has an invitation still good, and beyond 50 waiting.
    """
    require_own_hand(actor)
    found = lock(Organisation, Organisation.id == organisation_id)
    if found is None:
        raise NotFound(N_("This organisation does not exist."))
    require_keeper(actor, organisation_id)
    address = _checked(email, name, rights, language, until)
    waiting = open_invitations(organisation_id)
    kept = next((one for one in waiting if one.email == address), None)
    if kept is not None and kept.expires_at > clock.now():
        raise Conflict(N_("This person is already invited: send the invitation again instead."),
                       code="invitation.twice")  # fmt: skip
    if kept is None and len(waiting) >= MOST_OPEN and not policy.is_operator(actor):
        raise Conflict(N_("Too many invitations wait for an answer. Cancel some first."),
                       code="invitation.too-many")  # fmt: skip
    person = queries.person_by_email(address)
    if person is not None and queries.rights_of(person.id, organisation_id) is not None:
        raise Conflict(N_("This person already acts for the organisation."), code="invitation.member")
    if kept is None:
        kept = Invitation(
            organisation_id=organisation_id, email=address, made_at=clock.now(), expires_at=clock.now(),
            rights=rights, name="",
        )  # fmt: skip
        session().add(kept)
    kept.name, kept.rights, kept.until = " ".join(name.split())[:120], rights, until
    kept.language, kept.invited_by_id = person.language if person else language, actor.person_id
    _send(kept, found, "organisation.invited", actor)
    return kept


@command
def send_again(invitation_id: int, *, actor: Actor) -> Invitation:
    """A new mail with a fresh link, for as many days as the first. Conflict once accepted or cancelled."""
    kept, organisation = _locked(invitation_id, actor)
    _send(kept, organisation, "organisation.invited_again", actor)
    return kept


@command
def copy_link(invitation_id: int, *, actor: Actor) -> str:
    """A fresh link's token, to be handed on by phone or another mailbox; the journal says who took it."""
    kept, _organisation = _locked(invitation_id, actor)
    kept.expires_at = links.expiry("join")
    _record("organisation.link_copied", kept, actor)
    return links.make_link("join", organisation_id=kept.organisation_id, invitation_id=kept.id)


@command
def cancel(invitation_id: int, *, actor: Actor) -> None:
    """Withdraw an invitation: its links are dead."""
    kept, _organisation = _locked(invitation_id, actor)
    kept.cancelled_at = clock.now()
    links.end_links("join", invitation_id=kept.id)
    _record("organisation.invitation_cancelled", kept, actor)


@command
def accept(token: str, *, person_id: int | None, name: str = "", password: str = "") -> Person:
    """Join by the link of the mail: signed in as the invited person, or choosing one's first password.

    Refused: Conflict for a dead link, or when the address has an account and its person is not signed in;
    NotAllowed when somebody else is signed in; Invalid for a password under 12 characters.
    """
    link = links.use_link(token, "join")
    kept = lock(Invitation, Invitation.id == (link.invitation_id or 0))
    if kept is None or kept.accepted_at is not None or kept.cancelled_at is not None:
        raise Conflict(links.DEAD, code="link.dead")
    person = _joining(kept, person_id, name, password)
    member = lock(
        Membership,
        Membership.organisation_id == kept.organisation_id,
        Membership.person_id == person.id,
    )
    if member is None:
        member = Membership(person_id=person.id, organisation_id=kept.organisation_id)
        session().add(member)
    member.rights, member.until = kept.rights, kept.until
    kept.accepted_at = clock.now()
    doing = Actor(organisation_id=kept.organisation_id, person_id=person.id, via="link")
    _record("organisation.joined", kept, doing)
    return person


def open_invitations(organisation_id: int) -> list[Invitation]:
    """Those neither accepted nor cancelled, past their date included, the newest first."""
    statement = (
        sa.select(Invitation)
        .where(
            Invitation.organisation_id == organisation_id,
            Invitation.accepted_at.is_(None),
            Invitation.cancelled_at.is_(None),
        )
        .order_by(Invitation.id.desc())
    )
    return list(session().scalars(statement))


def behind(token: str) -> tuple[Invitation, Organisation, Person | None] | None:
    """What a live link invites to: the invitation, its organisation, the account its address has; or None."""
    link: AccountLink | None = links.peek(token, "join")
    kept = session().get(Invitation, link.invitation_id) if link is not None else None
    if kept is None or kept.accepted_at is not None or kept.cancelled_at is not None:
        return None
    organisation = session().get_one(Organisation, kept.organisation_id)
    return kept, organisation, queries.person_by_email(kept.email)


def _checked(email: str, name: str, rights: str, language: str, until: date | None) -> str:
    address = email.strip().lower()
    if len(address) > 200 or not ADDRESS.fullmatch(address):
        raise Invalid(N_("Enter an e-mail address such as name@example.org."), field="email")
    if not name.strip():
        raise Invalid(N_("Enter the name of the person."), field="name")
    if rights not in ("prepare", "commit"):
        raise Invalid(N_("Choose what this person may do."), field="rights")
    if language not in ("fr", "en"):
        raise Invalid(N_("Choose French or English."), field="language")
    if until is not None and until < clock.today():
        raise Invalid(N_("Choose today or a later day."), field="until")
    return address


def _send(kept: Invitation, organisation: Organisation, event: str, actor: Actor) -> None:
    kept.expires_at = links.expiry("join")
    session().flush()
    token = links.make_link("join", organisation_id=organisation.id, invitation_id=kept.id)
    _record(event, kept, actor)
    people_mails.invitation(kept, organisation, token)


def _locked(invitation_id: int, actor: Actor) -> tuple[Invitation, Organisation]:
    kept = lock(Invitation, Invitation.id == invitation_id)
    if kept is None or not policy.may_know_people(actor, kept.organisation_id):
        raise NotFound(N_("This invitation does not exist."))
    require_keeper(actor, kept.organisation_id)
    if kept.accepted_at is not None or kept.cancelled_at is not None:
        raise Conflict(GONE, code="invitation.gone")
    return kept, session().get_one(Organisation, kept.organisation_id)


def _joining(kept: Invitation, person_id: int | None, name: str, password: str) -> Person:
    person = queries.person_by_email(kept.email)
    if person_id is not None and (person is None or person.id != person_id):
        raise NotAllowed(
            N_("This invitation is for %(email)s. Sign out, then open its link again."), email=kept.email
        )
    if person is None:
        _demand(password)
        return add_person(name.strip() or kept.name, kept.email, password=password, language=kept.language)
    if person.password_hash is None:
        _demand(password)
        change_password(person.id, password)
    elif person_id is None:
        raise Conflict(N_("This address has an account: sign in, then join."), code="invitation.sign-in")
    return person


def _demand(password: str) -> None:
    if not password:
        raise Invalid(N_("Choose a password."), field="password")


def _record(event: str, kept: Invitation, actor: Actor) -> None:
    journal.append(
        journal.Act(actor), stream(kept.organisation_id), event,
        facts={"invitation": kept.id, "rights": kept.rights},
    )  # fmt: skip
