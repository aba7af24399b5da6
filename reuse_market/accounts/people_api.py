"""`/organisations/{id}/members`, `/invitations` and `/evidence`; registering and correcting an organisation."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _

from reuse_market.accounts import api as accounts
from reuse_market.accounts import evidence, invitations, listing, members, policy, queries, registration
from reuse_market.accounts import people_schemas as schemas
from reuse_market.accounts.members import OfOrganisation
from reuse_market.accounts.models import Evidence, Invitation, Organisation
from reuse_market.accounts.registration import Application
from reuse_market.accounts.schemas import OrganisationSchema
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.errors import NotFound
from reuse_market.kernel.words import N_
from reuse_market.web import rest
from reuse_market.web.access import current_actor
from reuse_market.web.fields import BIGGEST

ONE = f"/organisations/<int(min=1, max={BIGGEST}):organisation_id>"
MEMBER = f"{ONE}/members/<int(min=1, max={BIGGEST}):person_id>"
INVITATION = f"{ONE}/invitations/<int(min=1, max={BIGGEST}):invitation_id>"
EVIDENCE = f"{ONE}/evidence/<int(min=1, max={BIGGEST}):evidence_id>"
RULE = "organisation-member"
NO_INVITATION = N_("This invitation does not exist.")
people = rest.Collection("people", "Who acts for an organisation, who is invited, what it shows of itself.")
collections = (people,)


@people.verb(
    "/organisations", rule="operator", body=schemas.RegistrationInput, shape=OrganisationSchema, status=201
)
def create_organisation(values: dict[str, Any]) -> dict[str, Any]:
    """Register an organisation; it waits to be admitted. The person named, if any, receives a link."""
    values["roles"], values["email"] = tuple(values["roles"]), values["email"].lower()
    made = registration.register_for(Application(**values), actor=current_actor())
    return accounts.get_organisation(made.id)


@people.verb(f"{ONE}:change", rule=RULE, body=schemas.OrganisationChange, shape=OrganisationSchema)
def change_organisation(values: dict[str, Any], organisation_id: int) -> dict[str, Any]:
    """Correct what is recorded of an organisation; the fields not sent stay."""
    accounts.get_organisation(organisation_id)
    if "roles" in values:
        values["roles"] = tuple(values["roles"])
    registration.change_organisation(organisation_id, actor=current_actor(), **values)
    return accounts.get_organisation(organisation_id)


@people.read(f"{ONE}/members", rule=RULE, shape=schemas.MemberSchema, listed=True, name="members")
def list_members(query: dict[str, Any], organisation_id: int) -> dict[str, Any]:
    """Who acts for the organisation today, the first to come first."""
    found = _known(organisation_id)
    rows = members.page(found.id, after=rest.after(query["cursor"]) or 0, limit=query["limit"])
    keeps = _keeps(found, current_actor())
    return rest.page(
        rows, query["limit"], lambda row: row.person_id, lambda row: _member(found.id, row, keeps)
    )


@people.read(MEMBER, rule=RULE, shape=schemas.MemberSchema, name="member")
def get_member(organisation_id: int, person_id: int) -> dict[str, Any]:
    """One of them."""
    found = _known(organisation_id)
    rows = [row for row in members.members(found.id) if row.person_id == person_id]
    if not rows:
        raise NotFound(members.NOBODY)
    return _member(found.id, rows[0], _keeps(found, current_actor()))


@people.verb(f"{MEMBER}:change", rule=RULE, body=schemas.MemberChange, shape=schemas.MemberSchema,
             name="change-member")  # fmt: skip
def change_member(values: dict[str, Any], organisation_id: int, person_id: int) -> dict[str, Any]:
    """Give a member other rights, another last day; they are told."""
    _known(organisation_id)
    members.change_member(organisation_id, person_id, actor=current_actor(), **values)
    return get_member(organisation_id, person_id)


@people.verb(f"{MEMBER}:remove", rule=RULE, body=schemas.MemberRemoval, shape=schemas.MemberSchema,
             name="remove-member")  # fmt: skip
def remove_member(values: dict[str, Any], organisation_id: int, person_id: int) -> dict[str, Any]:
    """Somebody no longer acts for the organisation; they are told, and keep their account."""
    told = get_member(organisation_id, person_id)
    members.remove_member(organisation_id, person_id, actor=current_actor(), **values)
    return told | {"actions": []}


@people.read(f"{ONE}/invitations", rule=RULE, shape=schemas.InvitationSchema, listed=True, name="invitations")
def list_invitations(query: dict[str, Any], organisation_id: int) -> dict[str, Any]:
    """Who is invited and has not answered, the newest first."""
    found = _known(organisation_id)
    rows = listing.invitations(found.id, after=rest.after(query["cursor"]), limit=query["limit"])
    keeps = _keeps(found, current_actor())
    return rest.page(rows, query["limit"], lambda row: row.id, lambda row: _invitation(row, keeps))


@people.read(INVITATION, rule=RULE, shape=schemas.InvitationSchema, name="invitation")
def get_invitation(organisation_id: int, invitation_id: int) -> dict[str, Any]:
    """One of them."""
    found = _known(organisation_id)
    row = next((one for one in invitations.open_invitations(found.id) if one.id == invitation_id), None)
    if row is None:
        raise NotFound(NO_INVITATION)
    return _invitation(row, _keeps(found, current_actor()))


@people.verb(f"{ONE}:invite", rule=RULE, body=schemas.InvitationInput, shape=schemas.InvitationSchema,
             status=201)  # fmt: skip
def invite(values: dict[str, Any], organisation_id: int) -> dict[str, Any]:
    """Invite somebody by mail to act for the organisation."""
    _known(organisation_id)
    return _invitation(invitations.invite(organisation_id, actor=current_actor(), **values), keeps=True)


@people.verb(f"{INVITATION}:send-again", rule=RULE, shape=schemas.InvitationSchema)
def send_again(organisation_id: int, invitation_id: int) -> dict[str, Any]:
    """A new mail with a fresh link."""
    get_invitation(organisation_id, invitation_id)
    return _invitation(invitations.send_again(invitation_id, actor=current_actor()), keeps=True)


@people.verb(f"{INVITATION}:cancel", rule=RULE, shape=schemas.InvitationSchema, name="cancel-invitation")
def cancel_invitation(organisation_id: int, invitation_id: int) -> dict[str, Any]:
    """Withdraw an invitation: its links are dead."""
    told = get_invitation(organisation_id, invitation_id)
    invitations.cancel(invitation_id, actor=current_actor())
    return told | {"actions": []}


@people.read(f"{ONE}/evidence", rule=RULE, shape=schemas.EvidenceSchema, listed=True, name="evidence-list")
def list_evidence(query: dict[str, Any], organisation_id: int) -> dict[str, Any]:
    """The files the organisation shows today, the newest first."""
    found = _known(organisation_id)
    rows = listing.evidence(found.id, after=rest.after(query["cursor"]), limit=query["limit"])
    return rest.page(rows, query["limit"], lambda row: row.id, lambda row: _evidence(row, found))


@people.read(EVIDENCE, rule=RULE, shape=schemas.EvidenceFileSchema, name="evidence")
def get_evidence(organisation_id: int, evidence_id: int) -> dict[str, Any]:
    """One of them, with its file."""
    found = _known(organisation_id)
    if not _shows(found, evidence_id):
        raise NotFound(N_("This file does not exist."))
    row, data = evidence.read_evidence(evidence_id, actor=current_actor())
    return _evidence(row, found) | {"file": base64.b64encode(data).decode()}


@people.verb(f"{ONE}:add-evidence", rule=RULE, body=schemas.EvidenceInput, shape=schemas.EvidenceSchema,
             status=201)  # fmt: skip
def add_evidence(values: dict[str, Any], organisation_id: int) -> dict[str, Any]:
    """Send a file that shows what the organisation is."""
    found = _known(organisation_id)
    kind, data = values.pop("kind"), _bytes(values.pop("file"))
    return _evidence(evidence.add_evidence(found.id, kind, data, actor=current_actor(), **values), found)


@people.verb(f"{EVIDENCE}:withdraw", rule=RULE, shape=schemas.EvidenceSchema, name="withdraw-evidence")
def withdraw_evidence(organisation_id: int, evidence_id: int) -> dict[str, Any]:
    """Take a file back."""
    found = _known(organisation_id)
    if not _shows(found, evidence_id):
        raise NotFound(N_("This file does not exist."))
    return _evidence(evidence.withdraw_evidence(evidence_id, actor=current_actor()), found)


def organisation_actions(found: Organisation, actor: Actor) -> Sequence[str]:
    """What may be done with an organisation's file and people now."""
    tells = policy.is_operator(actor) or policy.may_tell_contact(actor, found)
    keeps = actor.own_hand and policy.keeps_people(actor, found.id)
    own = (("change", tells), ("invite", keeps), ("add-evidence", policy.may_send_evidence(actor, found)))
    return [name for name, may in own if may]


