"""The operator decides on an organisation: admit, refuse, suspend, reinstate. And what is missing to decide."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from reuse_market.accounts import admission_mails as mails
from reuse_market.accounts import charter, evidence, queries, services
from reuse_market.accounts.lifecycle import ADMISSION
from reuse_market.accounts.models import CharterSignature, Evidence, Organisation
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import command, session
from reuse_market.kernel.errors import Conflict, Invalid
from reuse_market.kernel.words import N_

EXPLAINED = ("refuse", "suspend")  # decisions that say why
LONGEST_REASON = 500


@command
def decide_on_organisation(
    organisation_id: int,
    action: str,
    *,
    actor: Actor,
    reason: str = "",
    roles: Iterable[str] | None = None,
    paper_charter: bool = False,
) -> Organisation:
    """Admit (with these roles, or those asked for), refuse, suspend or reinstate; its members are told.

    Refused: NotAllowed to others than the operator; Conflict by its state, or to admit one without SIRET nor
    RNA number, or whose charter nobody signed (`paper_charter`: it was, on paper); Invalid without a reason
    to refuse or suspend. What a state allows: policy.standing. The system founds without papers.
    """
    found = services.locked_organisation(organisation_id)
    ADMISSION.require(action, found, actor)
    why = " ".join(reason.split())[:LONGEST_REASON]
    if action in EXPLAINED and not why:
        raise Invalid(N_("Say why: the organisation will read it."), field="reason")
    if action == "admit" and actor.via != "system":
        _check_papers(found, paper_charter, actor)
    row = ADMISSION.fire(action, found, actor, decided_at=clock.now(), decision_reason=why or None)
    if roles is not None:
        services.set_roles(found.id, roles, actor=actor)
    services.tell(found, row.event, actor, {"roles": sorted(queries.roles_of(found.id))})
    if actor.via != "system":
        mails.decided(found, action, why, sorted(queries.roles_of(found.id)))
    return found


def missing(found: Organisation) -> list[str]:
    """What the operator still lacks to decide, as codes: identifier, charter, evidence, site."""
    kept = sa.exists().where(Evidence.organisation_id == found.id, Evidence.withdrawn_at.is_(None))
    lacks = {
        "identifier": not (found.siret or found.rna),
        "charter": not charter.is_signed(found.id),
        "evidence": not session().scalar(sa.select(kept)),
        "site": not queries.sites_of(found.id),
    }
    return [code for code, is_missing in lacks.items() if is_missing]


@dataclass(frozen=True, slots=True)
class File:
    """An organisation's file as a page shows it. `evidence`: each file with the msgid of what it shows."""

    roles: list[str]
    missing: list[str]
    signature: CharterSignature | None
    signer: str  # "" on paper
    charter_current: bool
    evidence: list[tuple[Evidence, str]]


def file_of(found: Organisation) -> File:
    """The organisation's file, in a constant number of statements."""
    signature = charter.signature(found.id)
    person = queries.person(signature.person_id) if signature and signature.person_id else None
    labels = evidence.kinds(found.legal_kind)
    shown = [(row, labels.get(row.kind, labels[evidence.OTHER])) for row in evidence.evidence_of(found.id)]
    return File(
        roles=sorted(queries.roles_of(found.id)),
        missing=missing(found),
        signature=signature,
        signer=person.name if person else "",
        charter_current=signature is not None and signature.version == charter.CURRENT,
        evidence=shown,
    )


def _check_papers(found: Organisation, paper_charter: bool, actor: Actor) -> None:
    if not (found.siret or found.rna):
        raise Conflict(N_("Record its SIRET or its RNA number first."), code="organisation.admit.identifier")
    if charter.is_signed(found.id):
        return
    if not paper_charter:
        raise Conflict(
            N_("Nobody has signed the charter for this organisation yet."), code="organisation.admit.charter"
        )
    charter.record_on_paper(found.id, actor=actor)
