"""An organisation registers by itself, or the operator registers it; either way the operator then decides.

Whoever registers learns nothing of who is registered already: the page says the same in each case, and a
mail tells those whom it concerns.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

import sqlalchemy as sa

from reuse_market.accounts import admission_mails as mails
from reuse_market.accounts import attempts, policy, queries, services
from reuse_market.accounts.links import make_link
from reuse_market.accounts.models import Organisation, Person
from reuse_market.kernel import clock
from reuse_market.kernel.actor import VISITOR, Actor
from reuse_market.kernel.dated import delay_days
from reuse_market.kernel.db import command, session
from reuse_market.kernel.errors import Conflict, Invalid, NotAllowed
from reuse_market.kernel.words import N_

ROLES = ("holder", "reuse_actor", "obliged_buyer", "buyer", "recipient")  # what one may ask for by oneself
LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
PER_ADDRESS = 3  # registrations in a quarter of an hour
PER_NETWORK = 10


@dataclass(frozen=True, slots=True)
class Application:
    """What somebody says of an organisation and of themselves. Identifiers are digits only, or empty."""

    name: str
    legal_kind: str
    roles: tuple[str, ...]
    postcode: str
    commune_name: str
    street: str = ""
    siret: str = ""
    rna: str = ""
    phone: str = ""
    person_name: str = ""
    email: str = ""
    language: str = "fr"


def new_reference() -> str:
    """A reference to quote on the phone: INS- and six characters that are not mistaken for one another."""
    return "INS-" + "".join(secrets.choice(LETTERS) for _ in range(6))


def answer_days() -> int:
    """Within how many days the operator means to answer (dated delay `admission.answer`)."""
    return delay_days("admission.answer")


def apply(asked: Application, reference: str, *, network: str, actor: Actor = VISITOR) -> str:
    """Somebody registers an organisation under `reference`; sent twice, it is registered once.

    Returns the reference, whatever was known already. TooMany: 3 for an address, or 10 from a network, in a
    quarter of an hour.
    """
    if queries.organisation_by_reference(reference) is None:
        attempts.note("registration", (asked.email, PER_ADDRESS), (network, PER_NETWORK))
        _apply(asked, reference, actor)
    return reference


@command
def register_for(asked: Application, *, actor: Actor) -> Organisation:
    """The operator registers an organisation, and the person it names if any, whatever is known of them.

    Refused: NotAllowed to others; Conflict when the SIRET or the RNA number is registered.
    """
    if not policy.is_operator(actor):
        raise NotAllowed(N_("Only the operator registers another organisation."), code="registration.for")
    if (known := known_as(asked.siret, asked.rna)) is not None:
        raise Conflict(
            N_("This number is already registered, by %(name)s."), code="registration.known", name=known.name
        )
    made = _record(asked, new_reference(), actor)
    if asked.email:
        person = queries.person_by_email(asked.email)
        is_new = person is None
        person = person or _person(asked)
        services.add_member(person.id, made.id)
        mails.received(made, person, _confirmation(person) if is_new else "")
    return made


def known_as(siret: str, rna: str) -> Organisation | None:
    """The organisation registered under either number, if there is one."""
    by_siret = queries.organisation_by_siret(siret) if siret else None
    return by_siret or (queries.organisation_by_rna(rna) if rna else None)


@command
def _apply(asked: Application, reference: str, actor: Actor) -> None:
    known = known_as(asked.siret, asked.rna)
    person = queries.person(actor.person_id) if actor.person_id else None
    if known is not None:
        mails.asked_to_join(known, asked, reference)
        mails.already_registered(asked, reference)
        return
    if person is None and queries.person_by_email(asked.email) is not None:
        mails.address_known(asked, reference)
        return
    made = _record(asked, reference, actor)
    is_new = person is None
    person = person or _person(asked)
    services.add_member(person.id, made.id)
    mails.received(made, person, _confirmation(person) if is_new else "")


def _record(asked: Application, reference: str, actor: Actor) -> Organisation:
    if not asked.roles or not set(asked.roles) <= set(ROLES):
        raise Invalid(N_("Choose at least one role."), field="roles")
    made = services.register_organisation(
        asked.name, asked.legal_kind, asked.roles, actor=actor, siret=asked.siret or None,
        rna=asked.rna or None, phone=asked.phone or None, email=asked.email or None,
    )  # fmt: skip
    made.registration_ref, made.answer_until = reference, clock.in_days(answer_days())
    place = {
        "name": asked.name[:120], "street": asked.street, "postcode": asked.postcode,
        "commune_name": asked.commune_name,
    }  # fmt: skip
    services.save_site(made.id, place, actor=Actor(organisation_id=made.id, via=actor.via))
    return made


def _person(asked: Application) -> Person:
    return services.add_person(
        asked.person_name, asked.email, language=asked.language, phone=asked.phone or None
    )


def _confirmation(person: Person) -> str:
    """The secret of the link that confirms an address and chooses a password."""
    return make_link("confirm_address", person_id=person.id)


@command
def change_organisation(
    organisation_id: int,
    *,
    actor: Actor,
    name: str | None = None,
    legal_kind: str | None = None,
    roles: tuple[str, ...] | None = None,
    siret: str | None = None,
    rna: str | None = None,
    phone: str | None = None,
    email: str | None = None,
) -> Organisation:
    """Correct what is recorded of an organisation; None leaves a value. Its members: phone and e-mail only.

    Refused: NotAllowed to others; Invalid for an unknown kind or role; Conflict for a number taken.
    """
    found = services.locked_organisation(organisation_id)
    own = {"phone": phone, "email": email}
    office = {"name": name, "legal_kind": legal_kind, "siret": siret, "rna": rna}
    beyond_contact = roles is not None or any(value is not None for value in office.values())
    if not policy.is_operator(actor) and (beyond_contact or not policy.may_tell_contact(actor, found)):
        raise NotAllowed(N_("Your organisation may not do this."), code="organisation.change")
    changed = [n for n, v in (own | office).items() if v is not None and (v or None) != getattr(found, n)]
    _check_numbers(found, siret, rna)
    if legal_kind is not None:
        services.check_kind(legal_kind)
    for field in changed:
        setattr(found, field, (own | office)[field] or None)
    if roles is not None and services.set_roles(found.id, roles, actor=actor):
        changed.append("roles")
    if changed:
        facts = {"changed": sorted(changed), "legal_kind": found.legal_kind}
        facts["roles"] = sorted(queries.roles_of(found.id))
        services.tell(found, "organisation.changed", actor, facts)
    session().flush()
    return found


def _check_numbers(found: Organisation, siret: str | None, rna: str | None) -> None:
    for field, value in (("siret", siret), ("rna", rna)):
        column = getattr(Organisation, field)
        if value and session().scalar(
            sa.select(Organisation.id).where(column == value, Organisation.id != found.id)
        ):
            raise Conflict(
                N_("Another organisation is registered under this number."), code="organisation.number"
            )


__all__ = [
    "ROLES", "Application", "answer_days", "apply", "change_organisation", "known_as",
    "new_reference", "register_for",
]  # fmt: skip
