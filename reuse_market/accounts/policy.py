"""Who may change accounts."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from reuse_market.accounts.models import Organisation
from reuse_market.kernel.actor import Actor


def is_operator(actor: Actor, _subject: Any = None) -> bool:
    """The Métropole's operators and the administrators."""
    return actor.has("operator", "administrator")


def oversees(actor: Actor) -> bool:
    """Those who see every lot and organisation: operator, administrator, auditor."""
    return actor.has("operator", "administrator", "auditor")


APPLICANT = "applicant"  # no role one asks for: what the gate calls an organisation that waits for its answer
PREPARED = frozenset({"holder"})  # roles that show only one's own things, so safe before anybody has checked


def standing(state: str, roles: Collection[str], rights: str) -> tuple[frozenset[str], bool]:
    """(roles, may commit) that a state leaves to a member: the only place that says what a state allows.

    Verified: the roles it was admitted with. To verify: its file, its sites, a fleet and drafts, and nothing
    that engages it. Refused or suspended: nothing but to read its own file.
    """
    if state == "verified":
        return frozenset(roles), rights == "commit"
    if state == "to_verify":
        return frozenset({APPLICANT, *(PREPARED & set(roles))}), False
    return frozenset(), False


OVERSEEING = frozenset({"operator", "administrator", "auditor"})


def may_grant_oversight(actor: Actor) -> bool:
    """Roles that see or decide on everything: an administrator gives them, or the system at the founding."""
    return actor.has("administrator") or actor.via == "system"


def may_tell_contact(actor: Actor, organisation: Organisation) -> bool:
    """Its phone and e-mail: a member, unless it is suspended or refused."""
    return actor.is_org(organisation.id) and organisation.state in ("to_verify", "verified")


def may_send_evidence(actor: Actor, organisation: Organisation) -> bool:
    """Files of its record: a member, unless it is suspended (one refused may bring what lacked); the operator."""
    return is_operator(actor) or (actor.is_org(organisation.id) and organisation.state != "suspended")


def may_read_evidence(actor: Actor, organisation: Organisation) -> bool:
    """The organisation itself and those who oversee."""
    return actor.is_org(organisation.id) or oversees(actor)


def keeps_people(actor: Actor, organisation_id: int, its_roles: Collection[str] = ()) -> bool:
    """Who decides on an organisation's people: its committing members, and the operator for any but the
    administrator's, which its own members and administrators keep."""
    above = "administrator" if "administrator" in its_roles else "operator"
    return actor.commits and (actor.is_org(organisation_id) or actor.has(above, "administrator"))


def may_know_people(actor: Actor, organisation_id: int) -> bool:
    """Who sees an organisation's people: its members, and those who oversee."""
    return actor.is_org(organisation_id) or oversees(actor)


def is_member(actor: Actor, organisation_id: int) -> bool:
    """Acting for that organisation."""
    return actor.is_org(organisation_id)


def may_declare_capacity(actor: Actor, organisation_id: int) -> bool:
    """What it can take engages nothing but tells how lots are shared: its own people who commit it."""
    return actor.is_org(organisation_id) and actor.commits and actor.has("reuse_actor")


def may_know_capacity(actor: Actor, organisation_id: int) -> bool:
    """The actor itself, and those who oversee."""
    return actor.is_org(organisation_id) or oversees(actor)
