"""Verbs on organisations, people, memberships and sites."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from reuse_market.accounts import people_mails, policy, queries
from reuse_market.accounts.models import (
    LEGAL_KINDS,
    ROLES,
    Membership,
    Organisation,
    OrganisationRole,
    Person,
    Site,
)
from reuse_market.accounts.passwords import digest
from reuse_market.kernel import clock, ending
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import command, lock, session
from reuse_market.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from reuse_market.kernel.words import N_
from reuse_market.places import addresses
from reuse_market.places import queries as places
from reuse_market.traceability import journal

MINIMUM_PASSWORD = 12
SITE_FIELDS = (
    "name", "street", "postcode", "commune_name", "has_dock", "has_lift", "needs_tail_lift", "floor",
    "height_limit_cm", "hours", "access_note", "contact_name", "contact_phone", "contact_email",
)  # fmt: skip


@command
def register_organisation(
    name: str,
    legal_kind: str,
    roles: Iterable[str],
    *,
    actor: Actor,
    siret: str | None = None,
    rna: str | None = None,
    phone: str | None = None,
    email: str | None = None,
) -> Organisation:
    """Record an organisation, to be verified by the operator. Refused: unknown kind or role, SIRET taken."""
    if legal_kind not in LEGAL_KINDS or not set(roles) <= set(ROLES):
        raise Invalid(N_("Choose a legal kind and roles from the list."), field="legal_kind")
    if siret and queries.organisation_by_siret(siret) is not None:
        raise Conflict(N_("An organisation with this SIRET is already registered."))
    if rna and queries.organisation_by_rna(rna) is not None:
        raise Conflict(N_("Another organisation is registered under this number."))
    made = Organisation(
        name=name, legal_kind=legal_kind, siret=siret, rna=rna, phone=phone, email=email,
        state="to_verify", made_at=clock.now(),
    )  # fmt: skip
    session().add(made)
    session().flush()
    session().add_all(OrganisationRole(organisation_id=made.id, role=role) for role in sorted(set(roles)))
    facts = {"roles": sorted(set(roles)), "legal_kind": legal_kind}
    journal.append(journal.Act(actor), stream(made.id), "organisation.registered", facts=facts)
    return made


@command
def set_roles(organisation_id: int, roles: Iterable[str], *, actor: Actor) -> bool:
    """Give an organisation these roles and no other; return whether that changed anything.

    Refused: an unknown role, or none; one that oversees, unless an administrator or the system gives it.
    """
    wanted, held = set(roles), queries.roles_of(organisation_id)
    if not wanted or not wanted <= set(ROLES):
        raise Invalid(N_("Choose at least one role."), field="roles")
    if (wanted ^ held) & policy.OVERSEEING and not policy.may_grant_oversight(actor):
        raise NotAllowed(N_("Only an administrator gives or takes this role."), code="organisation.roles")
    session().execute(
        sa.delete(OrganisationRole).where(
            OrganisationRole.organisation_id == organisation_id, OrganisationRole.role.in_(held - wanted)
        )
    )
    session().add_all(
        OrganisationRole(organisation_id=organisation_id, role=role) for role in sorted(wanted - held)
    )
    session().flush()
    return wanted != held


def locked_organisation(organisation_id: int) -> Organisation:
    """The organisation, locked until commit; NotFound when there is none."""
    found: Organisation | None = lock(Organisation, Organisation.id == organisation_id)
    if found is None:
        raise NotFound(N_("This organisation does not exist."))
    return found


def tell(organisation: Organisation, event: str, actor: Actor, facts: dict[str, Any]) -> None:
    """Write an event of an organisation's stream: `facts` are codes and integers."""
    journal.append(journal.Act(actor), stream(organisation.id), event, facts=facts)


def check_kind(legal_kind: str) -> None:
    """Invalid for a legal kind that is not in the list."""
    if legal_kind not in LEGAL_KINDS:
        raise Invalid(N_("Choose a legal kind and roles from the list."), field="legal_kind")


@command
def add_person(
    name: str, email: str, *, password: str | None = None, language: str = "fr", phone: str | None = None
) -> Person:
    """Record somebody who may sign in. Refused: address taken, password under 12 characters."""
    address = email.strip().lower()
    if "@" not in address:
        raise Invalid(N_("Enter an e-mail address such as name@example.org."), field="email")
    if session().scalar(sa.select(Person.id).where(Person.email == address)):
        raise Conflict(N_("Somebody already uses this e-mail address."))
    made = Person(
        name=name, email=address, language=language, phone=phone, made_at=clock.now(),
        session_key=secrets.token_hex(8), password_hash=_checked(password) if password else None,
    )  # fmt: skip
    session().add(made)
    session().flush()
    return made


@command
def add_member(
    person_id: int, organisation_id: int, *, rights: str = "commit", until: Any = None
) -> Membership:
    """Let a person act for an organisation: `prepare` or also `commit`; until a date if given."""
    made = Membership(person_id=person_id, organisation_id=organisation_id, rights=rights, until=until)
    session().add(made)
    session().flush()
    return made


@command
def change_password(person_id: int, password: str) -> None:
    """Set a password; every other session of this person ends. Told by mail unless it is the first."""
    found = lock(Person, Person.id == person_id)
    if found.password_hash is not None:
        people_mails.password_changed(found)
    found.password_hash, found.session_key = _checked(password), secrets.token_hex(8)


@command
def set_language(person_id: int, language: str) -> None:
    """Keep the person's language: fr or en."""
    if language not in ("fr", "en"):
        raise Invalid(N_("Choose French or English."), field="language")
    lock(Person, Person.id == person_id).language = language


@command
def save_site(
    organisation_id: int, values: dict[str, Any], *, actor: Actor, site_id: int | None = None
) -> Site:
    """Add or change a site of the actor's organisation; it is placed at its address where
    accounts.locating.ask_first learnt it, else at its commune's point.

    Refused: another organisation's site; a postcode or commune the territory file does not hold is kept
    without a point (distances then read "non renseigné").
    """
    if not (policy.is_member(actor, organisation_id) or policy.is_operator(actor)):
        raise NotAllowed(N_("Your organisation may not do this."))
    if site_id is None:
        kept = Site(organisation_id=organisation_id, name="", postcode="", commune_name="")
        session().add(kept)
    else:
        kept = lock(Site, Site.id == site_id, Site.organisation_id == organisation_id)
        if kept is None:
            raise NotFound(N_("This site does not exist."))
    for name in SITE_FIELDS:
        if name in values:
            setattr(kept, name, values[name])
    located = addresses.locate(kept.street, kept.postcode, kept.commune_name)
    kept.commune_insee = located.insee if located else None
    kept.latitude = located.point.latitude if located else None
    kept.longitude = located.point.longitude if located else None
    kept.located_by = located.how if located else None
    if located and (commune := places.commune(located.insee)):
        kept.commune_name = commune.name
    session().flush()
    ending.announce("bases", [organisation_id])
    if not actor.own_hand:  # what the operator does for an organisation is told to it, from the journal
        journal.append(journal.Act(actor), stream(organisation_id), "site.saved", facts={"site": kept.id})
    return kept


def stream(organisation_id: int) -> str:
    """The journal stream of an organisation."""
    return f"organisation/{organisation_id}"


def _checked(password: str) -> str:
    if len(password) < MINIMUM_PASSWORD:
        raise Invalid(
            N_("Choose a password of at least %(least)s characters."),
            field="password",
            least=MINIMUM_PASSWORD,
        )
    return digest(password)