def _known(organisation_id: int) -> Organisation:
    found = queries.organisation(organisation_id)
    if found is None or not policy.may_know_people(current_actor(), found.id):
        raise NotFound(N_("This organisation does not exist."))
    return found


def _keeps(found: Organisation, actor: Actor) -> bool:
    return actor.own_hand and policy.keeps_people(actor, found.id, queries.roles_of(found.id))


def _shows(found: Organisation, evidence_id: int) -> bool:
    return any(row.id == evidence_id for row in evidence.evidence_of(found.id))


def _member(organisation_id: int, row: OfOrganisation, keeps: bool) -> dict[str, Any]:
    names = ("person_id", "name", "email", "rights", "until", "seen")
    return {name: getattr(row, name) for name in names} | {
        "actions": ["change", "remove"] if keeps else [],
        "links": {"self": rest.address("organisations", organisation_id, "members", str(row.person_id))},
    }  # fmt: skip


def _invitation(row: Invitation, keeps: bool) -> dict[str, Any]:
    names = ("id", "name", "email", "rights", "until", "language", "made_at", "expires_at")
    return {name: getattr(row, name) for name in names} | {
        "actions": ["send-again", "cancel"] if keeps else [],
        "links": {"self": rest.address("organisations", row.organisation_id, "invitations", str(row.id))},
    }  # fmt: skip


def _evidence(row: Evidence, found: Organisation) -> dict[str, Any]:
    names = ("id", "kind", "note", "media_type", "size", "sha256", "issued_on", "until", "sent_at")
    may = row.withdrawn_at is None and policy.may_send_evidence(current_actor(), found)
    return {name: getattr(row, name) for name in names} | {
        "actions": ["withdraw"] if may else [],
        "links": {"self": rest.address("organisations", found.id, "evidence", str(row.id))},
    }  # fmt: skip


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except binascii.Error:
        detail = _("Enter this in the form described above.")
        raise rest.Refused([{"field": "file", "detail": detail}]) from None
