"""`/organisations/{id}:admit|:refuse|:suspend|:reinstate|:qualify`, and what an organisation is before the law."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reuse_market.accounts import api as accounts
from reuse_market.accounts.admission import decide_on_organisation
from reuse_market.accounts.lifecycle import ADMISSION
from reuse_market.accounts.models import ROLES, Organisation
from reuse_market.accounts.policy import oversees
from reuse_market.accounts.queries import organisation as by_id
from reuse_market.accounts.schemas import OrganisationSchema
from reuse_market.desk import qualification
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.errors import NotFound
from reuse_market.kernel.words import N_
from reuse_market.regimes import parties
from reuse_market.regimes.policy import may_record
from reuse_market.regimes.services import qualify as record
from reuse_market.web import rest
from reuse_market.web.access import current_actor
from reuse_market.web.fields import (
    BIGGEST,
    Asked,
    Choice,
    Day,
    Flag,
    Schema,
    Shown,
    Text,
    Whole,
    fields,
    maybe,
)

ONE = f"/organisations/<int(min=1, max={BIGGEST}):organisation_id>"
admissions = rest.Collection("admissions", "What the operator decides on organisations.")
collections = (admissions,)


class AdmissionInput(Asked):
    """The roles confirmed; those asked for when none is sent."""

    roles = fields.List(Choice(ROLES))
    paper_charter = Flag(load_default=False, metadata={"description": "The charter is signed on paper."})


class DecisionReason(Asked):
    """Why: the organisation reads it."""

    reason = Text(500, 1, required=True)


class QualificationInput(Asked):
    """What the organisation is before the law, proved by what, from when."""

    party_kind = Choice([kind for kind in parties.KINDS if kind in parties.EVIDENCE], required=True)
    evidence = Text(300, 1, required=True)
    evidence_id = Whole(1, BIGGEST, allow_none=True, load_default=None)
    valid_from = Day(allow_none=True, load_default=None, metadata={"description": "null: today."})
    until = Day(allow_none=True, load_default=None, metadata={"description": "null: no end."})


class StandingRecordSchema(Schema):
    """What was recorded, and from when it holds."""

    party_kind = fields.String(required=True)
    evidence = fields.String(attribute="source", required=True)
    evidence_id = maybe(fields.Integer)
    valid_from = fields.Date(required=True)
    until = maybe(fields.Date)


class QualificationSchema(Shown):
    """What an organisation is before the law today, and its history."""

    party_kind = fields.String(required=True)
    proven = fields.Boolean(required=True, metadata={"description": "By evidence in force."})
    history = fields.List(fields.Nested(StandingRecordSchema))


@admissions.verb(f"{ONE}:admit", rule="operator", body=AdmissionInput, shape=OrganisationSchema)
def admit(values: dict[str, Any], organisation_id: int) -> dict[str, Any]:
    """Admit an organisation; it may act at once."""
    return _decided(organisation_id, "admit", **values)


@admissions.verb(f"{ONE}:refuse", rule="operator", body=DecisionReason, shape=OrganisationSchema)
def refuse(values: dict[str, Any], organisation_id: int) -> dict[str, Any]:
    """Refuse it, and say why; it may be admitted later."""
    return _decided(organisation_id, "refuse", **values)


@admissions.verb(f"{ONE}:suspend", rule="operator", body=DecisionReason, shape=OrganisationSchema)
def suspend(values: dict[str, Any], organisation_id: int) -> dict[str, Any]:
    """Suspend it, and say why: it acts on nothing, its lots and devices are not shown."""
    return _decided(organisation_id, "suspend", **values)


@admissions.verb(f"{ONE}:reinstate", rule="operator", shape=OrganisationSchema)
def reinstate(organisation_id: int) -> dict[str, Any]:
    """Lift a suspension."""
    return _decided(organisation_id, "reinstate")


@admissions.read(f"{ONE}/qualification", rule="signed-in", shape=QualificationSchema, name="qualification")
def get_qualification(organisation_id: int) -> dict[str, Any]:
    """What it is before the law: to itself and to those who oversee."""
    found, actor = by_id(organisation_id), current_actor()
    if found is None or not (actor.is_org(found.id) or oversees(actor)):
        raise NotFound(N_("This organisation does not exist."))
    standing = qualification.standing_of(found)
    return {
        "party_kind": standing.kind, "proven": standing.proven, "actions": [],
        "history": [row for row, _label in standing.history],
        "links": {"self": rest.address("organisations", found.id, "qualification")},
    }  # fmt: skip


@admissions.verb(f"{ONE}:qualify", rule="operator", body=QualificationInput, shape=QualificationSchema)
def qualify(values: dict[str, Any], organisation_id: int) -> dict[str, Any]:
    """Record what an organisation is before the law, on evidence."""
    record(organisation_id, values.pop("party_kind"), actor=current_actor(), **values)
    return get_qualification(organisation_id)


def organisation_actions(found: Organisation, actor: Actor) -> Sequence[str]:
    """What the operator may do with an organisation now."""
    own = ADMISSION.offered(found, actor)
    return [*own, "qualify"] if may_record(actor) and qualification.provable(found) else own


def _decided(organisation_id: int, action: str, **values: Any) -> dict[str, Any]:
    decide_on_organisation(organisation_id, action, actor=current_actor(), **values)
    return accounts.get_organisation(organisation_id)
