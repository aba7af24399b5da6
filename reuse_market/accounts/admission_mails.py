"""The mails of a registration and of what is decided on it, queued in the command that causes them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from reuse_market.accounts import queries, words
from reuse_market.accounts.models import Organisation, Person
from reuse_market.accounts.people_mails import link
from reuse_market.notices.services import queue

if TYPE_CHECKING:
    from reuse_market.accounts.registration import Application

FILE = "/organisation"
PEOPLE = "/organisation/personnes"
DECIDED = {
    "admit": "organisation_admitted",
    "refuse": "organisation_refused",
    "suspend": "organisation_suspended",
    "reinstate": "organisation_reinstated",
}


def received(made: Organisation, person: Person, token: str) -> None:
    """Tell who registers what happens next; with a token, by which link to confirm the address."""
    assert made.answer_until is not None
    facts = {
        "organisation_name": made.name, "registration_ref": made.registration_ref,
        "answer_until": made.answer_until.isoformat(), "url": FILE, "secret": "",
    }  # fmt: skip
    if token:
        facts |= link("confirmer", token, person)
    queue("registration_received", person.email, person.language, facts, _about(made))


def address_known(asked: Application, reference: str) -> None:
    """Tell the owner of an address that somebody registers with it, and that an account exists."""
    facts = {"organisation_name": asked.name, "registration_ref": reference, "url": "/inscription"}
    known = queries.person_by_email(asked.email)
    language = known.language if known else asked.language
    queue("registration_address_known", asked.email, language, facts, f"registration/{reference}")


def already_registered(asked: Application, reference: str) -> None:
    """Tell who registers that the organisation exists: its members are told, and can invite."""
    facts = {"organisation_name": asked.name, "registration_ref": reference}
    queue("registration_known", asked.email, asked.language, facts, f"registration/{reference}")


def asked_to_join(known: Organisation, asked: Application, reference: str) -> None:
    """Tell the members who asks to act for their organisation: they invite, or do nothing."""
    facts = {
        "organisation_name": known.name, "person_name": asked.person_name, "person_email": asked.email,
        "registration_ref": reference, "url": PEOPLE,
    }  # fmt: skip
    _members(known, "registration_asked_to_join", facts)


def decided(found: Organisation, action: str, reason: str, roles: list[str]) -> None:
    """Tell the members what was decided, why, and what it changes."""
    facts = {"organisation_name": found.name, "reason": reason, "url": FILE,
             "roles": [words.ROLES[role] for role in roles]}  # fmt: skip
    _members(found, DECIDED[action], facts)


def evidence_expiring(found: Organisation, until: date, label: str) -> None:
    """Tell the members that a file of their record ends soon. `label` is a msgid."""
    facts = {"organisation_name": found.name, "until": until.isoformat(), "label": label, "url": FILE}
    _members(found, "evidence_expiring", facts)


def _members(found: Organisation, template: str, facts: dict[str, Any]) -> None:
    for address, language in queries.addresses_of(found.id):
        queue(template, address, language, facts, _about(found))


def _about(found: Organisation) -> str:
    return f"organisation/{found.id}"
